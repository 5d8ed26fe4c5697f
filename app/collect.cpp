#include "app/collect.h"

#include <algorithm>

#include "app/moves.h"
#include "app/network.h"
#include "app/subscription.h"
#include "base/log.h"

namespace vigie {

namespace {

// The first polls of sources never asked before: so far apart, all of them within a minute.
constexpr Duration kFirstSpread = milliseconds(50), kAllFirst = minutes(1);
constexpr std::size_t kMostInFlight = 256;
constexpr Duration kHurryRead = seconds(15);

// Of rows that the store gives in order of source.
template <class Row>
const Row* of_source(const std::vector<Row>& rows, const std::string& id) {
  const auto found = std::lower_bound(rows.begin(), rows.end(), id,
                                      [](const Row& row, const std::string& wanted) { return row.source < wanted; });
  return found != rows.end() && found->source == id ? &*found : nullptr;
}

}  // namespace

Collect::Collect(const Settings& settings, Store& store, Bus& bus, HttpClient& http, const Clock& clock, Rng& rng,
                 Metrics& metrics)
    : settings_(settings),
      store_(store),
      bus_(bus),
      http_(http),
      clock_(clock),
      rng_(rng),
      metrics_(metrics),
      allowances_(store, metrics, settings.http.host_pause) {}

Collect::~Collect() = default;

Result<void> Collect::open() {
  TRY(const std::vector<SourceHealth> known, store_.sources());
  TRY(const std::vector<Move> moves, store_.moves());
  TRY(facts_, store_.facts());
  const Time now = clock_.now();
  const bool restarted =
      std::any_of(known.begin(), known.end(), [](const SourceHealth& h) { return h.last_try.has_value(); });
  TRY(allowances_.open(now, restarted));
  const auto sources = static_cast<std::int64_t>(std::max<std::size_t>(settings_.sources.size(), 1));
  const Duration spread = std::min(kFirstSpread, kAllFirst / sources);
  Time first = now;
  for (const SourceSettings& settings : settings_.sources) {
    TRY(open_one(settings, of_source(known, settings.id), first));
    first += spread;
    if (const Move* move = of_source(moves, settings.id)) subscriptions_.back()->move = *move;
  }
  facts_.clear();
  for (const auto& subscription : subscriptions_) enqueue(*subscription);
  return {};
}

Result<void> Collect::open_one(const SourceSettings& settings, const SourceHealth* known, Time first) {
  auto subscription = std::make_unique<Subscription>();
  subscription->index = subscriptions_.size();
  subscription->settings = &settings;
  TRY(subscription->source, open_source(settings));
  const OpenedSource& source = subscription->source;
  const SourceFacts facts{settings.id, network_of(settings.kind), source.terms.keep_text, source.terms.keep_for,
                          source.terms.attribution};
  const SourceFacts* before = of_source(facts_, settings.id);
  if (!before || !(*before == facts)) TRY(store_.save_facts(facts));
  TRY(subscription->cursor, store_.cursor(settings.id));
  TRY(subscription->days, store_.arrivals(settings.id));
  subscription->bounds = pace_bounds(settings, source.limits);
  if (source.recheck) {
    subscription->looking.emplace(store_, settings.id, *source.recheck, source.terms.delete_within);
    TRY(subscription->looking->open(clock_.now()));
  }
  const bool asked_before = known && known->last_try;
  if (asked_before) subscription->health = *known;
  subscription->health.source = settings.id;
  if (subscription->health.state.empty()) subscription->health.state = "new";
  subscription->notices = notices_from_json(subscription->health.notices);
  subscription->due = first_poll(*subscription, asked_before, first);
  subscriptions_.push_back(std::move(subscription));
  return {};
}

// A program that is restarted over and over must not turn into a storm of requests: what was planned stays planned, and
// what is overdue is spread. A source that fails or waits for a person is tried soon: a restart is how a person says
// "try now".
Time Collect::first_poll(const Subscription& subscription, bool known, Time first) {
  const SourceHealth& health = subscription.health;
  if (!known || health.state != "ok" || !health.next_try) return first;
  const Time now = clock_.now();
  if (*health.next_try > now) return std::min(*health.next_try, now + subscription.bounds.at_most);
  return now + restart_delay(interval(subscription), rng_);
}

void Collect::enqueue(Subscription& subscription) {
  if (subscription.ended) return;
  Time wake = subscription.due;
  if (subscription.looking) wake = std::min(wake, subscription.looking->due());
  enqueue_at(subscription, wake);
}

void Collect::enqueue_at(Subscription& subscription, Time wake) {
  if (subscription.queued) queue_.erase({subscription.wake, subscription.index});
  subscription.wake = wake;
  subscription.queued = true;
  queue_.emplace(wake, subscription.index);
}

std::size_t Collect::tick(Duration at_most) {
  const Time now = clock_.now();
  read_hurry(now);
  while (!queue_.empty() && queue_.begin()->first <= now && in_flight_ < kMostInFlight) {
    Subscription& subscription = *subscriptions_[queue_.begin()->second];
    queue_.erase(queue_.begin());
    subscription.queued = false;
    start(subscription);
  }
  Duration wait = at_most;
  if (!queue_.empty() && in_flight_ < kMostInFlight) {
    wait = std::clamp(queue_.begin()->first - clock_.now(), Duration::zero(), at_most);
  }
  http_.poll(wait);
  return in_flight_;
}

void Collect::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { http_.wake(); });
  while (!stop.stop_requested()) tick(seconds(1));
}

