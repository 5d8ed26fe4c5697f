// Kind silence: nothing has come for a while although habit expects so many mentions. It ends when they are back, and
// never by itself.

#include <algorithm>

#include "pipeline/rules/rule_watch.h"

namespace vigie {
namespace {

constexpr std::int64_t kLeastHoursKnown = 14 * 24;  // two of each hour of the week
constexpr std::int64_t kBack = 3;                   // one stray mention does not end a silence

class Silence final : public RuleWatch {
 public:
  using RuleWatch::RuleWatch;

  void take(const Sighting& seen) override {
    if (is_on() || is_muted()) {
      ++came_;
    } else {
      last_event_ = std::max(last_event_, seen.event);
      last_seen_ = seen.minute;
    }
    own_.count(seen.minute);
    wake(seen.minute + 1);
  }

  void evaluate(std::int64_t minute, const Volume&, std::vector<Signal>& out) override {
    if (is_on() || is_muted()) {
      if (came_ >= std::min<std::int64_t>(kBack, rule_.count)) return end(minute, out);
      due_ = kNever;  // only a mention changes anything
      return;
    }
    own_.advance(minute);
    const bool long_enough = minute - own_.last() >= whole_minutes(rule_.window);
    const bool known = own_.hours_known() >= kLeastHoursKnown;
    if (known && long_enough && own_.missed(minute) >= rule_.count) {
      came_ = 0;
      due_ = kNever;
      return follow(minute, Reading::high, true, false, false, out);
    }
    const std::int64_t missed = std::max(own_.when_missed(rule_.count), own_.last() + whole_minutes(rule_.window));
    due_ = std::max(minute + 1, missed);
    if (!known) due_ = std::max(due_, minute + (kLeastHoursKnown - own_.hours_known()) * 60);
  }

  void save(ByteWriter& out, std::int64_t minute) const override {
    RuleWatch::save(out, minute);
    own_.save(out);
    out.value(last_event_);
    out.value(last_seen_);
    out.value(came_);
  }

  void restore(ByteReader& in) override {
    RuleWatch::restore(in);
    own_.restore(in);
    in.value(last_event_);
    in.value(last_seen_);
    in.value(came_);
  }

 private:
  void end(std::int64_t minute, std::vector<Signal>& out) {
    if (is_on()) speak(SignalKind::clear, time_of(minute), out);
    end_silently();
    unmute();
    came_ = 0;
    last_seen_ = own_.last();
    last_event_ = to_epoch_micros(time_of(last_seen_));
    due_ = minute + 1;
  }

  void describe(Signal& signal, std::int64_t minute) const override {
    signal.observed = static_cast<double>(came_);
    signal.expected = own_.missed(minute);
    signal.total = static_cast<double>(came_);
    signal.limit = rule_.count;
  }

  Time since(std::int64_t) const override { return from_epoch_micros(last_event_); }

  Volume own_;  // of the mentions that fit the rule
  std::int64_t last_event_ = 0, last_seen_ = 0;
  std::int64_t came_ = 0;  // since it opened
};

}  // namespace

std::unique_ptr<RuleWatch> watch_silence(const RuleSettings& rule, std::string_view brand,
                                         const std::vector<std::string>& themes) {
  return std::make_unique<Silence>(rule, brand, themes);
}

}  // namespace vigie
