// Files that appear whole or not at all.

#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

// Why a path could not be written: `code` is an errno. denied when a person must act, else transient.
Error not_written(const std::filesystem::path& path, int code);

// Writes beside and renames: who reads the old file meanwhile keeps it whole.
Result<void> write_whole(const std::filesystem::path& path, std::string_view bytes);

// The bytes of a file, at most `most`. The error says why not, in words that follow "found": "no such file",
// "a folder", "more than 64 KiB".
Result<std::string> read_whole(const std::filesystem::path& path, std::size_t most);

}  // namespace vigie
