// A poll, from the question to the bookmark.

#include <algorithm>

#include "app/collect.h"
#include "app/moves.h"
#include "app/subscription.h"
#include "base/log.h"

namespace vigie {

namespace {

// A refusal that heals by itself is noticed, an account is not locked by trying.
constexpr Duration kSuspendedLook = kDay;
constexpr Duration kRateLimitedPause = minutes(1);
constexpr Duration kRestTold = minutes(1);  // shorter waits are everyday life
constexpr int kNotFound = 404;

void count_poll(Metrics& metrics, const Subscription& subscription, std::string_view result) {
  metrics.add("vigie_polls_total", "Polls of sources, by result.",
              {{"source", subscription.settings->id}, {"result", std::string(result)}});
}

}  // namespace

void Collect::poll(Subscription& subscription) {
  Result<std::optional<HttpRequest>> request = subscription.source.http->next(subscription.cursor, clock_.now());
  if (!request) {
    subscription.status = 0;
    fail_with(subscription, request.error());
    return;
  }
  if (!*request) {  // nothing to ask now
    subscription.due = clock_.now() + subscription.bounds.at_most;
    enqueue(subscription);
    return;
  }
  if (!admitted(subscription, (*request)->url)) return;
  const Time now = clock_.now();
  metrics_.observe("vigie_poll_wait_seconds", "Time a due poll waited for its host and its network's allowance.", {},
                   static_cast<double>((now - subscription.due).count()) / 1e6);
  subscription.health.last_try = now;
  send(subscription, std::move(**request), &Collect::polled);
}

void Collect::polled(Subscription& subscription, const HttpRequest&, Result<HttpReply> reply) {
  if (!reply) return take(subscription, fail(std::move(reply.error())));
  subscription.status = reply->status;
  take(subscription, subscription.source.http->read(*reply, subscription.cursor, clock_.now()));
}

void Collect::read_local(Subscription& subscription) {
  subscription.health.last_try = clock_.now();
  take(subscription, subscription.source.local->read(subscription.cursor, clock_.now()));
}

void Collect::take(Subscription& subscription, Result<Batch> batch) {
  ++subscription.health.polls;
  count_poll(metrics_, subscription, batch ? "ok" : to_text(batch.error().kind));
  if (!batch) return fail_with(subscription, batch.error());
  count_spending(subscription, *batch);
  if (Result<void> delivered = deliver(subscription, *batch); !delivered) {
    subscription.status = 0;
    return fail_with(subscription, delivered.error());
  }
  succeed(subscription, *batch);
}

// The order is the promise: first the batch where it cannot be lost, then the bookmark that says it was taken.
Result<void> Collect::deliver(Subscription& subscription, Batch& batch) {
  batch.source = subscription.settings->id;
  batch.ingested = clock_.now();
  for (Mention& mention : batch.mentions) mention.source = batch.source;
  TRY(publish(batch));
  if (batch.next == subscription.cursor) return {};
  TRY(store_.save_cursor(batch.source, batch.next));
  subscription.cursor = batch.next;
  return {};
}

Result<void> Collect::publish(const Batch& batch) {
  if (batch.mentions.empty() && batch.rejected.empty() && batch.gone.empty()) return {};
  return bus_.publish(batch);
}

void Collect::count_spending(Subscription& subscription, const Batch& batch) {
  const SourceLimits& limits = subscription.source.limits;
  const auto items = std::max(batch.read, static_cast<std::int64_t>(batch.mentions.size() + batch.rejected.size()));
  if (limits.spend <= 0 || items == 0) return;
  const SpendPeriod period = spend_period(limits.spend_per, clock_.now());
  const Result<std::int64_t> used = store_.spend(subscription.purse(), period.start, items);
  if (!used) {
    log::error("collect", "what a network charges for could not be counted",
               {{"source", subscription.settings->id}, {"error", used.error().what}});
    return;
  }
  note_spending(subscription, *used, period);
}

void Collect::succeed(Subscription& subscription, const Batch& batch) {
  const Time now = clock_.now();
  if (!batch.mentions.empty()) {
    if (auto days = store_.arrivals(subscription.settings->id); days) subscription.days = *std::move(days);
    Time newest{};
    for (const Mention& mention : batch.mentions) newest = std::max(newest, mention.created.value_or(now));
    metrics_.set("vigie_source_lag_seconds", "Age of the newest mention of the last page that had any.",
                 {{"source", subscription.settings->id}},
                 std::max(0.0, static_cast<double>((now - newest).count()) / 1e6));
  }
  note_success(subscription, batch, now);
  if (batch.more) {
    subscription.due = now;
  } else {
    const Duration pause = batch.behind ? subscription.bounds.at_least : interval(subscription);
    subscription.due = now + jittered(with_hint(pause, batch.poll_in, subscription.bounds), rng_);
  }
  if (batch.rest) rest(subscription, *batch.rest);
  save(subscription);
  enqueue(subscription);
}

void Collect::fail_with(Subscription& subscription, const Error& error) {
  const Time now = clock_.now();
  forget_move(subscription, error);
  note_failure(subscription, error, now);
  const SourceHealth& health = subscription.health;
  subscription.ended = error.kind == ErrorKind::gone;
  Duration pause = back_off(subscription.bounds.at_least, health.failures - 1, rng_);
  if (error.kind == ErrorKind::rate_limited || error.retry_in) {
    const Duration wait = error.retry_in.value_or(back_off(kRateLimitedPause, health.failures - 1, rng_));
    rest(subscription, wait);
    pause = std::max(pause, wait);
  }
  if (health.state == "suspended") pause = std::max(pause, kSuspendedLook);
  subscription.due = now + pause;
  warn(subscription, "a source did not answer as hoped", error);
  save(subscription);
  enqueue(subscription);
}

void Collect::warn(const Subscription& subscription, std::string_view what, const Error& error) const {
  log::warn("collect", what,
            {{"source", subscription.settings->id},
             {"kind", to_text(error.kind)},
             {"state", subscription.health.state},
             {"error", error.what},
             {"next_try", format_rfc3339(subscription.due)}});
}

// Everyone who shares the allowance waits.
void Collect::rest(Subscription& subscription, Duration pause) {
  if (subscription.host.empty()) return;
  const Time now = clock_.now();
  if (pause >= kRestTold) {
    subscription.notices["waiting"] = {{"until", format_rfc3339(std::chrono::ceil<seconds>(now + pause))}};
  }
  if (Result<void> rested = allowances_.rest(subscription.target(), now + pause, now); !rested) {
    log::error("collect", "a network's rest could not be stored",
               {{"source", subscription.settings->id}, {"error", rested.error().what}});
  }
}

void Collect::observe(Subscription& subscription, const HttpRequest& request, const HttpReply& reply) {
  const Time now = clock_.now();
  if (note_clock(subscription, reply, now)) {
    log::warn("collect", "a server's clock and ours differ",
              {{"source", subscription.settings->id}, {"theirs", reply.header("Date")}, {"ours", format_rfc3339(now)}});
  }
  if (reply.status < 200 || (reply.status > 299 && reply.status != 304)) return;
  std::optional<Move> move = observe_move(subscription.move, subscription.settings->id, request, reply, now);
  if (!move && !subscription.move) return;
  const bool begins = move && move->used_since && !(subscription.move && subscription.move->used_since);
  Result<void> kept = move ? store_.save_move(*move) : store_.forget_move(subscription.settings->id);
  if (!kept) return;  // seen again with the next poll
  subscription.move = std::move(move);
  if (!begins) return;
  const Move& now_used = *subscription.move;
  subscription.notices["moved"] = {{"url", redact_url(now_used.new_url)},
                                   {"since", format_rfc3339(std::chrono::floor<seconds>(now))}};
  log::info("collect", "a source has moved for good: asked at its new address from now on",
            {{"source", subscription.settings->id},
             {"old", redact_url(now_used.old_url)},
             {"new", redact_url(now_used.new_url)}});
}

// A new address that has nothing: the old one is asked again.
void Collect::forget_move(Subscription& subscription, const Error& error) {
  if (!subscription.move || !subscription.move->used_since) return;
  const bool nothing_there = error.kind == ErrorKind::gone || subscription.status == kNotFound;
  if (!nothing_there || !store_.forget_move(subscription.settings->id)) return;
  subscription.move.reset();
  subscription.notices.erase("moved");
}

}  // namespace vigie
