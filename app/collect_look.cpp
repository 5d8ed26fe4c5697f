// Looking again at what was stored: edits and deletions.

#include <algorithm>

#include "app/collect.h"
#include "app/subscription.h"
#include "base/log.h"

namespace vigie {

namespace {

constexpr Duration kLaterAfterFault = minutes(10);
constexpr Duration kLaterAfterRefusal = kDay;
constexpr Duration kAfterPoll = seconds(1);

}  // namespace

void Collect::look_again(Subscription& subscription) {
  const Time now = clock_.now();
  const Result<bool> any = subscription.looking->begin(now);
  if (!any) return look_failed(subscription, any.error());
  if (!*any) return enqueue(subscription);
  Result<std::optional<HttpRequest>> request =
      subscription.source.recheck->ask(subscription.looking->page(), subscription.cursor, now);
  if (!request) return look_failed(subscription, request.error());
  if (!*request) {  // after the next poll, which renews the credential
    subscription.looking->put_off(std::max(subscription.due, now) + kAfterPoll);
    return enqueue(subscription);
  }
  if (!admitted(subscription, (*request)->url)) return;
  send(subscription, std::move(**request), &Collect::looked);
}

void Collect::looked(Subscription& subscription, const HttpRequest&, Result<HttpReply> reply) {
  Result<Batch> answer = fail(ErrorKind::bug, "");
  if (reply) {
    answer = subscription.source.recheck->read(*reply, subscription.looking->page(), subscription.cursor, clock_.now());
  } else {
    answer = fail(std::move(reply.error()));
  }
  metrics_.add(
      "vigie_rechecks_total", "Requests that looked again at stored mentions, by result.",
      {{"source", subscription.settings->id}, {"result", answer ? "ok" : std::string(to_text(answer.error().kind))}});
  if (Result<void> taken = take_look(subscription, std::move(answer)); !taken)
    return look_failed(subscription, taken.error());
  enqueue(subscription);
}

// As with a poll: first where it cannot be lost, then the place that says it was done.
Result<void> Collect::take_look(Subscription& subscription, Result<Batch> answer) {
  if (!answer) return fail(std::move(answer.error()));
  count_spending(subscription, *answer);
  const Time now = clock_.now();
  Batch batch = subscription.looking->sift(*std::move(answer), now);
  batch.source = subscription.settings->id;
  batch.ingested = now;
  for (Mention& mention : batch.mentions) mention.source = batch.source;
  TRY(publish(batch));
  TRY(subscription.looking->stored(now));
  if (batch.rest) rest(subscription, *batch.rest);
  const auto held = subscription.looking->held();
  if (!held) subscription.notices.erase("held");
  if (held && held->mentions > 0) {
    subscription.notices["held"] = {{"n", std::to_string(held->mentions)},
                                    {"until", format_rfc3339(std::chrono::floor<seconds>(held->until))}};
  }
  if (const auto late = subscription.looking->late()) {
    subscription.notices["late_deletions"] = {{"hours", std::to_string(late->count() / hours(1).count())}};
  } else {
    subscription.notices.erase("late_deletions");
  }
  const auto saved = notices_from_json(subscription.health.notices);
  if (saved != subscription.notices) save(subscription);
  return {};
}

// Polls go on: that a network does not tell of old mentions says nothing of new ones.
void Collect::look_failed(Subscription& subscription, const Error& error) {
  const Time now = clock_.now();
  Duration pause = error.retry_in.value_or(kLaterAfterFault);
  if (error.kind == ErrorKind::denied || error.kind == ErrorKind::gone) pause = kLaterAfterRefusal;
  if (error.kind == ErrorKind::rate_limited) rest(subscription, pause);
  subscription.looking->put_off(now + pause);
  warn(subscription, "mentions could not be looked at again", error);
  enqueue(subscription);
}

}  // namespace vigie
