#include "app/collect.h"

#include <algorithm>
#include <cmath>

#include "base/log.h"
#include "base/text.h"

namespace vigie {

namespace {

constexpr Duration kWeek = 7 * kDay;
constexpr int kMaxBackoff = 6;            // doublings
constexpr int kSuspendAfter = 10;         // unreadable answers in a row
constexpr Duration kFirstSpread = milliseconds(50);  // between the first polls after a start

bool needs_a_person(ErrorKind kind) { return kind == ErrorKind::denied || kind == ErrorKind::gone || kind == ErrorKind::bad_config; }

}  // namespace

struct Collect::Host {
  bool busy = false;
  Time free_at{};
};

struct Collect::Subscription {
  const SourceSettings* settings = nullptr;
  OpenedSource source;
  Cursor cursor;
  SourceHealth health;
  Time due{};
  bool in_flight = false;
  bool ended = false;         // gone: not asked again until a restart
  std::size_t recent = 0;     // items of the last seven days on the newest page
  std::string host;           // of the request in flight
};

Duration poll_interval(std::size_t items, Duration at_least, Duration at_most) {
  if (items == 0) return at_most;
  return std::clamp(kWeek / (2 * static_cast<std::int64_t>(items)), at_least, at_most);
}

Collect::Collect(const Settings& settings, Store& store, Bus& bus, HttpClient& http, const Clock& clock, Rng& rng,
                 Metrics& metrics)
    : settings_(settings), store_(store), bus_(bus), http_(http), clock_(clock), rng_(rng), metrics_(metrics) {}

Collect::~Collect() = default;

Result<void> Collect::open() {
  TRY(const std::vector<SourceHealth> known, store_.sources());
  Time spread = clock_.now();
  for (const SourceSettings& settings : settings_.sources) {
    auto subscription = std::make_unique<Subscription>();
    subscription->settings = &settings;
    TRY(subscription->source, open_source(settings));
    TRY(subscription->cursor, store_.cursor(settings.id));
    subscription->health.source = settings.id;
    subscription->health.state = "new";
    subscription->due = spread;
    spread += kFirstSpread;
    const auto old = std::find_if(known.begin(), known.end(), [&](const SourceHealth& h) { return h.source == settings.id; });
    if (old != known.end()) {
      subscription->health = *old;
      // A program that is restarted over and over must not turn into a storm of requests: what was planned stays planned. A source that
      // waited for a person is tried at once, since a restart is how a person says "try now".
      if (old->next_try && old->state == "ok") {
        subscription->due = std::clamp(*old->next_try, subscription->due, subscription->due + settings.every_max);
      }
    }
    subscriptions_.push_back(std::move(subscription));
  }
  return {};
}

Time Collect::next_due() const {
  Time soonest = Time::max();
  for (const auto& subscription : subscriptions_) {
    if (subscription->in_flight || subscription->ended) continue;
    soonest = std::min(soonest, subscription->due);
  }
  return soonest;
}

std::size_t Collect::tick(Duration at_most) {
  const Time now = clock_.now();
  std::vector<Subscription*> due;
  for (const auto& subscription : subscriptions_) {
    if (!subscription->in_flight && !subscription->ended && subscription->due <= now) due.push_back(subscription.get());
  }
  std::stable_sort(due.begin(), due.end(), [](const Subscription* a, const Subscription* b) { return a->due < b->due; });
  for (Subscription* subscription : due) start(*subscription);

  const Time soonest = next_due();
  Duration wait = at_most;
  if (soonest != Time::max()) wait = std::clamp(soonest - clock_.now(), Duration::zero(), at_most);
  // A host that is busy or resting makes its sources wait without being due later: do not spin on them.
  if (wait == Duration::zero()) wait = std::min(at_most, Duration(milliseconds(20)));
  http_.poll(wait);
  return in_flight_;
}

void Collect::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { http_.wake(); });
  while (!stop.stop_requested()) tick(seconds(1));
}

void Collect::start(Subscription& subscription) {
  if (subscription.source.local) {
    read_local(subscription);
    return;
  }
  Result<std::optional<HttpRequest>> request = subscription.source.http->next(subscription.cursor, clock_.now());
  if (!request) {
    fail_with(subscription, request.error());
    return;
  }
  if (!*request) {  // nothing to ask now
    subscription.due = clock_.now() + subscription.settings->every_max;
    return;
  }
  const std::string host = origin_of((*request)->url);
  Host& state = hosts_[host];
  if (state.busy || state.free_at > clock_.now()) return;  // still due: asked when the host is free
  subscription.host = host;
  ask(subscription, std::move(**request));
}

