#include "pipeline/query_term.h"

#include <algorithm>

#include "base/text.h"
#include "pipeline/letters.h"

namespace vigie {
namespace {

constexpr std::size_t kFewestLetters = 2;  // beside a star
constexpr std::string_view kStarAlone = "expected two letters or more beside *";

tl::unexpected<Error> mistake(std::string_view what) { return fail(ErrorKind::bad_config, std::string(what)); }

// In scripts written without blanks each character is a word: a star behind one adds nothing.
bool ends_alone(std::string_view word) {
  if (word.empty()) return false;
  std::size_t at = word.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(word[at]) & 0xC0u) == 0x80) --at;
  const LetterClass kind = letter(next_code_point(word, at)).kind;
  return kind != LetterClass::letter && kind != LetterClass::mark;
}

// What stands right beside a star.
enum class Beside { nothing, word, character };

// What stands between two stars, as folded words.
struct Piece {
  std::vector<std::string> words;
  Beside left = Beside::nothing, right = Beside::nothing;
};

Result<Piece> read_piece(std::string_view written) {
  Piece piece;
  const Words words = split_words(written);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].kind == Word::Kind::url) {
      return mistake("expected a word, found a link; site:HOST finds mentions by the host of their own link");
    }
    piece.words.emplace_back(words.folded(i));
  }
  if (piece.words.empty()) return piece;
  const auto kind = [](const std::string& word) { return ends_alone(word) ? Beside::character : Beside::word; };
  if (words[0].begin == 0) piece.left = kind(piece.words.front());
  if (words[words.size() - 1].end == written.size()) piece.right = kind(piece.words.back());
  return piece;
}

// The pieces joined at their stars.
Result<std::vector<std::string>> read_words(std::string_view written) {
  std::size_t at = std::min(written.find('*'), written.size());
  TRY(Piece before, read_piece(written.substr(0, at)));
  std::vector<std::string> words = before.words;
  while (at < written.size()) {
    const std::size_t begin = std::min(written.find_first_not_of('*', at), written.size());
    at = std::min(written.find('*', begin), written.size());
    TRY(Piece after, read_piece(written.substr(begin, at - begin)));
    if (before.right == Beside::nothing && after.left == Beside::nothing) return mistake(kStarAlone);
    if (before.right == Beside::word) words.back() += '*';
    if (after.left == Beside::word && before.right == Beside::word) {
      words.back() += after.words.front();
      after.words.erase(after.words.begin());
    } else if (after.left == Beside::word) {
      after.words.front().insert(0, 1, '*');
    }
    words.insert(words.end(), after.words.begin(), after.words.end());
    before = std::move(after);
  }
  return words;
}

std::size_t longest_run(std::string_view pattern) {
  std::size_t most = 0;
  for (const std::string_view run : split(pattern, '*')) most = std::max(most, count_code_points(run));
  return most;
}

}  // namespace

Result<Term> read_term(std::string_view written) {
  Term term;
  TRY(term.words, read_words(written));
  if (term.words.empty()) return mistake("expected a letter or a digit in this word");
  std::string joined = " ";
  for (const std::string& word : term.words) {
    if (word.find('*') != std::string::npos && longest_run(word) < kFewestLetters) {
      return mistake(kStarAlone);
    }
    joined += concat(word, " ");
  }
  // The longest run without a star is what a prefilter looks for.
  std::size_t others = 0;
  for (const std::string_view run : split(joined, '*')) {
    if (run.size() > term.literal.size()) term.literal = run;
    others += run != " ";
  }
  term.exact = others == 1;
  return term;
}

bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, after_star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (after_star != std::string_view::npos) {
      p = after_star;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Spans find_term(const Term& term, const QueryText& text) {
  Spans found;
  const auto& tokens = text.tokens();
  for (std::size_t i = 0; i + term.words.size() <= tokens.size(); ++i) {
    std::size_t same = 0;
    while (same < term.words.size() && fits(term.words[same], tokens[i + same])) ++same;
    if (same < term.words.size()) continue;
    found.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + same - 1)});
  }
  return found;
}

}  // namespace vigie
