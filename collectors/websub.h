// WebSub (https://www.w3.org/TR/websub/) for feeds: a hub tells us when a feed has news. The rules, without a socket;
// app/hubs sends and answers.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/http.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

// Where a feed offers to be subscribed to: in Link headers first, then in itself.
struct HubOffer {
  std::string hub, topic;
  bool operator==(const HubOffer&) const = default;
};
// Of the Link headers of an answer (RFC 8288), resolved against `base`; parts that are not there stay "".
HubOffer offer_in_headers(const std::vector<Header>& headers, std::string_view base);

// One feed's subscription, as it is kept.
struct HubSubscription {
  enum class State { pending, active, denied };
  std::string id, secret;  // of the callback's address, 128 bits; of the signatures
  HubOffer offer;
  State state = State::pending;
  bool asked_again = false;  // a renewal waits for the hub's question
  Time asked{}, until{};     // when it was asked for last; when the hub's promise ends
  Duration lease{};
};
std::string to_json(const HubSubscription& subscription);
std::optional<HubSubscription> subscription_from(std::string_view json);

// Whether it is time to ask the hub, again: unanswered for an hour, refused a day ago, or four fifths of the lease
// over.
bool is_due(const HubSubscription& subscription, Time now);
HttpRequest subscribe_request(const HubSubscription& subscription, std::string_view public_url);

// The hub's question, "did you ask for this?": true when we did, and then the subscription is changed by it.
bool confirm(HubSubscription& subscription, std::string_view mode, std::string_view topic, std::string_view lease_seconds,
             Time now);

// X-Hub-Signature of a body: sha256, sha512, sha384 or (hubs of old) sha1, in constant time.
bool is_signed(std::string_view header, std::string_view secret, std::string_view body);

}  // namespace vigie
