#include "pipeline/rules/rule_watch.h"

#include <algorithm>

#include "pipeline/state.h"

namespace vigie {
namespace {

std::string id_of(const Signal& signal) {
  return signal_id(concat("rule-1\n", signal.brand, "\n", signal.incident_kind, "\n", to_text(signal.kind), "\n",
                          std::to_string(to_epoch_micros(signal.at))));
}

}  // namespace

int RuleWatch::severity(std::int64_t minute) const { return std::min(5, rule_.severity + growth(minute)); }

void RuleWatch::follow(std::int64_t minute, Reading reading, bool fresh, bool changed, bool blind,
                       std::vector<Signal>& out) {
  if (alarm_.muted != 0 && reading == Reading::low) alarm_.muted = 0;
  if (alarm_.on == 0) {
    if (!fresh || reading != Reading::high || alarm_.muted != 0) return;
    alarm_ = {};
    alarm_.on = 1;
    alarm_.raised = minute;
    alarm_.since = to_epoch_micros(since(minute));
    return speak(SignalKind::raise, time_of(minute), out);
  }
  if (changed) alarm_.untold = 1;
  if (blind) {
    // Silence is not recovery: nothing is known meanwhile.
    alarm_.calm = 0;
    if (std::exchange(alarm_.blind, 1) == 0) speak(SignalKind::no_data, time_of(minute), out);
    return;
  }
  if (std::exchange(alarm_.blind, 0) != 0) return speak(SignalKind::update, time_of(minute), out);
  if (reading == Reading::low) {
    if (alarm_.calm == 0) alarm_.calm = minute;
    if (minute - alarm_.calm < whole_minutes(rule_.hold)) return;
    speak(SignalKind::clear, time_of(minute), out);
    return end_silently();
  }
  alarm_.calm = 0;
  const bool graver = severity(minute) > alarm_.severity;
  if (graver || (alarm_.untold != 0 && minute - alarm_.spoke >= least_pause()))
    speak(SignalKind::update, time_of(minute), out);
}

std::int64_t RuleWatch::next_look(std::int64_t minute, std::int64_t edge) const {
  if (alarm_.on == 0 && alarm_.muted == 0) return kNever;
  std::int64_t next = edge;
  if (alarm_.calm != 0) next = std::min(next, alarm_.calm + whole_minutes(rule_.hold));
  if (alarm_.untold != 0) next = std::min(next, alarm_.spoke + least_pause());
  return std::max(next, minute + 1);
}

void RuleWatch::speak(SignalKind kind, Time at, std::vector<Signal>& out) {
  const std::int64_t minute = minute_of(at);
  alarm_.severity = std::max<std::int64_t>(alarm_.severity, severity(minute));
  alarm_.spoke = minute;
  alarm_.untold = 0;
  Signal signal;
  signal.brand = brand_;
  signal.kind = kind;
  signal.incident_kind = rule_.id;
  signal.rule = to_text(rule_.kind);
  signal.rule_name = rule_.name;
  signal.measure = to_text(rule_.measure);
  signal.shadow = rule_.shadow;
  signal.at = at;
  signal.since = from_epoch_micros(alarm_.since);
  signal.window = rule_.window;
  signal.severity = static_cast<int>(alarm_.severity);
  describe(signal, minute);
  signal.id = id_of(signal);
  out.push_back(std::move(signal));
}

void RuleWatch::accept(std::int64_t minute, Time at, std::vector<Signal>& out) {
  if (alarm_.on == 0) return;
  speak(SignalKind::clear, at, out);
  end_silently();
  alarm_.muted = 1;
  wake(minute + 1);
}

void RuleWatch::save(ByteWriter& out, std::int64_t) const {
  out.value(alarm_);
  out.value(due_);
}

void RuleWatch::restore(ByteReader& in) {
  in.value(alarm_);
  in.value(due_);
}

}  // namespace vigie
