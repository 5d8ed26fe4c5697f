// A browser that subscribed. What its service worker is given is JSON: `title`, `body`, `tag` (the same for one
// incident, so that a later message takes the place of an earlier one), `url` and `actions`. Facts: ALERTS.md 2.12.

#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/push_text.h"
#include "alerts/web_push.h"
#include "base/json.h"

namespace vigie {
namespace {

constexpr std::size_t kPlainBytes = 3500;
constexpr std::size_t kActions = 2;  // what browsers show
constexpr std::string_view kKeptSeconds = "14400";

std::string written(const Story& story, const PushText& push) {
  json::Writer out;
  out.begin_object().member("title", push.title).member("body", push.text);
  out.member_if("tag", story.incident).member("lang", story.language).member_if("url", opens(push));
  out.member("timestamp", format_rfc3339(story.now));
  out.key("severity").integer(story.severity).key("actions").begin_array();
  for (std::size_t i = 0; i < std::min(push.links.size(), kActions); ++i) {
    const Story::Link& one = push.links[i];
    out.begin_object().member("action", one.kind).member("title", one.label).member("url", one.url).end_object();
  }
  return out.end_array().end_object().take();
}

std::string secret_of(const EndpointSettings& endpoint, const std::string& name) {
  const auto found = endpoint.secrets.find(name);
  return found == endpoint.secrets.end() ? "" : found->second;
}

class WebPush final : public Notifier {
 public:
  explicit WebPush(const NotifierContext& context) : context_(context) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    const auto fits = [&](const PushText& one) { return written(story, one).size() <= kPlainBytes; };
    return written(story, push_text(story, out.endpoint, fits));
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    EndpointSettings hidden = out.endpoint;
    const auto subscription = read_subscription(secret_of(out.endpoint, "subscription"));
    if (!subscription) return named("webpush", hidden, fail(subscription.error()));
    hidden.url = subscription->endpoint;
    return named("webpush", hidden, deliver(payload, *subscription, out));
  }

 private:
  // Push services write here when we trouble them.
  std::string sender(const EndpointSettings& endpoint) const {
    if (!endpoint.from.empty()) return concat("mailto:", endpoint.from);
    return context_.public_url;
  }

  static std::string_view urgency(const json::Value& message) {
    return severity_of(static_cast<int>(message.integer_or("severity", 1))) >= Severity::high ? "high" : "normal";
  }

  Result<Sent> deliver(const std::string& payload, const PushSubscription& to, const Outgoing& out) {
    TRY(const PushKey key, read_push_key(secret_of(out.endpoint, "vapid")));
    TRY(std::string authorization, vapid(to, key, sender(out.endpoint), context_.clock.now()));
    TRY(const std::string body, seal_push(payload, to));
    TRY(const json::Document message, json::parse(payload));
    TRY(const HttpReply reply, post(context_.http, {.url = to.endpoint,
                                                    .body = body,
                                                    .headers = {{"TTL", std::string(kKeptSeconds)},
                                                                {"Urgency", std::string(urgency(message.root()))},
                                                                {"Topic", message.root().text_or("tag", "")},
                                                                {"Content-Encoding", "aes128gcm"}},
                                                    .secret_headers = {{"Authorization", std::move(authorization)}},
                                                    .content_type = "application/octet-stream"}));
    TRY(judge_status(reply, {.denied = "check secrets.vapid: the browser subscribed for another key",
                             .missing = ErrorKind::gone,
                             .missing_advice = "the browser's subscription has ended, take this endpoint out"}));
    return Sent{out.notification.id, false};  // the service has it; whether the browser was on, nobody says
  }

  const NotifierContext context_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<WebPush>(context); }

}  // namespace

NotifierKind webpush_notifier() { return {"webpush", make, {false, {}, kDay}}; }

}  // namespace vigie
