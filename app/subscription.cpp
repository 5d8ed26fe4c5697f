#include "app/subscription.h"

#include "base/log.h"

namespace vigie {
namespace {

constexpr int kUnreadableToSuspend = 10;  // in a row
constexpr Duration kMissingToSuspend = 7 * kDay;
constexpr Duration kFailingToSuspend = 30 * kDay;
constexpr Duration kSkewTold = minutes(5);
constexpr int kNotFound = 404;

std::string days_of(Duration span) { return std::to_string(span / Duration(kDay)); }

std::string first_secret(const SourceSettings& settings) {
  return settings.secrets.empty() ? "" : settings.secrets.begin()->first;
}

// The time since which a notice holds: kept when it held before.
Time since(const Notices& notices, const std::string& code, Time now) {
  const auto known = notices.find(code);
  if (known == notices.end()) return now;
  const auto slot = known->second.find("since");
  const Result<Time> time = parse_rfc3339(slot == known->second.end() ? "" : slot->second);
  return time ? *time : now;
}

int count(const Notices& notices, const std::string& code) {
  const auto known = notices.find(code);
  if (known == notices.end()) return 0;
  const auto slot = known->second.find("n");
  return slot == known->second.end() ? 0 : std::atoi(slot->second.c_str());
}

void suspend_for(Subscription& subscription, const std::string& code, NoticeSlots slots, Time now) {
  slots["since"] = format_rfc3339(std::chrono::floor<seconds>(since(subscription.notices, code, now)));
  subscription.notices[code] = std::move(slots);
  subscription.health.state = "suspended";
}

// Access refused: by whom it can be given back depends on whether a credential was shown.
void note_refusal(Subscription& subscription, Time now) {
  const std::string secret = first_secret(*subscription.settings);
  if (secret.empty() || subscription.status == 0) {
    suspend_for(subscription, "refused", {}, now);
  } else {
    suspend_for(subscription, "token_refused", {{"secret", secret}}, now);
  }
}

void note_unreadable(Subscription& subscription, Time now) {
  const int times = count(subscription.notices, "unreadable") + 1;
  NoticeSlots slots{
      {"n", std::to_string(times)},
      {"source", subscription.settings->id},
      {"since", format_rfc3339(std::chrono::floor<seconds>(since(subscription.notices, "unreadable", now)))}};
  subscription.notices["unreadable"] = std::move(slots);
  if (times >= kUnreadableToSuspend) subscription.health.state = "suspended";
}

void note_missing(Subscription& subscription, Time now) {
  const Time from = since(subscription.notices, "missing", now);
  subscription.notices["missing"] = {{"since", format_rfc3339(std::chrono::floor<seconds>(from))}};
  if (now - from >= kMissingToSuspend) subscription.health.state = "suspended";
}

}  // namespace

void note_failure(Subscription& subscription, const Error& error, Time now) {
  SourceHealth& health = subscription.health;
  Notices& notices = subscription.notices;
  ++health.failures;
  if (!health.failing_since) health.failing_since = now;
  health.error = log::redact(error.what);
  health.state = "failing";
  const bool missing = error.kind == ErrorKind::bad_data && subscription.status == kNotFound;
  if (!missing) notices.erase("missing");
  switch (error.kind) {
    case ErrorKind::gone: suspend_for(subscription, "gone", {}, now); break;
    case ErrorKind::denied: note_refusal(subscription, now); break;
    case ErrorKind::bad_config: suspend_for(subscription, "misconfigured", {}, now); break;
    case ErrorKind::bad_data: missing ? note_missing(subscription, now) : note_unreadable(subscription, now); break;
    default: break;
  }
  if (now - *health.failing_since >= kFailingToSuspend) {
    notices["given_up"] = {{"days", days_of(now - *health.failing_since)}};
    health.state = "suspended";
  }
}

void note_success(Subscription& subscription, const Batch& batch, Time now) {
  SourceHealth& health = subscription.health;
  Notices& notices = subscription.notices;
  health.state = "ok";
  health.failures = 0;
  health.error.clear();
  health.failing_since.reset();
  health.last_success = now;
  for (const char* over : {"gone", "token_refused", "refused", "misconfigured", "unreadable", "missing", "given_up",
                           "spend_reached", "behind", "backfill", "silent", "waiting"}) {
    notices.erase(over);
  }
  if (batch.behind) notices["behind"] = {};
  if (batch.history && batch.more && batch.to_fill > batch.filled) {
    notices["backfill"] = {{"done", days_of(batch.filled)}, {"total", days_of(batch.to_fill)}};
  }
  if (const auto silence = unusual_silence(subscription.days, now)) {
    notices["silent"] = {{"days", days_of(*silence)}};
  }
}

bool note_clock(Subscription& subscription, const HttpReply& reply, Time now) {
  const Result<Time> theirs = parse_http_date(reply.header("Date"));
  if (!theirs) return false;
  const Duration ahead = now - *theirs;
  if (std::chrono::abs(ahead) <= kSkewTold) {
    subscription.notices.erase("clock");
    return false;
  }
  const bool fresh = !subscription.notices.contains("clock");
  const std::string minutes_off = std::to_string(std::chrono::abs(ahead) / minutes(1));
  subscription.notices["clock"] = {{"minutes", minutes_off}, {"theirs", format_rfc3339(*theirs)}};
  return fresh;
}

void note_spending(Subscription& subscription, std::int64_t used, const SpendPeriod& period) {
  const std::int64_t most = subscription.source.limits.spend;
  constexpr std::int64_t kWarnPercent = 80;
  const NoticeSlots slots{{"used", std::to_string(used)},
                          {"max", std::to_string(most)},
                          {"per", std::string(period.name)},
                          {"until", format_rfc3339(period.end)}};
  subscription.notices.erase("spend_near");
  subscription.notices.erase("spend_reached");
  if (used >= most) {
    subscription.notices["spend_reached"] = slots;
  } else if (used * 100 >= most * kWarnPercent) {
    subscription.notices["spend_near"] = slots;
  }
}

}  // namespace vigie
