#include "app/notify.h"

#include "alerts/circuit.h"
#include "alerts/delivery.h"
#include "alerts/notifier_kind.h"
#include "app/stand_in.h"
#include "base/limits.h"
#include "base/log.h"

namespace vigie {

namespace {

constexpr Duration kLease = 2 * limits::kNotification;
constexpr Duration kLongestRetry = minutes(15), kLookAfter = minutes(1), kSetBack = minutes(1);
constexpr Duration kLongestRest = seconds(30), kGlance = seconds(1);
constexpr int kNeighbours = 64;

SendOutcome ended(NotificationState state, std::string_view reason, std::string detail = "") {
  SendOutcome outcome;
  outcome.state = state;
  outcome.reason = reason;
  outcome.detail = std::move(detail);
  outcome.tried = false;
  return outcome;
}

SendOutcome later(NotificationState state, Time due, std::string_view reason, std::string detail) {
  SendOutcome outcome = ended(state, reason, std::move(detail));
  outcome.due = due;
  return outcome;
}

// Its budget was charged when it was tried first.
bool was_let_through(const Notification& notification) {
  return !notification.payload.empty() || notification.repeated;
}

double circuit_number(Circuit circuit) {
  switch (circuit) {
    case Circuit::closed: return 0;
    case Circuit::half_open: return 1;
    case Circuit::open: return 2;
    case Circuit::disabled: return 3;
  }
  return 3;
}

}  // namespace

bool is_brief(const Settings& settings, const Notification& message) {
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (endpoint.id == message.endpoint) return channel_traits(endpoint.kind).brief;
  }
  return false;
}

Notify::Notify(const Settings& settings, Store& store, HttpClient& http, const Clock& clock, const Clock& outside,
               Rng& rng, Metrics& metrics, NotifyOptions options)
    : settings_(settings),
      store_(store),
      clock_(clock),
      rng_(rng),
      metrics_(metrics),
      context_{http, outside, settings.mail, settings.serve.public_url, settings.alerting.repeat},
      options_(std::move(options)) {
  for (const EndpointSettings& endpoint : settings_.endpoints) endpoints_.emplace(endpoint.id, &endpoint);
}

const EndpointSettings* Notify::find(const std::string& endpoint) const {
  const auto found = endpoints_.find(endpoint);
  return found == endpoints_.end() ? nullptr : found->second;
}

Result<Notifier*> Notify::notifier(const std::string& kind) {
  std::unique_ptr<Notifier>& slot = notifiers_[kind];
  if (!slot) {
    TRY(slot, options_.make(kind, context_));
  }
  return slot.get();
}

Result<bool> Notify::tick() {
  const Time now = clock_.now();
  TRY(look_after(now));
  TRY(std::optional<Notification> claimed, store_.claim_notification(now, kLease, options_.only_healthy));
  if (!claimed) return false;
  TRY(settle(*std::move(claimed)));
  return true;
}

Result<void> Notify::settle(Notification notification) {
  TRY(const Outcome outcome, decide(notification));
  bool mine = outcome.has_value();
  if (outcome) {
    TRY(mine, store_.finish_notification(notification.id, notification.claim_no, *outcome));
  }
  if (!mine) {
    log::warn("notify", "another worker took this notification over", {{"id", notification.id}});
    return {};
  }
  count(notification, *outcome);
  return {};
}

// Nothing: the claim was lost meanwhile.
Result<Notify::Outcome> Notify::decide(Notification& notification) {
  const EndpointSettings* const endpoint = find(notification.endpoint);
  if (endpoint == nullptr) {
    TRY(EndpointHealth health, store_.endpoint_health(notification.endpoint));
    TRY(SendOutcome outcome,
        buried(notification, "no_endpoint",
               concat("endpoint ", notification.endpoint, " is no longer in the configuration"), health));
    return Outcome(std::move(outcome));
  }
  const Time now = clock_.now();
  if (is_too_old(notification, options_.traits(endpoint->kind), now)) {
    TRY(EndpointHealth health, health_of(*endpoint));
    TRY(SendOutcome outcome, buried(notification, "too_old", "it could not be sent in time", health));
    return Outcome(std::move(outcome));
  }
  if (notification.subject_kind == "survey" || notification.subject_kind == "author")
    return to_customer(notification, *endpoint, now);
  TRY(Outcome outcome, by_neighbours(notification));
  if (outcome) return outcome;
  if (outcome = by_gate(notification, now); outcome) return outcome;
  TRY(const EndpointHealth health, health_of(*endpoint));
  TRY(outcome, by_health(notification, health, now));
  if (outcome) return outcome;
  return attempt(notification, *endpoint, health);
}

