#include "alerts/delivery.h"

#include <algorithm>
#include <array>

#include "alerts/circuit.h"

namespace vigie {
namespace {

constexpr int kMostTries = 12;
constexpr Duration kMaybeDone = seconds(60);  // before a message that may have arrived goes again
constexpr Duration kWorthAWord = minutes(5);
// Behind the quick tries, for channels that do not give up within a day (Standard Webhooks' schedule).
constexpr std::array<Duration, 6> kLongTail = {minutes(30), hours(2), hours(5), hours(10), hours(14), hours(20)};

bool is_opening(std::string_view purpose) {
  return purpose == "first" || purpose == "reopened" || purpose == "escalate";
}
bool is_end(std::string_view purpose) { return purpose == "resolved" || purpose == "over"; }
bool is_reminder(std::string_view purpose) { return purpose == "repeat" || purpose == "acked"; }

// Whether its readers surely believe that it goes on: the last message that may have reached them is no end. Whoever
// was spared the beginning and told of a later turn knows of it. An end that was tried and buried may have arrived, its
// sender killed before the answer.
bool is_known_here(const Neighbours& lane) {
  const auto heard = std::find_if(lane.before.begin(), lane.before.end(), [](const Neighbour& entry) {
    return was_accepted(entry.state) || (is_end(entry.purpose) && entry.attempts > 0);
  });
  return heard != lane.before.end() && !is_end(heard->purpose);
}

// Its end is on its way, and nothing begins anew before it.
bool is_over_behind(const Neighbours& lane) {
  for (const Neighbour& entry : lane.after) {
    if (!is_pending(entry.state)) continue;
    if (entry.purpose == "reopened") return false;
    if (is_end(entry.purpose)) return true;
  }
  return false;
}

// The last opening of the same epoch, whatever became of it.
const Neighbour* opening_of(const Neighbours& lane) {
  for (const Neighbour& entry : lane.before) {
    if (is_end(entry.purpose)) return nullptr;
    if (is_opening(entry.purpose)) return &entry;
  }
  return nullptr;
}

Turnout end_of(const Neighbours& lane) {
  if (is_known_here(lane)) return {};
  const Neighbour* const opening = opening_of(lane);
  if (opening == nullptr) return {Turnout::Kind::as_over, "", ""};
  const bool went_elsewhere = opening->reason == "fallback" || opening->state == NotificationState::dead;
  if (went_elsewhere) return {Turnout::Kind::follow, "fallback", opening->id};
  const bool ours = opening->reason == "collapsed" || opening->reason == "discarded";
  // Held back on purpose: whoever was spared the beginning is spared the end; the digest has both, unless its reader
  // wanted neither.
  if (opening->state == NotificationState::cancelled && !ours)
    return {opening->reason == "unsubscribed" ? Turnout::Kind::cancel : Turnout::Kind::aside, "opening_withheld", ""};
  return {Turnout::Kind::as_over, "", ""};
}

Duration long_tail(int attempts, double random) {
  const auto step = static_cast<std::size_t>(std::max(0, attempts - kMostTries));
  const Duration full = kLongTail[std::min(step, kLongTail.size() - 1)];
  return Duration(static_cast<std::int64_t>(static_cast<double>(full.count()) * (0.5 + random / 2)));
}

}  // namespace

Turnout turnout(const Notification& due, const Neighbours& lane) {
  if (due.subject_kind != "incident") return {};
  if (due.purpose == "resolved") return end_of(lane);
  if (is_end(due.purpose)) return {};
  if (is_over_behind(lane) && (due.purpose == "first" || due.purpose == "reopened" || !is_known_here(lane))) {
    return {Turnout::Kind::cancel, "collapsed", ""};
  }
  const bool newer =
      is_reminder(due.purpose) && std::any_of(lane.after.begin(), lane.after.end(), [](const Neighbour& entry) {
        return is_pending(entry.state) && is_reminder(entry.purpose);
      });
  if (newer) return {Turnout::Kind::supersede, "newer", ""};
  return {};
}

Retry after_failure(const Notification& notification, const Error& error, const ChannelTraits& traits, Time now,
                    double random) {
  const bool again = error.kind == ErrorKind::transient || error.kind == ErrorKind::rate_limited || error.maybe_done;
  const bool tail = notification.attempts >= kMostTries;
  if (!again || is_too_old(notification, traits, now) || (tail && traits.give_up <= kDay)) return {true, {}, false};
  Error polite = error;
  if (polite.retry_in) polite.retry_in = polite_wait(*polite.retry_in);
  Duration wait = retry_after(notification.attempts, polite, random);
  if (tail) wait = std::max(wait, long_tail(notification.attempts, random));
  if (!error.maybe_done || traits.idempotent) return {false, now + wait, false};
  if (notification.repeated) return {true, {}, false};  // a third copy helps nobody
  return {false, now + std::max(wait, kMaybeDone), true};
}

bool is_too_old(const Notification& notification, const ChannelTraits& traits, Time now) {
  const Duration age = now - notification.ripe;
  return age >
         (is_reminder(notification.purpose) ? std::min<Duration>(kRemindersLive, traits.give_up) : traits.give_up);
}

std::optional<Duration> lateness(const Notification& notification, Time now) {
  const Duration late = now - (notification.stands_for.empty() ? notification.ripe : notification.created);
  return late > kWorthAWord ? std::optional(late) : std::nullopt;
}

std::string_view code_of(const Error& error) {
  if (error.maybe_done) return error.kind == ErrorKind::transient ? "timeout" : "server";
  switch (error.kind) {
    case ErrorKind::denied: return "auth";
    case ErrorKind::rate_limited: return "rate";
    case ErrorKind::gone:
    case ErrorKind::bad_data: return "client";
    case ErrorKind::transient: return "server";
    case ErrorKind::bad_config: return "config";
    case ErrorKind::bug: return "bug";
  }
  return "bug";
}

std::string as_over(std::string document) {
  // The first of its kind is the document's own: quotes and names, which are strangers', come behind it.
  constexpr std::string_view kEnd = "\"purpose\":\"resolved\"";
  const std::size_t at = document.find(kEnd);
  if (at != std::string::npos) document.replace(at, kEnd.size(), "\"purpose\":\"over\"");
  return document;
}

}  // namespace vigie
