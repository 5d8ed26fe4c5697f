// A card in Microsoft Teams, through a workflow that begins with "When a Teams webhook request is received" (`url`).
// The workflow only says that it has accepted the card; whether it was posted shows in its run history. Adaptive Card
// 1.4, which every client of Teams shows. Facts: ALERTS.md 2.4; https://adaptivecards.io/explorer/.

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "base/json.h"

namespace vigie {
namespace {

constexpr std::size_t kMessage = 24'000;  // bytes; Teams: 28 KB
constexpr std::size_t kButtons = 5;       // Teams: 6

// Colours have names: each client chooses its own for light and dark.
std::string_view colour(Story::Tone tone) {
  switch (tone) {
    case Story::Tone::critical:
    case Story::Tone::high: return "Attention";
    case Story::Tone::warning: return "Warning";
    case Story::Tone::good: return "Good";
    case Story::Tone::info: return "Accent";
    case Story::Tone::neutral: return "Default";
  }
  return "Default";
}

struct Run {
  std::string text;
  bool strong = false;
  std::string url{};
};

// Runs, and not text blocks: a run is shown as it is, where a text block would read Markdown in it.
void write_run(json::Writer& out, const Run& run) {
  out.begin_object().member("type", "TextRun").member("text", run.text);
  if (run.strong) out.member("weight", "Bolder");
  if (!run.url.empty()) {
    out.member("color", "Accent").key("selectAction").begin_object();
    out.member("type", "Action.OpenUrl").member("url", run.url).end_object();
  }
  out.end_object();
}

void write_line(json::Writer& out, const std::vector<Run>& runs) {
  out.begin_object().member("type", "RichTextBlock").key("inlines").begin_array();
  for (const Run& run : runs) {
    if (!run.text.empty()) write_run(out, run);
  }
  out.end_array().end_object();
}

void write_line(json::Writer& out, const std::string& text, bool strong = false) {
  if (!text.empty()) write_line(out, {Run{text, strong}});
}

void write_headline(json::Writer& out, const Story& story) {
  out.begin_object().member("type", "RichTextBlock").key("inlines").begin_array();
  out.begin_object().member("type", "TextRun").member("text", headline_of(story));
  out.member("size", "Large").member("weight", "Bolder").member("color", colour(story.tone));
  out.end_object().end_array().end_object();
}

void write_quotes(json::Writer& out, const Story& story, const std::string& title) {
  if (story.quotes.empty()) return;
  out.begin_object().member("type", "Container").member("style", "emphasis").key("items").begin_array();
  write_line(out, title, true);
  for (const Story::Quote& quote : story.quotes) {
    const std::string by = escaped(Markup::plain, quote.by);
    const std::string text = escaped(Markup::plain, quote.text);
    std::vector<Run> runs = {{by.empty() || text.empty() ? concat(text, by) : concat(text, " — ", by)}};
    if (!quote.url.empty()) {
      runs[0].text.append(runs[0].text.empty() ? "" : " · ");
      runs.push_back({escaped(Markup::plain, quote.see.empty() ? quote.url : quote.see), false, quote.url});
    }
    write_line(out, runs);
  }
  out.end_array().end_object();
}

void write_actions(json::Writer& out, const Story& story) {
  out.key("actions").begin_array();
  for (const Story::Link* one : buttons(story, kButtons)) {
    out.begin_object().member("type", "Action.OpenUrl").member("title", escaped(Markup::plain, one->label));
    out.member("url", one->url).end_object();
  }
  out.end_array();
}

// The operator's words, in the Markdown of a text block.
void write_own(json::Writer& out, const std::string& own) {
  out.begin_object().member("type", "TextBlock").member("text", own).key("wrap").boolean(true).end_object();
}

void write_parts(json::Writer& out, const Story& story) {
  const ChatLines lines = lines_of(story, Markup::plain);
  write_headline(out, story);
  write_line(out, lines.badge);
  write_line(out, lines.summary);
  write_line(out, lines.changed);
  write_line(out, lines.late);
  for (const std::string& row : lines.rows) write_line(out, row);
  write_line(out, lines.rising);
  write_quotes(out, story, lines.quotes_title);
  write_line(out, lines.next, true);
  write_line(out, lines.footer);
}

void write_card(json::Writer& out, const Story& story, const std::string& own) {
  const ChatLines lines = lines_of(story, Markup::plain);
  out.begin_object().member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  out.member("type", "AdaptiveCard").member("version", "1.4");
  out.member("fallbackText", concat(lines.headline, ". ", lines.summary));
  out.key("msteams").begin_object().member("width", "Full").end_object();
  out.key("body").begin_array();
  own.empty() ? write_parts(out, story) : write_own(out, own);
  out.end_array();
  write_actions(out, story);
  out.end_object();
}

std::string message_of(const Story& story, const std::string& own) {
  json::Writer out;
  out.begin_object().member("type", "message").key("attachments").begin_array().begin_object();
  out.member("contentType", "application/vnd.microsoft.card.adaptive").key("contentUrl").null().key("content");
  write_card(out, story, own);
  return out.end_object().end_array().end_object().take();
}

class Teams final : public Notifier {
 public:
  explicit Teams(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    const std::string own = own_words(story, out.endpoint, Markup::commonmark, kMessage / 2).value_or("");
    const auto fits = [&](const Story& cut) { return message_of(cut, own).size() <= kMessage; };
    return message_of(fitted(story, fits), own);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("teams", out.endpoint, deliver(payload, out));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    if (out.endpoint.url.empty()) return fail(ErrorKind::bad_config, "no address: set `url` of a workflow");
    TRY(const HttpReply reply, post(http_, {.url = out.endpoint.url, .body = payload}));
    TRY(judge_status(reply,
                     {.denied = "the workflow's address is no longer valid, copy it again into `url`",
                      .missing = ErrorKind::gone,
                      .missing_advice = "the workflow is gone or switched off; it goes with its owner's account"}));
    if (reply.body.starts_with('<')) return fail(not_understood(reply));  // a page, of a proxy that wants a sign-in
    // 202: taken into the queue of the workflow. Only a workflow with an action "Response" answers 200 when it is done.
    return Sent{out.notification.id, reply.status == 200};
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Teams>(context); }

}  // namespace

NotifierKind teams_notifier() {
  return {"teams",
          make,
          {false, {{4, seconds(1)}, {60, seconds(30)}, {100, hours(1)}, {150, hours(2)}, {1800, kDay}}, kDay}};
}

}  // namespace vigie