Result<Notify::Outcome> Notify::by_neighbours(Notification& notification) {
  TRY(const Neighbours around, store_.neighbours(notification, kNeighbours));
  const Turnout turn = turnout(notification, around);
  switch (turn.kind) {
    case Turnout::Kind::send: return Outcome();
    case Turnout::Kind::supersede: return Outcome(ended(NotificationState::superseded, turn.reason));
    case Turnout::Kind::cancel: return Outcome(ended(NotificationState::cancelled, turn.reason));
    case Turnout::Kind::aside: {
      TRY(put_aside(notification, turn.reason));
      return Outcome(ended(NotificationState::cancelled, turn.reason));
    }
    case Turnout::Kind::follow: {
      std::string endpoint;
      TRY(const std::optional<Neighbour> opening, store_.stand_in(turn.opening, endpoint));
      const bool told = opening && (is_pending(opening->state) || was_accepted(opening->state));
      if (told) {
        TRY(std::optional<Notification> end, stand_in_at(notification, endpoint, store_, clock_.now()));
        SendOutcome outcome = ended(NotificationState::cancelled, turn.reason, endpoint);
        if (end) outcome.owed.push_back(*std::move(end));
        return Outcome(std::move(outcome));
      }
      break;
    }
    case Turnout::Kind::as_over: break;
  }
  notification.purpose = "over";
  notification.document = as_over(std::move(notification.document));
  return Outcome();
}

// For the digest of whom it was for. Written before its row ends: twice is once.
Result<void> Notify::put_aside(const Notification& notification, const std::string& reason) {
  if (notification.recipient.empty()) return {};
  TRY(const std::optional<Incident> incident, store_.incident(notification.subject_id));
  if (!incident) return {};
  HeldBack held;
  held.notification = notification.id;
  held.person = notification.recipient;
  held.endpoint = notification.endpoint;
  held.incident = incident->id;
  held.brand = incident->brand;
  held.purpose = notification.purpose;
  held.reason = reason;
  held.severity = incident->severity;
  held.at = clock_.now();
  return store_.hold_back(held);
}

Notify::Outcome Notify::by_gate(const Notification& notification, Time now) {
  // That an endpoint fails cannot wait for the morning.
  if (options_.gate == nullptr || notification.subject_kind == "trouble") return std::nullopt;
  const Result<Decision> decision = options_.gate->look(notification, now);
  if (!decision) {
    log::error("notify", "whether this may go cannot be told; it goes",
               {{"id", notification.id}, {"error", decision.error().what}});
    return std::nullopt;
  }
  const bool budget = decision->reason == "budget" || decision->reason == "brand_budget";
  if (decision->kind == Decision::Kind::deliver || (budget && was_let_through(notification))) return std::nullopt;
  if (budget) {
    metrics_.add("vigie_budget_held_total", "Messages held back because a budget was spent, by which.",
                 {{"budget", decision->reason == "budget" ? "person" : "brand"}});
  }
  metrics_.add("vigie_suppressed_total", "Messages held back or taken out, by reason.", {{"reason", decision->reason}});
  if (decision->kind == Decision::Kind::hold) {
    SendOutcome held = later(NotificationState::held, std::max<Time>(decision->until, now + seconds(1)),
                             decision->reason, decision->detail);
    held.silence = decision->silence;
    return held;
  }
  return ended(NotificationState::cancelled, decision->reason, decision->detail);
}

void Notify::pass(const Notification& notification) {
  if (options_.gate == nullptr || notification.subject_kind == "trouble") return;
  const Result<void> counted = options_.gate->passed(notification, clock_.now());
  if (counted) return;
  log::error("notify", "not counted against its reader's budget",
             {{"id", notification.id}, {"error", counted.error().what}});
}

Result<Notify::Outcome> Notify::by_health(const Notification& notification, const EndpointHealth& health, Time now) {
  if (health.circuit == Circuit::disabled) {
    EndpointHealth told = health;
    TRY(SendOutcome outcome, buried(notification, "disabled",
                                    concat("endpoint ", health.endpoint, " is switched off: ", health.reason), told));
    return Outcome(std::move(outcome));
  }
  if (health.circuit != Circuit::open || now >= health.open_until) return Outcome();
  TRY(std::optional<Notification> other, stand_in_for(notification, settings_, store_, now));
  if (!other) return Outcome(later(NotificationState::wait, health.open_until, "circuit", health.reason));
  SendOutcome outcome = ended(NotificationState::cancelled, "fallback", other->endpoint);
  outcome.owed.push_back(*std::move(other));
  return Outcome(std::move(outcome));
}

