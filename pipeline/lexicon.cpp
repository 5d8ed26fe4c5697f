#include "pipeline/lexicon.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/embedded.h"
#include "base/text.h"

namespace vigie {
namespace {

// How far what stands before a word reaches, in words, and what it does to it.
constexpr std::size_t kNegationReach = 3, kStrengthReach = 2;
constexpr double kTurned = -0.6;          // "not good" is milder than "bad"
constexpr double kTurnedNegative = -0.4;  // "pas mal" is milder still
constexpr double kCapitals = 0.6;         // added to a word shouted in a text that does not shout
constexpr double kLengthened = 1.25;
constexpr double kBeforeBut = 0.6, kAfterBut = 1.3;
constexpr double kExclamation = 0.25;  // added to the stronger side for each, four at most
constexpr std::size_t kMostDrivers = 200;

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A text all in capitals shouts no single word.
bool shouts_throughout(const Words& words) {
  std::size_t capitals = 0, plain = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].kind != Word::Kind::word || words[i].length < 2) continue;
    ++(words[i].capitals ? capitals : plain);
  }
  return plain < capitals;
}

}  // namespace

void Lexicon::add_lines(std::string_view tsv) {
  for (const std::string_view line : split(tsv, '\n')) {
    const std::size_t tab = line.find('\t');
    if (line.starts_with('#') || tab == std::string_view::npos) continue;
    const std::string_view meaning = trim(line.substr(tab + 1));
    Entry entry;
    if (meaning == "not")
      entry = {Role::negator, 0};
    else if (meaning == "but")
      entry = {Role::contrast, 0};
    else if (meaning.starts_with('x'))
      entry = {Role::strength, number(meaning.substr(1)).value_or(1)};
    else if (const auto weight = number(meaning))
      entry = {*weight == 0 ? Role::nothing : Role::opinion, *weight};
    else
      continue;
    const auto index = static_cast<std::uint32_t>(entries_.size());
    if (book_.add(line.substr(0, tab), index) == index) entries_.push_back(entry);
  }
}

std::vector<Lexicon::Term> Lexicon::terms_of(const Words& words) const {
  std::vector<Term> terms;
  for (std::size_t i = 0; i < words.size();) {
    const Word::Kind kind = words[i].kind;
    const bool speaks = kind != Word::Kind::url && kind != Word::Kind::handle;
    const PhraseBook::Found found = speaks ? book_.longest(words, i) : PhraseBook::Found{};
    if (found.words > 0) terms.push_back({i, found.words, &entries_[found.value]});
    i += std::max<std::size_t>(found.words, 1);
  }
  return terms;
}

// The weight of an opinion as the words before it leave it.
double Lexicon::weight(const Words& words, const std::vector<Term>& terms, std::size_t index, bool shouted) const {
  const Term& term = terms[index];
  double value = term.entry->value;
  bool turned = false;
  for (std::size_t back = index; back-- > 0;) {
    const Term& before = terms[back];
    const std::size_t end = before.first + before.words;
    // Words between the two, and whether a clause ended there.
    const std::size_t gap = term.first - end;
    if (gap > kNegationReach) break;
    bool broken = false;
    for (std::size_t i = end; i <= term.first; ++i) broken = broken || words[i].after_break;
    if (broken) break;
    if (before.entry->role == Role::negator && !turned) {
      turned = true;
    } else if (before.entry->role == Role::strength && gap < kStrengthReach) {
      value *= before.entry->value;
    } else if (before.entry->role == Role::opinion && back + 1 == index && gap == 0) {
      continue;  // "really very good": an opinion between does not hide a negation
    }
  }
  if (turned) value *= value > 0 ? kTurned : kTurnedNegative;
  const Word& first = words[term.first];
  if (first.lengthened) value *= kLengthened;
  if (first.capitals && !shouted) value += value > 0 ? kCapitals : -kCapitals;
  return value;
}

Opinion Lexicon::read(const Words& words) const {
  Opinion out;
  const std::vector<Term> terms = terms_of(words);
  const bool shouted = shouts_throughout(words);

  std::size_t contrast = 0;  // first word behind the last "but"
  for (const Term& term : terms) {
    if (term.entry->role == Role::contrast) contrast = term.first + term.words;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    out.link = out.link || words[i].kind == Word::Kind::url;
    out.words += words[i].kind == Word::Kind::word ? 1 : 0;
    out.exclamations += words[i].marks_after;
    out.question = out.question || words[i].question_after;
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (terms[i].entry->role == Role::negator) out.negation = true;
    if (terms[i].entry->role != Role::opinion) continue;
    double value = weight(words, terms, i, shouted);
    if (contrast > 0) value *= terms[i].first < contrast ? kBeforeBut : kAfterBut;
    (value > 0 ? out.positive : out.negative) += std::abs(value);
    if (std::abs(value) > std::abs(out.strongest)) out.strongest = value;
    out.last = value;
    ++out.found;
    if (out.drivers.size() < kMostDrivers) {
      out.drivers.push_back({std::string(words.written(terms[i].first, terms[i].first + terms[i].words - 1)), value});
    }
  }
  if (out.found > 0) {
    double& stronger = out.positive >= out.negative ? out.positive : out.negative;
    stronger += kExclamation * std::min(out.exclamations, 4);
  }
  return out;
}

const Lexicon& lexicon_of(std::string_view lang) {
  const auto load = [](std::string_view path) {
    Lexicon lexicon;
    if (!path.empty()) lexicon.add_lines(embedded(path).value_or(""));
    lexicon.add_lines(embedded("config/lang/lexicon-emoji.tsv").value_or(""));
    return lexicon;
  };
  static const Lexicon english = load("config/lang/lexicon-en.tsv");
  static const Lexicon french = load("config/lang/lexicon-fr.tsv");
  static const Lexicon signs = load("");
  return lang == "en" ? english : lang == "fr" ? french : signs;
}

}  // namespace vigie
