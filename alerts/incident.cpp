#include "alerts/incident.h"

#include <algorithm>
#include <cmath>

#include "base/secret.h"

namespace vigie {
namespace {

using State = IncidentState;

// Themes that carry the story: one of the first three, with a real part of what is beyond habit. Without these bars one
// stray mention at the end of the list would page people as "a new theme".
constexpr std::size_t kTopThemes = 3;
constexpr double kLeastExcess = 3;
constexpr double kLeastShareOfExcess = 0.1;

std::vector<std::string> leading_themes(const Signal& signal) {
  std::vector<std::string> leading;
  for (std::size_t i = 0; i < std::min(signal.themes.size(), kTopThemes); ++i) {
    const ThemeCount& theme = signal.themes[i];
    const double excess = theme.observed - theme.expected;
    if (excess >= kLeastExcess && excess >= kLeastShareOfExcess * (signal.observed - signal.expected))
      leading.push_back(theme.theme);
  }
  return leading;
}

// A small brand needs longer to show that it is quiet: the time in which its habit brings three mentions. A day bounds
// it, or a brand spoken of twice a month would stay open for weeks.
Duration hold_of(const Signal& evidence, const Policy& policy) {
  const Duration span = evidence.at - evidence.since;
  if (evidence.expected <= 0 || evidence.usual_share <= 0 || span <= Duration::zero()) return policy.hold;
  const double mentions = evidence.expected / evidence.usual_share;
  const double three = 3.0 * static_cast<double>(span.count()) / mentions;
  const Duration quiet =
      three < static_cast<double>(Duration(kDay).count()) ? Duration(static_cast<std::int64_t>(three)) : Duration(kDay);
  return std::max(policy.hold, quiet);
}

Incident opened_by(const Signal& signal, const Policy& policy, Time now) {
  Incident incident;
  incident.id = to_hex(sha256(concat(signal.brand, "|", signal.incident_kind, "|", signal.id))).substr(0, 16);
  incident.brand = signal.brand;
  incident.kind = signal.incident_kind;
  incident.opened = incident.updated = now;
  incident.evidence.id = signal.id;
  incident.shadow = signal.shadow;
  incident.policy = policy;
  return incident;
}

constexpr double kReachWorthTelling = 10'000;  // followers; below, twice as many is no news

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : ",").append(word);
  return out;
}

bool is_live(const Incident& incident) {
  return incident.state == State::open || incident.state == State::acked || incident.state == State::recovering;
}

std::optional<Duration> wait_of_next_step(const Incident& incident) {
  const auto& chain = incident.policy.chain;
  const auto level = static_cast<std::size_t>(incident.level);
  const bool again = level == chain.size() && !chain.empty() && incident.repeats < incident.policy.chain_repeat;
  if (level >= chain.size() && !again) return std::nullopt;
  const Policy::Step& step = chain[std::min(level, chain.size() - 1)];
  return severity_of(incident.severity) == Severity::critical ? step.after_critical : step.after;
}

void stop_clock(std::optional<Time>& clock, std::optional<Duration>& left, Time now) {
  if (!clock) return;
  left = std::max<Duration>(Duration::zero(), *clock - now);
  clock.reset();
}

void start_clock(std::optional<Time>& clock, std::optional<Duration>& left, Time now) {
  if (left) clock = now + *left;
  left.reset();
}

void stop_clocks(Incident& incident, Time now) {
  stop_clock(incident.escalate_at, incident.chain_left, now);
  stop_clock(incident.repeat_at, incident.repeat_left, now);
}

void start_clocks(Incident& incident, Time now) {
  start_clock(incident.escalate_at, incident.chain_left, now);
  start_clock(incident.repeat_at, incident.repeat_left, now);
}

// One event applied to one incident: the incident after it, the history it adds, the messages it owes.
class Turn {
 public:
  Turn(Incident incident, const Event& event, Time now) : incident_(std::move(incident)), event_(event), now_(now) {}

  Outcome play() && {
    switch (event_.kind) {
      case Event::Kind::signal: take_signal(); break;
      case Event::Kind::ack: ack(); break;
      case Event::Kind::unack: unack(); break;
      case Event::Kind::assign: assign(); break;
      case Event::Kind::note: note(); break;
      case Event::Kind::resolve: resolve(); break;
      case Event::Kind::merge: merge(); break;
      case Event::Kind::split: split(); break;
      case Event::Kind::gap: gap(); break;
      case Event::Kind::timer: timer(); break;
    }
    outcome_.incident = std::move(incident_);
    return std::move(outcome_);
  }

