#include "wall/badge.h"

#include <cmath>

#include "base/page.h"
#include "base/text.h"
#include "wall/log/account.h"
#include "wall/score.h"

namespace vigie {
namespace {

constexpr double kStarsWidth = 100;  // of five stars
constexpr std::size_t kLongestName = 40;

}  // namespace

Result<std::string> badge(const BrandSettings& brand, const WallStanding& standing, const Wording& w) {
  const tlog::WallNumbers& numbers = standing.numbers;
  const std::string counts = w.say("badge.counts", {{"published", w.count("badge.published", numbers.published)},
                                                    {"received", w.number(numbers.received)}});
  const Ratings ratings = ratings_of(numbers.histogram, tlog::kStars);
  const auto found = score(ratings);
  json::Writer data;
  data.begin_object().member("lang", w.language()).member("counts", counts);
  data.member("published", std::to_string(numbers.published)).member("received", std::to_string(numbers.received));
  std::string said;
  if (found) {
    const std::string mean = w.decimal(found->mean, 1);
    data.key("score").begin_object().member("mean", mean).member("milli", std::to_string(found->mean_milli));
    data.member("count", std::to_string(ratings.count()));
    data.member("fill", std::to_string(std::lround(found->mean / 5 * kStarsWidth))).end_object();
    said = concat(w.say("badge.mean", {{"mean", mean}}), ", ");
  } else {
    data.member("few", w.say("badge.few"));
  }
  data.member("title",
              w.say("badge.title", {{"brand", shorten(brand.name, kLongestName)}, {"what", concat(said, counts)}}));
  data.end_object();
  return fill_template("wall/assets/badge.mustache", data);
}

}  // namespace vigie
