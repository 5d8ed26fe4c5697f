#include "alerts/mail_view.h"

#include <utility>

#include "alerts/digest.h"
#include "alerts/mail_text.h"
#include "base/embedded.h"
#include "base/json.h"
#include "base/template.h"

namespace vigie {
namespace {

constexpr std::size_t kLabelWidth = 20;

std::string_view colour(Story::Tone tone) {
  switch (tone) {
    case Story::Tone::good: return "#1e7d46";
    case Story::Tone::neutral: return "#4a5568";
    case Story::Tone::info: return "#2a62b5";
    case Story::Tone::warning: return "#a15c00";
    case Story::Tone::high: return "#c2410c";
    case Story::Tone::critical: return "#b3131b";
  }
  return "#4a5568";
}

// Builds the view; one method a block of the mail, in the order in which a reader meets them.
class View {
 public:
  View(const Story& story, std::string_view image) : story_(story), image_(image) {}

  std::string build() {
    out_.begin_object();
    out_.member("lang", story_.language).member("subject", story_.subject).member("preheader", story_.preheader);
    out_.member("color", colour(story_.tone));
    out_.member("title", story_.title).member_if("badge", story_.badge).member_if("reference", story_.reference);
    paragraph("lead", story_.lead);
    paragraph("since", story_.since);
    paragraph("changed", story_.changed);
    paragraph("late", story_.late);
    next();
    rows();
    chart();
    if (!story_.rising.empty()) list("rising", story_.rising_title, story_.rising);
    quotes();
    if (!story_.advice.empty()) list("advice", story_.advice_title, story_.advice);
    links();
    footer();
    return out_.end_object().take();
  }

 private:
  void paragraph(std::string_view key, const std::string& value) {
    if (value.empty()) return;
    out_.key(key).begin_object().member("value", value).member("text", wrapped("", value)).end_object();
  }

  void rows() {
    if (story_.rows.empty()) return;
    out_.key("table").begin_object().key("rows").begin_array();
    for (const Story::Row& row : story_.rows) {
      out_.begin_object().member("label", row.label).member("value", row.value);
      out_.member("text", wrapped(padded(row.label, kLabelWidth), row.value)).end_object();
    }
    out_.end_array().end_object();
  }

  void chart() {
    if (story_.sparkline.empty()) return;
    out_.key("chart").begin_object();
    out_.member("title", story_.chart_title).member("sparkline", story_.sparkline);
    out_.member("caption", story_.chart_caption).member("text", wrapped("  ", story_.chart_caption));
    out_.member_if("image", image_).end_object();
  }

  void list(std::string_view key, const std::string& title, const std::vector<std::string>& lines) {
    out_.key(key).begin_object().member_if("heading", title).key("items").begin_array();
    for (const std::string& line : lines) {
      const DigestLine parts = part_line(story_, line);
      out_.begin_object().member("value", parts.words).member_if("url", parts.url);
      out_.member("text", wrapped("  - ", line)).end_object();
    }
    out_.end_array().end_object();
  }

  void quotes() {
    if (story_.quotes.empty()) return;
    out_.key("quotes").begin_object().member_if("heading", story_.quotes_title).key("items").begin_array();
    for (const Story::Quote& quote : story_.quotes) {
      out_.begin_object().member("value", quote.text).member("by", quote.by).member("see", quote.see);
      out_.member_if("url", quote.url);
      out_.member("text", concat(wrapped("  > ", quote.text), "\n", wrapped("    ", quote.by),
                                 quote.url.empty() ? "" : "\n    ", quote.url));
      out_.end_object();
    }
    out_.end_array().end_object();
  }

  // High up, with what it asks for: the rest of the mail may be read after that.
  void next() {
    if (story_.next.empty()) return;
    out_.key("next").begin_object().member("value", story_.next).member("text", wrapped("", story_.next));
    if (!story_.links.empty()) {
      const Story::Link& main = story_.links.front();
      out_.member("label", main.label).member("url", main.url).member("link", line_of(main));
    }
    out_.end_object();
  }

  void links() {
    bool first = true;
    const auto write = [&](std::string_view key, bool small) {
      out_.key(key).begin_array();
      for (const Story::Link& link : story_.links) {
        if (is_small(link) != small) continue;
        out_.begin_object().member("label", link.label).member("url", link.url);
        out_.member("text", line_of(link));
        out_.key("main").boolean(std::exchange(first, false)).end_object();
      }
      out_.end_array();
    };
    write("links", false);
    write("small_links", true);
  }

  std::string line_of(const Story::Link& link) const {
    return concat(link.label, story_.language == "fr" ? "\u00a0: " : ": ", link.url);
  }

  static bool is_small(const Story::Link& link) { return link.kind == "why" || link.kind == "unsubscribe"; }

  void footer() {
    out_.key("footer").begin_array();
    for (const std::string& line : story_.footer)
      out_.begin_object().member("value", line).member("text", wrapped("", line)).end_object();
    out_.end_array();
  }

  const Story& story_;
  const std::string_view image_;
  json::Writer out_;
};

Result<std::string> fill_template(std::string_view path, const json::Value& view, Escape escape) {
  const auto source = embedded(path);
  if (!source) return fail(ErrorKind::bug, concat("alerts: ", path, " is not in this build"));
  return render(*source, view, escape);
}

}  // namespace

Result<RenderedMail> render_mail(const Story& story, std::string_view chart) {
  TRY(const json::Document view, json::parse(View(story, chart).build()));
  RenderedMail mail;
  TRY(mail.text, fill_template("alerts/templates/mail.txt", view.root(), Escape::text));
  TRY(mail.html, fill_template("alerts/templates/mail.html", view.root(), Escape::html));
  return mail;
}

}  // namespace vigie