 private:
  const Policy& policy() const { return incident_.policy; }
  bool live() const { return is_live(incident_); }
  // Nobody has it: what runs until somebody does.
  bool untaken() const { return live() && standing() == State::open; }
  State standing() const { return incident_.state == State::recovering ? incident_.recovering_from : incident_.state; }
  bool silent() const { return incident_.shadow || !incident_.merged_into.empty(); }

  // -- what the detector says

  void take_signal() {
    if (event_.signal.id == incident_.last_signal) return;
    incident_.last_signal = event_.signal.id;
    switch (event_.signal.kind) {
      case SignalKind::raise:
      case SignalKind::update: rise(); break;
      case SignalKind::clear: clear(); break;
      case SignalKind::no_data: no_data(); break;
    }
  }

  void rise() {
    const std::string_view name = to_text(event_.signal.kind);
    if (incident_.state == State::resolved && held_down()) {
      record(name, State::resolved, "called a false alarm: only a graver one reopens it");
      return;
    }
    const std::string change = what_is_worse();
    const bool now_told = incident_.shadow && !event_.signal.shadow;
    if (now_told) incident_.shadow = incident_.announced = false;
    take_evidence();
    if (incident_.state == State::pending) {
      record(name, State::open, event_.reason);
      begin();
    } else if (incident_.state == State::resolved) {
      reopen(name);
    } else if (now_told) {
      return_from_recovery();
      record(name, standing(), "no longer tried out: people are told from now on");
      begin();
    } else {
      const bool returned = return_from_recovery();
      const State to = standing();
      if (!change.empty()) {
        get_worse(change, to);
      } else {
        record(name, to, event_.reason);
      }
      if (returned && pin()) tell("worse", "unstable");
    }
    incident_.hold_until.reset();
  }

  bool held_down() const {
    return incident_.resolve_reason == kFalsePositive &&
           severity_of(event_.signal.severity) <= severity_of(incident_.severity);
  }

  // "" when the signal says nothing that people must be told again.
  std::string what_is_worse() {
    const Signal& signal = event_.signal;
    if (severity_of(signal.severity) > severity_of(incident_.severity)) {
      return concat("severity:", to_text(severity_of(incident_.severity)));
    }
    // Only the budget's themes are weighed against a habit; of a rule that counts, another one is no news.
    if (signal.rule != "budget") return "";
    const std::size_t waiting = incident_.untold.size();
    for (const std::string& theme : leading_themes(signal)) {
      if (std::find(incident_.themes.begin(), incident_.themes.end(), theme) == incident_.themes.end())
        incident_.untold.push_back(theme);
    }
    if (incident_.untold.size() > waiting) return concat("theme:", joined(incident_.untold));
    const bool spreads = signal.reach >= kReachWorthTelling && signal.reach >= 2 * incident_.told_reach;
    if (spreads && incident_.announced && !incident_.worse_at)
      return concat("reach:", std::to_string(std::lround(incident_.told_reach)));
    return "";
  }

  void take_evidence() {
    incident_.evidence = event_.signal;
    incident_.severity = std::max(incident_.severity, event_.signal.severity);
    incident_.peak_observed = std::max(incident_.peak_observed, event_.signal.observed);
    incident_.blind = false;
    std::vector<std::string> themes = leading_themes(event_.signal);
    // A small incident may have no leading theme: its first one then names it, and growing is not a new theme.
    if (themes.empty() && incident_.themes.empty() && !event_.signal.themes.empty()) {
      themes.push_back(event_.signal.themes.front().theme);
    }
    for (const std::string& theme : themes) {
      if (std::find(incident_.themes.begin(), incident_.themes.end(), theme) == incident_.themes.end()) {
        incident_.themes.push_back(theme);
      }
    }
  }

  // -- people are told

  bool critical() const { return severity_of(incident_.severity) == Severity::critical; }

  // Open, and nobody knows: at once when it is critical, else once its themes had time to show.
  void begin() {
    incident_.level = 0;
    incident_.repeats = 0;
    if (critical() || policy().group <= Duration::zero()) {
      announce();
    } else {
      incident_.announce_at = now_ + policy().group;
    }
  }

  void announce() {
    incident_.announce_at.reset();
    incident_.announced = true;
    tell(incident_.epoch > 0 ? "reopened" : "first");
    arm();
  }

  void tell(std::string_view purpose, std::string reason = "") {
    incident_.untold.clear();
    incident_.worse_at.reset();
    incident_.last_told = now_;
    incident_.told_reach = std::max(incident_.told_reach, incident_.evidence.reach);
    owe(purpose, std::move(reason));
  }

