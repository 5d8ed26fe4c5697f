// What a person asks to be done with a review, by the console's forms, the API or the command line. Whoever carries it
// out (app/review_desk.h) writes act and entry, seals evidence and tells the author. No order changes a text.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/moderation.h"

namespace vigie {

struct ReviewOrder {
  std::string act;  // publish refuse mask hide restore; reply unreply; accept-notice mask-notice reject-notice
                    // accept-appeal reject-appeal improve step (each by `id`, but improve)
  std::string brand{};
  std::int64_t number = -1;               // of the review on its wall
  std::int64_t version = -1;              // its entry; -1 = the newest that the act fits
  std::string code{}, words{};            // reason, and the same in words for the author
  std::string court{};                    // "1": a court ordered it
  std::vector<FoundSpan> spans{};         // mask: what to hide of the text
  unsigned fields = 0;                    // mask: whole fields, a bit each
  std::string who{};                      // person id
  std::string text{}, link{};             // reply
  std::int64_t id = 0;                    // notice, appeal, improvement
  std::string title{}, theme{}, state{};  // improve, step
  std::vector<std::int64_t> refs{};
};

// What was done, in one word or an id. gone: no such review; bad_data: what is missing or does not fit, by field.
using ReviewDesk = std::function<Result<std::string>(const ReviewOrder&)>;

}  // namespace vigie