void Collect::start(Subscription& subscription) {
  const Time now = clock_.now();
  if (subscription.source.local) return read_local(subscription);
  if (spent_out(subscription)) return;
  if (subscription.due <= now) return poll(subscription);
  if (subscription.looking && subscription.looking->due() <= now) return look_again(subscription);
  enqueue(subscription);
}

// The ceiling is counted before anything is asked: better one page less than one paid for too much.
bool Collect::spent_out(Subscription& subscription) {
  const SourceLimits& limits = subscription.source.limits;
  if (limits.spend <= 0) return false;
  const Time now = clock_.now();
  const SpendPeriod period = spend_period(limits.spend_per, now);
  const Result<std::int64_t> used = store_.spent(subscription.purse(), period.start);
  if (!used) {
    fail_with(subscription, used.error());
    return true;
  }
  note_spending(subscription, *used, period);
  if (*used < limits.spend) return false;
  subscription.due = period.end;
  save(subscription);
  enqueue_at(subscription, period.end);
  return true;
}

bool Collect::admitted(Subscription& subscription, const std::string& url) {
  const Time now = clock_.now();
  subscription.host = origin_of(url);
  const std::optional<Time> free = allowances_.free_at(subscription.target(), now);
  if (!free) {
    waiting_[subscription.host].push_back(&subscription);
    return false;
  }
  if (*free > now) {
    enqueue_at(subscription, *free);
    wake_next(subscription.host);  // whoever waits for the host may have another allowance
    return false;
  }
  return true;
}

// One at a time: thousands of feeds may stand on one host.
void Collect::wake_next(const std::string& host) {
  const auto waiting = waiting_.find(host);
  if (waiting == waiting_.end()) return;
  Subscription* next = waiting->second.front();
  waiting->second.pop_front();
  if (waiting->second.empty()) waiting_.erase(waiting);
  enqueue(*next);
}

void Collect::send(Subscription& subscription, HttpRequest request,
                   void (Collect::*then)(Subscription&, const HttpRequest&, Result<HttpReply>)) {
  const Time now = clock_.now();
  if (Result<void> taken = allowances_.take(subscription.target(), now); !taken) {
    log::error("collect", "what a network allows could not be counted",
               {{"source", subscription.settings->id}, {"error", taken.error().what}});
  }
  subscription.in_flight = true;
  subscription.status = 0;
  ++in_flight_;
  HttpRequest asked = follow_move(subscription.move, request);
  http_.start(std::move(asked), [this, &subscription, then, request = std::move(request)](Result<HttpReply> reply) {
    landed(subscription);
    if (reply) observe(subscription, request, *reply);
    (this->*then)(subscription, request, std::move(reply));
  });
}

void Collect::landed(Subscription& subscription) {
  --in_flight_;
  subscription.in_flight = false;
  allowances_.done(subscription.target(), clock_.now());
  wake_next(subscription.host);
}

Duration Collect::interval(const Subscription& subscription) const {
  // Before the first page with items nothing is known of its pace: ask as often as allowed.
  if (subscription.health.polls <= 1) return subscription.bounds.at_least;
  const Duration usual = poll_interval(items_in_a_week(subscription.days, clock_.now()), subscription.bounds);
  return subscription.hurried ? std::max(usual / 2, subscription.bounds.at_least) : usual;
}

// Where something is being said, listen more often for a while.
void Collect::read_hurry(Time now) {
  if (now - hurry_read_ < kHurryRead) return;
  hurry_read_ = now;
  const Result<std::vector<std::string>> ids = store_.hurried(now);
  if (!ids) return;
  for (const auto& subscription : subscriptions_) {
    const bool hurried = std::find(ids->begin(), ids->end(), subscription->settings->id) != ids->end();
    const bool begins = hurried && !subscription->hurried;
    subscription->hurried = hurried;
    if (!begins || !subscription->queued || subscription->health.state != "ok" || !subscription->health.last_try)
      continue;
    const Time sooner = std::max(now, *subscription->health.last_try + interval(*subscription));
    if (sooner >= subscription->due) continue;
    subscription->due = sooner;
    enqueue(*subscription);
  }
}

void Collect::save(Subscription& subscription) {
  subscription.health.next_try = subscription.ended ? std::nullopt : std::optional<Time>(subscription.due);
  subscription.health.notices = to_json(subscription.notices);
  if (Result<void> saved = store_.save_health(subscription.health); !saved) {
    log::error("collect", "a source's health could not be stored",
               {{"source", subscription.settings->id}, {"error", saved.error().what}});
  }
}

}  // namespace vigie
