#include "alerts/chat_layout.h"

#include <algorithm>
#include <array>

#include "alerts/digest.h"
#include "base/result.h"

namespace vigie {
namespace {

// Code points. What tell() gives is shorter; what an operator named or a stranger wrote may be longer.
constexpr std::size_t kMark = 4, kTitle = 80, kButton = 35, kLabel = 40, kShort = 100, kText = 150, kLine = 250;
constexpr std::size_t kTitleUnits = 140;  // of UTF-16, made inert: headers take 150
constexpr std::size_t kRows = 30, kRising = 5, kQuotes = 3, kFooter = 3, kLinks = 8;
constexpr std::size_t kQuoteUrl = 600;

std::string tidy(std::string_view text, std::size_t most) { return cut(one_line(text.substr(0, 16u << 10)), most); }

// All of emoji, a title is twice as long to those who count in UTF-16.
std::string tidy_title(std::string_view text) {
  std::string title = tidy(text, kTitle);
  for (std::size_t count = kTitle; utf16_units(escaped(Markup::plain, title)) > kTitleUnits; count -= 5)
    title = cut(title, count);
  return title;
}

void tidy_all(std::vector<std::string>& lines, std::size_t count, std::size_t most) {
  if (lines.size() > count) lines.resize(count);
  for (std::string& line : lines) line = tidy(line, most);
  std::erase(lines, "");
}

// Its words may be cut; its address is whole, or left out.
std::string tidy_linked(const Story& story, std::string_view line) {
  const DigestLine linked = part_line(story, line);
  if (linked.url.empty()) return tidy(line, kShort);
  const std::string url = web_link(linked.url, kQuoteUrl);
  return concat(tidy(linked.words, kText), url.empty() ? "" : " ", url);
}

template <class T>
void keep(std::vector<T>& list, std::size_t count) {
  if (list.size() > count) list.resize(count);
}

void shorten_quotes(Story& story) {
  for (Story::Quote& quote : story.quotes) {
    quote.text = cut(quote.text, 80);
    quote.by = cut(quote.by, 60);
    quote.url.clear();
  }
}

using Cut = void (*)(Story&);
constexpr std::array kCuts = std::to_array<Cut>({
    [](Story& s) { s.footer.clear(); },
    [](Story& s) { s.sparkline.clear(); },
    [](Story& s) { s.weight.clear(); },
    shorten_quotes,
    [](Story& s) { keep(s.quotes, 2); },
    [](Story& s) { keep(s.quotes, 1); },
    [](Story& s) { keep(s.quotes, 0); },
    [](Story& s) { keep(s.rising, 3); },
    [](Story& s) { keep(s.rising, 0); },
    [](Story& s) { keep(s.rows, 20); },
    [](Story& s) { keep(s.rows, 10); },
    [](Story& s) { keep(s.rows, 4); },
    [](Story& s) { keep(s.rows, 0); },
    [](Story& s) { s.late.clear(); },
    [](Story& s) { s.next = cut(s.next, kShort); },
    [](Story& s) { s.next.clear(); },
    [](Story& s) { s.changed = cut(s.changed, kShort); },
    [](Story& s) { keep(s.links, 2); },
    [](Story& s) { s.changed.clear(); },
    [](Story& s) { keep(s.links, 0); },
    [](Story& s) { s.since.clear(); },
    [](Story& s) { s.badge.clear(); },
    [](Story& s) { s.lead.clear(); },
    [](Story& s) { s.title = cut(s.title, kLabel); },
    [](Story& s) { s.title = cut(s.title, 20); },
});

// The table of a long message: where a chat has no other figures.
bool tells_rows(const Story& story) {
  for (const std::string_view purpose : {"digest", "budget", "resolved", "over"}) {
    if (story.purpose == purpose) return true;
  }
  return false;
}

std::string_view colon(const Story& story) { return story.language == "fr" ? "\u00a0: " : ": "; }

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out.append(between);
    out.append(part);
  }
  return out;
}

std::string titled(std::string_view title, std::string_view text, const Story& story, Markup markup) {
  if (text.empty() || title.empty()) return std::string(text);
  return concat(bold(markup, title), colon(story), text);
}

std::string rising_line(const Story& story, Markup markup) {
  std::vector<std::string> parts;
  for (const std::string& one : story.rising) {
    const DigestLine linked = part_line(story, one);
    parts.push_back(linked.url.empty() ? escaped(markup, one) : link(markup, linked.words, linked.url));
  }
  return titled(story.rising_title, joined(parts, " · "), story, markup);
}

std::string quote_line(const Story::Quote& quote, Markup markup) {
  const std::string by =
      joined({escaped(markup, quote.by), quote.url.empty() ? "" : link(markup, quote.see, quote.url)}, " · ");
  return joined({escaped(markup, quote.text), by}, " — ");
}

}  // namespace

