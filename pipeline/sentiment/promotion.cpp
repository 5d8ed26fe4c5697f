#include "pipeline/sentiment/promotion.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <unordered_map>

#include <fmt/format.h>

#include "base/embedded.h"
#include "base/rng.h"
#include "pipeline/labelled_rows.h"
#include "pipeline/sentiment/scorer.h"

namespace vigie::sentiment {
namespace {

constexpr std::size_t kFewestHeldOut = 30;
constexpr std::size_t kFewestOfAKind = 5;  // held-out labels, of at least two kinds
constexpr int kResamples = 2000;
constexpr double kLossChance = 0.05;
constexpr double kAgreement = 2;  // standard errors: by chance in one of forty

constexpr double kSure = 0.8;               // the model's probability from which it is asked to stay
constexpr std::size_t kFewestSure = 8;      // labels, before contradiction is called systematic
constexpr double kMostContradicted = 0.33;  // of those
constexpr double kMostChanged = 0.10;       // of the stored mentions
constexpr double kMostFlipped = 0.02;       // of them, from neg to pos or back

double probability(const Judgement& judged, Label label) {
  return label == Label::negative ? judged.p_neg : label == Label::positive ? judged.p_pos : judged.p_neu;
}

Judgement ask(const Scorer& scorer, const AskedText& text) {
  return scorer.score(text.text, text.lang, text.domain, text.rating);
}

bool opposite(Label a, Label b) { return a != b && a != Label::neutral && b != Label::neutral; }

// In how many resamples the sum of what each label saves is no gain.
double by_chance(const std::vector<double>& saved) {
  SeededRng random(saved.size());
  int none = 0;
  for (int i = 0; i < kResamples; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < saved.size(); ++k) sum += saved[random.below(saved.size())];
    none += sum <= 0 ? 1 : 0;
  }
  return none / static_cast<double>(kResamples);
}

void agree(const Confusion& votes, double rows, Gain& gain) {
  double observed = 0, expected = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    double are = 0, said = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      are += votes[k][i];
      said += votes[i][k];
    }
    observed += votes[k][k] / rows;
    expected += are * said / rows / rows;
  }
  if (expected >= 1) return;
  gain.kappa = (observed - expected) / (1 - expected);
  gain.kappa_error = std::sqrt(expected / (1 - expected) / rows);  // were there no agreement but by chance
}

Gain gain_of(const Scorer& running, const Scorer& candidate, const std::vector<LabelledText>& held_out) {
  Gain gain;
  Tally before_tally, after_tally;
  std::vector<double> saved;
  Confusion votes{};
  for (const LabelledText& one : held_out) {
    const Label label = one.label;
    const Judgement before = ask(running, one.asked), after = ask(candidate, one.asked);
    before_tally.add(label, before);
    after_tally.add(label, after);
    const auto loss = [&](const Judgement& judged) { return -std::log(std::max(1e-9, probability(judged, label))); };
    gain.loss_before += loss(before) / static_cast<double>(held_out.size());
    gain.loss_after += loss(after) / static_cast<double>(held_out.size());
    gain.better += after.label == label && before.label != label ? 1 : 0;
    gain.worse += after.label != label && before.label == label ? 1 : 0;
    saved.push_back(loss(before) - loss(after));
    votes[place(label)][place(after.label)] += 1;
  }
  gain.before = before_tally.metrics();
  gain.after = after_tally.metrics();
  gain.loss_by_chance = by_chance(saved);
  agree(votes, static_cast<double>(held_out.size()), gain);
  return gain;
}

// People who contradict the model mostly where it is surest either label the wrong way round or label at random.
void count_contradictions(const Scorer& base, const std::vector<LabelledText>& labels, Guards& guards) {
  for (const auto& [text, label] : labels) {
    const Judgement judged = ask(base, text);
    if (judged.label == Label::neutral || probability(judged, judged.label) < kSure) continue;
    ++guards.sure;
    guards.contradicted += opposite(judged.label, label) ? 1 : 0;
  }
}

