#include "wall/pages.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "wall/score.h"

namespace vigie {

const std::vector<Asset>& wall_assets() {
  static const std::vector<Asset> assets = {make_asset("wall/assets/wall.css", "text/css; charset=utf-8"),
                                            make_asset("wall/assets/icon.svg", "image/svg+xml")};
  return assets;
}

std::vector<std::string> wall_sources(const Settings& settings, std::string_view brand) {
  std::vector<std::string> ids;
  for (const SourceSettings& source : settings.sources) {
    if (source.wall && (source.brand.empty() || source.brand == brand)) ids.push_back(source.id);
  }
  return ids;
}

namespace {

// What stands around every page.
struct Frame {
  std::string title;
  std::string canonical;                                       // absolute, "" = none
  std::string newer, older;                                    // of the reviews before and after, "" = none
  std::vector<std::pair<std::string, std::string>> languages;  // language, address of the same page in it
  bool indexed = true;
};

Result<std::string> framed(const Frame& frame, std::string_view body, const Wording& wording) {
  json::Writer data;
  data.begin_object().key("t").value(wording.catalogue()).member("lang", wording.language());
  data.member("title", frame.title)
      .member_if("canonical", frame.canonical)
      .member_if("newer", frame.newer)
      .member_if("older", frame.older);
  data.member("style", wall_assets()[0].path).member("icon", wall_assets()[1].path);
  data.key("hidden").boolean(!frame.indexed);
  data.key("has_languages").boolean(!frame.languages.empty()).key("languages").begin_array();
  for (const auto& [language, href] : frame.languages) {
    data.begin_object().member("lang", language).member("href", href);
    data.member("name", language == "fr" ? "Français" : "English")
        .key("current")
        .boolean(language == wording.language())
        .end_object();
  }
  data.end_array().member("body", body).end_object();
  return fill_template("wall/assets/layout.mustache", data);
}

MentionFilter reviews_of(const BrandSettings& brand, std::vector<std::string> sources) {
  MentionFilter filter;
  filter.brand = brand.id;
  filter.reviews_only = true;
  filter.sources = std::move(sources);
  filter.by_event_time = true;
  filter.limit = kReviewsAPage;
  return filter;
}

// No source means no review: an empty list in a filter would mean all of them.
Result<RatingCounts> count_reviews(Store& store, const MentionFilter& filter) {
  if (filter.sources.empty()) return RatingCounts{};
  return store.rating_counts(filter);
}

// One wall being written: what its parts share.
struct Wall {
  const Settings& settings;
  const BrandSettings& brand;
  const WallAddress& address;
  const Wording& wording;
  Store& store;
  std::vector<std::string> sources;

