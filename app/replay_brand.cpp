#include "app/replay_brand.h"

#include <algorithm>

namespace vigie {
namespace {

// How often time is looked at between mentions. The watch does it every half minute; while nothing goes on, only
// silence and what stays unanswered can be found, which are told in hours.
constexpr Duration kStepDuringAnIncident = minutes(1), kQuietStep = minutes(10);

bool over(const Incident& incident) {
  return incident.state == IncidentState::closed || incident.state == IncidentState::discarded;
}

// On the clock's own marks, so that the steps do not depend on when mentions came.
Time next_mark(Time now, Duration step) { return Time((now.time_since_epoch() / step + 1) * step); }

}  // namespace

ReplayBrand::ReplayBrand(const Settings& settings, const std::vector<std::string>& themes, std::string brand,
                         std::vector<Acceptance> accepted)
    : brand_(std::move(brand)), rules_(make_rules(settings, themes, brand_)), accepted_(std::move(accepted)) {}

void ReplayBrand::take(const StoredMention& mention) {
  signals_.clear();
  if (!mention.history) {
    if (now_) go_on(mention.ingested);
    now_ = now_ ? std::max(*now_, mention.ingested) : mention.ingested;
  }
  rules_->observe(mention, fresh_);
  tell();
  if (now_) timers(*now_);
}

void ReplayBrand::pass(Time until) {
  signals_.clear();
  go_on(until);
}

void ReplayBrand::go_on(Time until) {
  if (!now_) return;  // nobody ever spoke of it
  for (;;) {
    const Time mark = next_mark(*now_, current_.empty() ? kQuietStep : kStepDuringAnIncident);
    if (mark >= until) break;
    accept_until(mark);
    now_ = mark;
    rules_->tick(mark, fresh_);
    tell();
    timers(mark);
  }
  accept_until(until);
}

void ReplayBrand::accept_until(Time time) {
  for (; next_accepted_ < accepted_.size() && accepted_[next_accepted_].at < time; ++next_accepted_) {
    const Acceptance& acceptance = accepted_[next_accepted_];
    now_ = std::max(*now_, acceptance.at);
    rules_->accept(brand_, acceptance.kind, *now_, fresh_);
    tell();
  }
}

void ReplayBrand::tell() {
  for (Signal& signal : fresh_) {
    Event event;
    event.kind = Event::Kind::signal;
    event.actor = "detector";
    event.signal = signal;
    timers(signal.at);  // due before any signal of the same instant
    move(signal.incident_kind, event, signal.at);
    signals_.push_back(std::move(signal));
  }
  fresh_.clear();
}

// As the watch does it: each at its own instant, the earliest first.
void ReplayBrand::timers(Time now) {
  const auto hold_of = [this](const auto& one) {
    return incidents_[one.second].incident.hold_until.value_or(Time::max());
  };
  for (;;) {
    const auto next = std::min_element(current_.begin(), current_.end(),
                                       [&](const auto& a, const auto& b) { return hold_of(a) < hold_of(b); });
    if (next == current_.end() || hold_of(*next) > now) return;
    Event event;
    event.kind = Event::Kind::timer;
    event.actor = "timer";
    const std::string kind = next->first;
    move(kind, event, hold_of(*next));
  }
}

void ReplayBrand::move(const std::string& kind, const Event& event, Time now) {
  const auto known = current_.find(kind);
  const std::optional<Incident> before =
      known == current_.end() ? std::nullopt : std::optional(incidents_[known->second].incident);
  Outcome outcome = apply(before, event, Policy{}, now);
  if (!outcome.incident) return;
  if (known == current_.end()) {
    incidents_.push_back({event.signal, {}, 0});
    current_[kind] = incidents_.size() - 1;
  }
  ReplayedIncident& replayed = incidents_[current_.find(kind)->second];
  replayed.incident = *std::move(outcome.incident);
  replayed.messages += static_cast<int>(outcome.owed.size());
  if (over(replayed.incident)) current_.erase(kind);
}

}  // namespace vigie
