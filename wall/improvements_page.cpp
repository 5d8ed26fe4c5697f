#include "wall/improvements_page.h"

#include <algorithm>

#include "base/graphemes.h"
#include "store/moderation.h"
#include "wall/effect_words.h"
#include "wall/public_time.h"
#include "wall/replies.h"

namespace vigie {
namespace {

std::string page_address(const WallView& view, std::string_view language, int number) {
  return concat(below_wall(view.brand.id, "improvements", language),
                number > 1 ? concat("&page=", std::to_string(number)) : "");
}

std::string anchor_of(const Improvement& improvement) {
  return concat("improvement-", std::to_string(improvement.leaf));
}

struct Catalogues {
  const Wording& wall;
  Wording effects;  // "moderation", whose sentences tell authors the same
  Wording themes;   // "alerts"
};

std::string theme_in_words(const Catalogues& words, const std::string& theme) {
  std::string name = words.themes.name("themes", theme);
  // One that the configuration declares has no name but its id.
  if (name == theme) std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

void write_reviews(json::Writer& out, const WallView& view, const Improvement& improvement) {
  out.member("because", view.wording.count("made.because", static_cast<std::int64_t>(improvement.refs.size())));
  out.key("reviews").begin_array();
  for (const std::int64_t ref : improvement.refs) {
    out.begin_object().member("href", view.review(ref));
    out.member("name", view.wording.say("review_number", {{"number", std::to_string(ref)}})).end_object();
  }
  out.end_array();
}

void write_steps(json::Writer& out, const WallView& view, const Improvement& improvement) {
  const Wording& w = view.wording;
  out.key("steps").begin_array();
  for (const ImprovementStep& step : improvement.steps) {
    const std::string& said = step.fields.values[kText];
    const std::size_t title_end = said.find('\n');
    out.begin_object().member("iso", public_day(step.at));
    out.member("what", w.say(concat("made.", to_text(step.state)), {{"date", w.date(step.at)}}));
    out.member("entry", w.say("entry", {{"number", w.number(step.leaf)}}));
    if (title_end != std::string::npos) out.member("words", displayable(said.substr(title_end + 1)));
    out.end_object();
  }
  out.end_array();
}

void write_one(json::Writer& out, const WallView& view, const Catalogues& words, const Improvement& improvement) {
  const Wording& w = view.wording;
  out.begin_object().member("anchor", anchor_of(improvement)).member("title", displayable(improvement.title()));
  out.member("state", to_text(improvement.state));
  out.member("status", w.name("improvement_states", to_text(improvement.state)));
  if (is_public_link(improvement.link())) out.member("link", improvement.link());
  write_reviews(out, view, improvement);
  write_steps(out, view, improvement);
  const std::vector<std::string> effect =
      effect_in_words(improvement, theme_in_words(words, improvement.theme), words.effects);
  if (!effect.empty()) {
    out.key("measured").begin_object().key("lines").begin_array();
    for (const std::string& line : effect) out.string(line);
    out.end_array().end_object();
  }
  out.end_object();
}

Frame frame_of(const WallView& view, int number, int pages) {
  const Wording& w = view.wording;
  const std::string page = w.number(number);
  Frame frame;
  frame.title = number > 1 ? w.say("made.title_page", {{"brand", view.brand.name}, {"page", page}})
                           : w.say("made.title", {{"brand", view.brand.name}});
  frame.languages = in_each_language(
      [&](std::string_view language) { return view.absolute(page_address(view, language, number)); });
  frame.canonical = view.absolute(page_address(view, w.language(), number));
  if (number > 1) frame.newer = page_address(view, w.language(), number - 1);
  if (number < pages) frame.older = page_address(view, w.language(), number + 1);
  return frame;
}

int pages_for(std::int64_t count) {
  return static_cast<int>(std::max<std::int64_t>(1, (count + kImprovementsAPage - 1) / kImprovementsAPage));
}

}  // namespace

Result<Page> improvements_page(const WallView& view, int number, Store& store) {
  const Wording& w = view.wording;
  TRY(const std::int64_t count, store.moderation().count_improvements(view.brand.id, 0));
  const int pages = pages_for(count), shown = std::min(number, pages);
  TRY(const std::vector<Improvement> all,
      store.moderation().improvements(view.brand.id, kImprovementsAPage, (shown - 1) * kImprovementsAPage));
  TRY(Wording effects, Wording::load("moderation", w.language()));
  TRY(Wording themes, Wording::load("alerts", w.language()));
  const Catalogues words{w, std::move(effects), std::move(themes)};
  const Frame frame = frame_of(view, shown, pages);

  json::Writer data;
  data.begin_object().key("t").value(w.catalogue()).member("wall", view.plain().text());
  data.member("heading", w.say("made.heading", {{"brand", view.brand.name}}));
  if (all.empty()) data.member("empty", w.say("made.empty"));
  data.key("list").begin_array();
  for (const Improvement& one : all) write_one(data, view, words, one);
  data.end_array();
  if (pages > 1) {
    data.key("pager").begin_object().member_if("newer", frame.newer).member_if("older", frame.older);
    data.member("place", w.say("page_of", {{"page", w.number(shown)}, {"pages", w.number(pages)}})).end_object();
  }
  data.end_object();
  TRY(const std::string body, fill_template("wall/assets/improvements.mustache", data));
  TRY(std::string html, framed(frame, body, w));
  return Page{200, std::move(html)};
}

Result<std::string> improvement_address(const WallView& view, const Improvement& improvement, Store& store) {
  TRY(const std::int64_t newer, store.moderation().count_improvements(view.brand.id, improvement.id));
  const int number = static_cast<int>(newer / kImprovementsAPage) + 1;
  return concat(page_address(view, view.wording.language(), number), "#", anchor_of(improvement));
}

}  // namespace vigie