Story for_chat(const Story& story) {
  Story out = story;
  out.mark = tidy(story.mark, kMark);
  out.title = tidy_title(story.title);
  if (out.title.empty()) out.title = "vigie";  // some chats refuse a message without a headline
  for (std::string* text : {&out.badge, &out.rising_title, &out.quotes_title}) *text = tidy(*text, kShort);
  for (std::string* text : {&out.lead, &out.since, &out.weight, &out.late, &out.changed, &out.next})
    *text = tidy(*text, kLine);
  out.reference = tidy(story.reference, kLabel);
  out.sparkline = tidy(story.sparkline, kLabel);
  keep(out.rising, kRising);
  for (std::string& line : out.rising) line = tidy_linked(story, line);
  std::erase(out.rising, "");
  tidy_all(out.footer, kFooter, kText);

  if (!tells_rows(story)) out.rows.clear();
  keep(out.rows, kRows);
  for (Story::Row& row : out.rows) row = {tidy(row.label, kLabel), tidy(row.value, kText)};

  keep(out.quotes, kQuotes);
  for (Story::Quote& quote : out.quotes)
    quote = {tidy(quote.text, kText), tidy(quote.by, kShort), tidy(quote.see, kLabel), web_link(quote.url, kQuoteUrl)};
  std::erase_if(out.quotes, [](const Story::Quote& quote) { return quote.text.empty() && quote.url.empty(); });

  keep(out.links, kLinks);
  for (Story::Link& one : out.links) one = {one.kind, tidy(one.label, kButton), web_link(one.url)};
  std::erase_if(out.links, [](const Story::Link& one) { return one.url.empty() || one.label.empty(); });
  return out;
}

Story fitted(const Story& story, const std::function<bool(const Story&)>& fits) {
  Story out = for_chat(story);
  for (const Cut cut_more : kCuts) {
    if (fits(out)) return out;
    cut_more(out);
  }
  return out;
}

std::string headline_of(const Story& story) { return joined({story.mark, escaped(Markup::plain, story.title)}, " "); }

ChatLines lines_of(const Story& story, Markup markup) {
  ChatLines out;
  out.headline = joined({story.mark, escaped(markup, story.title)}, " ");
  out.badge = escaped(markup, story.badge);
  out.summary =
      joined({joined({escaped(markup, story.lead), escaped(markup, story.since)}, " · "), story.sparkline}, " ");
  out.summary = joined({out.summary, escaped(markup, story.weight)}, " · ");
  out.changed = escaped(markup, story.changed);
  out.late = escaped(markup, story.late);
  for (const Story::Row& row : story.rows)
    out.rows.push_back(titled(row.label, escaped(markup, row.value), story, markup));
  out.rising = rising_line(story, markup);
  if (!story.quotes.empty()) out.quotes_title = escaped(markup, story.quotes_title);
  for (const Story::Quote& quote : story.quotes) out.quotes.push_back(quote_line(quote, markup));
  out.next = bold(markup, story.next);
  std::vector<std::string> actions;
  for (const Story::Link* one : buttons(story, kLinks)) actions.push_back(link(markup, one->label, one->url));
  out.actions = joined(actions, " · ");
  const bool named = !story.footer.empty() && story.footer.front().find(story.reference) != std::string::npos;
  std::vector<std::string> footer = {named ? "" : escaped(markup, story.reference)};
  for (const std::string& line : story.footer) footer.push_back(escaped(markup, line));
  out.footer = joined(footer, " · ");
  return out;
}

std::string body_of(const ChatLines& lines, const QuoteMarks& marks, std::string_view line_end) {
  // In HTML a quotation is a block: a line end beside it would be an empty line.
  const bool block = line_end == "<br>" && !lines.quotes.empty();
  std::vector<std::string> quotes;
  for (const std::string& quote : lines.quotes) quotes.push_back(concat(marks.open, quote, marks.close));
  const std::string gap = concat(line_end, line_end);
  const std::string above = joined({joined({lines.badge, lines.summary, lines.changed, lines.late}, line_end),
                                    joined(lines.rows, line_end), lines.rising, block ? lines.quotes_title : ""},
                                   gap);
  const std::string said =
      block ? joined(quotes, "") : joined({lines.quotes_title, joined(quotes, line_end)}, line_end);
  const std::string below = joined({lines.next, lines.actions, lines.footer}, gap);
  if (block) return joined({concat(above, said), below}, line_end);
  return joined({above, said, below}, gap);
}

std::vector<const Story::Link*> buttons(const Story& story, std::size_t most) {
  std::vector<const Story::Link*> out;
  for (const Story::Link& one : story.links) {
    const bool of_one_reader = one.kind == "unsubscribe" || one.kind == "why";
    if (!of_one_reader && one.kind != "wall" && out.size() < most) out.push_back(&one);
  }
  return out;
}

int colour_of(Story::Tone tone) {
  switch (tone) {
    case Story::Tone::neutral: return 0x6B7280;
    case Story::Tone::info: return 0x2563EB;
    case Story::Tone::warning: return 0xD97706;
    case Story::Tone::high: return 0xDC2626;
    case Story::Tone::critical: return 0x991B1B;
    case Story::Tone::good: return 0x15803D;
  }
  return 0x6B7280;
}

}  // namespace vigie
