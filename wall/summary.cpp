#include "wall/summary.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "wall/log/encoding.h"
#include "wall/measures.h"
#include "wall/review_item.h"

namespace vigie {
namespace {

using tlog::CountByRating;
using tlog::WallNumbers;

using tlog::kStars;
constexpr int kMostStars = 5;

// A number twice: as its readers write it, and as programs read it.
void write_number(json::Writer& out, std::string_view name, const Wording& w, std::int64_t value) {
  out.member(name, w.number(value)).member(concat(name, "_value"), std::to_string(value));
}

std::int64_t refused_of(const WallNumbers& numbers, const std::string& key) {
  std::int64_t sum = 0;
  for (const auto& [code, counts] : numbers.refused_by) {
    if (const auto found = counts.find(key); found != counts.end()) sum += found->second;
  }
  return sum;
}

std::int64_t count_of(const CountByRating& counts, const std::string& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

std::int64_t sum_of(const std::map<std::string, CountByRating>& all, const std::string& reason) {
  std::int64_t sum = 0;
  if (const auto found = all.find(reason); found != all.end()) {
    for (const auto& [rating, n] : found->second) sum += n;
  }
  return sum;
}

// Scales that anything was told on. Stars stand first; a wall that shows none begins with what it asked for.
std::vector<std::string> scales_of(const WallNumbers& numbers) {
  std::set<std::string> found;
  const auto look = [&](const CountByRating& counts) {
    for (const auto& [key, n] : counts) {
      const std::size_t colon = key.find(':');
      found.insert(colon == std::string::npos ? std::string(kStars) : key.substr(0, colon));
    }
  };
  look(numbers.histogram);
  for (const auto& [code, counts] : numbers.refused_by) look(counts);
  std::vector<std::string> scales(found.begin(), found.end());
  std::stable_partition(scales.begin(), scales.end(), [&](const std::string& scale) {
    return scale == kStars && ratings_of(numbers.histogram, kStars).count() > 0;
  });
  return scales;
}

void write_score(json::Writer& out, const WallView& view, const Ratings& ratings, std::string_view scale) {
  const Wording& w = view.wording;
  const std::int64_t count = ratings.count();
  const auto found = score(ratings);
  if (!found) {
    out.member("too_few", w.count("too_few", count));
    return;
  }
  const std::string mean = w.decimal(found->mean, 1), most = w.number(ratings.most);
  out.key("score").begin_object().member("mean", mean).member("most", most);
  out.member("mean_value", fmt::format("{}.{:03}", found->mean_milli / 1000, found->mean_milli % 1000));
  out.member("label", w.say("mean_label", {{"mean", mean}, {"max", most}}));
  if (scale == kStars) {
    out.key("stars").begin_object().member("label", w.say("mean_label", {{"mean", mean}, {"max", most}}));
    out.member("fill", std::to_string(std::lround(found->mean * 100 / kMostStars))).end_object();
  }
  out.member("interval", w.say("interval", {{"low", w.decimal(found->low, 2)}, {"high", w.decimal(found->high, 2)}}));
  write_number(out, "count", w, count);
  out.member("rated", w.count("rated_of", count));
  out.member("window", w.say("window", {{"keep", announced(w, view.settings.wall.keep)}})).end_object();
}

// The score that answers from 0 to 10 are usually told by, beside their mean.
void write_promoters(json::Writer& out, const Wording& w, const Ratings& ratings) {
  const auto found = measure(SurveySettings::Measure::nps, ratings.counts);
  if (!found) return;
  out.member("nps", w.say("nps", {{"value", w.decimal(found->value, 0)},
                                  {"low", w.decimal(found->bounds.low, 0)},
                                  {"high", w.decimal(found->bounds.high, 0)}}));
}

void write_row(json::Writer& out, const WallView& view, const WallNumbers& numbers, const std::string& scale,
               const Ratings& ratings, std::int64_t rating, const WallAddress& chosen) {
  const Wording& w = view.wording;
  const std::string key = tlog::rating_key(scale, rating);
  const std::int64_t shown = count_of(numbers.histogram, key), refused = refused_of(numbers, key);
  const std::int64_t total = ratings.count();
  const double share = total > 0 ? static_cast<double>(shown) / static_cast<double>(total) : 0;
  WallAddress filtered = view.plain();
  filtered.rating = rating;
  filtered.scale = scale == kStars ? "" : scale;
  out.begin_object().member("rating", w.number(rating)).member("rating_value", std::to_string(rating));
  out.key("star").boolean(scale == kStars);
  out.member("label", scale == kStars ? w.count("stars", rating) : w.say("answer", {{"n", w.number(rating)}}));
  write_number(out, "shown", w, shown);
  out.member("percent", w.percent(share)).member("width", std::to_string(std::lround(1000 * share)));
  write_number(out, "refused", w, refused);
  if (refused > 0) {
    out.member("refused_share", w.percent(static_cast<double>(refused) / static_cast<double>(refused + shown), 1));
  }
  if (const auto delay = numbers.median_delay.find(key); delay != numbers.median_delay.end()) {
    // Times in the log are floored to the hour or the day: less than a day is all they say then.
    const std::string span = delay->second == 0 ? w.say("under_a_day") : announced(w, seconds(delay->second));
    out.key("delay").begin_object().member("text", span);
    out.member("value", std::to_string(delay->second)).end_object();
  }
  out.member("href", concat(filtered.text(), "#reviews"));
  const std::string of = chosen.scale.empty() ? std::string(kStars) : chosen.scale;
  out.key("chosen").boolean(chosen.rating == rating && of == scale).end_object();
}

void write_scale(json::Writer& out, const WallView& view, const WallNumbers& numbers, const std::string& scale,
                 const WallAddress& chosen) {
  const Ratings ratings = ratings_of(numbers.histogram, scale);
  out.begin_object().member("scale", scale);
  out.member("name", view.wording.name("scales", scale));
  write_score(out, view, ratings, scale);
  if (scale.ends_with(scale_of(SurveySettings::Measure::nps))) write_promoters(out, view.wording, ratings);
  out.key("rows").begin_array();
  for (std::int64_t rating = ratings.most; rating >= ratings.least; --rating) {
    write_row(out, view, numbers, scale, ratings, rating, chosen);
  }
  out.end_array().end_object();
}

struct Part {
  std::string_view name;
  std::int64_t WallNumbers::*count;
  bool always;  // shown when it is 0 as well
};
constexpr Part kParts[] = {{"received", &WallNumbers::received, true},    {"published", &WallNumbers::published, true},
                           {"refused", &WallNumbers::refused, true},      {"hidden", &WallNumbers::hidden, false},
                           {"withdrawn", &WallNumbers::withdrawn, false}, {"erased", &WallNumbers::erased, false},
                           {"expired", &WallNumbers::expired, false},     {"pending", &WallNumbers::pending, true}};

void write_completeness(json::Writer& out, const WallView& view, const WallStanding& standing,
                        Completeness completeness) {
  const Wording& w = view.wording;
  out.member("strip_size", std::to_string(standing.size)).key("parts").begin_array();
  for (const Part& part : kParts) {
    const std::int64_t count = standing.numbers.*part.count;
    if (count == 0 && !part.always) continue;
    out.begin_object().member("kind", part.name);
    write_number(out, "count", w, count);
    out.member("words", w.count(concat("parts.", part.name), count));
    if (part.name == "pending")
      out.member("note", w.say("pending_note", {{"span", announced(w, view.settings.wall.decide_within)}}));
    if (part.name == "refused" && count > 0) out.key("reasons").boolean(true);
    if (part.name == "erased") {
      const std::int64_t unproved = count - sum_of(standing.numbers.erased_by, "attested");
      if (unproved > 0) out.member("note", w.count("unproved_note", unproved));
    }
    out.end_object();
  }
  out.end_array();
  const bool holds = completeness == Completeness::holds;
  out.key("all").boolean(holds);
  out.member("claim", w.name("claims", to_text(completeness)));
  if (standing.size > 0) out.member("as_of", w.say("as_of", {{"date", w.date_time(standing.at)}}));
}

void write_proof(json::Writer& out, const WallView& view, const ProofState& proof) {
  const Wording& w = view.wording;
  out.key("proof").begin_object();
  if (proof.size > 0) {
    out.member("log", w.count("log_size", proof.size, {{"date", w.date_time(proof.signed_at)}}));
    out.member("size_value", std::to_string(proof.size)).member("iso", format_rfc3339(proof.signed_at));
  } else {
    out.member("log", w.say("log_unsigned"));
  }
  if (proof.witnesses == 0) {
    out.member("witnesses", w.say("no_witness"));
  } else if (proof.cosigned == 0) {
    out.member("witnesses", w.count("witnesses_none", static_cast<std::int64_t>(proof.witnesses)));
  } else {
    out.member("witnesses", w.count("witnesses", static_cast<std::int64_t>(proof.cosigned),
                                    {{"all", w.number(static_cast<std::int64_t>(proof.witnesses))},
                                     {"ago", w.ago(proof.cosigned_at, view.now)}}));
  }
  out.member("verify", view.below("verify"));
  out.member("checkpoint", concat("/wall/", view.brand.id, "/log/checkpoint")).end_object();
}

void write_refusals(json::Writer& out, const WallView& view, const WallNumbers& numbers) {
  const Wording& w = view.wording;
  out.key("has_refusals").boolean(!numbers.refused_by.empty()).key("refusals").begin_array();
  for (const auto& [code, counts] : numbers.refused_by) {
    std::int64_t sum = 0;
    for (const auto& [rating, n] : counts) sum += n;
    out.begin_object().member("code", code).member("reason", w.name("codes", code));
    write_number(out, "count", w, sum);
    out.end_object();
  }
  out.end_array();
}

// "4" of stars, "0-10:9", "qr/1-5:2", "-": what counts by rating are kept under, in words.
std::string rating_in_words(const Wording& w, const std::string& key) {
  const std::size_t colon = key.find(':');
  const std::string rating = colon == std::string::npos ? key : key.substr(colon + 1);
  const auto value = tlog::from_strict_decimal(rating);
  if (!value) return w.say("rating_untold");
  if (colon == std::string::npos) return w.count("stars", *value);
  const bool open = key.starts_with(tlog::kOpenAnswers);
  const std::size_t begin = open ? tlog::kOpenAnswers.size() : 0;
  const std::string scale = key.substr(begin, colon - begin);
  const std::string words = rating_label(w, scale, *value);
  return open ? w.say("at_a_poster", {{"rating", words}}) : words;
}

// One line: what was done, how often, and to which ratings.
void write_taken(json::Writer& out, const Wording& w, std::string_view part, std::string_view code,
                 const std::string& label, const CountByRating& counts) {
  if (counts.empty()) return;
  std::int64_t sum = 0;
  for (const auto& [rating, n] : counts) sum += n;
  out.begin_object().member("part", part).member("code", code).member("label", label);
  write_number(out, "count", w, sum);
  out.key("ratings").begin_array();
  for (auto rating = counts.begin(); rating != counts.end(); ++rating) {
    out.begin_object().member("rating", rating->first).member("words", rating_in_words(w, rating->first));
    write_number(out, "n", w, rating->second);
    out.key("last").boolean(std::next(rating) == counts.end()).end_object();
  }
  out.end_array().end_object();
}

// Of everything that is not shown as it was received: refusals have a column of the table.
void write_all_taken(json::Writer& out, const WallView& view, const WallNumbers& numbers) {
  const Wording& w = view.wording;
  out.key("has_taken").boolean(!numbers.erased_by.empty() || !numbers.hidden_by.empty() ||
                               !numbers.masked_by.empty() || !numbers.changed_by.empty());
  out.key("taken").begin_array();
  for (const auto& [proof, counts] : numbers.erased_by)
    write_taken(out, w, "erased_by", proof, w.name("erased_by", proof), counts);
  for (const auto& [code, counts] : numbers.hidden_by)
    write_taken(out, w, "hidden_by", code, w.say("hidden_by", {{"reason", w.name("codes", code)}}), counts);
  write_taken(out, w, "masked_by", "", w.say("masked_by"), numbers.masked_by);
  for (const auto& [first, counts] : numbers.changed_by)
    write_taken(out, w, "changed_by", first, w.say("changed_by", {{"rating", rating_in_words(w, first)}}), counts);
  out.end_array();
}

}  // namespace

std::string announced(const Wording& w, Duration duration) {
  constexpr double kDaysAMonth = 365.25 / 12;
  const auto whole_hours = std::chrono::floor<hours>(duration).count();
  if (whole_hours < 48) return w.count("hours", whole_hours);
  const std::int64_t whole_days = whole_hours / 24;
  if (whole_days < 90) return w.count("days", whole_days);
  return w.count("months", static_cast<std::int64_t>(std::lround(static_cast<double>(whole_days) / kDaysAMonth)));
}

void write_summary(json::Writer& out, const WallView& view, const WallStanding& standing, const ProofState& proof,
                   Completeness completeness, const WallAddress& chosen) {
  const std::vector<std::string> scales = scales_of(standing.numbers);
  out.key("first").begin_array();
  if (!scales.empty()) write_scale(out, view, standing.numbers, scales[0], chosen);
  out.end_array().key("others").begin_array();
  for (std::size_t i = 1; i < scales.size(); ++i) write_scale(out, view, standing.numbers, scales[i], chosen);
  out.end_array();
  write_completeness(out, view, standing, completeness);
  write_proof(out, view, proof);
  write_refusals(out, view, standing.numbers);
  write_all_taken(out, view, standing.numbers);
}

}  // namespace vigie
