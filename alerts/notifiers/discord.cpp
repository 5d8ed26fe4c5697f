// A message in Discord by a webhook (`url`), in a thread of its channel where `to` is a thread's id. It is asked to
// wait until the message is stored: without that, a message that was not says nothing. Facts: ALERTS.md 2.5;
// https://docs.discord.com/developers/resources/webhook#execute-webhook.

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

// Discord: 256, 4096 and 2048 characters, 6000 of all together.
constexpr std::size_t kTitle = 256, kDescription = 3900, kFooter = 1000;
constexpr int kUnknownWebhook = 10015;
constexpr std::size_t kPathDepth = 8;

struct Embed {
  std::string title, description, footer, url;
};

Embed embed_of(const Story& story) {
  ChatLines lines = lines_of(story, Markup::discord);
  Embed out;
  out.title = std::move(lines.headline);
  out.footer = lines_of(story, Markup::plain).footer;  // a footer is not read as Markdown
  lines.footer.clear();
  out.description = body_of(lines, {"> "});
  const Story::Link* open = story.link("open");
  // It refuses the whole message for an address without a public name; those stay links in the text.
  if (open != nullptr && has_public_name(open->url)) out.url = open->url;
  return out;
}

bool fits(const Story& story) {
  const Embed embed = embed_of(story);
  return utf16_units(embed.title) <= kTitle && utf16_units(embed.description) <= kDescription &&
         utf16_units(embed.footer) <= kFooter;
}

// {"embeds": {"0": {"description": {"_errors": [{"message": ...}]}}}} as "embeds.0.description: ...".
std::string first_complaint(json::Value errors) {
  std::string path;
  for (std::size_t depth = 0; depth < kPathDepth && errors.size() > 0; ++depth) {
    if (errors.find("_errors")) return concat(path, ": ", errors.text_or("_errors.0.message", ""));
    path.append(path.empty() ? "" : ".").append(errors.key_at(0));
    errors = errors[0];
  }
  return path;
}

Result<void> judge(const HttpReply& reply) {
  const auto document = json::parse(reply.body);
  const json::Value root = document ? document->root() : json::Value();
  const std::string complaint = first_complaint(root.at("errors"));
  if (reply.status == 400 && !complaint.empty())
    return fail(ErrorKind::bad_data, concat("refused: ", root.scalar_or("code", "400"), " ", shown(complaint)));
  if (root.integer_or("code", 0) == kUnknownWebhook)
    return fail(ErrorKind::gone, "the webhook is gone, make another one and set `url`");
  return judge_status(reply, {.denied = "the webhook's address is not valid, copy it again into `url`",
                              .missing = ErrorKind::gone,
                              .missing_advice = "no such webhook or thread, check `url` and `to`"});
}

class Discord final : public Notifier {
 public:
  explicit Discord(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    Embed embed = embed_of(fitted(story, fits));
    if (auto own = own_words(story, out.endpoint, Markup::discord, kDescription)) embed = {"", *std::move(own), "", ""};
    json::Writer payload;
    payload.begin_object().key("embeds").begin_array().begin_object();
    payload.member_if("title", embed.title).member_if("description", embed.description).member_if("url", embed.url);
    payload.key("color").integer(colour_of(story.tone)).member("timestamp", format_rfc3339(story.now));
    if (!embed.footer.empty()) payload.key("footer").begin_object().member("text", embed.footer).end_object();
    payload.end_object().end_array();
    payload.key("allowed_mentions").begin_object().key("parse").begin_array().end_array().end_object();
    return payload.end_object().take();
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("discord", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    const EndpointSettings& to = out.endpoint;
    if (to.url.empty()) return fail(ErrorKind::bad_config, "no address: set `url` of a webhook");
    const std::string_view first = to.url.find('?') == std::string::npos ? "?" : "&";
    const std::string thread = to.to.empty() ? "" : concat("&thread_id=", url_encode(to.to));
    TRY(const HttpReply reply, post(http_, {.url = concat(to.url, first, "wait=true", thread), .body = payload}));
    TRY(judge(reply));
    const auto document = json::parse(reply.body);
    const std::string id = document ? document->root().text_or("id", "") : "";
    if (id.empty()) return fail(not_understood(reply));
    return Sent{id, true};
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Discord>(context); }

}  // namespace

NotifierKind discord_notifier() { return {"discord", make, {false, {{1, seconds(1)}}, kDay}}; }

}  // namespace vigie
