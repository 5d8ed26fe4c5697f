// `vigie review`: the reviews of the walls from the command line: the queue, one review whole, the acts on it, replies,
// improvements, notices, appeals, sealed evidence.

#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/settings.h"
#include "console/review_desk.h"
#include "store/store.h"

namespace vigie {

struct ReviewRequest {
  enum class Do { list, show, act, notices, appeals, improvements, evidence_key, evidence_list, evidence_open };

  std::string config = "vigie.toml";
  Do what = Do::list;
  ReviewOrder order;                // act
  std::vector<std::string> hide{};  // mask: words to hide
  std::string field{};              // mask: a whole field
  bool all = false;                 // list: decided ones as well
  int limit = 50;
  std::string file{};  // evidence: of the secret key
};

int review(const ReviewRequest& request, const Settings& settings, Store& store, const Clock& clock, std::ostream& out,
           std::ostream& err);
int cmd_review(const ReviewRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
