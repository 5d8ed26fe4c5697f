// Data files built into the binary (cmake/Embed.cmake): languages, themes, source definitions, page styles.

#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace vigie {

struct EmbeddedFile {
  std::string_view path;  // from the project's root: "config/lang/fr.toml"
  std::string_view bytes;
};

// The file of that path, or nothing. Defined by the executable's own list of files.
std::optional<std::string_view> embedded(std::string_view path);

// All files whose path starts with `prefix`, in order of path.
std::vector<EmbeddedFile> embedded_under(std::string_view prefix);

}  // namespace vigie
