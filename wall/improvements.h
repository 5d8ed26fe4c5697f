// "You said, we did": what the brand changes because of reviews, each step logged, and whether it helped.

#pragma once

#include <string>
#include <vector>

#include "model/moderation.h"
#include "wall/book.h"

namespace vigie {

inline constexpr Duration kLongestComparison = 90 * kDay;
inline constexpr Duration kLeastComparison = 7 * kDay;

struct ImprovementOrder {
  std::string title, words{};  // one line, and more
  std::string link{};          // https, or ""
  std::string theme{};
  std::vector<std::int64_t> refs;  // numbers of reviews of the wall
  std::string author{};            // who does it, in public: the organisation
  std::string by{};                // person id
};

// Its id. bad_data naming the field.
Result<std::int64_t> open_improvement(Book& book, Store& store, const std::string& brand, const ImprovementOrder& order,
                                      Time now);

// The next state, which must lie behind the one it is in; doing may be left out. New words when there are any.
// `measured` measures. gone: no such improvement; bad_data: not a step from where it is.
Result<void> step_improvement(Book& book, Store& store, std::int64_t id, ImprovementState to, const std::string& words,
                              const std::string& by, Time now);

// Before and after it was done, in reviews of the wall: as much time on either side, at most 90 days. Nothing when it
// is not done, or was done less than a week ago.
Result<std::optional<Effect>> measure(Store& store, const Improvement& improvement, Time now);

// 95 % interval of a share (Wilson 1927).
struct Share {
  double share = 0, low = 0, high = 1;
};
Share share_of(std::int64_t part, std::int64_t whole);

// Whether chance alone would hardly have made it: the intervals do not overlap.
enum class Finding { better, worse, unclear, too_few };
struct Findings {
  Finding rating = Finding::too_few;
  Finding complaints = Finding::too_few;  // of the theme; too_few when there is none
};
Findings findings_of(const Effect& effect);
inline constexpr std::int64_t kEnoughToCompare = 10;  // reviews on either side

}  // namespace vigie
