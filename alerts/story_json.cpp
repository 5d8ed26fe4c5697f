#include "alerts/story.h"
#include "base/json.h"

namespace vigie {
namespace {

std::string_view to_text(Story::Tone tone) {
  switch (tone) {
    case Story::Tone::neutral: return "neutral";
    case Story::Tone::info: return "info";
    case Story::Tone::warning: return "warning";
    case Story::Tone::high: return "high";
    case Story::Tone::critical: return "critical";
    case Story::Tone::good: return "good";
  }
  return "neutral";
}

void write_words(json::Writer& out, const Story& story) {
  const std::pair<std::string_view, const std::string*> words[] = {
      {"mark", &story.mark},
      {"title", &story.title},
      {"badge", &story.badge},
      {"lead", &story.lead},
      {"since", &story.since},
      {"changed", &story.changed},
      {"late", &story.late},
      {"rising_title", &story.rising_title},
      {"quotes_title", &story.quotes_title},
      {"chart_title", &story.chart_title},
      {"chart_caption", &story.chart_caption},
      {"sparkline", &story.sparkline},
      {"next", &story.next},
      {"advice_title", &story.advice_title},
      {"subject", &story.subject},
      {"preheader", &story.preheader},
      {"brief", &story.brief},
  };
  for (const auto& [name, text] : words) out.member(name, *text);
}

void write_list(json::Writer& out, std::string_view name, const std::vector<std::string>& lines) {
  out.key(name).begin_array();
  for (const std::string& line : lines) out.string(line);
  out.end_array();
}

void write_lists(json::Writer& out, const Story& story) {
  out.key("rows").begin_array();
  for (const Story::Row& row : story.rows)
    out.begin_object().member("label", row.label).member("value", row.value).end_object();
  out.end_array();
  write_list(out, "rising", story.rising);
  out.key("quotes").begin_array();
  for (const Story::Quote& quote : story.quotes) {
    out.begin_object().member("text", quote.text).member("by", quote.by).member("see", quote.see);
    out.member_if("url", quote.url).end_object();
  }
  out.end_array().key("hourly").begin_array();
  for (const double count : story.hourly) out.number(count);
  out.end_array();
  write_list(out, "hours", story.hours);
  write_list(out, "advice", story.advice);
  out.key("links").begin_array();
  for (const Story::Link& link : story.links)
    out.begin_object().member("kind", link.kind).member("label", link.label).member("url", link.url).end_object();
  out.end_array();
  write_list(out, "footer", story.footer);
}

}  // namespace

std::string to_json(const Story& story) {
  json::Writer out;
  out.begin_object();
  out.member("language", story.language).member("purpose", story.purpose);
  out.member("incident", story.incident).member("kind", story.kind);
  out.member("brand", story.brand).member("brand_name", story.brand_name).member("reference", story.reference);
  out.key("epoch").integer(story.epoch).key("seq").integer(story.seq).key("severity").integer(story.severity);
  out.member("tone", to_text(story.tone));
  if (story.opened != Time{}) out.member("opened", format_rfc3339(story.opened));
  out.member("now", format_rfc3339(story.now));
  if (story.ended) out.member("ended", format_rfc3339(*story.ended));
  out.key("quotes_shown").boolean(story.quotes_shown);
  write_words(out, story);
  write_lists(out, story);
  out.key("usual_hourly").number(story.usual_hourly);
  return out.end_object().take();
}

}  // namespace vigie
