// Any program that takes a signed POST. Body: a CloudEvents 1.0 event in structured JSON whose `type`, `timestamp` and
// `data` also are Standard Webhooks' own; signature: Standard Webhooks 1.0. `webhook-id` is the notification's id, the
// same on every try: a receiver that saw it already may drop the repetition. Facts: ALERTS.md 2.2.

#include <algorithm>

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "alerts/webhook_signature.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kBodyBytes = 19u << 10;  // receivers are advised to take 20 KB
constexpr std::string_view kEvent = "application/cloudevents+json; charset=utf-8";
constexpr std::string_view kJson = "application/json; charset=utf-8";

std::string type_of(const Story& story) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"first", "incident.opened"},       {"worse", "incident.updated"},      {"reopened", "incident.reopened"},
      {"acked", "incident.acknowledged"}, {"escalate", "incident.escalated"}, {"resolved", "incident.resolved"},
      {"over", "incident.resolved"},      {"repeat", "incident.repeated"},    {"budget", "digest"},
  };
  std::string_view name = story.purpose;  // digest, test
  for (const auto& [purpose, event] : kNames) {
    if (purpose == story.purpose) name = event;
  }
  return concat("org.vigie.", name, ".v1");
}

// CloudEvents' `sequence` extension is text that sorts: ten digits outlive any incident.
std::string sequence(std::int64_t seq) {
  const std::string digits = std::to_string(std::max<std::int64_t>(seq, 0));
  return std::string(10 - std::min<std::size_t>(10, digits.size()), '0') + digits;
}

std::string event_of(const Notification& notification, const Story& story, std::string_view data) {
  const std::string time = format_rfc3339(story.now);
  json::Writer out;
  out.begin_object().member("specversion", "1.0").member("id", notification.id);
  out.member("source", concat("/vigie/", url_encode(story.brand)));
  out.member("type", type_of(story));
  out.member("subject", story.incident.empty() ? notification.subject_id : story.incident);
  out.member("time", time).member("timestamp", time);
  out.member("sequence", sequence(notification.seq)).member("datacontenttype", "application/json");
  return out.key("data").raw(data).end_object().take();
}

// What remains of facts that are too many.
std::string in_short(const Story& story) {
  const Story short_one = for_chat(story);
  json::Writer out;
  out.begin_object().key("truncated").boolean(true).member("purpose", story.purpose);
  out.member_if("title", short_one.title).member_if("lead", short_one.lead).member_if("since", short_one.since);
  out.key("severity").integer(story.severity);
  if (const Story::Link* open = short_one.link("open")) out.member("url", open->url);
  return out.end_object().take();
}

// The document as it was frozen; people's own words only where this endpoint shows them.
std::string data_of(const json::Value& document, bool quotes) {
  json::Writer out;
  out.begin_object();
  for (std::size_t i = 0; i < document.size(); ++i) {
    if (quotes || document.key_at(i) != "quotes") out.key(document.key_at(i)).value(document[i]);
  }
  return out.end_object().take();
}

Result<std::string> make_event(const Notification& notification, const Story& story) {
  TRY(const json::Document document, json::parse(notification.document));
  const std::string event = event_of(notification, story, data_of(document.root(), story.quotes_shown));
  return event.size() <= kBodyBytes ? event : event_of(notification, story, in_short(story));
}

class Webhook final : public Notifier {
 public:
  explicit Webhook(const NotifierContext& context) : http_(context.http), clock_(context.clock) {}

  // A template writes the whole body, for receivers that ask for a form of their own.
  Result<std::string> render(const Story& story, const Outgoing& out) override {
    if (auto own = own_json(story, out.endpoint, kBodyBytes)) return *std::move(own);
    return make_event(out.notification, story);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("webhook", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    const std::string& id = out.notification.id;
    const Time now = clock_.now();
    TRY(std::string signatures, sign_webhook(out.endpoint.secret, id, now, payload));
    // While receivers change over, whoever still has an older secret finds its signature too.
    for (const std::string& old : out.endpoint.old_secrets) {
      TRY(const std::string signature, sign_webhook(old, id, now, payload));
      signatures.append(" ").append(signature);
    }
    const bool ours = payload.starts_with(R"({"specversion")");
    TRY(const HttpReply reply,
        post(http_, {.url = out.endpoint.url,
                     .body = payload,
                     .headers = {{"webhook-id", id}, {"webhook-timestamp", std::to_string(to_epoch(now))}},
                     .secret_headers = {{"webhook-signature", std::move(signatures)}},
                     .content_type = std::string(ours ? kEvent : kJson)}));
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
