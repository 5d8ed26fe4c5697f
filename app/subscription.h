// One source as the collect loop keeps it: opened, with its bookmark, its pace and how it is doing.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/allowance.h"
#include "app/look_again.h"
#include "app/pace.h"
#include "collectors/source.h"
#include "model/notice.h"
#include "store/store.h"

namespace vigie {

struct Subscription {
  std::size_t index = 0;
  const SourceSettings* settings = nullptr;
  OpenedSource source;
  Cursor cursor;
  PaceBounds bounds;
  std::vector<DayCount> days;  // what it brought lately
  std::optional<Move> move;
  std::optional<LookAgain> looking;  // when its definition says how

  SourceHealth health;
  Notices notices;

  Time due{};   // the next poll
  Time wake{};  // its place in the queue
  bool queued = false;
  bool in_flight = false;
  bool ended = false;  // gone: not asked again until a restart
  bool hurried = false;
  int status = 0;    // of the last answer; 0 = none came
  std::string host;  // of the request in flight

  Allowances::Target target() const { return {host, &source.limits}; }
  // Who shares its spending: sources of one credential.
  const std::string& purse() const { return source.limits.bucket.empty() ? settings->id : source.limits.bucket; }
};

// What a success or a failure makes of a source's state; the rules of SOURCES.md 7.1 without waiting or storing.
void note_success(Subscription& subscription, const Batch& batch, Time now);
void note_failure(Subscription& subscription, const Error& error, Time now);
// The server's own clock, from its Date header. True when it began to differ by more than five minutes.
bool note_clock(Subscription& subscription, const HttpReply& reply, Time now);
void note_spending(Subscription& subscription, std::int64_t used, const SpendPeriod& period);

}  // namespace vigie