  // The chain and the reminder run while nobody has it.
  void arm() {
    incident_.ack_until.reset();
    incident_.escalate_at = next_step();
    rearm_repeat();
  }

  void rearm_repeat() {
    incident_.repeat_at.reset();
    if (policy().repeat > Duration::zero()) incident_.repeat_at = now_ + policy().repeat;
  }

  std::optional<Time> next_step() const {
    const std::optional<Duration> wait = wait_of_next_step(incident_);
    return wait ? std::optional(now_ + *wait) : std::nullopt;
  }

  void disarm() {
    incident_.escalate_at.reset();
    incident_.repeat_at.reset();
    incident_.ack_until.reset();
    incident_.announce_at.reset();
    incident_.worse_at.reset();
    incident_.untold.clear();
  }

  void reopen(std::string_view name) {
    ++incident_.epoch;
    incident_.ended.reset();
    incident_.resolve_reason.clear();
    incident_.resolved_by.clear();
    incident_.acked_by.clear();
    incident_.recovering_from = State::open;
    record(name, State::open, "rose again after the end");
    flap();
    const bool knew = incident_.announced;
    incident_.announced = true;
    incident_.announce_at.reset();
    incident_.level = incident_.repeats = 0;
    tell(knew ? "reopened" : "first", pin() ? "unstable" : "");
    arm();
  }

  // Whether it was calming down; the timers that stood still run again.
  bool return_from_recovery() {
    if (incident_.state != State::recovering) return false;
    flap();
    return true;
  }

  void flap() {
    std::erase_if(incident_.flaps, [this](Time at) { return at <= now_ - kFlapWindow; });
    incident_.flaps.push_back(now_);
  }

  // One that comes and goes is kept open rather than told of each time. True when that begins now.
  bool pin() {
    if (incident_.pinned || incident_.flaps.size() < kUnstable || !incident_.announced) return false;
    incident_.pinned = true;
    record("pin", incident_.state, "unstable: held open until it was calm for longer");
    return true;
  }

  void get_worse(const std::string& change, State to) {
    std::string reason = change;
    const bool graver = change.starts_with("severity:");
    const bool voided = to == State::acked && graver && critical();
    // Whoever took a warning has not taken a crisis.
    if (voided) {
      to = State::open;
      reason = concat(change, ", now critical: the acknowledgement by ", incident_.acked_by, " no longer counts");
      incident_.acked_by.clear();
      incident_.recovering_from = State::open;
    }
    record("worse", to, reason);
    if (!incident_.announced) {
      if (critical()) announce();
      return;  // the first message will say it all
    }
    const Time earliest = incident_.last_told + policy().update;
    if (!graver && now_ < earliest) {
      if (!incident_.worse_at) incident_.worse_at = earliest;
      return;
    }
    tell("worse", change);
    if (voided) arm();
    if (graver && to == State::open && incident_.escalate_at) hasten();
    if (to == State::open) rearm_repeat();
  }

  // Who waits for the next step of a crisis waits as long as a crisis allows.
  void hasten() {
    if (const std::optional<Time> sooner = next_step(); sooner && *sooner < *incident_.escalate_at)
      incident_.escalate_at = sooner;
  }

  // -- it calms down, or nobody can see

  void clear() {
    if (incident_.state == State::pending) {
      record("clear", State::discarded, "over before it was announced");
    } else if (incident_.state == State::open || incident_.state == State::acked) {
      incident_.recovering_from = incident_.state;
      hold();
      record("clear", State::recovering, event_.reason);
    } else if (incident_.state == State::recovering && incident_.blind) {
      hold();  // what was quiet while nobody looked does not count
      record("clear", State::recovering, "sources are back");
    }
  }

  void hold() {
    incident_.blind = false;
    const Duration calm = hold_of(incident_.evidence, policy());
    incident_.hold_until = now_ + (incident_.pinned ? std::max(calm, policy().flap_hold) : calm);
  }

  void no_data() {
    if (!live() || incident_.blind) return;
    incident_.blind = true;
    incident_.hold_until.reset();
    record("no_data", incident_.state, "sources are silent: it cannot end meanwhile");
    if (incident_.announced) owe("blind");
  }

  // -- what people do

  void taken() {
    incident_.escalate_at.reset();
    incident_.repeat_at.reset();
    incident_.ack_until.reset();
    if (policy().ack_timeout > Duration::zero()) incident_.ack_until = now_ + policy().ack_timeout;
  }

