// Which language a text is in: our own model of six languages and their neighbours, CLD2 where that is unsure or the
// script is not Latin, what the source declares as a prior. Why so: docs/decisions/0020-language-of-short-posts.md.

#include "pipeline/language.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "pipeline/language/cld2.h"
#include "pipeline/language/memory.h"
#include "pipeline/language/model.h"
#include "pipeline/language/tongues.h"
#include "pipeline/sentiment.h"

namespace vigie {
namespace {

using namespace language;

constexpr std::size_t kEnough = 2000;  // code points: more change nothing
constexpr std::size_t kEnoughWords = 400;

// All in logarithms of odds, as the model's sums times its step.
constexpr double kDeclared = 3.0;   // what the source declares: outweighed by a few plain words
constexpr double kBeyond = 2.0;     // against each language beyond the six: they are rare where vigie looks
constexpr double kSure = 1.5;       // lead that needs no second opinion
constexpr double kReliable = 2.0;   // what CLD2 adds when it calls itself reliable
constexpr double kGuess = 0.7;      // and when it does not
constexpr double kTooLittle = 0.4;  // lead below which nothing is answered

struct Evidence {
  std::array<std::int32_t, kTongues> sums{};
  std::size_t latin = 0, foreign = 0;  // letters
};

Evidence read(const Words& words) {
  thread_local Memory memory(Model::shipped());
  Evidence evidence{.sums = Model::shipped().bias()};
  for (std::size_t i = 0; i < std::min(words.size(), kEnoughWords); ++i) {
    if (!speaks(words[i])) continue;
    const Said& said = memory.say(words.written(i), words.folded(i));
    for (std::size_t t = 0; t < kTongues; ++t) evidence.sums[t] += said.sums[t];
    evidence.latin += said.latin;
    evidence.foreign += said.foreign;
  }
  return evidence;
}

// Text without links and handles: those are in no language.
std::string only_words(const Words& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size() && out.size() < 4 * kEnough; ++i) {
    if (speaks(words[i])) (out += words.written(i)) += ' ';
  }
  return out;
}

using Odds = std::array<double, kTongues>;

Odds odds_of(const Evidence& evidence) {
  Odds odds{};
  for (std::size_t t = 0; t < kTongues; ++t) {
    odds[t] = static_cast<double>(evidence.sums[t]) * static_cast<double>(Model::shipped().step());
    if (t >= kRead) odds[t] -= kBeyond;
  }
  return odds;
}

struct Leader {
  std::size_t tongue = 0;
  double lead = 0;  // over the second
};

Leader leader_of(const Odds& odds) {
  const auto best = std::max_element(odds.begin(), odds.end());
  double second = -1e9;
  for (auto it = odds.begin(); it != odds.end(); ++it) {
    if (it != best) second = std::max(second, *it);
  }
  return {static_cast<std::size_t>(best - odds.begin()), *best - second};
}

// "fr" of "fr-FR" and "fr_CA"; "" of what is no such code.
std::string hint_of(std::string_view declared) {
  std::string hint = ascii_lower(declared.substr(0, declared.find_first_of("-_")));
  const bool code = hint.size() == 2 && hint.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
  return code ? hint : "";
}

std::string answer(std::string code, const std::string& hint) {
  if (code.size() == 2) return code;
  return hint.empty() ? "other" : hint;
}

}  // namespace

std::string language_of(const Words& words, std::string_view declared) {
  const Evidence evidence = read(words);
  const std::string hint = hint_of(declared);
  if (evidence.latin + evidence.foreign == 0) return words.empty() || hint.empty() ? "other" : hint;
  if (evidence.foreign >= evidence.latin) return answer(ask_cld2(only_words(words)).code, hint);

  Odds odds = odds_of(evidence);
  if (!hint.empty()) odds[tongue_of(hint)] += kDeclared;
  Leader leader = leader_of(odds);
  if (leader.tongue < kRead && leader.lead >= kSure) return std::string(kCodes[leader.tongue]);

  const Guess guess = ask_cld2(only_words(words));
  if (!guess.code.empty()) odds[tongue_of(guess.code)] += guess.reliable ? kReliable : kGuess;
  leader = leader_of(odds);
  if (leader.lead < kTooLittle) return answer("", hint);
  // A group answers with CLD2's word for the language in it.
  const bool inside = leader.tongue >= kRead && tongue_of(guess.code) == leader.tongue;
  return answer(inside ? guess.code : std::string(kCodes[leader.tongue]), hint);
}

std::string detect_language(std::string_view text, std::string_view declared) {
  text = first_code_points(text, kEnough);
  return is_valid_utf8(text) ? language_of(split_words(text), declared) : "other";
}

}  // namespace vigie
