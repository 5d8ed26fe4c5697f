#include "app/notify.h"

#include "base/limits.h"
#include "base/log.h"

namespace vigie {

namespace {

constexpr Duration kLease = 2 * limits::kNotification;
constexpr int kMaxAttempts = 12;
constexpr Duration kTooOld = hours(24);

}  // namespace

Notify::Notify(const Settings& settings, Store& store, HttpClient& http, const Clock& clock, const Clock& outside,
               Rng& rng, Metrics& metrics)
    : settings_(settings),
      store_(store),
      clock_(clock),
      rng_(rng),
      metrics_(metrics),
      context_{http, outside, settings.mail, settings.serve.public_url} {}

Result<Notifier*> Notify::notifier(const std::string& kind) {
  std::unique_ptr<Notifier>& slot = notifiers_[kind];
  if (!slot) {
    TRY(slot, make_notifier(kind, context_));
  }
  return slot.get();
}

Result<bool> Notify::tick() {
  TRY(const std::optional<Notification> claimed, store_.claim_notification(clock_.now(), kLease));
  if (!claimed) return false;
  const SendOutcome outcome = send(*claimed);
  metrics_.add("vigie_notifications_total", "Attempts to send, by purpose and result.",
               {{"purpose", claimed->purpose}, {"result", std::string(to_text(outcome.state))}});
  TRY(const bool mine, store_.finish_notification(claimed->id, claimed->claim_no, outcome));
  if (!mine) log::warn("notify", "another worker finished this notification first", {{"id", claimed->id}});
  return true;
}

Result<Sent> Notify::deliver(Notifier& channel, const Notification& notification, const EndpointSettings& endpoint) {
  const Outgoing out{notification, endpoint, "", ""};
  TRY(const Story story,
      tell(notification.document, {endpoint.language, endpoint.time_zone, endpoint.quotes, {}, {}, "", false}));
  TRY(const std::string payload, channel.render(story, out));
  return channel.send(payload, out);
}

SendOutcome Notify::send(const Notification& notification) {
  const auto endpoint = std::find_if(settings_.endpoints.begin(), settings_.endpoints.end(),
                                     [&](const EndpointSettings& e) { return e.id == notification.endpoint; });
  SendOutcome outcome;
  if (endpoint == settings_.endpoints.end()) {
    outcome.state = NotificationState::dead;
    outcome.error = concat("endpoint ", notification.endpoint, " is no longer in the configuration");
    return outcome;
  }
  Result<Notifier*> channel = notifier(endpoint->kind);
  const Result<Sent> sent = channel ? deliver(**channel, notification, *endpoint) : Result<Sent>(fail(channel.error()));
  if (sent) {
    outcome.state = sent->verified ? NotificationState::sent : NotificationState::unverified;
    outcome.remote_id = sent->remote_id;
    log::info("notify", "sent",
              {{"endpoint", endpoint->id}, {"purpose", notification.purpose}, {"subject", notification.subject_id}});
    return outcome;
  }
  const Error& error = sent.error();
  outcome.error = log::redact(error.what);
  const bool again = (error.kind == ErrorKind::transient || error.kind == ErrorKind::rate_limited) &&
                     notification.attempts < kMaxAttempts && clock_.now() - notification.created < kTooOld;
  outcome.state = again ? NotificationState::wait : NotificationState::dead;
  if (again) outcome.due = clock_.now() + retry_after(notification.attempts, error, rng_.unit());
  log::warn("notify", again ? "not sent, will try again" : "not sent, given up",
            {{"endpoint", endpoint->id}, {"kind", to_text(error.kind)}, {"error", error.what}});
  return outcome;
}

void Notify::run(const std::stop_token& stop, Pulse& owed) {
  const std::stop_callback wake(stop, [&owed] { owed.notify(); });
  while (!stop.stop_requested()) {
    const Result<bool> sent = tick();
    if (!sent) log::error("notify", "could not go on; trying again", {{"error", sent.error().what}});
    if (sent && *sent) continue;
    Duration wait = seconds(30);
    if (const auto due = store_.next_notification_due(); due && *due) {
      wait = std::clamp<Duration>(**due - clock_.now(), milliseconds(100), seconds(30));
    }
    owed.wait(sent ? wait : Duration(seconds(1)));
  }
}

}  // namespace vigie
