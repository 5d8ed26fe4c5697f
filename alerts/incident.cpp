#include "alerts/incident.h"

#include <algorithm>

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

Incident opened_by(const Signal& signal, Time now) {
  Incident incident;
  incident.id = to_hex(sha256(concat(signal.brand, "|", signal.incident_kind, "|", signal.id))).substr(0, 16);
  incident.brand = signal.brand;
  incident.kind = signal.incident_kind;
  incident.opened = incident.updated = now;
  incident.evidence.id = signal.id;
  incident.shadow = signal.shadow;
  return incident;
}

// One event applied to one incident: the incident after it, the history it adds, the messages it owes.
class Turn {
 public:
  Turn(Incident incident, const Event& event, const Policy& policy, Time now)
      : incident_(std::move(incident)), event_(event), policy_(policy), now_(now) {}

  Outcome play() && {
    switch (event_.kind) {
      case Event::Kind::signal: take_signal(); break;
      case Event::Kind::ack: ack(); break;
      case Event::Kind::unack: unack(); break;
      case Event::Kind::resolve: resolve(); break;
      case Event::Kind::timer: timer(); break;
    }
    outcome_.incident = std::move(incident_);
    return std::move(outcome_);
  }

 private:
  bool live() const {
    return incident_.state == State::open || incident_.state == State::acked || incident_.state == State::recovering;
  }

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
      record(name, State::resolved, "resolved as a false positive: only a graver one reopens it");
      return;
    }
    const std::string change = what_is_worse();
    const bool now_told = incident_.shadow && !event_.signal.shadow;
    if (now_told) incident_.shadow = false;
    take_evidence();
    if (now_told && live()) {
      record(name, State::open, "no longer tried out: people are told from now on");
      owe("first");
    } else if (incident_.state == State::pending) {
      record(name, State::open, event_.reason);
      owe("first");
    } else if (incident_.state == State::resolved) {
      reopen(name, now_told ? "first" : "reopened");
    } else if (!change.empty()) {
      get_worse(change);
    } else {
      record(name, incident_.state == State::recovering ? incident_.recovering_from : incident_.state, event_.reason);
    }
    incident_.hold_until.reset();
  }

  bool held_down() const {
    return incident_.resolve_reason == kFalsePositive &&
           severity_of(event_.signal.severity) <= severity_of(incident_.severity);
  }

  // "" when the signal says nothing that people must be told again.
  std::string what_is_worse() const {
    const Signal& signal = event_.signal;
    if (severity_of(signal.severity) > severity_of(incident_.severity)) {
      return concat("severity:", to_text(severity_of(incident_.severity)));
    }
    // Only the budget's themes are weighed against a habit; of a rule that counts, another one is no news.
    if (signal.rule != "budget") return "";
    for (const std::string& theme : leading_themes(signal)) {
      if (std::find(incident_.themes.begin(), incident_.themes.end(), theme) == incident_.themes.end()) {
        return concat("theme:", theme);
      }
    }
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

  void reopen(std::string_view name, std::string_view purpose) {
    ++incident_.epoch;
    incident_.ended.reset();
    incident_.resolve_reason.clear();
    incident_.acked_by.clear();
    incident_.recovering_from = State::open;
    record(name, State::open, "rose again after the end");
    owe(purpose);
  }

  void get_worse(const std::string& change) {
    State to = incident_.state == State::recovering ? incident_.recovering_from : incident_.state;
    std::string reason = change;
    // Whoever took a warning has not taken a crisis.
    if (to == State::acked && change.starts_with("severity:") &&
        severity_of(incident_.severity) == Severity::critical) {
      to = State::open;
      reason = concat(change, ", now critical: the acknowledgement by ", incident_.acked_by, " no longer counts");
      incident_.acked_by.clear();
    }
    record("worse", to, reason);
    owe("worse", change);
  }

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
    incident_.hold_until = now_ + hold_of(incident_.evidence, policy_);
  }

  void no_data() {
    if (!live() || incident_.blind) return;
    incident_.blind = true;
    incident_.hold_until.reset();
    record("no_data", incident_.state, "sources are silent: it cannot end meanwhile");
  }

  void ack() {
    if (!live()) return;
    const bool first = incident_.acked_by.empty();
    if (incident_.acked_by == event_.actor && !first) return;
    incident_.acked_by = first ? event_.actor : concat(incident_.acked_by, ", ", event_.actor);
    incident_.recovering_from = State::acked;
    record("ack", incident_.state == State::recovering ? State::recovering : State::acked, event_.reason);
    if (first) owe("acked");
  }

  void unack() {
    if (!live() || incident_.acked_by.empty()) return;
    incident_.acked_by.clear();
    incident_.recovering_from = State::open;
    record("unack", incident_.state == State::recovering ? State::recovering : State::open, event_.reason);
  }

  void resolve() {
    if (!live()) return;
    incident_.resolve_reason = event_.reason.empty() ? kHandled : event_.reason;
    end("resolve", incident_.resolve_reason);
  }

  void timer() {
    if (!incident_.hold_until || *incident_.hold_until > now_) return;
    if (incident_.state == State::recovering && !incident_.blind) {
      end("timer", "back to habit for the whole hold time");
    } else if (incident_.state == State::resolved) {
      incident_.hold_until.reset();
      record("timer", State::closed, "quiet since its end");
    }
  }

  void end(std::string_view name, const std::string& reason) {
    incident_.ended = now_;
    incident_.hold_until = now_ + policy_.reopen;
    incident_.blind = false;
    record(name, State::resolved, reason);
    owe("resolved");
  }

  void record(std::string_view name, State to, std::string reason) {
    Transition transition;
    transition.seq = ++incident_.last_seq;
    transition.at = now_;
    transition.event = name;
    transition.from = incident_.state;
    transition.to = to;
    transition.actor = event_.kind == Event::Kind::signal  ? "detector"
                       : event_.kind == Event::Kind::timer ? "timer"
                                                           : event_.actor;
    transition.reason = std::move(reason);
    outcome_.transitions.push_back(std::move(transition));
    incident_.state = to;
    incident_.updated = now_;
  }

  void owe(std::string_view purpose, std::string reason = "") {
    if (incident_.shadow) return;
    outcome_.owed.push_back({std::string(purpose), incident_.last_seq, std::move(reason)});
  }

  Incident incident_;
  const Event& event_;
  const Policy& policy_;
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

}  // namespace

Outcome apply(const std::optional<Incident>& current, const Event& event, const Policy& policy, Time now) {
  if (current && !finished(*current)) return Turn(*current, event, policy, now).play();
  if (current && event.kind == Event::Kind::signal && event.signal.id == current->last_signal) return {};
  if (!opens(event)) return {};
  return Turn(opened_by(event.signal, now), event, policy, now).play();
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
