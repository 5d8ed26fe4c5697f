// A message in Slack: by an incoming webhook (`url`), which tells nothing back, or by the Web API (`secret`, a bot's
// token, and `to`, its channel), where updates stand in the thread of the first message. With a token, a `url` that
// ends in "/api" is the API of another Slack (GovSlack). Facts: ALERTS.md 2.3;
// https://docs.slack.dev/reference/methods/chat.postMessage.

#include <algorithm>
#include <array>

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "base/json.h"

namespace vigie {
namespace {

constexpr std::size_t kHeader = 150, kSection = 2800, kContext = 1900;  // Slack: 150, 3000, 2000
constexpr std::size_t kBlocks = 20;                                     // Slack: 50
constexpr std::size_t kButtons = 5;
constexpr std::string_view kApi = "https://slack.com/api";

bool by_token(const EndpointSettings& endpoint) { return !endpoint.secret.empty(); }

// What a message is made of, before it is JSON.
struct Blocks {
  std::string header;
  std::vector<std::string> sections;
  std::vector<const Story::Link*> buttons;
  std::string context;

  std::size_t size() const { return 1 + sections.size() + !buttons.empty() + !context.empty(); }
};

// Lines together in as few sections as hold them.
void pack(std::vector<std::string>& sections, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    if (!text.empty() && utf16_units(text) + 1 + utf16_units(line) > kSection) {
      sections.push_back(std::move(text));
      text.clear();
    }
    text.append(text.empty() ? "" : "\n").append(line);
  }
  if (!text.empty()) sections.push_back(std::move(text));
}

Blocks blocks_of(const Story& story) {
  const ChatLines lines = lines_of(story, Markup::slack);
  Blocks out;
  out.header = headline_of(story);
  pack(out.sections, {lines.badge, lines.summary, lines.changed, lines.late});
  pack(out.sections, lines.rows);
  pack(out.sections, {lines.rising});
  std::vector<std::string> quotes = {lines.quotes_title};
  for (const std::string& quote : lines.quotes) quotes.push_back(concat(">", quote));
  pack(out.sections, quotes);
  pack(out.sections, {lines.next});
  out.buttons = buttons(story, kButtons);
  // A button to a name that only this house knows could be refused with the whole message; a link is not looked at.
  if (!std::all_of(out.buttons.begin(), out.buttons.end(), [](auto* one) { return has_public_name(one->url); })) {
    out.buttons.clear();
    pack(out.sections, {lines.actions});
  }
  out.context = lines.footer;
  return out;
}

bool fits(const Story& story) {
  const Blocks blocks = blocks_of(story);
  const bool short_enough = std::all_of(blocks.sections.begin(), blocks.sections.end(),
                                        [](const std::string& text) { return utf16_units(text) <= kSection; });
  return short_enough && utf16_units(blocks.header) <= kHeader && utf16_units(blocks.context) <= kContext &&
         blocks.size() <= kBlocks;
}

void write_text(json::Writer& out, std::string_view text, bool marked) {
  out.begin_object().member("type", marked ? "mrkdwn" : "plain_text").member("text", text);
  // Verbatim: Slack looks for no addresses, channels or people of its own accord.
  if (marked) out.key("verbatim").boolean(true);
  if (!marked) out.key("emoji").boolean(false);
  out.end_object();
}

void write_section(json::Writer& out, std::string_view text) {
  out.begin_object().member("type", "section").key("text");
  write_text(out, text, true);
  out.end_object();
}

void write_buttons(json::Writer& out, const std::vector<const Story::Link*>& links) {
  out.begin_object().member("type", "actions").key("elements").begin_array();
  for (std::size_t i = 0; i < links.size(); ++i) {
    out.begin_object().member("type", "button").key("text");
    write_text(out, escaped(Markup::plain, links[i]->label), false);
    out.member("url", links[i]->url).member("action_id", concat("vigie-", std::to_string(i)));
    if (links[i]->kind == "ack") out.member("style", "primary");
    out.end_object();
  }
  out.end_array().end_object();
}

void write_blocks(json::Writer& out, const Blocks& blocks) {
  out.key("blocks").begin_array();
  if (!blocks.header.empty()) {
    out.begin_object().member("type", "header").key("text");
    write_text(out, blocks.header, false);
    out.end_object();
  }
  for (const std::string& text : blocks.sections) write_section(out, text);
  if (!blocks.buttons.empty()) write_buttons(out, blocks.buttons);
  if (!blocks.context.empty()) {
    out.begin_object().member("type", "context").key("elements").begin_array();
    write_text(out, blocks.context, true);
    out.end_array().end_object();
  }
  out.end_array();
}

// A thread begins with a message that Slack gave a time stamp; a webhook's messages have none.
bool is_time_stamp(std::string_view id) {
  return !id.empty() && id.find('.') != std::string_view::npos &&
         id.find_first_not_of("0123456789.") == std::string_view::npos;
}

void write_address(json::Writer& out, const Story& story, const Outgoing& to) {
  out.member("channel", to.endpoint.to);
  if (is_time_stamp(to.thread)) {
    out.member("thread_ts", to.thread);
    // Who has not followed the thread must see that somebody is waited for.
    if (story.purpose == "escalate") out.key("reply_broadcast").boolean(true);
  }
  // Slack knows no repetition: after an outcome that is not known, this tells which message it was.
  out.key("metadata").begin_object().member("event_type", "vigie_notification").key("event_payload").begin_object();
  out.member("notification", to.notification.id).member("incident", story.incident).end_object().end_object();
}

struct Refused {
  std::string_view error;
  ErrorKind kind;
  std::string_view advice = "";
};

constexpr auto kRefused = std::to_array<Refused>({
    {"invalid_auth", ErrorKind::denied, "the token is not valid, set `secret`"},
    {"not_authed", ErrorKind::denied, "no token, set `secret`"},
    {"account_inactive", ErrorKind::denied, "the token's account is gone, set `secret`"},
    {"token_revoked", ErrorKind::denied, "the token was revoked, set `secret`"},
    {"token_expired", ErrorKind::denied, "the token has expired, set `secret`"},
    {"missing_scope", ErrorKind::denied, "the app needs the scope chat:write"},
    {"not_in_channel", ErrorKind::denied, "invite the app to the channel"},
    {"restricted_action", ErrorKind::denied, "the workspace does not let the app post there"},
    {"no_permission", ErrorKind::denied, "the app may not post there"},
    {"channel_not_found", ErrorKind::gone, "no such channel, or a private one the app is not in; set `to`"},
    {"is_archived", ErrorKind::gone, "the channel is archived, set `to`"},
    {"ratelimited", ErrorKind::rate_limited},
    {"rate_limited", ErrorKind::rate_limited},
    {"service_unavailable", ErrorKind::transient},
    {"request_timeout", ErrorKind::transient},
    {"internal_error", ErrorKind::transient, "it may have been posted all the same"},
    {"fatal_error", ErrorKind::transient, "it may have been posted all the same"},
});

Error refused_by_slack(const HttpReply& reply, const std::string& said) {
  const auto* known =
      std::find_if(kRefused.begin(), kRefused.end(), [&](const Refused& one) { return one.error == said; });
  const Refused refused = known == kRefused.end() ? Refused{said, ErrorKind::bad_data} : *known;
  Error error{refused.kind, concat("refused: ", shown(said))};
  if (!refused.advice.empty()) error.what.append(" (").append(refused.advice).append(")");
  if (refused.kind == ErrorKind::transient || refused.kind == ErrorKind::rate_limited)
    error.retry_in = asked_to_wait(reply);
  if (refused.kind == ErrorKind::rate_limited && !error.retry_in) error.retry_in = seconds(1);
  error.maybe_done = said == "internal_error" || said == "fatal_error";
  return error;
}

class Slack final : public Notifier {
 public:
  explicit Slack(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    if (by_token(out.endpoint) && out.endpoint.to.empty())
      return fail(ErrorKind::bad_config, "no channel: set `to` of this endpoint");
    const Story shown_story = fitted(story, fits);
    json::Writer payload;
    payload.begin_object();
    if (by_token(out.endpoint)) write_address(payload, shown_story, out);
    // What a notification on a phone shows, and what stands where blocks do not.
    payload.member("text", lines_of(shown_story, Markup::slack).headline);
    Blocks blocks = blocks_of(shown_story);
    if (auto own = own_words(story, out.endpoint, Markup::slack, kSection))
      blocks = {"", {*std::move(own)}, std::move(blocks.buttons), ""};
    write_blocks(payload, blocks);
    payload.key("unfurl_links").boolean(false).key("unfurl_media").boolean(false);
    return payload.end_object().take();
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("slack", out.endpoint, by_token(out.endpoint) ? call(payload, out) : hook(payload, out));
  }

