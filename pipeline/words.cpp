#include "pipeline/words.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "pipeline/letters.h"

namespace vigie {
namespace {

constexpr std::size_t kMostWords = 4096;

// Western emoticons and the four words they become; longest first where one begins another.
constexpr std::array<std::pair<std::string_view, std::string_view>, 47> kEmoticons = {{
    {":'-(", ":("}, {":'-)", ":)"}, {":-))", ":)"}, {":-((", ":("}, {">:-(", ":("}, {":-)", ":)"}, {":-(", ":("},
    {":'(", ":("},  {":')", ":)"},  {":-D", ":D"},  {":-P", ":)"},  {":-p", ":)"},  {":-/", ":/"}, {":-|", ":/"},
    {";-)", ":)"},  {":-*", "<3"},  {"^_^", ":)"},  {"-_-", ":/"},  {">:(", ":("},  {":))", ":)"}, {":((", ":("},
    {"=))", ":)"},  {":)", ":)"},   {":(", ":("},   {":D", ":D"},   {":P", ":)"},   {":p", ":)"},  {":/", ":/"},
    {":|", ":/"},   {";)", ":)"},   {";(", ":("},   {";D", ":D"},   {":*", "<3"},   {"=)", ":)"},  {"=(", ":("},
    {"=D", ":D"},   {"<3", "<3"},   {"^^", ":)"},   {":]", ":)"},   {":[", ":("},   {"8)", ":)"},  {":o", ":/"},
    {":O", ":/"},   {":$", ":/"},   {":d", ":D"},   {";d", ":D"},   {"=d", ":D"},
}};

bool ends_clause(char32_t c) {
  switch (c) {
    case '.':
    case '!':
    case '?':
    case ',':
    case ';':
    case ':':
    case '(':
    case ')':
    case '\n':
    case 0x2026:
    case 0x3002:
    case 0xFF01:
    case 0xFF0C:
    case 0xFF1F: return true;
    default: return false;
  }
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

// Walks the text once, one code point at a time.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {
    out_.text_ = text;
    out_.folded_.reserve(text.size() + text.size() / 4 + 8);
    out_.words_.reserve(text.size() / 5 + 4);
  }

  Words run() {
    while (at_ < text_.size() && out_.words_.size() < kMostWords) {
      if (at_start_of_word() && (take_url() || take_emoticon())) continue;
      const std::size_t here = at_;
      const char32_t c = next_code_point(text_, at_);
      const Letter& is = letter_of(c);
      switch (is.kind) {
        case LetterClass::letter:
          at_ = here;
          take_word();
          break;
        case LetterClass::alone: take_one(here, Word::Kind::word); break;
        case LetterClass::emoji: take_one(here, Word::Kind::emoji); break;
        case LetterClass::mark:
        case LetterClass::joiner: break;
        case LetterClass::other: take_other(c, here); break;
      }
    }
    return std::move(out_);
  }

 private:
  const Letter& letter_of(char32_t c) {
    if (c < kTableOfLetters) return table_[c];
    return other_ = letter(c);
  }

  bool at_start_of_word() const {
    return at_ == 0 || is_blank(text_[at_ - 1]) || text_[at_ - 1] == '(' ||
           (!out_.words_.empty() && out_.words_.back().end == at_ && out_.words_.back().kind == Word::Kind::emoji);
  }

  bool take_url() {
    const std::string_view rest = text_.substr(at_);
    const bool link = rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.");
    if (!link) return false;
    std::size_t end = at_;
    while (end < text_.size() && !is_blank(text_[end])) ++end;
    Word& word = begin_word(at_, Word::Kind::url);
    word.end = static_cast<std::uint32_t>(end);
    at_ = end;
    return true;
  }

  bool take_emoticon() {
    const std::string_view rest = text_.substr(at_);
    switch (rest.front()) {
      case ':':
      case ';':
      case '=':
      case '<':
      case '>':
      case '^':
      case '-':
      case '8': break;
      default: return false;
    }
    for (const auto& [written, canonical] : kEmoticons) {
      if (!rest.starts_with(written)) continue;
      // "8)" ends a list number and ":p" begins a word: an emoticon stands alone.
      if (rest.size() > written.size() && !is_blank(rest[written.size()]) && rest[written.size()] != '.') continue;
      Word& word = begin_word(at_, Word::Kind::emoji);
      word.end = static_cast<std::uint32_t>(at_ + written.size());
      finish(word, canonical);
      at_ += written.size();
      return true;
    }
    return false;
  }

