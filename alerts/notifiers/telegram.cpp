// A message of a Telegram bot (`secret`, its token) in a chat (`to`: the chat's number or @name, with ":TOPIC" for a
// topic of a group); updates answer the first one. `url` is a Bot API server of one's own. Facts: ALERTS.md 2.7;
// https://core.telegram.org/bots/api#sendmessage.

#include <algorithm>
#include <charconv>

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kText = 3900;  // UTF-16 units with the tags; Telegram: 4096 without them
constexpr std::size_t kButtons = 6, kButtonsInRow = 2;
constexpr std::string_view kApi = "https://api.telegram.org";

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Chat {
  std::string name;         // "@acme_alerts", or "" for a number
  std::int64_t number = 0;  // groups are below zero
  std::optional<std::int64_t> topic;
};

Result<Chat> chat_of(const EndpointSettings& endpoint) {
  const auto parts = split(endpoint.to, ':');
  Chat chat;
  const std::optional<std::int64_t> number = whole_number(parts[0]);
  if (parts.size() == 2) chat.topic = whole_number(parts[1]);
  const bool named_chat = parts[0].size() > 1 && parts[0][0] == '@';
  if ((!number && !named_chat) || parts.size() > 2 || (parts.size() == 2 && !chat.topic))
    return fail(ErrorKind::bad_config,
                concat("to: expected a chat's number, @name or NUMBER:TOPIC, found \"", shown(endpoint.to), "\""));
  chat.number = number.value_or(0);
  if (named_chat) chat.name = parts[0];
  return chat;
}

// Telegram refuses the whole message for one button that leads to a name it does not know.
bool all_public(const std::vector<const Story::Link*>& links) {
  return std::all_of(links.begin(), links.end(), [](const Story::Link* one) { return has_public_name(one->url); });
}

std::string text_of(const Story& story) {
  ChatLines lines = lines_of(story, Markup::telegram);
  if (all_public(buttons(story, kButtons))) lines.actions.clear();
  return concat("<b>", lines.headline, "</b>\n", body_of(lines, {"<blockquote>", "</blockquote>"}));
}

void write_buttons(json::Writer& out, const Story& story) {
  const auto links = buttons(story, kButtons);
  if (links.empty() || !all_public(links)) return;
  out.key("reply_markup").begin_object().key("inline_keyboard").begin_array();
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (i % kButtonsInRow == 0) out.begin_array();
    out.begin_object()
        .member("text", escaped(Markup::plain, links[i]->label))
        .member("url", links[i]->url)
        .end_object();
    if (i % kButtonsInRow == kButtonsInRow - 1 || i + 1 == links.size()) out.end_array();
  }
  out.end_array().end_object();
}

void write_address(json::Writer& out, const Chat& chat, const Outgoing& to) {
  out.key("chat_id");
  chat.name.empty() ? out.integer(chat.number) : out.string(chat.name);
  if (chat.topic) out.key("message_thread_id").integer(*chat.topic);
  if (const auto first = whole_number(to.thread)) {
    out.key("reply_parameters").begin_object().key("message_id").integer(*first);
    out.key("allow_sending_without_reply").boolean(true).end_object();
  }
}

// What it says about a message it does not take. Its `description` is in English, for people.
Result<void> judge(const HttpReply& reply, const json::Value& answer) {
  const std::string said = answer.text_or("description", "");
  if (const std::string chat = answer.scalar_or("parameters.migrate_to_chat_id", ""); !chat.empty())
    return fail(ErrorKind::denied, concat("the group has become a supergroup: set `to` to \"", shown(chat), "\""));
  if (reply.status == 400 && said.find("chat not found") != std::string::npos)
    return fail(ErrorKind::gone, "no such chat, or the bot was never in it: check `to` and write to the bot once");
  return judge_status(reply, {.denied = "the bot's token is not valid, or it was put out of the chat",
                              .missing = ErrorKind::denied,
                              .missing_advice = "no bot has this token, set `secret`"});
}

class Telegram final : public Notifier {
 public:
  explicit Telegram(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    TRY(const Chat chat, chat_of(out.endpoint));
    const Story shown_story = fitted(story, [](const Story& cut) { return utf16_units(text_of(cut)) <= kText; });
    json::Writer payload;
    payload.begin_object();
    write_address(payload, chat, out);
    payload.member("text", own_words(story, out.endpoint, Markup::telegram, kText).value_or(text_of(shown_story)));
    payload.member("parse_mode", "HTML");
    payload.key("link_preview_options").begin_object().key("is_disabled").boolean(true).end_object();
    write_buttons(payload, shown_story);
    return payload.end_object().take();
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("telegram", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    if (out.endpoint.secret.empty()) return fail(ErrorKind::bad_config, "no bot: set `secret` to its token");
    const std::string_view api = out.endpoint.url.empty() ? kApi : std::string_view(out.endpoint.url);
    TRY(const HttpReply reply,
        post(http_, {.url = concat(api, "/bot", out.endpoint.secret, "/sendMessage"), .body = payload}));
    const auto document = json::parse(reply.body);
    const json::Value answer = document ? document->root() : json::Value();
    if (answer.text_or("description", "").find("message is not modified") != std::string::npos)
      return Sent{out.previous.empty() ? out.notification.id : out.previous, true};
    TRY(judge(reply, answer));
    const std::string id = answer.scalar_or("result.message_id", "");
    if (!answer.boolean_or("ok", false) || id.empty()) return fail(not_understood(reply));
    return Sent{id, true};
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Telegram>(context); }

}  // namespace

// 20 a minute in a group.
NotifierKind telegram_notifier() { return {"telegram", make, {false, {{1, seconds(1)}, {20, minutes(1)}}, kDay}}; }

}  // namespace vigie
