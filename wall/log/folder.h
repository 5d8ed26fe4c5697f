// A log's files in a folder: read for proofs, written so that a crash or a power cut leaves nothing half done.

#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "wall/log/tiles.h"

namespace vigie::tlog {

// Bytes beside, fsync, rename, fsync of the folder. For files that promise something, and for secrets: mode 0600 then.
Result<void> write_durably(const std::filesystem::path& path, std::string_view bytes, bool secret = false);

class FolderFiles final : public Files {
 public:
  explicit FolderFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<std::string> read(const std::string& path, std::size_t most) override;

 private:
  const std::filesystem::path folder_;
};

// Writes many files whose bytes reach the disk together.
class FolderBatch {
 public:
  explicit FolderBatch(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<void> write(const std::string& path, std::string_view bytes);
  Result<void> sync();  // returns once everything written is on the disk

 private:
  const std::filesystem::path folder_;
  std::vector<std::filesystem::path> written_;
  std::set<std::filesystem::path> settled_;  // folders whose own names have reached the disk
  std::size_t many_ = 0;
  std::string last_parent_;
};

// Whether a path below a log's address names a file that everybody may read: the only ones a server hands out.
bool is_public_file(std::string_view path);

inline constexpr const char* kCheckpointFile = "checkpoint";
inline constexpr const char* kCosignedFile = "cosigned";  // the last checkpoint that met the quorum
inline constexpr const char* kKeyFile = "vkey";           // the log's own word on its key
inline constexpr const char* kWitnessesFile = "witnesses";  // whom the wall names, with their keys
inline constexpr const char* kItemsFile = "items.json";   // what the wall shows

// Takes away the partial tiles that a full one replaced.
void remove_partial(const std::filesystem::path& folder, const Tile& full);

}  // namespace vigie::tlog