  std::string organisation() const { return settings.organisation.empty() ? brand.name : settings.organisation; }
  WallAddress plain() const {
    WallAddress out;
    out.brand = brand.id;
    out.lang = wording.language();
    return out;
  }
};

void write_stars(json::Writer& out, double stars) {
  const int full = std::clamp(static_cast<int>(std::lround(stars)), 0, 5);
  std::string on, off;
  for (int i = 0; i < full; ++i) on += "★";
  for (int i = full; i < 5; ++i) off += "☆";
  out.member("on", on).member("off", off);
}

void write_histogram(json::Writer& out, const Wall& wall, const RatingCounts& counts) {
  const Wording& w = wall.wording;
  out.key("rows").begin_array();
  for (int stars = 5; stars >= 1; --stars) {
    const std::int64_t n = counts.stars[stars - 1];
    const double share = counts.rated > 0 ? static_cast<double>(n) / static_cast<double>(counts.rated) : 0;
    WallAddress filtered = wall.plain();
    filtered.stars = stars;
    out.begin_object()
        .member("stars", w.count("stars", stars))
        .member("count", w.number(n))
        .member("percent", w.percent(share));
    out.member("reviews", w.count("reviews_count", n)).member("width", std::to_string(std::lround(1000 * share)));
    out.member("href", concat(filtered.text(), "#reviews"))
        .key("chosen")
        .boolean(wall.address.stars == stars)
        .end_object();
  }
  out.end_array();
}

void write_summary(json::Writer& out, const Wall& wall, const RatingCounts& counts) {
  const Wording& w = wall.wording;
  if (const auto found = score(counts)) {
    out.key("score").begin_object().member("mean", w.decimal(found->mean, 1));
    out.member("label", w.say("mean_label", {{"mean", w.decimal(found->mean, 1)}}));
    out.member("fill", std::to_string(std::lround(found->mean * 20)));  // of a row of stars 100 wide
    out.member("interval", w.say("interval", {{"low", w.decimal(found->low, 2)}, {"high", w.decimal(found->high, 2)}}));
    out.member("rated", w.count("rated", counts.rated)).end_object();
  } else {
    out.member("too_few", w.count("too_few", counts.rated));
  }
  if (counts.oldest && counts.newest) {
    out.member("period", w.say("period", {{"oldest", w.date(*counts.oldest)}, {"newest", w.date(*counts.newest)}}));
  }
  out.key("has_ratings").boolean(counts.rated > 0);
  write_histogram(out, wall, counts);
}

Result<void> write_sources(json::Writer& out, const Wall& wall) {
  const Wording& w = wall.wording;
  out.member("where", wall.sources.empty() ? w.say("no_source")
                                           : w.count("where", static_cast<std::int64_t>(wall.sources.size())));
  out.key("sources").begin_array();
  for (const std::string& source : wall.sources) {
    TRY(const RatingCounts counts, wall.store.rating_counts(reviews_of(wall.brand, {source})));
    WallAddress filtered = wall.plain();
    filtered.source = source;
    out.begin_object().member("name", source).member("count", w.count("reviews_count", counts.reviews));
    out.member("href", concat(filtered.text(), "#reviews")).end_object();
  }
  out.end_array();
  return {};
}

void write_rating(json::Writer& out, const Rating& rating, const Wording& w) {
  const auto as_text = [&](double value) { return w.decimal(value, std::floor(value) == value ? 0 : 1); };
  out.key("rating").begin_object();
  write_stars(out, 1 + 4 * std::clamp(rating.fraction(), 0.0, 1.0));
  const bool five = rating.min == 1 && rating.max == 5;
  const std::string value = as_text(rating.value);
  out.member("label", five ? w.say("stars_of", {{"n", value}})
                           : w.say("stars_scale", {{"value", value}, {"max", as_text(rating.max)}}));
  out.end_object();
}

// The language a screen reader should speak the review in: as judged, as declared, or not known.
std::string language_of(const StoredMention& review) {
  if (!review.judgement.lang.empty() && review.judgement.lang != "other") return review.judgement.lang;
  return review.mention.lang;
}

std::string author_of(const StoredMention& review, const Wording& w) {
  const Author& author = review.mention.author;
  if (!author.name.empty()) return author.name;
  return author.handle.empty() ? w.say("anonymous") : author.handle;
}

void write_time(json::Writer& out, std::string_view key, std::string_view sentence, Time time) {
  out.key(key).begin_object().member("text", sentence).member("iso", format_rfc3339(time)).end_object();
}

void write_dates(json::Writer& out, const StoredMention& review, const Wording& w) {
  const Mention& m = review.mention;
  if (m.created) {
    write_time(out, "written", w.say("written", {{"date", w.date(*m.created)}}), *m.created);
  } else {
    out.member("undated", w.say("written_unknown"));
  }
  if (m.updated && m.created && *m.updated > *m.created) {
    write_time(out, "updated", w.say("updated", {{"date", w.date(*m.updated)}}), *m.updated);
  }
  write_time(out, "received", w.say("received", {{"date", w.date_time(review.ingested)}}), review.ingested);
}

void write_review(json::Writer& out, const Wall& wall, const StoredMention& review) {
  const Wording& w = wall.wording;
  const Mention& m = review.mention;
  const std::string author = author_of(review, w);
  const std::string day = w.date(review.event);
  WallAddress alone = wall.plain();
  alone.review = review.seq;

  out.begin_object().member("id", concat("review-", std::to_string(review.seq))).member_if("title", m.title);
  out.member_if("text", shorten(m.text, limits::kReviewCodePoints))
      .member_if("lang", language_of(review))
      .member("author", author);
  if (m.rating) write_rating(out, *m.rating, w);
  write_dates(out, review, w);
  out.member("source", w.say("source", {{"source", m.source}})).key("verified").boolean(m.verified.value_or(false));
  out.key("wordless").boolean(m.text.empty() && m.title.empty());
  if (m.reply) {
    out.key("reply").begin_object().member("from", w.say("reply", {{"brand", wall.brand.name}}));
    out.member("text", shorten(m.reply->text, limits::kReviewCodePoints));
    if (m.reply->created)
      write_time(out, "replied", w.say("replied", {{"date", w.date(*m.reply->created)}}), *m.reply->created);
    out.end_object();
  }
  out.member("permalink", alone.text())
      .member("permalink_label", w.say("permalink_label", {{"author", author}, {"date", day}}));
  out.end_object();
}

// The one review an address names, if it stands on this wall.
Result<std::vector<StoredMention>> one_review(const Wall& wall) {
  TRY(auto found, wall.store.mention(wall.address.review));
  const auto on_wall = [&](const StoredMention& review) {
    const bool source =
        std::find(wall.sources.begin(), wall.sources.end(), review.mention.source) != wall.sources.end();
    const bool brand = std::find(review.brands.begin(), review.brands.end(), wall.brand.id) != review.brands.end();
    return source && brand && !review.deleted && (review.mention.kind == "review" || review.mention.kind == "survey");
  };
  if (!found || !on_wall(*found)) return std::vector<StoredMention>{};
  return std::vector<StoredMention>{*std::move(found)};
}

struct Listing {
  std::vector<StoredMention> reviews;
  std::int64_t count = 0;
  int page = 1, pages = 1;
};

Result<Listing> list_reviews(const Wall& wall) {
  Listing listing;
  if (wall.sources.empty()) return listing;
  if (wall.address.review > 0) {
    TRY(listing.reviews, one_review(wall));
    listing.count = static_cast<std::int64_t>(listing.reviews.size());
    return listing;
  }
  MentionFilter filter =
      reviews_of(wall.brand, wall.address.source.empty() ? wall.sources : std::vector{wall.address.source});
  filter.stars = wall.address.stars;
  TRY(const RatingCounts counts, wall.store.rating_counts(filter));
  listing.count = counts.reviews;
  listing.pages = static_cast<int>(std::max<std::int64_t>(1, (counts.reviews + kReviewsAPage - 1) / kReviewsAPage));
  listing.page = std::min(wall.address.page, listing.pages);
  filter.offset = (listing.page - 1) * kReviewsAPage;
  TRY(listing.reviews, wall.store.mentions(filter));
  return listing;
}

std::string filter_sentence(const Wall& wall) {
  const Wording& w = wall.wording;
  if (wall.address.review > 0) return w.say("filtered_one");
  std::string out;
  if (wall.address.stars) out = w.say("filtered_stars", {{"stars", w.count("stars", *wall.address.stars)}});
  if (!wall.address.source.empty()) {
    out += concat(out.empty() ? "" : " ", w.say("filtered_source", {{"source", wall.address.source}}));
  }
  return out;
}

void write_listing(json::Writer& out, const Wall& wall, const Listing& listing, const Frame& frame) {
  const Wording& w = wall.wording;
  const std::string filter = filter_sentence(wall);
  out.member("count", w.count("reviews_count", listing.count))
      .member_if("filter", filter)
      .member("all", concat(wall.plain().text(), "#reviews"));
  if (listing.reviews.empty()) out.member("empty", w.say(filter.empty() ? "empty" : "empty_filter"));
  out.key("reviews").begin_array();
  for (const StoredMention& review : listing.reviews) write_review(out, wall, review);
  out.end_array();
  if (listing.pages < 2) return;
  out.key("pager").begin_object().member_if("newer", frame.newer).member_if("older", frame.older);
  out.member("place", w.say("page_of", {{"page", w.number(listing.page)}, {"pages", w.number(listing.pages)}}))
      .end_object();
}

Frame frame_of(const Wall& wall, const Listing& listing) {
  const Wording& w = wall.wording;
  Frame frame;
  WallAddress here = wall.address;
  here.page = listing.page;
  const std::string page = w.number(listing.page);
  frame.title = listing.page > 1 ? w.say("title_page", {{"brand", wall.brand.name}, {"page", page}})
                                 : w.say("title", {{"brand", wall.brand.name}});
  for (const std::string_view language : {"fr", "en"}) {
    here.lang = language;
    frame.languages.emplace_back(language, concat(wall.settings.serve.public_url, here.text()));
  }
  here.lang = w.language();
  frame.canonical = concat(wall.settings.serve.public_url, here.text());
  const auto page_address = [&](int number) {
    WallAddress other = here;
    other.page = number;
    return other.text();
  };
  if (listing.page > 1) frame.newer = page_address(listing.page - 1);
  if (listing.page < listing.pages) frame.older = page_address(listing.page + 1);
  // A search engine should know the whole wall, not a selection of it.
  frame.indexed = filter_sentence(wall).empty();
  return frame;
}

}  // namespace

Result<std::string> wall_page(const Settings& settings, const BrandSettings& brand, WallAddress address, Store& store,
                              const Wording& wording) {
  const std::vector<std::string> sources = wall_sources(settings, brand.id);
  if (std::find(sources.begin(), sources.end(), address.source) == sources.end()) address.source.clear();
  const Wall wall{settings, brand, address, wording, store, sources};
  TRY(const RatingCounts counts, count_reviews(store, reviews_of(brand, sources)));
  TRY(const Listing listing, list_reviews(wall));
  const Frame frame = frame_of(wall, listing);

  json::Writer data;
  data.begin_object().key("t").value(wording.catalogue());
  data.member("heading", wording.say("heading", {{"brand", brand.name}}));
  data.member("run_by", wording.say("run_by", {{"organisation", wall.organisation()}}));
  write_summary(data, wall, counts);
  TRY(write_sources(data, wall));
  write_listing(data, wall, listing, frame);
  data.end_object();
  TRY(const std::string body, fill_template("wall/assets/wall.mustache", data));
  return framed(frame, body, wording);
}

Result<std::string> home_page(const Settings& settings, Store& store, const Wording& w) {
  json::Writer data;
  data.begin_object().key("t").value(w.catalogue());
  if (!settings.organisation.empty())
    data.member("run_by", w.say("home.run_by", {{"organisation", settings.organisation}}));
  data.key("has_walls").boolean(!settings.brands.empty()).key("walls").begin_array();
  for (const BrandSettings& brand : settings.brands) {
    TRY(const RatingCounts counts, count_reviews(store, reviews_of(brand, wall_sources(settings, brand.id))));
    WallAddress address;
    address.brand = brand.id;
    address.lang = w.language();
    data.begin_object()
        .member("name", brand.name)
        .member("href", address.text())
        .member("count", w.count("home.count", counts.reviews));
    if (const auto found = score(counts))
      data.member("mean", w.say("home.mean", {{"mean", w.decimal(found->mean, 1)}}));
    data.end_object();
  }
  data.end_array().end_object();
  TRY(const std::string body, fill_template("wall/assets/home.mustache", data));
  Frame frame;
  frame.title = w.say("home.title");
  frame.canonical = concat(settings.serve.public_url, "/?lang=", w.language());
  for (const std::string_view language : {"fr", "en"}) {
    frame.languages.emplace_back(language, concat(settings.serve.public_url, "/?lang=", language));
  }
  return framed(frame, body, w);
}

Result<std::string> message_page(std::string_view title_key, std::string_view key, const Wording& w) {
  json::Writer data;
  data.begin_object().key("t").value(w.catalogue());
  data.member("heading", w.say(title_key))
      .member("sentence", w.say(key))
      .member("home", concat("/?lang=", w.language()))
      .end_object();
  TRY(const std::string body, fill_template("wall/assets/message.mustache", data));
  Frame frame;
  frame.title = w.say(title_key);
  frame.indexed = false;
  return framed(frame, body, w);
}

}  // namespace vigie
