#include "pipeline/sentiment/tokens.h"

#include <algorithm>
#include <array>

#include <xxhash.h>

#include "pipeline/letters.h"

namespace vigie::sentiment {
namespace {

constexpr int kScope = 3;              // words that a negator turns: what measured best on tweets in six languages
constexpr std::size_t kLongSigns = 6;  // signs between two words, blanks left out: more say nothing new
constexpr int kRepeats = 3;            // "......" is "..."

// Folded words that turn what follows, in six languages. Apostrophes part words, so "don't" stands here as "don".
constexpr std::array<std::string_view, 68> kNegators = {
    "ain",   "aint",  "aren",    "arent",   "aucun",   "aucune",  "cannot",  "cant",   "couldn",  "couldnt",
    "didn",  "didnt", "doesn",   "doesnt",  "don",     "dont",    "hadn",    "hadnt",  "hardly",  "hasn",
    "hasnt", "haven", "havent",  "isn",     "isnt",    "jamais",  "jamas",   "kein",   "keine",   "keinen",
    "mai",   "n",     "nada",    "nao",     "ne",      "neither", "nem",     "nenhum", "nessuno", "never",
    "ni",    "nicht", "nichts",  "nie",     "niemals", "niente",  "ningun",  "no",     "nobody",  "non",
    "none",  "nor",   "not",     "nothing", "nunca",   "ohne",    "pas",     "plus",   "rien",    "sans",
    "sem",   "senza", "shouldn", "sin",     "tampoco", "wasn",    "without", "wouldn",
};

constexpr std::size_t kTail = 64;  // bytes of signs behind the last word that are read

constexpr std::uint64_t kSignSeed = 1;  // "no" the word and "no" the sign never meet

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

// Blanks of all kinds, joiners, and the marks that announce a word.
bool says_nothing(char32_t c) {
  switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case '@':
    case '#':
    case '\'':
    case 0xA0:
    case 0x1680:
    case 0x3000:
    case 0xFEFF: return true;
    default:
      return (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x2064) ||
             (c >= 0xFE00 && c <= 0xFE0F);
  }
}

bool ends_clause(char32_t c) {
  return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?' || c == '(' || c == ')' || c == 0x2026;
}

// What stands between two words.
struct Gap {
  Token signs;
  bool has_signs = false;
  bool breaks = false;  // a clause ends
  bool exclaims = false;
};

Gap read_gap(std::string_view text) {
  Gap gap;
  std::array<char32_t, kLongSigns> squeezed{};
  std::size_t length = 0;
  char32_t previous = 0;
  int run = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (says_nothing(c)) continue;
    gap.breaks = gap.breaks || ends_clause(c);
    if (c == '!' || c == 0xA1 || c == 0xFF01) {
      gap.exclaims = true;
      continue;
    }
    run = c == previous ? run + 1 : 1;
    previous = c;
    if (run <= kRepeats && length < kLongSigns) squeezed[length++] = c;
  }
  if (length == 0) return gap;
  gap.has_signs = true;
  gap.signs.hash = XXH3_64bits_withSeed(squeezed.data(), length * sizeof(char32_t), kSignSeed);
  gap.signs.text = text;
  return gap;
}

Token token_of(const Words& words, std::size_t index) {
  const Word& word = words[index];
  Token token;
  token.word = static_cast<std::uint32_t>(index);
  switch (word.kind) {
    case Word::Kind::url: token.text = "http"; break;
    case Word::Kind::handle: token.text = "@user"; break;
    case Word::Kind::emoji: token.text = words.folded(index); break;
    case Word::Kind::hashtag:
    case Word::Kind::word:
      token.text = words.folded(index);
      token.letters = token.text != "http";  // corpora write links so
      break;
  }
  token.hash = hash_of(token.text, 0);
  return token;
}

}  // namespace

namespace {

// The hashes of the negators in a small open table: it is asked of every word.
class Negators {
 public:
  Negators() {
    for (const std::string_view negator : kNegators) {
      const std::uint64_t hash = hash_of(negator, 0);
      std::size_t at = hash % kPlaces;
      while (places_[at] != 0) at = (at + 1) % kPlaces;
      places_[at] = hash;
    }
  }
  bool has(std::uint64_t hash) const {
    for (std::size_t at = hash % kPlaces; places_[at] != 0; at = (at + 1) % kPlaces) {
      if (places_[at] == hash) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kPlaces = 512;
  std::array<std::uint64_t, kPlaces> places_{};
};

const Negators& negators() {
  static const Negators all;
  return all;
}

}  // namespace

bool read_tokens(const Words& words, std::vector<Token>& out) {
  out.clear();
  const std::string_view text = words.text();
  std::size_t behind = 0;
  int scope = 0;
  bool exclaims = false;
  const Negators& turning = negators();
  const auto take_gap = [&](std::size_t end) {
    const std::size_t length = end - behind;
    if (length == 0 || (length == 1 && text[behind] == ' ')) return;
    const Gap gap = read_gap(text.substr(behind, length));
    if (gap.has_signs) out.push_back(gap.signs);
    if (gap.breaks) scope = 0;
    exclaims = exclaims || gap.exclaims;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    take_gap(words[i].begin);
    behind = words[i].end;
    Token& token = out.emplace_back(token_of(words, i));
    if (!token.letters) continue;
    token.negated = scope > 0;
    if (scope > 0) --scope;
    if (turning.has(token.hash)) scope = kScope;
  }
  // Of a text cut at the last word kept, what follows it is not read.
  if (behind < text.size()) take_gap(std::min(text.size(), behind + kTail));
  return exclaims;
}

}  // namespace vigie::sentiment
