// The rules of a wall as they were from time to time: for the method page and its earlier versions.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace vigie {

struct PolicyVersion {
  std::int64_t leaf = -1;  // its policy entry in the log
  Time from{};
  std::string charter;  // SHA-256 of its text in hex
};

// Oldest first.
Result<std::vector<PolicyVersion>> policies_of(Store& store, const std::string& brand);
Result<void> add_policy(Store& store, const std::string& brand, const PolicyVersion& version);

// The text whose hash that is; "" when this store never had it.
Result<std::string> charter_of(Store& store, const std::string& hash);

}  // namespace vigie
