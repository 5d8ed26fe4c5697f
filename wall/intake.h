// Handing a review in: what the survey's pages and the API call, and what answers them.

#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "wall/book.h"

namespace vigie {

struct Answered {
  Received received;
  std::string receipt;  // c2sp.org/tlog-proof@v1, under a checkpoint that covers it; "" = not covered yet, ask again
};

// Blocks until the review is durable and a checkpoint covers it, a second or so; called on several threads. An error: it
// was not recorded, or nobody knows; the same invitation handed in again is one answer.
using HandIn = std::function<Result<Answered>(Submission)>;

}  // namespace vigie