  void ack() {
    if (!live()) return;
    if (holds(event_.actor)) {
      taken();  // still at it
      return;
    }
    const bool first = incident_.acked_by.empty();
    incident_.acked_by = first ? event_.actor : concat(incident_.acked_by, ", ", event_.actor);
    incident_.recovering_from = State::acked;
    record("ack", incident_.state == State::recovering ? State::recovering : State::acked, event_.reason);
    taken();
    if (first && incident_.announced) owe("acked");
  }

  // Names in acked_by are parted by ", ".
  bool holds(const std::string& person) const {
    return !person.empty() &&
           concat(", ", incident_.acked_by, ", ").find(concat(", ", person, ", ")) != std::string::npos;
  }

  void unack() {
    if (!live() || incident_.acked_by.empty()) return;
    give_back("unack", event_.reason, "unack");
  }

  void give_back(std::string_view name, const std::string& why, std::string reason) {
    incident_.acked_by.clear();
    incident_.recovering_from = State::open;
    record(name, incident_.state == State::recovering ? State::recovering : State::open, why);
    if (!incident_.announced) return;  // the first message will ask for somebody
    arm();
    owe("escalate", std::move(reason));
  }

  void assign() {
    if (!live() || event_.value == incident_.assignee) return;
    incident_.assignee = event_.value;
    record("assign", incident_.state, event_.value.empty() ? std::string("to nobody") : concat("to ", event_.value));
    if (incident_.ack_until) taken();
    if (!event_.value.empty()) owe("assigned", event_.actor, {concat("person:", event_.value)});
  }

  void note() {
    if (event_.reason.empty()) return;
    record("note", incident_.state, event_.reason);
    if (incident_.ack_until) taken();
  }

  void resolve() {
    if (!live()) return;
    incident_.resolve_reason = event_.reason.empty() ? kHandled : event_.reason;
    incident_.resolved_by = event_.actor;
    end("resolve", incident_.resolve_reason);
  }

  void merge() {
    if (!live() || !incident_.merged_into.empty() || event_.value.empty() || event_.value == incident_.id) return;
    record("merge", incident_.state, concat("into ", event_.value));
    if (incident_.announced) owe("merged", event_.value);
    disarm();
    incident_.merged_into = event_.value;
  }

  void split() {
    if (incident_.merged_into.empty()) return;
    incident_.merged_into.clear();
    record("split", incident_.state, event_.reason);
    if (!live()) return;
    incident_.told.clear();
    incident_.announced = true;
    tell("first");
    if (untaken()) arm();
  }

  // -- what time alone does

  void timer() {
    const std::optional<Time> due = next_timer(incident_);
    if (!due || *due > now_) return;
    if (incident_.announce_at == due) return first_message();
    if (incident_.worse_at == due) return late_themes();
    if (incident_.escalate_at == due) return escalate();
    if (incident_.ack_until == due) return expire();
    if (incident_.hold_until == due) return calm();
    repeat();
  }

  void first_message() {
    if (incident_.state == State::recovering) {  // perhaps it was nothing: told once it rises again
      incident_.announce_at = std::max(now_, incident_.hold_until.value_or(now_)) + policy().group;
      return;
    }
    record("announce", incident_.state, "");
    announce();
    if (incident_.state == State::acked) taken();
  }

  void late_themes() {
    const std::string themes = joined(incident_.untold);
    record("announce", incident_.state, themes.empty() ? "reach" : concat("theme:", themes));
    tell("worse", themes.empty() ? concat("reach:", std::to_string(std::lround(incident_.told_reach)))
                                 : concat("theme:", themes));
  }

  void escalate() {
    incident_.escalate_at.reset();
    if (!untaken() || policy().chain.empty()) return;
    const auto steps = static_cast<int>(policy().chain.size());
    const bool again = incident_.level >= steps;
    if (again) ++incident_.repeats;
    incident_.level = std::min(incident_.level + 1, steps);
    record("escalate", incident_.state, concat("step ", std::to_string(incident_.level), again ? " again" : ""));
    owe("escalate", "step", policy().chain[static_cast<std::size_t>(incident_.level - 1)].to);
    incident_.escalate_at = next_step();
  }

  // The step that was just due found nobody: the next one is due now.
  void gap() {
    if (!untaken() || !incident_.announced) return;
    record("gap", incident_.state, event_.reason);
    const bool more = static_cast<std::size_t>(incident_.level) < policy().chain.size();
    if (more) incident_.escalate_at = now_;
  }

