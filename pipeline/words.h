// A text as words: folded without accents, with what only the writing shows (capitals, lengthened letters, where a
// clause ends). Every step of the pipeline reads this one form, so that a text is folded once.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

struct Word {
  enum class Kind : std::uint8_t { word, hashtag, handle, emoji, url };

  std::uint32_t begin = 0, end = 0;  // bytes of the original text
  std::uint32_t at = 0, length = 0;  // bytes of the folded text
  Kind kind = Kind::word;
  bool capitals = false;         // two letters or more, all upper case
  bool lengthened = false;       // a letter three times or more: "sooo", folded to two
  bool after_break = false;      // a clause ended just before it: . ! ? , ; : ( ) or a line break
  std::uint8_t marks_after = 0;  // exclamation marks that follow, at most 255
  bool question_after = false;
};

// Words joined by one blank, with a blank at both ends (" acme is down "): a word or phrase with blanks around it is
// found as a substring exactly where it stands between word borders of any script. Links have no folded form.
//
// Apostrophes, hyphens and underscores part words ("l'oréal" is l + oreal); letters and digits do not ("o2"). Scripts
// written without blanks (Han, Kana, Thai, Lao, Khmer, Burmese) give one word a character.
class Words {
 public:
  std::size_t size() const { return words_.size(); }
  bool empty() const { return words_.empty(); }
  const Word& operator[](std::size_t index) const { return words_[index]; }
  std::string_view folded(std::size_t index) const {
    return std::string_view(folded_).substr(words_[index].at, words_[index].length);
  }
  std::string_view folded() const { return folded_; }
  std::string_view text() const { return text_; }
  // As written.
  std::string_view written(std::size_t index) const {
    return text_.substr(words_[index].begin, words_[index].end - words_[index].begin);
  }
  std::string_view written(std::size_t first, std::size_t last) const {
    return text_.substr(words_[first].begin, words_[last].end - words_[first].begin);
  }

  // Words first to last as a text of their own; nothing is folded again. Must not outlive the original text.
  Words part(std::size_t first, std::size_t last) const;

 private:
  friend class Splitter;
  std::string_view text_;
  std::string folded_ = " ";
  std::vector<Word> words_;
};

// The words of `text`, which must be valid UTF-8 and outlive the result; what stands behind the first 4,096 words is
// left out: nobody reviews at that length, and time per text stays bounded.
Words split_words(std::string_view text);

// The folded text of `text`, as one literal to look for: " acme corp ", or "" when it holds no word.
std::string as_literal(std::string_view text);

}  // namespace vigie