Result<std::string> Notify::render(Notifier& channel, const Outgoing& out, const EndpointHealth& health) {
  const Notification& notification = out.notification;
  Audience audience{out.endpoint.language, out.endpoint.time_zone, out.endpoint.quotes, {}, {}, "",
                    notification.repeated};
  audience.late = lateness(notification, clock_.now());
  if (!notification.stands_for.empty()) {
    audience.late_because = notification.detail;
  } else if (notification.first_error || health.failures > 0) {
    audience.late_because = out.endpoint.id;
  }
  if (options_.actions) audience.actions = options_.actions(notification);
  TRY(const Story story, tell(notification.document, audience));
  return channel.render(story, out);
}

// What is about to go stands in the store first: whoever takes over after a crash sends the same bytes.
Result<bool> Notify::keep(const Notification& notification, const std::vector<Pace>& paces) {
  SendStart start{notification.purpose, notification.document, notification.payload, paces, clock_.now()};
  return store_.begin_sending(notification.id, notification.claim_no, start);
}

Result<Notify::Outcome> Notify::attempt(Notification& notification, const EndpointSettings& endpoint,
                                        const EndpointHealth& health) {
  TRY(const MessageThread thread, store_.thread(notification.subject_id, notification.endpoint));
  const Outgoing out{notification, endpoint, thread.opened, thread.last};
  Result<Sent> sent;
  if (const Result<Notifier*> channel = notifier(endpoint.kind); !channel) {
    sent = fail(channel.error());
  } else {
    const std::vector<Pace> paces = options_.traits(endpoint.kind).paces;
    const bool again = was_let_through(notification), rendered = !notification.payload.empty();
    Result<std::string> payload = rendered ? notification.payload : render(**channel, out, health);
    if (!payload) {
      sent = fail(payload.error());
    } else {
      notification.payload = *std::move(payload);
      if (!again) pass(notification);
      bool mine = true;
      if (!rendered || !paces.empty()) {
        TRY(mine, keep(notification, paces));
      }
      if (!mine) return Outcome();
      sent = (*channel)->send(notification.payload, out);
    }
  }
  TRY(SendOutcome outcome,
      sent ? accepted(notification, *sent, health) : failed(notification, endpoint, sent.error(), health));
  return Outcome(std::move(outcome));
}

// Neither hours nor budgets hold a letter back: whether it may still go is asked of the survey, at the last moment.
Result<Notify::Outcome> Notify::to_customer(Notification& notification, const EndpointSettings& endpoint, Time now) {
  TRY(const EndpointHealth health, health_of(endpoint));
  TRY(Outcome outcome, by_health(notification, health, now));
  if (outcome) return outcome;
  if (!options_.letters) return Outcome(ended(NotificationState::cancelled, "no_letters"));
  TRY(const Letters::Written written, options_.letters->write(notification, store_));
  if (!written.letter) return Outcome(ended(NotificationState::cancelled, written.reason));
  bool mine = true;
  Result<Sent> sent = send_letter(notification, endpoint, *written.letter, mine);
  if (!mine) return Outcome();
  if (!sent) sent.error().what = without_secrets(std::move(sent.error().what), {written.letter->to});
  TRY(options_.letters->went(notification, *written.letter, sent, store_, now));
  TRY(SendOutcome result,
      sent ? accepted(notification, *sent, health) : failed(notification, endpoint, sent.error(), health));
  return Outcome(std::move(result));
}

// The bytes hold the customer's link, so that none are kept: each try writes the letter anew.
Result<Sent> Notify::send_letter(Notification& notification, const EndpointSettings& endpoint,
                                 const CustomerLetter& letter, bool& mine) {
  EndpointSettings at = endpoint;
  at.to = letter.to;
  at.language = letter.lang;
  const Outgoing out{notification, at, "", ""};
  TRY(Notifier* const channel, notifier(endpoint.kind));
  TRY(const std::string payload, channel->render_letter(letter, out));
  notification.payload.clear();
  TRY(mine, keep(notification, options_.traits(endpoint.kind).paces));
  if (!mine) return Sent{};
  return channel->send(payload, out);
}

