// Alerts pushed to a Prometheus Alertmanager (API v2), which then groups, silences and routes them with those of the
// machines. An alert there ends by itself at `endsAt` unless it is sent again: what stays open is told again every
// `alerting.repeat`, so each message reaches three times as far. Facts: ALERTS.md 2.2b.

#include "alerts/alertmanager.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "base/secret.h"

namespace vigie {
namespace {

constexpr int kRepeats = 3;
constexpr Duration kUntold = 7 * kDay;  // nothing follows for a while: it was taken, or nothing is ever repeated
constexpr Duration kTest = minutes(5);
constexpr Severity kSeverities[] = {Severity::info, Severity::warning, Severity::high, Severity::critical};

Time ends_at(const Story& story, Duration repeat) {
  if (is_over(story)) return story.ended.value_or(story.now);
  if (story.purpose == "test") return story.now + kTest;
  return story.now + (story.purpose == "acked" || repeat <= Duration::zero() ? kUntold : kRepeats * repeat);
}

class Alertmanager final : public Notifier {
 public:
  explicit Alertmanager(const NotifierContext& context) : context_(context) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    TRY(tells_of_an_alert(story));
    const Severity present = severity_of(story.severity);
    json::Writer alerts;
    alerts.begin_array();
    for (const Severity severity : kSeverities) {
      // A severity that rose makes another alert: the lesser ones of this incident end.
      const bool lesser = severity < present;
      if (severity > present || (lesser && story.purpose != "worse")) continue;
      write(alerts, story, out, severity, lesser ? story.now : ends_at(story, context_.repeat));
    }
    return alerts.end_array().take();
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    EndpointSettings hidden = out.endpoint;
    hidden.old_secrets.push_back(basic(out.endpoint));
    return named("alertmanager", hidden, deliver(payload, out));
  }

 private:
  void write(json::Writer& alerts, const Story& story, const Outgoing& out, Severity severity, Time ends) const {
    alerts.begin_object().key("labels");
    write_labels(alerts, alert_labels(story, severity));
    alerts.key("annotations");
    write_labels(alerts, alert_annotations(story, out));
    const Time starts = std::min(story.opened == Time{} ? story.now : story.opened, ends);
    alerts.member("startsAt", format_rfc3339(starts)).member("endsAt", format_rfc3339(ends));
    alerts.member("generatorURL", generator(story, context_)).end_object();
  }

  static std::string basic(const EndpointSettings& endpoint) {
    return endpoint.account.empty() ? "" : to_base64(concat(endpoint.account, ":", endpoint.secret));
  }

  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    const std::string_view slash = out.endpoint.url.ends_with('/') ? "" : "/";
    Post alerts{.url = concat(out.endpoint.url, slash, "api/v2/alerts"), .body = payload};
    const std::string credentials = basic(out.endpoint);
    if (!credentials.empty()) alerts.secret_headers = {{"Authorization", concat("Basic ", credentials)}};
    TRY(const HttpReply reply, post(context_.http, std::move(alerts)));
    TRY(judge_status(reply, {.denied = "check account and secret"}));
    return Sent{out.notification.id, true};
  }

  const NotifierContext context_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Alertmanager>(context); }

}  // namespace

NotifierKind alertmanager_notifier() { return {"alertmanager", make, {true, {}, kDay}}; }

}  // namespace vigie
