// A message in Mattermost by an incoming webhook (`url`), in another channel than the webhook's where `to` names one.
// Facts: ALERTS.md 2.6; https://developers.mattermost.com/integrate/webhooks/incoming/.

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kText = 15'000;  // Mattermost: 16,383 characters

std::string text_of(const Story& story) {
  const ChatLines lines = lines_of(story, Markup::commonmark);
  return concat("#### ", lines.headline, "\n", body_of(lines, {"> "}));
}

class Mattermost final : public Notifier {
 public:
  explicit Mattermost(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    const Story shown_story = fitted(story, [](const Story& cut) { return utf16_units(text_of(cut)) <= kText; });
    json::Writer payload;
    payload.begin_object()
        .member_if("channel", out.endpoint.to)
        .member("text", own_words(story, out.endpoint, Markup::commonmark, kText).value_or(text_of(shown_story)));
    return payload.end_object().take();
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("mattermost", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    if (out.endpoint.url.empty()) return fail(ErrorKind::bad_config, "no address: set `url` of an incoming webhook");
    TRY(const HttpReply reply, post(http_, {.url = out.endpoint.url, .body = payload}));
    TRY(judge_status(reply, {.denied = "the webhook may not post there",
                             .missing = ErrorKind::gone,
                             .missing_advice = "no such webhook or channel, check `url` and `to`"}));
    if (trim(reply.body) != "ok") return fail(not_understood(reply));
    return Sent{out.notification.id, true};  // it tells no id of the message
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Mattermost>(context); }

}  // namespace

NotifierKind mattermost_notifier() { return {"mattermost", make}; }

}  // namespace vigie