Result<SendOutcome> Notify::accepted(const Notification& notification, const Sent& sent, const EndpointHealth& health) {
  SendOutcome outcome;
  outcome.state = sent.verified ? NotificationState::sent : NotificationState::unverified;
  outcome.remote_id = sent.remote_id;
  outcome.health = after_success(health, clock_.now());
  if (health.told) {
    TRY(std::optional<Notification> word, word_about_recovery(health, settings_, store_, clock_.now()));
    if (word) outcome.owed.push_back(*std::move(word));
  }
  log::info(
      "notify", "sent",
      {{"endpoint", notification.endpoint}, {"purpose", notification.purpose}, {"subject", notification.subject_id}});
  return outcome;
}

Result<SendOutcome> Notify::failed(const Notification& notification, const EndpointSettings& endpoint,
                                   const Error& error, const EndpointHealth& health) {
  const Time now = clock_.now();
  Error shown = error;
  shown.what = log::redact(error.what);
  const Retry next = vigie::after_failure(notification, error, options_.traits(endpoint.kind), now, rng_.unit());
  // Of a letter to a customer the address is its own, not the endpoint's.
  const bool own_address = notification.subject_kind != "survey" && notification.subject_kind != "author";
  const bool says_nothing = !own_address && error.kind == ErrorKind::bad_data && !error.maybe_done;
  EndpointHealth after = says_nothing ? health : after_failure(health, shown, now);
  SendOutcome outcome;
  if (next.dead) {
    TRY(outcome, buried(notification, code_of(error), "", after, shown.what));
    outcome.tried = true;
  } else {
    TRY(tell_of_outage(after, outcome, now));
    outcome.state = NotificationState::wait;
    outcome.due = next.due;
    outcome.repeated = next.repeated;
  }
  outcome.error = shown.what;
  outcome.at = now;
  outcome.code = code_of(error);
  outcome.health = std::move(after);
  log::warn("notify", next.dead ? "not sent, given up" : "not sent, will try again",
            {{"endpoint", endpoint.id}, {"kind", to_text(error.kind)}, {"error", shown.what}});
  return outcome;
}

// `health`: of its endpoint, as it will be kept. `refusal`: what the remote said last.
Result<SendOutcome> Notify::buried(const Notification& notification, std::string_view reason, std::string detail,
                                   EndpointHealth& health, const std::string& refusal) {
  const Time now = clock_.now();
  SendOutcome outcome = ended(NotificationState::dead, reason);
  outcome.error = std::move(detail);
  outcome.at = now;
  TRY(std::optional<Notification> other, stand_in_for(notification, settings_, store_, now));
  const bool lost = !other && is_missed(notification);
  if (other) outcome.owed.push_back(*std::move(other));
  TRY(tell_of_outage(health, outcome, now));
  if (lost && !health.told) {
    TRY(std::optional<Notification> word,
        word_about_loss(health, refusal.empty() ? notification.last_error : refusal, settings_, store_, now));
    leave_word(std::move(word), health, outcome);
  }
  outcome.health = health;
  return outcome;
}

// Once an outage, in which every message that is lost is the same news.
Result<void> Notify::tell_of_outage(EndpointHealth& health, SendOutcome& outcome, Time now) {
  if (find(health.endpoint) == nullptr || !is_given_up(health, now)) return {};
  health.diverted = has_other_endpoint(health.endpoint, settings_);
  if (health.told) return {};
  TRY(std::optional<Notification> word, word_about(health, settings_, store_, now));
  leave_word(std::move(word), health, outcome);
  return {};
}

void Notify::leave_word(std::optional<Notification> word, EndpointHealth& health, SendOutcome& outcome) {
  log::error("notify", "an endpoint takes no messages",
             {{"endpoint", health.endpoint}, {"told", word ? word->endpoint : "nobody"}, {"error", health.reason}});
  health.told = word.has_value();  // else the next failure looks again for somebody who can be told
  if (word) outcome.owed.push_back(*std::move(word));
}

Result<EndpointHealth> Notify::health_of(const EndpointSettings& endpoint) {
  TRY(EndpointHealth health, store_.endpoint_health(endpoint.id));
  std::string address = address_of(endpoint);
  if (health.address == address) return health;
  EndpointHealth fresh;
  fresh.endpoint = endpoint.id;
  fresh.address = std::move(address);
  return fresh;
}

