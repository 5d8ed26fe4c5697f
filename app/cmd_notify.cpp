#include "app/cmd_notify.h"

#include <algorithm>

#include "alerts/message.h"
#include "alerts/notifier.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "config/options.h"

namespace vigie {
namespace {

Result<const EndpointSettings*> find(const Settings& settings, const std::string& id) {
  std::vector<std::string_view> known;
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (endpoint.id == id) return &endpoint;
    known.push_back(endpoint.id);
  }
  return fail(ErrorKind::bad_data, config::unknown_name("the id of an [[endpoint]]", id, known));
}

Result<Sent> send(const EndpointSettings& endpoint, const Settings& settings, HttpClient& http, const Clock& clock) {
  const Time now = clock.now();
  Notification message;
  message.id = to_hex(sha256(concat("notify test|", endpoint.id, "|", format_rfc3339(now)))).substr(0, 32);
  message.subject_kind = "test";
  message.subject_id = concat("notify-test-", message.id.substr(0, 8));
  message.seq = 1;
  message.purpose = "test";
  message.endpoint = endpoint.id;
  message.recipient = endpoint.person;
  message.document = make_test_document(endpoint.id, false, now);
  message.created = message.due = now;
  const NotifierContext context{http, clock, settings.mail, settings.serve.public_url, settings.alerting.repeat};
  TRY(const std::unique_ptr<Notifier> notifier, make_notifier(endpoint.kind, context));
  Audience audience;
  audience.language = endpoint.language;
  audience.time_zone = endpoint.time_zone;
  TRY(const Story story, tell(message.document, audience));
  const Outgoing outgoing{message, endpoint, "", ""};
  TRY(const std::string payload, notifier->render(story, outgoing));
  return notifier->send(payload, outgoing);
}

int report(const Error& error, std::ostream& err) {
  err << "vigie notify test: " << log::redact(error.what);
  if (error.kind == ErrorKind::transient || error.kind == ErrorKind::rate_limited)
    err << "; a real message would be tried again";
  err << "\n";
  return error.kind == ErrorKind::bad_data ? kBadInput : exit_status(error);
}

}  // namespace

int notify_test(const NotifyRequest& request, const Settings& settings, HttpClient& http, const Clock& clock,
                std::ostream& out, std::ostream& err) {
  const Result<const EndpointSettings*> endpoint = find(settings, request.endpoint);
  if (!endpoint) return report(endpoint.error(), err);
  const Result<Sent> sent = send(**endpoint, settings, http, clock);
  if (!sent) return report(sent.error(), err);
  out << request.endpoint << " (" << (*endpoint)->kind << "): accepted";
  if (!sent->verified) out << ", unverified: this channel does not say whether the message is shown; look there";
  out << "\n";
  return kDone;
}

int cmd_notify_test(const NotifyRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) {
    err << settings.error().what << "\n";
    return exit_status(settings.error());
  }
  const SystemClock clock;
  Metrics metrics;
  const std::unique_ptr<HttpClient> http = make_http_client(http_options(*settings), clock, metrics);
  return notify_test(request, *settings, *http, clock, out, err);
}

}  // namespace vigie
