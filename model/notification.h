// One message owed to one person on one endpoint, and what became of it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  std::string purpose;            // first worse reopened resolved over acked escalate repeat digest test trouble
  std::string endpoint;           // endpoint id of the configuration
  std::string recipient;          // person id or ""
  std::string document;           // the alert document, JSON: everything a renderer needs, frozen when owed
  NotificationState state = NotificationState::ready;
  Time created{}, due{};
  int attempts = 0;
  std::int64_t claim_no = 0;      // fencing: only the newest claim may finish it
  std::optional<Time> lease_until{};
  std::string remote_id, last_error;

  Time ripe{};                        // when it could first go: due, or the end of the last hold; unset = due
  std::optional<Time> held_until{};   // held: asked again then; without it, never by itself
  std::string reason, detail;         // why it is held, cancelled or superseded: a word, and words for people
  std::optional<Time> first_error{};  // when sending failed first
  std::string last_code;              // of the last failure: auth rate client server timeout config bug
  bool repeated = false;              // a try before may have arrived: the message says so
  std::string stands_for;             // id of the message that could not go elsewhere; its endpoint is in `detail`
  std::string payload{};              // in its channel's bytes; only claims and notification() fill it in
};

// One message as its neighbours see it: those about the same subject on the same endpoint.
struct Neighbour {
  std::string id;
  std::int64_t seq = 0;
  std::string purpose;
  NotificationState state = NotificationState::ready;
  std::string reason;
  int attempts = 0;
};

struct Neighbours {
  std::vector<Neighbour> before, after;  // nearest first
};

// Remote ids by which a message refers to those before it; "" = there is none.
struct MessageThread {
  std::string opened, last;
};

bool is_pending(NotificationState state);  // held ready claimed wait
bool was_accepted(NotificationState state);  // sent unverified

}  // namespace vigie
