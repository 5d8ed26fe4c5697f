// A wall's transparency log as it is stored: entries, heads promised and signed, what witnesses said. What entries mean
// is wall/log's business; here they are bytes.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace vigie {

// Where a new entry will stand.
struct LeafPlace {
  std::int64_t index = 0;
  std::int64_t not_before = 0;  // time of the entry above, seconds since 1970; 0 when there is none
};

struct NewLeaf {
  std::string bytes;
  std::int64_t time = 0;  // as the bytes say; not before LeafPlace::not_before
};

// An entry is written once its place is known: its time must not lie before its predecessor's, and those that follow in
// the same transaction may refer to it.
using WriteLeaf = std::function<Result<NewLeaf>(const LeafPlace&)>;

struct LeafToAppend {
  WriteLeaf write;
  std::string once{};  // an entry of that wall with the same mark stands for this one; "" = none
};

struct AppendedLeaf {
  std::int64_t index = 0;
  bool fresh = true;  // false: the mark was there already
};

struct LoggedLeaf {
  std::int64_t index = 0;
  std::string bytes;
  std::string hash;  // 32 bytes, RFC 6962
};

struct LogHead {
  std::int64_t size = 0;
  std::string root{};  // 32 bytes; "" before the first
  bool operator==(const LogHead&) const = default;
};

struct LogState {
  std::int64_t size = 0;  // entries stored
  std::int64_t time = 0;  // of the last one
  LogHead promised{};     // the largest tree that may have been signed
};

struct StoredCheckpoint {
  std::int64_t size = 0;
  Time at{};
  std::string note;  // with the log's own signatures alone
  bool operator==(const StoredCheckpoint&) const = default;
};

struct StoredCosignature {
  std::int64_t size = 0;
  std::string witness;  // its name in the quorum file
  Time at{};            // as it says
  std::string line;
};

}  // namespace vigie
