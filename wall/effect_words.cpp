#include "wall/effect_words.h"

#include "wall/improvements.h"

namespace vigie {
namespace {

std::string_view key_of(Finding finding) {
  switch (finding) {
    case Finding::better: return "effect.better";
    case Finding::worse: return "effect.worse";
    case Finding::unclear: return "effect.unclear";
    case Finding::too_few: return "effect.too_few";
  }
  return "effect.too_few";
}

std::string rating_line(const Effect& effect, Finding finding, const Wording& w) {
  const EffectSide &before = effect.before, &after = effect.after;
  const std::string n_before = w.number(before.rated), n_after = w.number(after.rated);
  if (finding == Finding::too_few) return w.say("effect.rating_few", {{"n_before", n_before}, {"n_after", n_after}});
  return concat(w.say("effect.rating", {{"before", w.decimal(before.mean, 1)},
                                        {"after", w.decimal(after.mean, 1)},
                                        {"n_before", n_before},
                                        {"n_after", n_after},
                                        {"low_before", w.decimal(before.low, 1)},
                                        {"high_before", w.decimal(before.high, 1)},
                                        {"low_after", w.decimal(after.low, 1)},
                                        {"high_after", w.decimal(after.high, 1)}}),
                " ", w.say(key_of(finding)));
}

std::string share_line(const Effect& effect, Finding finding, const std::string& theme, const Wording& w) {
  const auto share = [&](const EffectSide& side) { return w.percent(share_of(side.complaints, side.n).share); };
  return concat(w.say("effect.share", {{"theme", theme},
                                       {"before", share(effect.before)},
                                       {"after", share(effect.after)},
                                       {"n_before", w.number(effect.before.n)},
                                       {"n_after", w.number(effect.after.n)}}),
                " ", w.say(key_of(finding)));
}

}  // namespace

std::vector<std::string> effect_in_words(const Improvement& improvement, const std::string& theme, const Wording& w) {
  std::vector<std::string> lines;
  if (improvement.effect) {
    const Effect& effect = *improvement.effect;
    const Findings found = findings_of(effect);
    lines.push_back(rating_line(effect, found.rating, w));
    if (!improvement.theme.empty() && !theme.empty()) lines.push_back(share_line(effect, found.complaints, theme, w));
    const auto days = std::chrono::duration_cast<std::chrono::days>(effect.to - effect.turn).count();
    lines.push_back(w.say("effect.period", {{"days", w.number(days)}, {"date", w.date(effect.turn)}}));
  }
  if (improvement.worked + improvement.did_not > 0) {
    lines.push_back(w.say("effect.answers", {{"worked", w.number(improvement.worked)},
                                             {"all", w.number(improvement.worked + improvement.did_not)}}));
  }
  return lines;
}

}  // namespace vigie