// What time alone asks for, once a minute.
Result<void> Notify::look_after(Time now) {
  if (now + kSetBack < last_now_) {
    log::warn("notify", "the clock was set back; nothing waits longer for it");
    TRY(store_.replan_notifications(now, kLongestRetry, kLease));
    looked_after_.reset();
  }
  last_now_ = now;
  if (options_.only_healthy || (looked_after_ && now - *looked_after_ < kLookAfter)) return {};
  const bool first = !looked_after_;
  looked_after_ = now;
  TRY(const std::vector<EndpointHealth> all, store_.endpoints_health());
  for (const EndpointHealth& health : all) {
    const EndpointSettings* const endpoint = find(health.endpoint);
    if (endpoint == nullptr || health.circuit == Circuit::closed) continue;
    if (first && health.address != address_of(*endpoint)) {
      TRY(const EndpointHealth anew, health_of(*endpoint));
      TRY(store_.save_endpoint_health(anew));
    }
    TRY(bury_expired(*endpoint, now));
  }
  return gauge(all, now);
}

// Messages that wait for an endpoint that is not asked: when their time is over, they end, and others may stand in.
Result<void> Notify::bury_expired(const EndpointSettings& endpoint, Time now) {
  const Duration give_up = options_.traits(endpoint.kind).give_up;
  for (;;) {
    TRY(std::optional<Notification> expired, store_.claim_expired(endpoint.id, now, kLease, now - give_up,
                                                                  now - std::min<Duration>(give_up, kRemindersLive)));
    if (!expired) return {};
    TRY(settle(*std::move(expired)));
  }
}

void Notify::count(const Notification& notification, const SendOutcome& outcome) {
  const EndpointSettings* const endpoint = find(notification.endpoint);
  const std::string channel = endpoint == nullptr ? "none" : endpoint->kind;
  metrics_.add("vigie_notifications_total",
               "What became of messages whose turn it was, by channel, purpose and reason.",
               {{"channel", channel},
                {"purpose", notification.purpose},
                {"result", std::string(to_text(outcome.state))},
                {"reason", outcome.code.empty() ? outcome.reason : outcome.code}});
  if (outcome.tried) {
    metrics_.add("vigie_notification_attempts_total", "Messages handed to a channel, each try counted.",
                 {{"channel", channel}});
  }
  if (!was_accepted(outcome.state)) return;
  const Duration waited = std::max<Duration>(Duration::zero(), clock_.now() - notification.ripe);
  metrics_.observe("vigie_notification_latency_seconds", "From when a message could first go until it was accepted.",
                   {{"channel", channel}}, std::chrono::duration<double>(waited).count());
}

Result<void> Notify::gauge(const std::vector<EndpointHealth>& endpoints, Time now) {
  TRY(const OutboxCounts counts, store_.outbox_counts(now));
  const Duration oldest = counts.oldest_ready ? now - *counts.oldest_ready : Duration::zero();
  metrics_.set("vigie_outbox_oldest_ready_seconds", "How long the oldest message that may go has waited.", {},
               std::chrono::duration<double>(oldest).count());
  for (const NotificationState state : {NotificationState::held, NotificationState::ready, NotificationState::claimed,
                                        NotificationState::wait, NotificationState::dead}) {
    const auto found = counts.by_state.find(state);
    metrics_.set("vigie_outbox_messages", "Messages owed, by state.", {{"state", std::string(to_text(state))}},
                 found == counts.by_state.end() ? 0 : static_cast<double>(found->second));
  }
  for (const EndpointHealth& health : endpoints) {
    if (find(health.endpoint) == nullptr) continue;
    metrics_.set("vigie_endpoint_circuit_state", "0 closed, 1 half open, 2 open, 3 disabled.",
                 {{"endpoint", health.endpoint}}, circuit_number(health.circuit));
  }
  return {};
}

// Until that time, or until there may be more to do: a pulse tells what this program did, the store what another one
// did, such as a person at the command line who ends a silence.
void Notify::rest(Duration at_most, Pulse& owed) {
  for (Duration left = at_most; left > Duration::zero(); left -= kGlance) {
    if (owed.wait(std::min(left, kGlance))) return;
    const Result<bool> changed = store_.changed_elsewhere();
    if (!changed || *changed) return;
  }
}

void Notify::run(const std::stop_token& stop, Pulse& owed) {
  const std::stop_callback wake(stop, [&owed] { owed.notify(); });
  while (!stop.stop_requested()) {
    const Result<bool> sent = tick();
    if (!sent) log::error("notify", "could not go on; trying again", {{"error", sent.error().what}});
    if (sent && *sent) {
      owed.notify();
      continue;
    }
    Duration wait = kLongestRest;
    if (const auto due = store_.next_notification_due(); due && *due) {
      wait = std::clamp<Duration>(**due - clock_.now(), milliseconds(100), kLongestRest);
    }
    rest(sent ? wait : kGlance, owed);
  }
  owed.notify();  // one pulse wakes one worker: each that stops wakes the next
}

}  // namespace vigie
