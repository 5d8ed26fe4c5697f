// A card in a space of Google Chat by a webhook (`url`). One thread an incident; the request is named after the
// notification, so that a repetition gives the message that is there. Facts: ALERTS.md 2.6;
// https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create.

#include <algorithm>

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kMessage = 30'000;  // bytes; Google Chat: 32,000
constexpr std::size_t kButtons = 5;

void write_paragraph(json::Writer& out, const std::string& text) {
  if (text.empty()) return;
  out.begin_object().key("textParagraph").begin_object().member("text", text).end_object().end_object();
}

void write_section(json::Writer& out, std::string_view header, const std::vector<std::string>& paragraphs) {
  if (std::all_of(paragraphs.begin(), paragraphs.end(), [](const std::string& one) { return one.empty(); })) return;
  out.begin_object().member_if("header", header).key("widgets").begin_array();
  for (const std::string& paragraph : paragraphs) write_paragraph(out, paragraph);
  out.end_array().end_object();
}

void write_buttons(json::Writer& out, const std::vector<const Story::Link*>& links) {
  if (links.empty()) return;
  out.begin_object().key("widgets").begin_array().begin_object().key("buttonList").begin_object().key("buttons");
  out.begin_array();
  for (const Story::Link* one : links) {
    out.begin_object().member("text", escaped(Markup::plain, one->label)).key("onClick").begin_object();
    out.key("openLink").begin_object().member("url", one->url).end_object().end_object().end_object();
  }
  out.end_array().end_object().end_object().end_array().end_object();
}

// own: the operator's words, "" where the shipped ones are said.
void write_card(json::Writer& out, const Story& story, const std::string& own) {
  const ChatLines lines = lines_of(story, Markup::card);
  out.begin_object().key("header").begin_object().member("title", headline_of(story));
  out.member_if("subtitle", escaped(Markup::plain, story.badge)).end_object();
  out.key("sections").begin_array();
  if (own.empty()) {
    write_section(out, "", {lines.summary, lines.changed, lines.late});
    write_section(out, "", lines.rows);
    write_section(out, "", {lines.rising});
    write_section(out, escaped(Markup::card, story.quotes.empty() ? "" : story.quotes_title), lines.quotes);
    write_section(out, "", {lines.next});
  } else {
    write_section(out, "", {own});
  }
  write_buttons(out, buttons(story, kButtons));
  write_section(out, "", {lines.footer});
  out.end_array().end_object();
}

std::string message_of(const Story& story, const Outgoing& to, const std::string& own) {
  json::Writer out;
  out.begin_object();
  // What a phone shows of a card.
  out.member("fallbackText", concat(headline_of(story), ". ", lines_of(story, Markup::plain).summary));
  out.key("cardsV2").begin_array().begin_object().member("cardId", to.notification.id).key("card");
  write_card(out, story, own);
  out.end_object().end_array();
  if (!story.incident.empty())
    out.key("thread").begin_object().member("threadKey", concat("vigie-", story.incident)).end_object();
  return out.end_object().take();
}

class GoogleChat final : public Notifier {
 public:
  explicit GoogleChat(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    const std::string own = own_words(story, out.endpoint, Markup::card, kMessage / 2).value_or("");
    const auto fits = [&](const Story& cut) { return message_of(cut, out, own).size() <= kMessage; };
    return message_of(fitted(story, fits), out, own);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("googlechat", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    const std::string& url = out.endpoint.url;
    if (url.empty()) return fail(ErrorKind::bad_config, "no address: set `url` of a space's webhook");
    TRY(const HttpReply reply,
        post(http_, {.url = concat(url, url.find('?') == std::string::npos ? "?" : "&",
                                   "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD&requestId=",
                                   url_encode(out.notification.id)),
                     .body = payload}));
    TRY(judge_status(reply, {.denied = "the webhook's address is not valid any more, copy it again into `url`",
                             .missing = ErrorKind::gone,
                             .missing_advice = "the space or its webhook is gone, set `url`"}));
    const auto document = json::parse(reply.body);
    const std::string name = document ? document->root().text_or("name", "") : "";
    if (name.empty()) return fail(not_understood(reply));
    return Sent{name, true};
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<GoogleChat>(context); }

}  // namespace

NotifierKind googlechat_notifier() { return {"googlechat", make, {true, {{1, seconds(1)}}, kDay}}; }

}  // namespace vigie