void Collect::ask(Subscription& subscription, HttpRequest request) {
  hosts_[subscription.host].busy = true;
  subscription.in_flight = true;
  ++in_flight_;
  subscription.health.last_try = clock_.now();
  http_.start(std::move(request), [this, &subscription](Result<HttpReply> reply) {
    --in_flight_;
    subscription.in_flight = false;
    Host& host = hosts_[subscription.host];
    host.busy = false;
    host.free_at = clock_.now() + settings_.http.host_pause;
    if (!reply) {
      take(subscription, fail(std::move(reply.error())));
      return;
    }
    take(subscription, subscription.source.http->read(*reply, subscription.cursor, clock_.now()));
  });
}

void Collect::read_local(Subscription& subscription) {
  subscription.health.last_try = clock_.now();
  take(subscription, subscription.source.local->read(subscription.cursor, clock_.now()));
}

void Collect::take(Subscription& subscription, Result<Batch> batch) {
  ++subscription.health.polls;
  metrics_.add("vigie_polls_total", "Polls of sources, by result.",
               {{"source", subscription.settings->id}, {"result", batch ? "ok" : std::string(to_text(batch.error().kind))}});
  if (!batch) {
    fail_with(subscription, batch.error());
    return;
  }
  deliver(subscription, *std::move(batch));
}

// The order is the promise: first the batch where it cannot be lost, then the bookmark that says it was taken.
void Collect::deliver(Subscription& subscription, Batch batch) {
  batch.source = subscription.settings->id;
  batch.ingested = clock_.now();
  for (Mention& mention : batch.mentions) mention.source = batch.source;

  if (!batch.mentions.empty() || !batch.rejected.empty() || !batch.gone.empty()) {
    Batch copy = batch;
    if (Result<void> published = bus_.publish(std::move(copy)); !published) {
      fail_with(subscription, published.error());
      return;
    }
  }
  if (!(batch.next == subscription.cursor)) {
    if (Result<void> saved = store_.save_cursor(batch.source, batch.next); !saved) {
      fail_with(subscription, saved.error());
      return;
    }
    subscription.cursor = batch.next;
  }
  succeed(subscription, batch);
}

void Collect::succeed(Subscription& subscription, const Batch& batch) {
  const Time now = clock_.now();
  if (!batch.mentions.empty()) {
    subscription.recent = static_cast<std::size_t>(std::count_if(
        batch.mentions.begin(), batch.mentions.end(), [&](const Mention& m) { return m.created && *m.created >= now - kWeek; }));
  }
  subscription.health.state = "ok";
  subscription.health.failures = 0;
  subscription.health.error.clear();
  subscription.health.last_success = now;
  if (batch.more) {
    subscription.due = now;
  } else {
    Duration pause = interval(subscription);
    if (batch.poll_in) pause = std::clamp(*batch.poll_in, pause, subscription.settings->every_max);
    pause += Duration(static_cast<std::int64_t>(static_cast<double>(pause.count()) * 0.1 * (2 * rng_.unit() - 1)));
    subscription.due = now + pause;
  }
  save(subscription);
}

Duration Collect::interval(const Subscription& subscription) const {
  const SourceSettings& settings = *subscription.settings;
  // Before the first page with items nothing is known of its pace: ask as often as allowed.
  if (subscription.health.polls <= 1) return settings.every_min;
  return poll_interval(subscription.recent, settings.every_min, settings.every_max);
}

void Collect::fail_with(Subscription& subscription, const Error& error) {
  const SourceSettings& settings = *subscription.settings;
  SourceHealth& health = subscription.health;
  ++health.failures;
  health.error = log::redact(error.what);
  const bool unreadable = error.kind == ErrorKind::bad_data && health.failures >= kSuspendAfter;
  health.state = needs_a_person(error.kind) || unreadable ? "suspended" : "failing";
  subscription.ended = error.kind == ErrorKind::gone;

  const int doublings = std::min(health.failures - 1, kMaxBackoff);
  Duration pause = settings.every_min + Duration(static_cast<std::int64_t>(
      static_cast<double>(settings.every_min.count()) * (std::exp2(doublings) - 1) * rng_.unit()));
  if (error.kind == ErrorKind::rate_limited || error.retry_in) pause = std::max(pause, error.retry_in.value_or(minutes(1)));
  if (health.state == "suspended") pause = std::max(pause, settings.every_max);
  subscription.due = clock_.now() + pause;
  log::warn("collect", "a source did not answer as hoped",
            {{"source", settings.id}, {"kind", to_text(error.kind)}, {"state", health.state}, {"error", error.what},
             {"next_try", format_rfc3339(subscription.due)}});
  save(subscription);
}

void Collect::save(Subscription& subscription) {
  subscription.health.next_try = subscription.ended ? std::nullopt : std::optional<Time>(subscription.due);
  if (Result<void> saved = store_.save_health(subscription.health); !saved) {
    log::error("collect", "a source's health could not be stored", {{"source", subscription.settings->id}, {"error", saved.error().what}});
  }
}

}  // namespace vigie
