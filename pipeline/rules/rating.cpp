// Kind rating: the mean of the stars given within a window, or the NPS of a survey, has fallen against the time before.

#include <algorithm>
#include <cmath>

#include "pipeline/rules/rule_watch.h"
#include "pipeline/rules/sample.h"
#include "pipeline/rules/tally.h"

namespace vigie {
namespace {

constexpr double kScale = 1000;  // ratings are summed as whole thousandths: sums do not depend on their order
constexpr std::int64_t kPause = 60;

class RatingFall final : public RuleWatch {
 public:
  RatingFall(const RuleSettings& rule, std::string_view brand, const std::vector<std::string>& themes)
      : RuleWatch(rule, brand, themes), ratings_(rule.window, rule.before) {}

  void take(const Sighting& seen) override {
    const std::optional<Rating>& rating = seen.mention->mention.rating;
    if (seen.copy || !rating || rating->max <= rating->min) return;
    const double fraction = std::clamp(rating->fraction(), 0.0, 1.0);
    fresh_ += ratings_.add(seen.event_minute, seen.author, value_of(fraction), seen.minute) ? 1 : 0;
    changed_ = 1;
    // What explains a fall is what pulls down: three stars and less, detractors.
    if (fraction <= 0.6)
      sample_.add({seen.event_minute, seen.event, seen.author, seen.key, seen.mention->seq, seen.themes,
                   seen.mention->mention.source});
    wake(seen.minute + 1);
  }

  void evaluate(std::int64_t minute, const Volume& brand, std::vector<Signal>& out) override {
    const bool fresh = std::exchange(fresh_, 0) > 0, changed = std::exchange(changed_, 0) != 0;
    ratings_.tidy(minute - 1);
    if (!is_on()) reference_ = mean(ratings_.before(minute - 1));
    const bool deeper = changed && ratings_.within(minute - 1).n >= rule_.count && fall(minute) > deepest_;
    if (!is_on() || deeper) deepest_ = fall(minute);
    follow(minute, read(minute), fresh, deeper, brand.is_silent(minute), out);
    due_ = next_look(minute, ratings_.next_edge(minute));
  }

  void accept(std::int64_t minute, Time at, std::vector<Signal>& out) override {
    if (!is_on()) return;
    RuleWatch::accept(minute, at, out);
    unmute();
    ratings_.forget_before(minute);  // what is now is what later ratings are compared with
  }

  void save(ByteWriter& out, std::int64_t minute) const override {
    RuleWatch::save(out, minute);
    out.value(fresh_);
    out.value(changed_);
    out.value(reference_);
    out.value(deepest_);
    ratings_.save(out, minute);
    sample_.save(out);
  }

  void restore(ByteReader& in) override {
    RuleWatch::restore(in);
    in.value(fresh_);
    in.value(changed_);
    in.value(reference_);
    in.value(deepest_);
    ratings_.restore(in);
    sample_.restore(in);
  }

 private:
  bool by_nps() const { return rule_.measure == Measure::nps; }

  // Stars from 1 to 5; or +100, 0, -100 for promoters (9 and 10 of 10), passives and detractors (6 and less).
  std::int64_t value_of(double fraction) const {
    if (!by_nps()) return std::llround(kScale * (1 + 4 * fraction));
    const long of_ten = std::lround(10 * fraction);
    return std::llround(kScale * (of_ten >= 9 ? 100 : of_ten <= 6 ? -100 : 0));
  }

  static double mean(const Tally::Sum& sum) {
    return sum.n > 0 ? static_cast<double>(sum.value) / kScale / static_cast<double>(sum.n) : 0;
  }

  double fall(std::int64_t minute) const { return reference_ - mean(ratings_.within(minute - 1)); }

  Reading read(std::int64_t minute) const {
    const Tally::Sum now = ratings_.within(minute - 1);
    // Whatever lasted as long as what it is compared with is no fall any more: it is how things are.
    if (is_on() && minute - raised() >= whole_minutes(rule_.before)) return Reading::low;
    if (now.n < rule_.count) return Reading::between;
    if (!is_on() && ratings_.before(minute - 1).n < rule_.count) return Reading::between;
    const double fallen = reference_ - mean(now);
    return fallen >= rule_.drop ? Reading::high : fallen < rule_.drop / 2 ? Reading::low : Reading::between;
  }

  void describe(Signal& signal, std::int64_t minute) const override {
    const Tally::Sum now = ratings_.within(minute - 1);
    signal.observed = mean(now);
    signal.expected = reference_;
    signal.total = static_cast<double>(now.n);
    signal.authors = static_cast<int>(now.n);
    signal.limit = rule_.drop;
    sample_.explain(ratings_.first_minute(minute - 1), themes_, signal);
  }

  Time since(std::int64_t minute) const override { return time_of(ratings_.first_minute(minute - 1)); }
  int growth(std::int64_t minute) const override {
    return is_on() && ratings_.within(minute - 1).n >= rule_.count && fall(minute) >= 2 * rule_.drop ? 1 : 0;
  }
  std::int64_t least_pause() const override { return kPause; }

  Tally ratings_;
  Sample sample_;
  std::int64_t fresh_ = 0, changed_ = 0;
  double deepest_ = 0;    // fall since it opened
  double reference_ = 0;  // mean before, as it was when the alarm opened
};

}  // namespace

std::unique_ptr<RuleWatch> watch_rating(const RuleSettings& rule, std::string_view brand,
                                        const std::vector<std::string>& themes) {
  return std::make_unique<RatingFall>(rule, brand, themes);
}

}  // namespace vigie