std::optional<Label> clear_stars(const std::optional<Rating>& rating) {
  if (!rating || rating->max <= rating->min) return std::nullopt;
  if (rating->fraction() <= 0.3) return Label::negative;
  if (rating->fraction() >= 0.7) return Label::positive;
  return std::nullopt;
}

void compare_stored(const Scorer& base, const Scorer& candidate, const std::vector<AskedText>& stored, Guards& guards) {
  for (AskedText text : stored) {
    const std::optional<Label> stars = clear_stars(text.rating);
    text.rating.reset();
    const Judgement before = ask(base, text), after = ask(candidate, text);
    if (stars) {
      ++guards.stars;
      guards.stars_won += before.label != *stars && after.label == *stars ? 1 : 0;
      guards.stars_lost += before.label == *stars && after.label != *stars ? 1 : 0;
    }
    if (probability(before, before.label) < kSure) continue;
    ++guards.stored;
    guards.changed += before.label != after.label ? 1 : 0;
    guards.flipped += opposite(before.label, after.label) ? 1 : 0;
  }
}

void compare_anchors(const Scorer& base, const Scorer& candidate, const std::vector<LabelledText>& anchors,
                     Guards& guards) {
  for (const auto& [text, label] : anchors) {
    if (ask(base, text).label != label) continue;
    ++guards.anchors;
    if (ask(candidate, text).label == label) continue;
    if (++guards.anchors_lost == 1) guards.lost = text.text;
  }
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// What forbids it, or "".
std::string harm(const Guards& g) {
  if (g.sure >= kFewestSure && share(g.contradicted, g.sure) > kMostContradicted) {
    return fmt::format(
        "of {} labels on mentions that the shipped model is sure are neg or pos, {} say the opposite: labels the wrong "
        "way round, or only of its mistakes; confirm some that it got right",
        g.sure, g.contradicted);
  }
  if (share(g.flipped, g.stored) > kMostFlipped) {
    return fmt::format(
        "of {} stored mentions that nobody corrected and the shipped model is sure of, {} would turn "
        "from neg to pos or back (at most {:.0f} %)",
        g.stored, g.flipped, 100 * kMostFlipped);
  }
  if (share(g.changed, g.stored) > kMostChanged) {
    return fmt::format(
        "of {} stored mentions that nobody corrected and the shipped model is sure of, {} would change "
        "their label (at most {:.0f} %)",
        g.stored, g.changed, 100 * kMostChanged);
  }
  const double moved = static_cast<double>(g.stars_won + g.stars_lost);
  if (static_cast<double>(g.stars_lost) - static_cast<double>(g.stars_won) > 2 * std::sqrt(moved) + 1) {
    return fmt::format("of {} texts with clear stars it would lose {} that were judged as their stars say, and win {}",
                       g.stars, g.stars_lost, g.stars_won);
  }
  if (g.anchors_lost > 0) {
    return fmt::format("of {} plain sentences that the shipped model gets right it would get {} wrong, such as \"{}\"",
                       g.anchors, g.anchors_lost, g.lost);
  }
  return "";
}

std::string no_gain(const Gain& gain) {
  if (gain.kappa < kAgreement * gain.kappa_error) {
    return fmt::format(
        "what was learnt does not agree with the held-out labels beyond chance (kappa {:.2f}, at least {:.2f} needed): "
        "labels at random, or only of mistakes; confirm some that the model got right",
        gain.kappa, kAgreement * gain.kappa_error);
  }
  if (gain.after.macro_f1 <= gain.before.macro_f1) {
    return fmt::format("not better on the held-out labels: macro F1 {:.1f} before, {:.1f} after",
                       100 * gain.before.macro_f1, 100 * gain.after.macro_f1);
  }
  if (gain.loss_by_chance > kLossChance) {
    return fmt::format(
        "not better on the held-out labels beyond chance: loss {:.3f} before, {:.3f} after, no better in {:.1f} % of "
        "resamples (at most {:.1f} %)",
        gain.loss_before, gain.loss_after, 100 * gain.loss_by_chance, 100 * kLossChance);
  }
  return "";
}

// Whether there are enough held-out labels to judge by: "" or what is missing.
std::string too_few(const std::vector<LabelledText>& held_out, std::size_t labels) {
  std::array<std::size_t, 3> kinds{};
  for (const LabelledText& text : held_out) ++kinds[place(text.label)];
  const auto enough = std::count_if(kinds.begin(), kinds.end(), [](std::size_t n) { return n >= kFewestOfAKind; });
  if (held_out.size() >= kFewestHeldOut && enough >= 2) return "";
  return fmt::format(
      "too few labels to judge by: {} labels, {} of them held out ({} neg, {} neu, {} pos); at least {} held out are "
      "needed, {} of each of two kinds: correct or confirm about {} more mentions",
      labels, held_out.size(), kinds[0], kinds[1], kinds[2], kFewestHeldOut, kFewestOfAKind,
      3 * std::max(kFewestOfAKind, kFewestHeldOut - std::min(kFewestHeldOut, held_out.size())));
}

}  // namespace

