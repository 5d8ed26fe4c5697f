// Any program that takes a signed POST. Body: a CloudEvents 1.0 event in structured JSON whose `type`, `timestamp` and
// `data` also are Standard Webhooks' own; signature: Standard Webhooks 1.0. `webhook-id` is the notification's id, the
// same on every try: a receiver that saw it already may drop the repetition. Facts: ALERTS.md 2.2.

#include <algorithm>

#include "alerts/facts.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/webhook_signature.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

std::string_view event_name(std::string_view purpose) {
  if (purpose == "first") return "opened";
  if (purpose == "worse") return "updated";
  if (purpose == "acked") return "acknowledged";
  return purpose;  // resolved, reopened
}

// CloudEvents' `sequence` extension is text that sorts: ten digits outlive any incident.
std::string sequence(std::int64_t seq) {
  const std::string digits = std::to_string(std::max<std::int64_t>(seq, 0));
  return std::string(10 - std::min<std::size_t>(10, digits.size()), '0') + digits;
}

Result<std::string> make_body(const Notification& notification) {
  TRY(const json::Document document, json::parse(notification.document));
  TRY(const Facts facts, read_document(notification.document));
  const std::string time = format_rfc3339(facts.now);
  json::Writer out;
  out.begin_object();
  out.member("specversion", "1.0")
      .member("id", notification.id)
      .member("source", concat("/vigie/", url_encode(facts.brand)));
  out.member("type", concat("org.vigie.incident.", event_name(notification.purpose), ".v1"));
  out.member("subject", facts.incident).member("time", time).member("timestamp", time);
  out.member("sequence", sequence(notification.seq)).member("datacontenttype", "application/json");
  out.key("data").value(document.root());
  return out.end_object().take();
}

class Webhook final : public Notifier {
 public:
  explicit Webhook(const NotifierContext& context) : http_(context.http), clock_(context.clock) {}

  Result<std::string> render(const Story&, const Outgoing& out) override { return make_body(out.notification); }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("webhook", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    const std::string& id = out.notification.id;
    const Time now = clock_.now();
    TRY(std::string signature, sign_webhook(out.endpoint.secret, id, now, payload));
    TRY(const HttpReply reply,
        post(http_, {.url = out.endpoint.url,
                     .body = payload,
                     .headers = {{"webhook-id", id}, {"webhook-timestamp", std::to_string(to_epoch(now))}},
                     .secret_headers = {{"webhook-signature", std::move(signature)}},
                     .content_type = "application/cloudevents+json; charset=utf-8"}));
    TRY(judge_status(reply));
    return Sent{id, true};
  }

  HttpClient& http_;
  const Clock& clock_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Webhook>(context); }

}  // namespace

NotifierKind webhook_notifier() { return {"webhook", make, {true, {}, 3 * kDay}}; }

}  // namespace vigie