  // Most letters are a to z and stand for themselves: copied many at once, up to the third of a kind in a row. Returns
  // how many.
  int take_plain(char32_t& previous, int& run) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z') {
      const auto c = static_cast<char32_t>(text_[at_]);
      if (c == previous && run == 2) break;
      run = c == previous ? run + 1 : 1;
      previous = c;
      ++at_;
    }
    out_.folded_.append(text_.substr(begin, at_ - begin));
    return static_cast<int>(at_ - begin);
  }

  void take_word() {
    const std::size_t begin = at_;
    Word& word = begin_word(begin, sign_before(begin));
    int uppers = 0, lowers = 0, run = 1;
    char32_t previous = 0;
    bool simple = true;
    while (at_ < text_.size()) {
      std::size_t next = at_;
      const char32_t c = next_code_point(text_, next);
      const Letter& is = letter_of(c);
      if (is.kind != LetterClass::letter && is.kind != LetterClass::mark) break;
      if (is.kind == LetterClass::mark && begin == at_) break;
      simple = simple && is.simple;
      uppers += is.upper ? 1 : 0;
      lowers += is.lower ? 1 : 0;
      const bool digit = c >= '0' && c <= '9';
      run = c == previous && !digit ? run + 1 : 1;
      previous = c;
      if (run >= 3) word.lengthened = true;
      if (simple && run < 3) out_.folded_.append(is.folded.data(), is.length);
      at_ = next;
      if (simple && run < 3) lowers += take_plain(previous, run);
    }
    word.end = static_cast<std::uint32_t>(at_);
    word.capitals = uppers >= 2 && lowers == 0;
    if (!simple) {
      out_.folded_.resize(word.at);
      out_.folded_ += one_word(fold_blind(text_.substr(begin, at_ - begin)));
    }
    close(word);
  }

  void take_one(std::size_t begin, Word::Kind kind) {
    Word& word = begin_word(begin, kind);
    word.end = static_cast<std::uint32_t>(at_);
    finish(word, one_word(fold_blind(text_.substr(begin, at_ - begin))));
  }

  void take_other(char32_t c, std::size_t here) {
    if (ends_clause(c)) {
      // "3.5" and "booking.com" do not end a clause: a blank or the end must follow, but for marks that cannot stand
      // inside.
      const bool inside = (c == '.' || c == ',' || c == ':') && at_ < text_.size() && !is_blank(text_[at_]);
      if (!inside) break_next_ = true;
      if (!out_.words_.empty()) {
        Word& last = out_.words_.back();
        if ((c == '!' || c == 0xFF01) && last.marks_after < 255) ++last.marks_after;
        if (c == '?' || c == 0xFF1F) last.question_after = true;
      }
    }
    sign_ = c == '#' || c == '@' ? c : 0;
    sign_at_ = here;
  }

  Word::Kind sign_before(std::size_t begin) const {
    if (sign_ == 0 || sign_at_ + 1 != begin) return Word::Kind::word;
    if (sign_ == '#') return Word::Kind::hashtag;
    const bool inside_address =
        sign_at_ > 0 && !is_blank(text_[sign_at_ - 1]) && text_[sign_at_ - 1] != '.' && text_[sign_at_ - 1] != '(';
    return inside_address ? Word::Kind::word : Word::Kind::handle;
  }

  Word& begin_word(std::size_t begin, Word::Kind kind) {
    Word& word = out_.words_.emplace_back();
    word.begin = static_cast<std::uint32_t>(begin);
    word.at = static_cast<std::uint32_t>(out_.folded_.size());
    word.kind = kind;
    word.after_break = break_next_;
    break_next_ = false;
    return word;
  }

  void finish(Word& word, std::string_view folded) {
    out_.folded_ += folded;
    close(word);
  }

  void close(Word& word) {
    word.length = static_cast<std::uint32_t>(out_.folded_.size() - word.at);
    if (word.length == 0) {
      out_.words_.pop_back();  // nothing but marks that folding takes away
    } else {
      out_.folded_ += ' ';
    }
  }

  // NFKC may put a blank into one character ("㏂"); a word is one word.
  static std::string one_word(std::string folded) {
    std::erase(folded, ' ');
    return folded;
  }

  const std::array<Letter, kTableOfLetters>& table_ = table_of_letters();
  Letter other_;
  std::string_view text_;
  std::size_t at_ = 0;
  bool break_next_ = false;
  char32_t sign_ = 0;
  std::size_t sign_at_ = 0;
  Words out_;
};

Words Words::part(std::size_t first, std::size_t last) const {
  Words out;
  const std::uint32_t begin = words_[first].begin, at = words_[first].at;
  // What follows a word up to the next belongs to it: its marks.
  const std::size_t end = last + 1 < words_.size() ? words_[last + 1].begin : text_.size();
  out.text_ = text_.substr(begin, end - begin);
  out.folded_ += std::string_view(folded_).substr(at, words_[last].at + words_[last].length + 1 - at);
  out.words_.assign(words_.begin() + static_cast<std::ptrdiff_t>(first),
                    words_.begin() + static_cast<std::ptrdiff_t>(last) + 1);
  for (Word& word : out.words_) {
    word.begin -= begin;
    word.end -= begin;
    word.at = word.at - at + 1;  // the blank in front
  }
  out.words_.front().after_break = false;
  return out;
}

Words split_words(std::string_view text) { return Splitter(text).run(); }

std::string as_literal(std::string_view text) {
  const Words words = split_words(text);
  std::string literal(words.folded());
  return literal == " " ? "" : literal;
}

}  // namespace vigie
