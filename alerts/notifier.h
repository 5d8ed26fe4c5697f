// A channel: how one owed message reaches one endpoint. Each kind is one file in alerts/notifiers/.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/http_client.h"
#include "base/result.h"
#include "config/settings.h"
#include "model/notification.h"

namespace vigie {

struct NotifierContext {
  HttpClient& http;
  const Clock& clock;
  const MailSettings& mail;
  std::string public_url;  // for links and Message-ID's host
};

// What the remote said. Errors: transient and rate_limited are tried again, everything else is final for this message;
// denied (401, 403, a bad login) also tells the operator.
struct Sent {
  std::string remote_id;
  bool verified = true;  // false: accepted, but the channel proves nothing
};

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual Result<Sent> send(const Notification& notification, const EndpointSettings& endpoint) = 0;
};

// By kind: "email", "webhook", "file". bad_config for another.
Result<std::unique_ptr<Notifier>> make_notifier(std::string_view kind, const NotifierContext& context);
std::vector<std::string> notifier_kinds();

// When to try again after `attempts` failures: full jitter, base 2 s, cap 15 min; at least error.retry_in.
Duration retry_after(int attempts, const Error& error, double unit_random);

// Endpoints owed a message about this incident, by the routes: brand and severity. Sorted, each once.
std::vector<std::string> route(const Incident& incident, const std::vector<RouteSettings>& routes);

}  // namespace vigie
