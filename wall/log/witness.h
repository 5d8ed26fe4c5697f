// A witness (c2sp.org/tlog-witness): remembers the largest tree it saw of each log, cosigns what extends it, and
// nothing else.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "wall/log/quorum.h"
#include "wall/log/tree.h"

namespace vigie::tlog {

inline constexpr std::string_view kSizeType = "text/x.tlog.size";
inline constexpr std::string_view kAddCheckpoint = "/add-checkpoint";  // behind the submission prefix

// What a log sends.
struct AddCheckpoint {
  std::int64_t old_size = 0;
  Proof proof{};             // at most 63 hashes, from old_size to the checkpoint's size
  std::string checkpoint{};  // the signed note
};
Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);  // bad_data
std::string to_text(const AddCheckpoint& request);

struct WitnessAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
};

struct WitnessedLog {
  std::string origin;
  std::vector<VerifierKey> keys;
};

// Belongs to one thread: what it compares and what it writes are one step.
class Witness {
 public:
  // The folder keeps the last checkpoint of each log, a file each; it is made when absent and locked while this lives.
  // denied: another witness uses it, or it cannot be written.
  static Result<std::unique_ptr<Witness>> open(const std::string& folder, SigningKey key,
                                               std::vector<WitnessedLog> logs, const Clock& clock);
  virtual ~Witness() = default;

  // What it remembers has reached the disk before an answer of 200 is given.
  virtual WitnessAnswer add_checkpoint(std::string_view body) = 0;
};

// The logs of a quorum file, those of one origin together.
std::vector<WitnessedLog> witnessed_logs(const Quorum& quorum);

}  // namespace vigie::tlog