 private:
  Result<Sent> hook(const std::string& payload, const Outgoing& out) {
    if (out.endpoint.url.empty())
      return fail(ErrorKind::bad_config, "no address: set `url` of an incoming webhook, or `secret` and `to`");
    TRY(const HttpReply reply, post(http_, {.url = out.endpoint.url, .body = payload}));
    if (reply.status == 400 && reply.body == "invalid_token")
      return fail(ErrorKind::denied, "invalid_token: the webhook's address is no longer valid, set `url`");
    TRY(judge_status(reply, {.denied = "the webhook may not post there any more",
                             .missing = ErrorKind::gone,
                             .missing_advice = "the webhook is gone, make another one and set `url`"}));
    if (!reply.body.starts_with("ok")) return fail(not_understood(reply));
    return Sent{out.notification.id, true};
  }

  Result<Sent> call(const std::string& payload, const Outgoing& out) {
    const std::string_view api = out.endpoint.url.ends_with("/api") ? std::string_view(out.endpoint.url) : kApi;
    TRY(const HttpReply reply, post(http_, {.url = concat(api, "/chat.postMessage"),
                                            .body = payload,
                                            .secret_headers = {{"Authorization", "Bearer " + out.endpoint.secret}}}));
    TRY(judge_status(reply, {.denied = "check the token in `secret`"}));
    // Slack answers 200 whatever became of the message.
    const auto document = json::parse(reply.body);
    if (!document) return fail(not_understood(reply));
    const json::Value answer = document->root();
    const std::string error = answer.text_or("error", "");
    if (!answer.boolean_or("ok", false))
      return fail(error.empty() ? not_understood(reply) : refused_by_slack(reply, error));
    return Sent{answer.text_or("ts", out.notification.id), true};
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Slack>(context); }

}  // namespace

NotifierKind slack_notifier() { return {"slack", make, {false, {{1, seconds(1)}}, kDay}}; }

}  // namespace vigie