  void expire() {
    incident_.ack_until.reset();
    if (standing() != State::acked) return;
    give_back("expire", concat("nothing was heard of ", incident_.acked_by), "expired");
  }

  void repeat() {
    incident_.repeat_at.reset();
    if (!untaken()) return;
    rearm_repeat();
    if (incident_.state == State::recovering) return;  // it is calming down
    record("repeat", incident_.state, "");
    const auto& chain = policy().chain;
    const auto level = static_cast<std::size_t>(incident_.level);
    owe("repeat", "", level > 0 && level <= chain.size() ? chain[level - 1].to : std::vector<std::string>());
  }

  void calm() {
    incident_.hold_until.reset();
    if (incident_.state == State::recovering && !incident_.blind) {
      end("timer", "back to habit for the whole hold time");
    } else if (incident_.state == State::resolved) {
      record("timer", State::closed, "quiet since its end");
    }
  }

  void end(std::string_view name, const std::string& reason) {
    incident_.ended = now_;
    incident_.hold_until = now_ + policy().reopen;
    incident_.blind = false;
    incident_.pinned = false;
    const bool knew = incident_.announced;
    disarm();
    record(name, State::resolved, reason);
    if (knew) owe("resolved");
  }

  // -- the history and what is owed

  void record(std::string_view name, State to, std::string reason) {
    Transition transition;
    transition.seq = ++incident_.last_seq;
    transition.at = now_;
    transition.event = name;
    transition.from = incident_.state;
    transition.to = to;
    transition.actor = event_.kind == Event::Kind::signal ? (event_.actor == kBySources ? kBySources : "detector")
                       : event_.kind == Event::Kind::timer || event_.kind == Event::Kind::gap ? "timer"
                                                                                              : event_.actor;
    transition.reason = std::move(reason);
    outcome_.transitions.push_back(std::move(transition));
    incident_.state = to;
    incident_.updated = now_;
  }

  void owe(std::string_view purpose, std::string reason = "", std::vector<std::string> to = {}) {
    if (silent()) return;
    outcome_.owed.push_back({std::string(purpose), incident_.last_seq, std::move(reason), std::move(to)});
    outcome_.owed.back().told_observed = incident_.told_observed;
    const bool to_everybody = purpose == "first" || purpose == "worse" || purpose == "reopened" || purpose == "repeat";
    if (to_everybody) incident_.told_observed = incident_.evidence.observed;
  }

  Incident incident_;
  const Event& event_;
  const Time now_;
  Outcome outcome_;
};

bool opens(const Event& event) {
  return event.kind == Event::Kind::signal &&
         (event.signal.kind == SignalKind::raise || event.signal.kind == SignalKind::update);
}

bool finished(const Incident& incident) {
  return incident.state == State::closed || incident.state == State::discarded;
}

// Clocks that stand tick for the length of an event that people or the detector make, so that it may change them. Of
// time alone they know nothing: what it arms stands at once, and what it ends stops for good.
Outcome play(Incident incident, const Event& event, Time now) {
  const bool of_time = event.kind == Event::Kind::timer;
  if (!of_time) start_clocks(incident, now);
  Outcome outcome = Turn(std::move(incident), event, now).play();
  Incident& after = *outcome.incident;
  if (after.hushed) stop_clocks(after, now);
  if (!is_live(after)) {
    after.chain_left.reset();
    after.repeat_left.reset();
  }
  return outcome;
}

}  // namespace

Outcome apply(const std::optional<Incident>& current, const Event& event, const Policy& policy, Time now) {
  if (current && !finished(*current)) return play(*current, event, now);
  if (current && event.kind == Event::Kind::signal && event.signal.id == current->last_signal) return {};
  if (!opens(event)) return {};
  Incident fresh = opened_by(event.signal, policy, now);
  if (current) fresh.previous = current->id;
  return play(std::move(fresh), event, now);
}

bool hush(Incident& incident, bool hushed, Time now) {
  if (incident.hushed == hushed) return false;
  incident.hushed = hushed;
  hushed ? stop_clocks(incident, now) : start_clocks(incident, now);
  return true;
}

void begin_step_again(Incident& incident, Time now) {
  if (const std::optional<Duration> wait = wait_of_next_step(incident); wait && incident.escalate_at)
    incident.escalate_at = now + *wait;
}

IncidentState fold(const std::vector<Transition>& history) {
  State state = State::pending;
  std::int64_t seq = 0;
  for (const Transition& transition : history) {
    if (transition.seq != seq + 1 || transition.from != state) break;
    seq = transition.seq;
    state = transition.to;
  }
  return state;
}

}  // namespace vigie
