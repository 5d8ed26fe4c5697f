// A brand's wall as a list of reviews, newest first.

#include <algorithm>

#include "base/text.h"
#include "config/names.h"
#include "store/reviews.h"
#include "wall/elsewhere.h"
#include "wall/json_ld.h"
#include "wall/pages.h"
#include "wall/review_item.h"
#include "wall/review_page.h"
#include "wall/summary.h"

namespace vigie {
namespace {

// What may be chosen on this wall.
struct Choices {
  std::vector<std::string> languages{};
  std::vector<const SurveySettings*> surveys{};
};

Result<Choices> choices_of(const WallView& view, Store& store) {
  Choices choices;
  TRY(choices.languages, store.reviews().languages(view.brand.id));
  for (const SurveySettings& survey : view.settings.surveys) {
    if (survey.brand == view.brand.id && survey.wall) choices.surveys.push_back(&survey);
  }
  return choices;
}

// Chosen values that this wall does not have are dropped.
void forget_unknown(WallAddress& address, const Choices& choices) {
  const auto& languages = choices.languages;
  if (std::find(languages.begin(), languages.end(), address.written) == languages.end()) address.written.clear();
  const bool known = std::any_of(choices.surveys.begin(), choices.surveys.end(),
                                 [&](const SurveySettings* survey) { return survey->id == address.survey; });
  if (!known) address.survey.clear();
}

struct Listing {
  std::vector<Review> reviews{};
  int page = 1, pages = 1;
};

Result<Listing> list_reviews(const WallView& view, const WallAddress& address, Store& store) {
  ReviewFilter filter;
  filter.brand = view.brand.id;
  filter.shown = true;
  filter.rating = address.rating;
  if (address.rating) {
    filter.scale = address.scale.empty() ? std::string(tlog::kStars) : address.scale;
    const bool open = filter.scale.starts_with(tlog::kOpenAnswers);
    if (open) filter.scale.erase(0, tlog::kOpenAnswers.size());
    (open ? filter.origin : filter.not_origin) = "qr";
  }
  filter.lang = address.written;
  filter.survey = address.survey;
  filter.limit = kReviewsAPage;
  TRY(const std::int64_t count, store.reviews().count(filter));
  Listing listing;
  listing.pages = static_cast<int>(std::max<std::int64_t>(1, (count + kReviewsAPage - 1) / kReviewsAPage));
  listing.page = std::min(address.page, listing.pages);
  filter.offset = (listing.page - 1) * kReviewsAPage;
  TRY(listing.reviews, store.reviews().reviews(filter));
  return listing;
}

void write_choice(json::Writer& out, const std::string& name, const WallAddress& address, bool chosen) {
  out.begin_object().member("name", name).member("href", concat(address.text(), "#reviews"));
  out.key("chosen").boolean(chosen).end_object();
}

// Two surveys may have one subject: what each measures tells them apart, unless the brand named them.
std::string name_of(const SurveySettings& survey, const Wording& w) {
  if (!survey.name.empty()) return survey_name(survey);
  return concat(survey_name(survey), " (", w.name("measures", to_text(survey.measure)), ")");
}

// A row of links; nothing where there is nothing to choose between.
void write_choices(json::Writer& out, const WallView& view, const WallAddress& address, const Choices& choices) {
  const Wording& w = view.wording;
  out.key("choices").begin_array();
  if (choices.languages.size() > 1) {
    out.begin_object().member("label", w.say("written_in")).key("links").begin_array();
    for (const std::string& language : choices.languages) {
      WallAddress other = address;
      other.written = language;
      other.page = 1;
      write_choice(out, w.name("language_names", language), other, language == address.written);
    }
    out.end_array().end_object();
  }
  if (choices.surveys.size() > 1) {
    out.begin_object().member("label", w.say("asked_in")).key("links").begin_array();
    for (const SurveySettings* survey : choices.surveys) {
      WallAddress other = address;
      other.survey = survey->id;
      other.page = 1;
      write_choice(out, name_of(*survey, w), other, survey->id == address.survey);
    }
    out.end_array().end_object();
  }
  out.end_array();
}

std::string filter_sentence(const WallView& view, const WallAddress& address, const Choices& choices) {
  const Wording& w = view.wording;
  if (!address.filtered()) return "";
  std::string what;
  const auto add = [&](const std::string& part) { what += concat(what.empty() ? "" : ", ", part); };
  if (address.rating) {
    add(address.scale.empty() ? w.count("stars", *address.rating) : rating_label(w, address.scale, address.rating));
  }
  if (!address.written.empty()) add(w.name("language_names", address.written));
  for (const SurveySettings* survey : choices.surveys) {
    if (survey->id == address.survey) add(w.say("of_survey", {{"survey", name_of(*survey, w)}}));
  }
  return w.say("filtered", {{"what", what}});
}

void write_listing(json::Writer& out, const WallView& view, const WallAddress& address, const Choices& choices,
                   const Listing& listing, const Frame& frame) {
  const Wording& w = view.wording;
  const std::string filter = filter_sentence(view, address, choices);
  out.member_if("filter", filter).member("show_all", concat(view.plain().text(), "#reviews"));
  if (listing.reviews.empty()) out.member("empty", w.say(filter.empty() ? "empty" : "empty_filter"));
  if (listing.pages < 2) return;
  out.key("pager").begin_object().member_if("newer", frame.newer).member_if("older", frame.older);
  out.member("place", w.say("page_of", {{"page", w.number(listing.page)}, {"pages", w.number(listing.pages)}}))
      .end_object();
}

Frame frame_of(const WallView& view, const WallAddress& address, const Listing& listing) {
  const Wording& w = view.wording;
  Frame frame;
  WallAddress here = address;
  here.page = listing.page;
  const std::string page = w.number(listing.page);
  frame.title = listing.page > 1 ? w.say("title_page", {{"brand", view.brand.name}, {"page", page}})
                                 : w.say("title", {{"brand", view.brand.name}});
  frame.languages = in_each_language([&](std::string_view language) {
    here.lang = language;
    return view.absolute(here.text());
  });
  here.lang = w.language();
  frame.canonical = view.absolute(here.text());
  frame.feed = view.below("feed.atom");
  frame.embed = concat("/oembed?url=", url_encode(frame.canonical));
  const auto page_address = [&](int number) {
    WallAddress other = here;
    other.page = number;
    return other.text();
  };
  if (listing.page > 1) frame.newer = page_address(listing.page - 1);
  if (listing.page < listing.pages) frame.older = page_address(listing.page + 1);
  // A search engine should know the whole wall, not a selection of it.
  frame.indexed = !address.filtered();
  return frame;
}

Result<std::string> filled_reviews(const WallView& view, const std::vector<Review>& reviews, Store& store) {
  json::Writer data;
  data.begin_object().key("t").value(view.wording.catalogue()).key("reviews").begin_array();
  for (const Review& review : reviews) {
    TRY(const Beside beside, beside_of(view, store, review));
    write_review(data, view, review, beside);
  }
  data.end_array().end_object();
  return fill_template("wall/assets/review.mustache", data);
}

}  // namespace

Result<Page> wall_page(const WallView& view, WallAddress address, Store& store, const tlog::Quorum& quorum) {
  if (address.review > 0) return review_page(view, address.review, store);
  const Wording& w = view.wording;
  TRY(const Choices choices, choices_of(view, store));
  forget_unknown(address, choices);
  TRY(const WallStanding standing, wall_standing(store, view.brand.id));
  TRY(const ProofState proof, proof_state(store, view.brand.id, quorum));
  TRY(const Completeness complete, completeness(store, view.brand.id, standing, view.now));
  TRY(const Listing listing, list_reviews(view, address, store));
  Frame frame = frame_of(view, address, listing);
  if (!address.filtered()) frame.json_ld = json_ld(view, standing, listing.reviews);
  TRY(const std::string reviews, filled_reviews(view, listing.reviews, store));

  json::Writer data;
  data.begin_object().key("t").value(w.catalogue());
  write_head(data, view);
  write_summary(data, view, standing, proof, complete, address);
  write_choices(data, view, address, choices);
  write_listing(data, view, address, choices, listing, frame);
  TRY(write_said(data, view, store));
  TRY(write_elsewhere(data, view, store));
  data.member("reviews", reviews).member("feed", frame.feed).end_object();
  TRY(const std::string body, fill_template("wall/assets/wall.mustache", data));
  TRY(std::string html, framed(frame, body, w));
  return Page{200, std::move(html)};
}

}  // namespace vigie
