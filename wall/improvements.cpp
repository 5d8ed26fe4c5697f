#include "wall/improvements.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "store/moderation.h"
#include "wall/replies.h"
#include "wall/score.h"

namespace vigie {
namespace {

constexpr std::size_t kLongestTitle = 120, kLongestWords = 2000, kMostRefs = 200;
constexpr int kPage = 500;
constexpr std::string_view kStars = "1-5";

Result<std::string> line(std::string_view field, std::string_view text, std::size_t longest, bool several) {
  const std::string trimmed(trim(text));
  const bool controls = std::any_of(trimmed.begin(), trimmed.end(), [&](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && !(several && (c == '\n' || c == '\t'))) || c == 0x7f;
  });
  if (!is_valid_utf8(trimmed) || controls)
    return fail(ErrorKind::bad_data, concat(field, ": expected text without control characters"));
  if (count_code_points(trimmed) > longest)
    return fail(ErrorKind::bad_data, concat(field, ": expected at most ", std::to_string(longest), " characters"));
  return trimmed;
}

Result<SealedFields> fields_of(const std::string& title, const std::string& words, const std::string& link,
                               const std::string& author) {
  std::array<std::string, kReviewFields> values{};
  if (!title.empty()) values[kText] = words.empty() ? title : concat(title, "\n", words);
  values[kAuthor] = author;
  values[kMedia] = link;
  return seal_fields(values);
}

LeafToAppend entry(Book& book, const std::string& brand, const std::vector<std::int64_t>& refs,
                   std::optional<std::int64_t> of, const ImprovementStep& step) {
  tlog::ImprovementLeaf leaf;
  leaf.refs = refs;
  leaf.of = of;
  leaf.commitment = commitment_of(step.fields);
  leaf.status = to_text(step.state);
  return book.entry(brand, leaf);
}

// Scales are never added up: what is compared is the rating in stars, as the wall's own mean is.
std::optional<double> stars_of(const Review& review, const ReviewVersion& version) {
  if (!version.rating || review.scale != kStars) return std::nullopt;
  return static_cast<double>(*version.rating);
}

Result<bool> complains(Store& store, const Review& review, const std::string& theme) {
  if (theme.empty() || review.mention.empty()) return false;
  TRY(const std::optional<std::int64_t> seq, store.seq_of(review.source, review.mention));
  if (!seq) return false;
  TRY(const std::optional<StoredMention> stored, store.mention(*seq));
  if (!stored || stored->judgement.effective() != Label::negative) return false;
  const std::vector<std::string>& themes = stored->judgement.themes;
  return std::find(themes.begin(), themes.end(), theme) != themes.end() && stored->judgement.complains_of(theme);
}

Result<EffectSide> side(Store& store, const std::string& brand, const std::string& theme, Time from, Time to) {
  EffectSide out;
  double sum = 0, squares = 0;
  ReviewFilter filter;
  filter.brand = brand;
  filter.shown = filter.oldest_first = true;
  filter.received_from = from;
  filter.received_before = to;
  filter.limit = kPage;
  for (;; filter.offset += kPage) {
    TRY(const std::vector<Review> page, store.reviews().reviews(filter));
    for (const Review& review : page) {
      ++out.n;
      TRY(const bool complaint, complains(store, review, theme));
      if (complaint) ++out.complaints;
      const std::optional<double> stars = stars_of(review, *review.shown());
      if (!stars) continue;
      ++out.rated;
      sum += *stars;
      squares += *stars * *stars;
    }
    if (page.size() < static_cast<std::size_t>(kPage)) break;
  }
  if (out.rated == 0) return out;
  out.mean = sum / static_cast<double>(out.rated);
  if (out.rated >= kEnoughRatings) {
    const MeanInterval interval = mean_interval(out.rated, sum, squares, 1, 5);
    out.low = interval.low;
    out.high = interval.high;
  }
  return out;
}

Finding compare(double before_low, double before_high, double after_low, double after_high, bool more_is_better) {
  if (after_low > before_high) return more_is_better ? Finding::better : Finding::worse;
  if (after_high < before_low) return more_is_better ? Finding::worse : Finding::better;
  return Finding::unclear;
}

}  // namespace

