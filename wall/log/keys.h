// A log's keys: a file of mode 0600, a private key a line. The first signs from now on; older ones sign beside it until
// they are taken out, so that who knows an old key alone still reads.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"
#include "wall/log/note.h"

namespace vigie::tlog {

SigningKey new_key(std::string name, KeyType type);  // from the system's randomness

// bad_config: no such file, not keys, or of several logs. denied: others than its owner may read it.
Result<std::vector<SigningKey>> read_keys(const std::filesystem::path& file);
// bad_config when the file exists.
Result<SigningKey> make_key_file(const std::filesystem::path& file, std::string name, KeyType type);

// Logs a `key` entry signed by the key in use, then puts the new one above it. Interrupted anywhere, it is finished by
// calling it again.
Result<SigningKey> rotate_key(const std::filesystem::path& file, const std::string& wall, Store& store,
                              const Clock& clock);

}  // namespace vigie::tlog
