#include "wall/review_page.h"

#include "store/moderation.h"
#include "store/reviews.h"
#include "wall/review_item.h"
#include "wall/summary.h"

namespace vigie {
namespace {

Frame frame_of(const WallView& view, std::int64_t leaf) {
  const Wording& w = view.wording;
  Frame frame;
  frame.title = w.say("title_review", {{"brand", view.brand.name}, {"number", std::to_string(leaf)}});
  WallAddress here = view.plain();
  here.review = leaf;
  frame.canonical = view.absolute(here.text());
  frame.languages = in_each_language([&](std::string_view language) {
    here.lang = language;
    return view.absolute(here.text());
  });
  return frame;
}

// When what the page tells of happened: the last act of that name, else the receipt.
Time time_of(const Review& review, const std::vector<ReviewAct>& acts, std::string_view act) {
  Time at = review.received;
  for (const ReviewAct& one : acts) {
    if (one.act == act) at = one.at;
  }
  return at;
}

// Whether its author has a way to know: a message, or the page behind the receipt. A collected review has neither.
Result<bool> is_told(const Review& review, Store& store) {
  TRY(const std::string how, store.moderation().how_told(review.id));
  return how.empty() ? !review.receipt.empty() || !review.contact.empty() : how != "nobody";
}

// What is said instead of a review that is not shown.
std::string what_became(const WallView& view, const Review& review, const std::vector<ReviewAct>& acts, bool told) {
  const Wording& w = view.wording;
  const ReviewVersion& last = review.newest();
  const std::string reason = w.name("codes", last.code);
  switch (review.state) {
    case ReviewState::refused:
      return w.say(told ? "became.refused" : "became.refused_untold",
                   {{"date", w.date(time_of(review, acts, "refuse"))}, {"reason", reason}});
    case ReviewState::hidden:
      return w.say("became.hidden", {{"date", w.date(time_of(review, acts, "hide"))}, {"reason", reason}});
    case ReviewState::withdrawn:
      return w.say("became.withdrawn", {{"date", w.date(time_of(review, acts, "withdraw"))}});
    case ReviewState::erased: return w.say("became.erased", {{"date", w.date(time_of(review, acts, "erase"))}});
    case ReviewState::expired:
      return w.say("became.expired",
                   {{"date", w.date(time_of(review, acts, "erase"))}, {"keep", announced(w, view.settings.wall.keep)}});
    default: return w.say("became.waiting", {{"date", w.date(last.deadline)}});
  }
}

Result<std::string> shown_html(const WallView& view, const Review& review, Store& store) {
  TRY(const Beside beside, beside_of(view, store, review));
  json::Writer data;
  data.begin_object().key("t").value(view.wording.catalogue()).key("alone").boolean(true).key("reviews").begin_array();
  write_review(data, view, review, beside);
  data.end_array().end_object();
  return fill_template("wall/assets/review.mustache", data);
}

}  // namespace

void write_head(json::Writer& out, const WallView& view) {
  const Wording& w = view.wording;
  const WallSettings& wall = view.settings.wall;
  const std::string organisation = view.organisation();
  out.member("heading", w.say("heading", {{"brand", view.brand.name}}));
  out.member("run_by", organisation == view.brand.name
                           ? w.say("run_by_itself", {{"organisation", organisation}})
                           : w.say("run_by", {{"organisation", organisation}, {"brand", view.brand.name}}));
  out.member("control", w.say(wall.hold_marked ? "control_before" : "control_after",
                              {{"span", announced(w, wall.decide_within)}}));
  // In full: a copy of the wall on another site has no form of its own.
  out.member("write", view.absolute(view.below("write")));
  out.member("method", view.below("method")).member("wall", view.plain().text());
}

Result<Page> review_page(const WallView& view, std::int64_t leaf, Store& store) {
  const Wording& w = view.wording;
  TRY(const std::optional<Review> review, store.reviews().review_at(view.brand.id, leaf));
  if (!review) {
    TRY(std::string html, message_page("not_found_title", "not_found_review", w));
    return Page{404, std::move(html)};
  }
  TRY(const std::vector<ReviewAct> acts, store.reviews().acts(review->id));
  Frame frame = frame_of(view, leaf);
  json::Writer data;
  data.begin_object().key("t").value(w.catalogue());
  write_head(data, view);
  data.member("number", w.say("review_number", {{"number", std::to_string(leaf)}}));
  if (review->shown() != nullptr) {
    TRY(const std::string shown, shown_html(view, *review, store));
    data.member("review", shown);
  } else {
    frame.indexed = false;
    TRY(const bool told, is_told(*review, store));
    data.member("became", what_became(view, *review, acts, told)).member("state", to_text(review->state));
  }
  write_history(data, view, *review, acts);
  data.end_object();
  TRY(const std::string body, fill_template("wall/assets/one.mustache", data));
  TRY(std::string html, framed(frame, body, w));
  return Page{is_over(review->state) ? 410 : 200, std::move(html)};
}

}  // namespace vigie
