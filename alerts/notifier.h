// A channel: how one owed message reaches one endpoint. Each kind is one file in alerts/notifiers/.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/story.h"
#include "base/clock.h"
#include "base/http_client.h"
#include "base/result.h"
#include "config/settings.h"
#include "model/endpoint_health.h"
#include "model/notification.h"

namespace vigie {

struct NotifierContext {
  HttpClient& http;
  const Clock& clock;
  const MailSettings& mail;
  std::string public_url;      // for links and Message-ID's host
  Duration repeat = hours(4);  // of what stays open (alerting.repeat); zero: never
};

// What the remote said. Errors: transient and rate_limited are tried again, everything else is final for this message;
// denied (401, 403, a bad login) also tells the operator.
struct Sent {
  std::string remote_id;  // by which later messages of the incident refer to this one; "" where there is none
  bool verified = true;   // false: accepted, but the channel proves nothing
};

// One notification on its way to one endpoint.
struct Outgoing {
  const Notification& notification;
  const EndpointSettings& endpoint;
  std::string thread;    // remote id of the message that opened this incident here; "" = there is none
  std::string previous;  // remote id of the last one before this; "" = there is none
};

struct CustomerLetter;  // alerts/letter.h

class Notifier {
 public:
  virtual ~Notifier() = default;

  // The message in the bytes of its channel, kept with the notification, so that every try sends the same ones. It
  // asks nobody outside. Within the channel's limits for any text; bad_config or bad_data when there is no such
  // message.
  virtual Result<std::string> render(const Story& story, const Outgoing& out) = 0;

  // The same of a letter to a customer; bad_config: this kind writes to nobody outside.
  virtual Result<std::string> render_letter(const CustomerLetter& letter, const Outgoing& out);

  // Sends what render gave, perhaps in an earlier process. What depends on the moment (signature, token) is made here.
  virtual Result<Sent> send(const std::string& payload, const Outgoing& out) = 0;
};

// What the sender must know of a kind.
struct ChannelTraits {
  bool idempotent = false;  // the remote knows a repetition by its id
  std::vector<Pace> paces;  // of one endpoint; all of them hold
  Duration give_up = kDay;  // after so long a message is dead
  bool brief = false;       // every character counts: its links are the short ones
};

// By kind: "email", "webhook", "slack"... bad_config for another.
Result<std::unique_ptr<Notifier>> make_notifier(std::string_view kind, const NotifierContext& context);
ChannelTraits channel_traits(std::string_view kind);  // the plain ones for an unknown kind
std::vector<std::string> notifier_kinds();

// When to try again after `attempts` failures: full jitter, base 2 s, cap 15 min; at least error.retry_in.
Duration retry_after(int attempts, const Error& error, double unit_random);

}  // namespace vigie
