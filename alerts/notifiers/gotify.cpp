// An application of a Gotify server. Facts: ALERTS.md 2.9; https://gotify.net/docs/pushmsg

#include "alerts/chat_text.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/push_text.h"
#include "base/json.h"

namespace vigie {
namespace {

constexpr std::size_t kBodyBytes = 12u << 10;

// The app rings from 4 on and wakes the phone from 8 on.
int priority(const Story& story) {
  if (story.tone == Story::Tone::good) return 4;
  switch (severity_of(story.severity)) {
    case Severity::info: return 2;
    case Severity::warning: return 5;
    case Severity::high: return 7;
    case Severity::critical: return 9;
  }
  return 5;
}

// The app has no buttons: the links stand under the text.
std::string with_links(const PushText& push) {
  std::string text = push.text;
  for (const Story::Link& one : push.links) text.append("\n").append(link(Markup::plain, one.label, one.url));
  return text;
}

std::string written(const Story& story, const PushText& push) {
  json::Writer out;
  out.begin_object().member("title", push.title).member("message", with_links(push));
  out.key("priority").integer(priority(story));
  out.key("extras").begin_object();
  out.key("client::display").begin_object().member("contentType", "text/plain").end_object();
  if (const std::string url = opens(push); !url.empty()) {
    out.key("client::notification").begin_object();
    out.key("click").begin_object().member("url", url).end_object().end_object();
  }
  return out.end_object().end_object().take();
}

class Gotify final : public Notifier {
 public:
  explicit Gotify(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    const auto fits = [&](const PushText& one) { return written(story, one).size() <= kBodyBytes; };
    return written(story, push_text(story, out.endpoint, fits));
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("gotify", out.endpoint, deliver(payload, out.endpoint));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const EndpointSettings& endpoint) {
    const std::string_view slash = endpoint.url.ends_with('/') ? "" : "/";
    TRY(const HttpReply reply, post(http_, {.url = concat(endpoint.url, slash, "message"),
                                            .body = payload,
                                            .secret_headers = {{"X-Gotify-Key", endpoint.secret}}}));
    TRY(judge_status(reply, {.denied = "check the application's token"}));
    const auto answer = json::parse(reply.body);
    std::string id = answer ? answer->root().scalar_or("id", "") : "";
    if (id.empty()) return fail(not_understood(reply));
    return Sent{std::move(id), true};
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Gotify>(context); }

}  // namespace

NotifierKind gotify_notifier() { return {"gotify", make}; }

}  // namespace vigie
