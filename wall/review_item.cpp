#include "wall/review_item.h"

#include <algorithm>

#include "base/graphemes.h"
#include "config/names.h"
#include "wall/public_time.h"
#include "wall/score.h"

namespace vigie {
namespace {

constexpr std::string_view kStars = "1-5";
// What a reader should know of. The other marks led a person to look and say nothing about the review.
constexpr std::string_view kShownMarks[] = {"bot", "burst", "duplicate"};

bool is_masked(const ReviewVersion& version, ReviewField field) { return (version.masked & (1u << field)) != 0; }

void write_time(json::Writer& out, std::string_view key, std::string_view sentence, Time time) {
  out.key(key).begin_object().member("text", sentence).member("iso", public_day(time)).end_object();
}

// Stars on the scale of stars alone; another scale is told as it was answered.
void write_rating(json::Writer& out, const Wording& w, const std::string& scale, const ReviewVersion& version) {
  if (!version.rating) return;
  out.key("rating").begin_object().member("label", rating_label(w, scale, version.rating));
  if (scale == kStars) {
    std::string on, off;
    for (std::int64_t i = 1; i <= 5; ++i) (i <= *version.rating ? on : off) += i <= *version.rating ? "★" : "☆";
    out.key("stars").begin_object().member("on", on).member("off", off).end_object();
  }
  out.end_object();
}

// "2026-11-03" and "2026-11" in words; another wording stands as its author gave it.
std::string when_in_words(const Wording& w, const std::string& when) {
  if (when.size() == 7) {
    if (const auto day = parse_rfc3339(concat(when, "-01T00:00:00Z"))) return w.month(*day);
  }
  if (when.size() == 10) {
    if (const auto day = parse_rfc3339(concat(when, "T00:00:00Z"))) return w.date(*day);
  }
  return displayable(when);
}

std::string experience(const Wording& w, const ReviewVersion& version) {
  if (is_masked(version, kWhen)) return w.say("experience_masked");
  const std::string& when = version.values[kWhen];
  return when.empty() ? w.say("experience_unknown") : w.say("experience", {{"date", when_in_words(w, when)}});
}

std::string collected(const WallView& view, const Review& review) {
  const Wording& w = view.wording;
  if (review.channel == "import")
    return w.say("collected.import", {{"source", displayable(source_name(view.settings, review.source))}});
  const std::string exact = concat(review.origin, "-", review.channel);
  const std::string name = w.name("collected", exact);
  return name == exact ? w.name("collected", review.origin) : name;
}

std::string shown_author(const Wording& w, const ReviewVersion& version) {
  if (is_masked(version, kAuthor)) return w.say("author_masked");
  const std::string author = public_author(version);
  return author.empty() ? w.say("anonymous") : author;
}

// What is said of a version where its words would be: of a masked one, and of one without words.
void write_text(json::Writer& out, const Wording& w, const ReviewVersion& version) {
  const std::string text = public_text(version);
  out.member_if("text", text);
  if (is_masked(version, kText)) {
    out.member("masked", w.say(text.empty() ? "masked_whole" : "masked_part"));
  } else if (text.empty()) {
    out.member("wordless", w.say("no_text"));
  }
}

// The wordings it had before the one shown.
void write_versions(json::Writer& out, const WallView& view, const Review& review, const ReviewVersion& shown) {
  const Wording& w = view.wording;
  std::vector<const ReviewVersion*> older;
  for (const ReviewVersion& version : review.versions) {
    if (version.leaf < shown.leaf) older.push_back(&version);
  }
  if (older.empty()) return;
  write_time(out, "modified", w.say("modified", {{"date", w.date(shown.at)}}), shown.at);
  out.key("versions").begin_object();
  out.member("summary", w.count("older_versions", static_cast<std::int64_t>(older.size())));
  out.key("list").begin_array();
  for (const ReviewVersion* version : older) {
    out.begin_object();
    write_time(out, "at", w.say("version_of", {{"date", w.date(version->at)}}), version->at);
    if (version->state == ReviewState::published) {
      write_rating(out, w, review.scale, *version);
      write_text(out, w, *version);
    } else {
      out.member("withheld",
                 w.say(concat("version_", to_text(version->state)), {{"reason", w.name("codes", version->code)}}));
    }
    out.end_object();
  }
  out.end_array().end_object();
}

void write_flags(json::Writer& out, const WallView& view, const Review& review) {
  const Wording& w = view.wording;
  out.member("collected", collected(view, review));
  out.key("verified").begin_object().member("kind", review.verified);
  out.key("checked")
      .boolean(review.verified != "none")
      .member("text", w.name("verified", review.verified))
      .end_object();
  if (review.incentive != "none")
    out.member("incentive", w.say("incentive", {{"what", displayable(review.incentive)}}));
  out.key("marks").begin_array();
  for (const std::string_view mark : kShownMarks) {
    if (std::find(review.marks.begin(), review.marks.end(), mark) == review.marks.end()) continue;
    out.begin_object().member("kind", mark).member("text", w.name("marks", mark)).end_object();
  }
  out.end_array();
}

}  // namespace

std::string public_text(const ReviewVersion& version) {
  return displayable(is_masked(version, kText) ? version.masked_text : version.values[kText]);
}

std::string public_author(const ReviewVersion& version) {
  return is_masked(version, kAuthor) ? "" : displayable(version.values[kAuthor]);
}

Time first_published(const Review& review) {
  std::optional<Time> first;
  for (const ReviewVersion& version : review.versions) {
    if (version.published && (!first || *version.published < *first)) first = version.published;
  }
  return first.value_or(review.received);
}

std::string rating_label(const Wording& w, const std::string& scale, const std::optional<std::int64_t>& rating) {
  const auto ends = scale_from(scale);
  if (!rating || !ends) return "";
  return w.say("rating_of", {{"value", w.number(*rating)}, {"max", w.number(ends->most)}});
}

void write_review(json::Writer& out, const WallView& view, const Review& review, const Beside& beside) {
  const Wording& w = view.wording;
  const ReviewVersion& shown = *review.shown();
  const std::string leaf = std::to_string(review.leaf);
  const std::string author = shown_author(w, shown);
  const Time published = first_published(review);

  out.begin_object().member("leaf", leaf).member("author", author);
  write_rating(out, w, review.scale, shown);
  if (!review.lang.empty() && review.lang != w.language()) out.member("lang", review.lang);
  write_text(out, w, shown);
  write_time(out, "published", w.say("published_on", {{"date", w.date(published)}}), published);
  out.member("experience", experience(w, shown));
  write_flags(out, view, review);
  write_versions(out, view, review, shown);
  write_beside(out, view, beside);
  out.member("permalink", view.review(review.leaf));
  out.member("report", view.below(concat("report/", leaf)));
  out.member("verify", concat(view.below("verify"), "#review=", leaf));
  const std::string of = w.say("of_review", {{"author", author}, {"number", leaf}});
  out.member("of", of).end_object();
}

namespace {

// Who did it, for a reader. An erasure says why it was made: whoever holds the private page needs no secret for one.
std::string by_whom(const Wording& w, const ReviewAct& act) {
  if (act.act == "erase") {
    if (act.code == "retention") return w.say("by.auto");
    if (act.code == "court") return w.say("by.court");
    if (act.by == "author") return w.say("by.self_proved");
    return w.say(act.who.empty() ? "by.self" : "by.human");
  }
  return act.by == "author" ? "" : w.say(concat("by.", act.by));
}

}  // namespace

void write_history(json::Writer& out, const WallView& view, const Review& review, const std::vector<ReviewAct>& acts) {
  const Wording& w = view.wording;
  out.key("history").begin_array();
  const auto line = [&](Time at, const std::string& what, std::int64_t leaf) {
    out.begin_object().member("iso", public_day(at)).member("date", w.date(at)).member("what", what);
    out.member("entry", w.say("entry", {{"number", w.number(leaf)}})).end_object();
  };
  line(review.received, w.say("acts.received"), review.leaf);
  for (const ReviewAct& act : acts) {
    std::string what = w.name("acts", act.act);
    if (const std::string by = by_whom(w, act); !by.empty()) what = concat(what, ", ", by);
    if (!act.code.empty() && act.act != "erase") what = concat(what, w.say("colon"), w.name("codes", act.code));
    line(act.at, what, act.leaf);
  }
  out.end_array();
}

}  // namespace vigie
