// A message in Rocket.Chat by an incoming integration (`url`): the headline and figures as the message, the rest in an
// attachment, because the longest message is the server's setting. Facts: ALERTS.md 2.6;
// https://docs.rocket.chat/docs/integrations.

#include <array>
#include <cstdio>

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "base/json.h"

namespace vigie {
namespace {

constexpr std::size_t kText = 900;         // servers that allow no more than 1000 were seen; 5000 is usual
constexpr std::size_t kAttachment = 4500;  // as the usual message

struct Texts {
  std::string message, attachment;
};

Texts texts_of(const Story& story) {
  ChatLines lines = lines_of(story, Markup::rocket);
  ChatLines first;
  first.badge = std::move(lines.badge);
  first.summary = std::move(lines.summary);
  lines.badge.clear();
  lines.summary.clear();
  std::string message = bold(Markup::rocket, story.title);
  if (!story.mark.empty()) message = concat(story.mark, " ", message);
  const std::string figures = body_of(first, {});
  if (!figures.empty()) message.append("\n").append(figures);
  return {std::move(message), body_of(lines, {"> "})};
}

bool fits(const Story& story) {
  const Texts texts = texts_of(story);
  return utf16_units(texts.message) <= kText && utf16_units(texts.attachment) <= kAttachment;
}

std::string css_colour(Story::Tone tone) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "#%06X", static_cast<unsigned>(colour_of(tone)));
  return text.data();
}

class RocketChat final : public Notifier {
 public:
  explicit RocketChat(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    const Story shown_story = fitted(story, fits);
    Texts texts = texts_of(shown_story);
    if (auto own = own_words(story, out.endpoint, Markup::rocket, kText)) texts = Texts{*std::move(own), ""};
    json::Writer payload;
    payload.begin_object().member("text", texts.message);
    if (!texts.attachment.empty()) {
      payload.key("attachments").begin_array().begin_object();
      payload.member("color", css_colour(story.tone)).member("text", texts.attachment);
      payload.end_object().end_array();
    }
    return payload.end_object().take();
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("rocketchat", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    if (out.endpoint.url.empty())
      return fail(ErrorKind::bad_config, "no address: set `url` of an incoming integration");
    TRY(const HttpReply reply, post(http_, {.url = out.endpoint.url, .body = payload}));
    TRY(judge_status(reply, {.denied = "the integration's address is not valid, or it is switched off",
                             .missing = ErrorKind::gone,
                             .missing_advice = "no such integration, check `url`"}));
    // It says with 200, too, that it has not posted.
    const auto document = json::parse(reply.body);
    if (!document || !document->root().at("success")) return fail(not_understood(reply));
    if (!document->root().boolean_or("success", false))
      return fail(ErrorKind::bad_data, concat("refused: ", shown(document->root().scalar_or("error", "no reason"))));
    return Sent{out.notification.id, true};  // it tells no id of the message
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<RocketChat>(context); }

}  // namespace

NotifierKind rocketchat_notifier() { return {"rocketchat", make}; }

}  // namespace vigie
