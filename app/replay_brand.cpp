#include "app/replay_brand.h"

#include <algorithm>

#include "alerts/dispatch.h"

namespace vigie {
namespace {

// How often time is looked at between mentions. The watch does it every half minute; while nothing goes on, only
// silence and what stays unanswered can be found, which are told in hours.
constexpr Duration kStepDuringAnIncident = minutes(1), kQuietStep = minutes(10);

// What a back-test cannot know is whether anybody would have taken it: messages that only ask for that do not count.
bool counts(const Owed& owed) { return owed.purpose != "escalate" && owed.purpose != "repeat"; }

// On the clock's own marks, so that the steps do not depend on when mentions came.
Time next_mark(Time now, Duration step) { return Time((now.time_since_epoch() / step + 1) * step); }

}  // namespace

ReplayBrand::ReplayBrand(const Settings& settings, const std::vector<std::string>& themes, std::string brand,
                         std::vector<Acceptance> accepted)
    : settings_(settings),
      brand_(std::move(brand)),
      rules_(make_rules(settings, themes, brand_)),
      accepted_(std::move(accepted)) {}

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
    const Time mark = next_mark(*now_, open_.empty() ? kQuietStep : kStepDuringAnIncident);
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
    keep(signal, open_.take(brand_, signal.incident_kind, event, policy_for(signal, settings_), signal.at));
    signals_.push_back(std::move(signal));
  }
  fresh_.clear();
}

void ReplayBrand::timers(Time now) {
  while (const std::optional<OpenIncidents::Fired> fired = open_.fire(now)) keep({}, fired->outcome);
}

void ReplayBrand::keep(const Signal& signal, const Outcome& outcome) {
  if (!outcome.incident) return;
  const auto [place, fresh] = places_.emplace(outcome.incident->id, incidents_.size());
  if (fresh) incidents_.push_back({signal, {}, 0});
  ReplayedIncident& replayed = incidents_[place->second];
  replayed.incident = *outcome.incident;
  replayed.messages += static_cast<int>(std::count_if(outcome.owed.begin(), outcome.owed.end(), counts));
}

}  // namespace vigie
