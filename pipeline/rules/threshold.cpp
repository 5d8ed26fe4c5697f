// Kinds threshold, keyword and each: so many distinct authors within a window, or such a share of negatives. A keyword
// speaks of the first, and of each that follows; `each` does so of complaints, where a brand is rarely spoken of.

#include <algorithm>
#include <cmath>

#include "pipeline/rules/rule_watch.h"
#include "pipeline/rules/sample.h"
#include "pipeline/rules/tally.h"

namespace vigie {
namespace {

constexpr double kLowerBar = 0.75;                       // over only when it falls to this part of the bar
constexpr double kGraver = 3, kMuchGraver = 10;          // times the bar
constexpr int kManyOfAWord = 10, kVeryManyOfAWord = 50;  // authors

class Threshold final : public RuleWatch {
 public:
  Threshold(const RuleSettings& rule, std::string_view brand, const std::vector<std::string>& themes)
      : RuleWatch(rule, brand, themes), counted_(rule.window), all_(by_share() ? rule.window : minutes(1)) {}

  void take(const Sighting& seen) override {
    if (seen.copy) return;
    // A word that is found late is news all the same; a count of what was said in an hour is not helped by yesterday's.
    const std::int64_t at = is_keyword() ? seen.minute : seen.event_minute;
    if (by_share()) all_.add(at, seen.author, 1, seen.minute);
    const bool counts = rule_.measure == Measure::mentions || seen.negative;
    if (counts && at >= counted_.first_minute(seen.minute)) {
      fresh_ += counted_.add(at, seen.author, 1, seen.minute) ? 1 : 0;
      sample_.add(
          {at, seen.event, seen.author, seen.key, seen.mention->seq, seen.themes, seen.mention->mention.source});
    }
    wake(seen.minute + 1);
  }

  void evaluate(std::int64_t minute, const Volume& brand, std::vector<Signal>& out) override {
    const std::int64_t fresh = std::exchange(fresh_, 0);
    counted_.tidy(minute - 1);
    all_.tidy(minute - 1);
    if (is_on()) so_far_ += fresh;
    if (!is_on()) so_far_ = counted_.within(minute - 1).n;
    const double strength = strength_at(minute);
    const bool stronger = fresh > 0 && strength > strongest_;
    if (!is_on() || stronger) strongest_ = strength;
    const bool may_open = fresh > 0 && (rule_.kind != RuleSettings::Kind::each || brand.is_rare());
    follow(minute, read(minute), may_open, stronger, brand.is_silent(minute), out);
    due_ = next_look(minute, counted_.next_edge(minute));
  }

  void save(ByteWriter& out, std::int64_t minute) const override {
    RuleWatch::save(out, minute);
    out.value(fresh_);
    out.value(so_far_);
    out.value(strongest_);
    counted_.save(out, minute);
    all_.save(out, minute);
    sample_.save(out);
  }

  void restore(ByteReader& in) override {
    RuleWatch::restore(in);
    in.value(fresh_);
    in.value(so_far_);
    in.value(strongest_);
    counted_.restore(in);
    all_.restore(in);
    sample_.restore(in);
  }

 private:
  bool is_keyword() const {
    return rule_.kind == RuleSettings::Kind::keyword || rule_.kind == RuleSettings::Kind::each;
  }
  bool by_share() const { return rule_.measure == Measure::share; }

  // The share is asked of at least as many negatives as would be that share of `count` mentions: mentions that are not
  // negative can then only hold it back.
  double least() const { return by_share() ? std::ceil(rule_.share * rule_.count) : rule_.count; }

  // People are told again when it grows; what ebbs leaves them the figures of its peak.
  double strength_at(std::int64_t minute) const {
    if (is_keyword()) return static_cast<double>(so_far_);
    const auto n = static_cast<double>(counted_.within(minute - 1).n);
    if (!by_share()) return n;
    const auto all = static_cast<double>(all_.within(minute - 1).n);
    return n >= least() && all > 0 ? n / all : 0;
  }

  Reading read(std::int64_t minute) const {
    const auto n = static_cast<double>(counted_.within(minute - 1).n);
    const double low = std::min(std::floor(kLowerBar * least()), least() - 1);
    if (!by_share()) return n >= least() ? Reading::high : n <= low ? Reading::low : Reading::between;
    const auto all = static_cast<double>(all_.within(minute - 1).n);
    const double share = all > 0 ? n / all : 0;
    if (n >= least() && share >= rule_.share) return Reading::high;
    return n <= low || share <= kLowerBar * rule_.share ? Reading::low : Reading::between;
  }

  void describe(Signal& signal, std::int64_t minute) const override {
    const std::int64_t now = minute - 1;
    const auto n = static_cast<double>(counted_.within(now).n);
    signal.observed = is_keyword() ? static_cast<double>(so_far_) : n;
    signal.authors = static_cast<int>(signal.observed);
    signal.limit = by_share() ? rule_.share : rule_.count;
    signal.expected = is_keyword() ? 0 : rule_.count;
    if (by_share()) {
      signal.total = static_cast<double>(all_.within(now).n);
      signal.expected = rule_.share * signal.total;
    }
    // A keyword's story is all that came since it opened, a threshold's what stands in its window.
    sample_.explain(counted_.first_minute(is_keyword() ? raised() - 1 : now), themes_, signal);
  }

  Time since(std::int64_t minute) const override {
    const std::int64_t from = counted_.first_minute(minute - 1);
    return sample_.first_event(from, time_of(from));
  }

  int growth(std::int64_t minute) const override {
    if (by_share()) return 0;
    if (is_keyword()) return so_far_ >= kVeryManyOfAWord ? 2 : so_far_ >= kManyOfAWord ? 1 : 0;
    const auto n = static_cast<double>(counted_.within(minute - 1).n);
    return n >= kMuchGraver * rule_.count ? 2 : n >= kGraver * rule_.count ? 1 : 0;
  }

  Tally counted_, all_;
  Sample sample_;
  std::int64_t fresh_ = 0;   // authors who were not in the window, since the last evaluation
  std::int64_t so_far_ = 0;  // authors since it opened
  double strongest_ = 0;     // since it opened
};

}  // namespace

std::unique_ptr<RuleWatch> watch_threshold(const RuleSettings& rule, std::string_view brand,
                                           const std::vector<std::string>& themes) {
  return std::make_unique<Threshold>(rule, brand, themes);
}

}  // namespace vigie
