// One message owed to one person on one endpoint, and what became of it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vigie {

enum class NotificationState { held, ready, claimed, sent, unverified, wait, superseded, cancelled, dead };
std::string_view to_text(NotificationState state);
std::optional<NotificationState> notification_state_from(std::string_view text);

struct Notification {
  std::string id;                 // hash(subject, seq, purpose, endpoint, recipient): owed once
  std::string subject_kind;       // incident digest survey author test
  std::string subject_id;
  std::int64_t seq = 0;           // the transition that owes it; order within (subject, endpoint)
  std::string purpose;            // first worse reopened resolved over acked escalate repeat digest test
  std::string endpoint;           // endpoint id of the configuration
  std::string recipient;          // person id or ""
  std::string document;           // the alert document, JSON: everything a renderer needs, frozen when owed
  NotificationState state = NotificationState::ready;
  Time created{}, due{};
  int attempts = 0;
  std::int64_t claim_no = 0;      // fencing: only the newest claim may finish it
  std::optional<Time> lease_until{};
  std::string remote_id, last_error;
};

}  // namespace vigie