Result<std::int64_t> open_improvement(Book& book, Store& store, const std::string& brand, const ImprovementOrder& order,
                                      Time now) {
  TRY(const std::string title, line("title", order.title, kLongestTitle, false));
  TRY(const std::string words, line("words", order.words, kLongestWords, true));
  if (title.empty()) return fail(ErrorKind::bad_data, "title: expected what is going to change, found nothing");
  if (!order.link.empty() && !is_public_link(order.link))
    return fail(ErrorKind::bad_data, "link: expected an https address");
  if (order.refs.empty() || order.refs.size() > kMostRefs)
    return fail(ErrorKind::bad_data, "refs: expected the numbers of 1 to 200 reviews that led to it");
  Improvement improvement;
  improvement.brand = brand;
  improvement.theme = order.theme;
  improvement.refs = order.refs;
  std::sort(improvement.refs.begin(), improvement.refs.end());
  improvement.refs.erase(std::unique(improvement.refs.begin(), improvement.refs.end()), improvement.refs.end());
  ImprovementStep step;
  step.at = now;
  step.by = order.by;
  TRY(step.fields, fields_of(title, words, order.link, order.author));
  return store.moderation().add_improvement(improvement, step,
                                            entry(book, brand, improvement.refs, std::nullopt, step));
}

Result<void> step_improvement(Book& book, Store& store, std::int64_t id, ImprovementState to, const std::string& words,
                              const std::string& by, Time now) {
  TRY(const std::optional<Improvement> improvement, store.moderation().improvement(id));
  if (!improvement) return fail(ErrorKind::gone, concat("there is no improvement ", std::to_string(id)));
  const ImprovementState from = improvement->state;
  const bool allowed = to > from && (to <= ImprovementState::done || from >= ImprovementState::done);
  if (!allowed) {
    return fail(ErrorKind::bad_data,
                concat("state: an improvement that is ", to_text(from), " cannot become ", to_text(to)));
  }
  TRY(const std::string said, line("words", words, kLongestWords, true));
  ImprovementStep step;
  step.state = to;
  step.at = now;
  step.by = by;
  std::optional<Effect> effect;
  if (to == ImprovementState::measured) {
    TRY(effect, measure(store, *improvement, now));
    if (!effect)
      return fail(ErrorKind::bad_data, "state: too early to measure: a week must have passed since it was done");
  }
  const std::string& author = improvement->steps.front().fields.values[kAuthor];
  TRY(step.fields, fields_of(said.empty() ? "" : improvement->title(), said, improvement->link(), author));
  return store.moderation().add_step(id, step, effect,
                                     entry(book, improvement->brand, improvement->refs, improvement->leaf, step));
}

Result<std::optional<Effect>> measure(Store& store, const Improvement& improvement, Time now) {
  const std::optional<Time> done = improvement.since(ImprovementState::done);
  if (!done || now - *done < kLeastComparison) return std::nullopt;
  Effect effect;
  effect.turn = *done;
  const Duration span = std::min<Duration>(now - *done, kLongestComparison);
  effect.from = *done - span;
  effect.to = *done + span;
  TRY(effect.before, side(store, improvement.brand, improvement.theme, effect.from, effect.turn));
  TRY(effect.after, side(store, improvement.brand, improvement.theme, effect.turn, effect.to));
  return effect;
}

Share share_of(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return {};
  constexpr double z = 1.959963985;
  const auto n = static_cast<double>(whole);
  const double p = static_cast<double>(part) / n, z2 = z * z;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double reach = z / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  return {p, std::max(0.0, centre - reach), std::min(1.0, centre + reach)};
}

Findings findings_of(const Effect& effect) {
  const EffectSide &before = effect.before, &after = effect.after;
  Findings found;
  if (before.rated >= kEnoughToCompare && after.rated >= kEnoughToCompare)
    found.rating = compare(before.low, before.high, after.low, after.high, true);
  if (before.n >= kEnoughToCompare && after.n >= kEnoughToCompare) {
    const Share then = share_of(before.complaints, before.n), now = share_of(after.complaints, after.n);
    found.complaints = compare(then.low, then.high, now.low, now.high, false);
  }
  return found;
}

}  // namespace vigie
