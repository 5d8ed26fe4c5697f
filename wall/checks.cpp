#include "wall/checks.h"

#include <algorithm>

#include "base/embedded.h"
#include "base/secret.h"
#include "base/text.h"
#include "wall/personal.h"

namespace vigie {
namespace {

constexpr std::size_t kLeastForCopies = 40;  // letters and digits
constexpr std::size_t kLeastLetters = 12;    // to judge whether somebody could read it
constexpr std::string_view kVowels = "aeiouy";

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// " tres decu de la livraison ": words as people hear them, each between blanks.
std::string spoken(std::string_view text) {
  std::string out = " ";
  for (const char c : fold_blind(text)) {
    if (is_word_byte(c))
      out += c;
    else if (out.back() != ' ')
      out += ' ';
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

// config/words/abuse.*.txt: a word or phrase a line, as spoken; `*` at the end stands for any ending.
const std::vector<std::string>& abusive() {
  static const auto* all = new std::vector<std::string>([] {
    std::vector<std::string> words;
    for (const EmbeddedFile& file : embedded_under("config/words/abuse.")) {
      for (std::string_view line : split(file.bytes, '\n')) {
        line = trim(line.substr(0, line.find('#')));
        if (line.empty()) continue;
        const bool open = line.ends_with('*');
        std::string word = spoken(open ? line.substr(0, line.size() - 1) : line);
        if (open) word.pop_back();
        words.push_back(std::move(word));
      }
    }
    return words;
  }());
  return *all;
}

bool is_abusive(std::string_view as_spoken) {
  return std::any_of(abusive().begin(), abusive().end(),
                     [&](const std::string& word) { return as_spoken.find(word) != std::string_view::npos; });
}

bool is_ascii_letter(char c) { return c >= 'a' && c <= 'z'; }

// Keys hit at random: most of its long words have no vowel, or one letter makes up nearly all of it. Scripts other than
// Latin are left to people.
bool is_unintelligible(std::string_view as_spoken) {
  std::array<std::size_t, 26> letters{};
  std::size_t all = 0, long_words = 0, mute = 0;
  for (const std::string_view word : split(as_spoken, ' ')) {
    if (!std::all_of(word.begin(), word.end(), is_ascii_letter)) {
      if (std::any_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return false;
      continue;
    }
    for (const char c : word) ++letters[static_cast<std::size_t>(c - 'a')];
    all += word.size();
    if (word.size() < 5) continue;
    const auto vowels = static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [](char c) { return kVowels.find(c) != std::string_view::npos; }));
    ++long_words;
    if (vowels * 6 < word.size()) ++mute;
  }
  if (all < kLeastLetters) return false;
  if (*std::max_element(letters.begin(), letters.end()) * 10 > all * 8) return true;
  return long_words > 0 && mute * 2 > long_words;
}

std::uint64_t print_of(std::string_view as_spoken) {
  const auto blanks = static_cast<std::size_t>(std::count(as_spoken.begin(), as_spoken.end(), ' '));
  return as_spoken.size() - blanks < kLeastForCopies ? 0 : hash64(as_spoken);
}

}  // namespace

Noticed check_fields(const std::array<std::string, kReviewFields>& values) {
  Noticed noticed;
  bool abuse = false;
  for (const ReviewField field : {kText, kAuthor, kPlace, kOrder}) {
    const std::string& value = values[field];
    if (value.empty()) continue;
    const std::vector<FoundSpan> found = find_personal(field, value);
    noticed.spans.insert(noticed.spans.end(), found.begin(), found.end());
    abuse = abuse || is_abusive(spoken(value));
  }
  const std::string text = spoken(values[kText]);
  noticed.print = print_of(text);
  if (!noticed.spans.empty()) noticed.marks.emplace_back(kPersonalData);
  if (abuse) noticed.marks.emplace_back(kAbuse);
  if (is_unintelligible(text)) noticed.marks.emplace_back(kUnintelligible);
  return noticed;
}

}  // namespace vigie
