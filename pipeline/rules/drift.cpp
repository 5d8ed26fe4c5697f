// Kind drift: the share of complaints has slowly grown, over weeks, which no count of an hour or a day shows. A CUSUM
// over single mentions for a share that has doubled: Reynolds and Stoumbos, "A CUSUM chart for monitoring a proportion
// when inspecting continuously", 1999. Meant for brands that are rarely spoken of; where much is said, the budget is
// quicker.

#include <algorithm>
#include <array>
#include <cmath>

#include "pipeline/rules/rule_watch.h"
#include "pipeline/rules/sample.h"
#include "pipeline/rules/tally.h"

namespace vigie {
namespace {

constexpr double kHalfLifeMinutes = 180.0 * 24 * 60;
constexpr double kPriorShare = 0.10, kPriorMentions = 16;
constexpr double kLeastMentions = 10, kLeastNegatives = 5;
constexpr std::int64_t kLeastMinutes = 7 * 24 * 60;  // sooner it is no drift, but a rise
constexpr double kLow = 0.25;                        // of the bar: the share looks as before
// By Wald's bound chance passes the bar once in e^bar mentions. A tenth of the budget is spent here.
constexpr double kPartOfBudget = 10;

class Drift final : public RuleWatch {
 public:
  Drift(const RuleSettings& rule, std::string_view brand, const std::vector<std::string>& themes)
      : RuleWatch(rule, brand, themes) {}

  void take(const Sighting& seen) override {
    if (seen.copy) return;
    if (seen.negative && is_repeated(seen.author)) return;
    ++(seen.negative ? negative_ : other_);
    if (seen.negative)
      sample_.add({seen.event_minute, seen.event, seen.author, seen.key, seen.mention->seq, seen.themes,
                   seen.mention->mention.source});
    wake(seen.minute + 1);
  }

  void evaluate(std::int64_t minute, const Volume& brand, std::vector<Signal>& out) override {
    fade(minute);
    const bool fresh = negative_ > 0;
    // Of one minute the friendly ones come first, so that their order does not matter.
    for (; other_ > 0; --other_) weigh(minute, false);
    for (; negative_ > 0; --negative_) weigh(minute, true);
    a_month_ = brand.per_day() * 30;
    const bool rare = brand.is_rare();
    follow(minute, read(minute), fresh && rare, fresh, brand.is_silent(minute), out);
    due_ = next_look(minute, kNever);
  }

  void save(ByteWriter& out, std::int64_t minute) const override {
    RuleWatch::save(out, minute);
    out.value(state_);
    out.value(authors_);
    out.value(negative_);
    out.value(other_);
    out.value(a_month_);
    sample_.save(out);
  }

  void restore(ByteReader& in) override {
    RuleWatch::restore(in);
    in.value(state_);
    in.value(authors_);
    in.value(negative_);
    in.value(other_);
    in.value(a_month_);
    sample_.restore(in);
  }

 private:
  struct State {                         // plain memory without gaps
    double mentions = 0, negatives = 0;  // by habit, half-life half a year
    std::int64_t faded = 0;              // minute
    double nats = 0, seen = 0, complaints = 0;
    std::int64_t since = 0;  // minute
    std::int64_t next_author = 0;
  };

  double usual() const {
    return (state_.negatives + kPriorShare * kPriorMentions) / (state_.mentions + kPriorMentions);
  }
  double bar() const { return std::log(kPartOfBudget * std::max(1.0, a_month_) / rule_.budget); }

  bool is_repeated(std::uint64_t author) {
    if (author == 0) return false;
    if (std::find(authors_.begin(), authors_.end(), author) != authors_.end()) return true;
    authors_[static_cast<std::size_t>(state_.next_author++) % authors_.size()] = author;
    return false;
  }

  void fade(std::int64_t minute) {
    if (state_.faded == 0) state_.faded = minute;
    const double keep = std::exp2(-static_cast<double>(minute - state_.faded) / kHalfLifeMinutes);
    state_.mentions *= keep;
    state_.negatives *= keep;
    state_.faded = minute;
  }

  void weigh(std::int64_t minute, bool negative) {
    const double share = std::min(usual(), 0.45), doubled = 2 * share;
    if (state_.nats <= 0) {
      state_.nats = state_.seen = state_.complaints = 0;
      state_.since = minute - 1;
    }
    state_.nats += negative ? std::log(doubled / share) : std::log((1 - doubled) / (1 - share));
    state_.seen += 1;
    state_.complaints += negative ? 1 : 0;
    state_.mentions += 1;
    state_.negatives += negative ? 1 : 0;
  }

  Reading read(std::int64_t minute) const {
    if (state_.nats <= kLow * bar()) return Reading::low;
    const bool enough =
        state_.seen >= kLeastMentions && state_.complaints >= kLeastNegatives && minute - state_.since >= kLeastMinutes;
    return enough && state_.nats > bar() ? Reading::high : Reading::between;
  }

  void describe(Signal& signal, std::int64_t) const override {
    signal.observed = state_.complaints;
    signal.authors = static_cast<int>(state_.complaints);
    signal.total = state_.seen;
    signal.expected = usual() * state_.seen;
    signal.usual_share = usual();
    signal.limit = usual();
    sample_.explain(state_.since, themes_, signal);
  }

  Time since(std::int64_t) const override { return time_of(state_.since); }

  State state_;
  std::array<std::uint64_t, 16> authors_{};  // of the last complaints
  std::int64_t negative_ = 0, other_ = 0;    // of the minute that is not over
  double a_month_ = 1;                       // mentions
  Sample sample_;
};

}  // namespace

std::unique_ptr<RuleWatch> watch_drift(const RuleSettings& rule, std::string_view brand,
                                       const std::vector<std::string>& themes) {
  return std::make_unique<Drift>(rule, brand, themes);
}

}  // namespace vigie