Decision decide(const Scorer& base, const Scorer& running, const Scorer& candidate, const Evidence& evidence) {
  Decision out;
  out.gain = gain_of(running, candidate, evidence.held_out);
  count_contradictions(base, evidence.held_out, out.guards);
  count_contradictions(base, evidence.trained, out.guards);
  compare_stored(base, candidate, evidence.stored, out.guards);
  compare_anchors(base, candidate, evidence.anchors, out.guards);
  out.why = harm(out.guards);
  if (out.why.empty()) out.why = no_gain(out.gain);
  out.promote = out.why.empty();
  if (out.promote) {
    out.why = fmt::format("better on the held-out labels: macro F1 {:.1f} before, {:.1f} after; no harm found",
                          100 * out.gain.before.macro_f1, 100 * out.gain.after.macro_f1);
  }
  return out;
}

Evidence split_labels(const std::vector<LabelledText>& labels) {
  std::unordered_map<std::uint64_t, std::size_t> last;
  for (std::size_t i = 0; i < labels.size(); ++i) last[words_key(labels[i].asked.text)] = i;
  Evidence out;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::uint64_t key = words_key(labels[i].asked.text);
    if (last[key] == i) (held_out(key) ? out.held_out : out.trained).push_back(labels[i]);
  }
  return out;
}

Attempt attempt(const std::shared_ptr<const Model>& base, const std::shared_ptr<const Adapter>& running,
                const Evidence& evidence, const AdaptOptions& options) {
  Attempt out;
  out.trained = evidence.trained.size();
  out.held_out = evidence.held_out.size();
  out.decision.why = too_few(evidence.held_out, out.trained + out.held_out);
  if (!out.decision.why.empty()) return out;
  const auto shipped = make_scorer(base, 0), now = make_scorer(base, running, 0);
  // The anchors are rehearsed: learning what is said here must not unlearn plain speech.
  std::vector<LabelledText> lesson = evidence.trained;
  for (const LabelledText& anchor : evidence.anchors) {
    if (ask(*shipped, anchor.asked).label == anchor.label) lesson.push_back(anchor);
  }
  out.parts = learn_adapter(base, lesson, options);
  out.parts.labels = static_cast<std::uint32_t>(out.trained);
  const auto candidate = make_scorer(base, Adapter::of(out.parts, *base), 0);
  out.decision = decide(*shipped, *now, *candidate, evidence);
  return out;
}

Result<std::vector<LabelledText>> anchors() {
  std::istringstream lines(std::string(embedded("config/models/anchors.tsv").value_or("")));
  TRY(const std::vector<LabelledRow> rows, read_labelled_rows(lines, "anchors.tsv", LabelOf::opinion));
  std::vector<LabelledText> out;
  for (const LabelledRow& row : rows) {
    for (const char* domain : {"tweet", "review"}) out.push_back({{row.text, row.lang, domain}, row.label});
  }
  return out;
}

}  // namespace vigie::sentiment
