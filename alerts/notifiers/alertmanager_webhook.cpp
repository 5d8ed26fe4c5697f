// What Alertmanager itself posts to a webhook (version 4), for receivers that were written for it. One incident is one
// group of one alert. Facts: ALERTS.md 2.2b; https://prometheus.io/docs/alerting/latest/configuration/#webhook_config

#include "alerts/alertmanager.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"

namespace vigie {
namespace {

constexpr std::string_view kNoEnd = "0001-01-01T00:00:00Z";  // as Go writes no time

// {}:{alertname="VigieNegativeSpike", brand="acme"}
std::string group_key(const Labels& labels) {
  std::string key;
  for (const auto& [name, value] : labels) {
    const std::string quoted = json::Writer().string(value).take();
    key.append(key.empty() ? "{}:{" : ", ").append(name).append("=").append(quoted);
  }
  return key + "}";
}

class AlertmanagerWebhook final : public Notifier {
 public:
  explicit AlertmanagerWebhook(const NotifierContext& context) : context_(context) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    TRY(tells_of_an_alert(story));
    const Labels labels = alert_labels(story, severity_of(story.severity));
    const Labels annotations = alert_annotations(story, out);
    Labels group;
    for (const auto& label : labels) {
      if (label.first == "alertname" || label.first == "brand" || label.first == "incident") group.push_back(label);
    }
    const std::string_view status = is_over(story) ? "resolved" : "firing";
    json::Writer body;
    body.begin_object().member("receiver", out.endpoint.id).member("status", status);
    body.key("alerts").begin_array().begin_object().member("status", status).key("labels");
    write_labels(body, labels);
    body.key("annotations");
    write_labels(body, annotations);
    body.member("startsAt", format_rfc3339(story.opened == Time{} ? story.now : story.opened));
    body.member("endsAt", is_over(story) ? format_rfc3339(story.ended.value_or(story.now)) : std::string(kNoEnd));
    body.member("generatorURL", generator(story, context_));
    body.member("fingerprint", story.incident.empty() ? "0000000000000000" : std::string_view(story.incident));
    body.end_object().end_array().key("groupLabels");
    write_labels(body, group);
    body.key("commonLabels");
    write_labels(body, labels);
    body.key("commonAnnotations");
    write_labels(body, annotations);
    body.member("externalURL", context_.public_url).member("version", "4").member("groupKey", group_key(group));
    return body.key("truncatedAlerts").integer(0).end_object().take();
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("alertmanager_webhook", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    TRY(const HttpReply reply, post(context_.http, {.url = out.endpoint.url, .body = payload}));
    TRY(judge_status(reply, {.denied = "check the address: what it asks for must be part of it"}));
    return Sent{out.notification.id, true};
  }

  const NotifierContext context_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) {
  return std::make_unique<AlertmanagerWebhook>(context);
}

}  // namespace

NotifierKind alertmanager_webhook_notifier() { return {"alertmanager_webhook", make, {false, {}, kDay}}; }

}  // namespace vigie
