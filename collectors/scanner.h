// The letters of an expression, one after the other, with the place of a mistake.

#pragma once

#include <cctype>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/text.h"

namespace vigie::definition {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() {
    skip_spaces();
    return at_ >= text_.size();
  }
  char peek() {
    skip_spaces();
    return peek_here();
  }
  char peek_here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view token) {
    skip_spaces();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  // The word `word`, not merely a name that starts with it.
  bool take_word(std::string_view word) {
    skip_spaces();
    const std::size_t end = at_ + word.size();
    if (text_.substr(at_, word.size()) != word || (end < text_.size() && in_name(text_[end]))) return false;
    at_ = end;
    return true;
  }
  std::string_view name() {
    skip_spaces();
    const std::size_t start = at_;
    while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }
  // Everything up to `end`, which is passed over.
  Result<std::string_view> until(char end) {
    const std::size_t stop = text_.find(end, at_);
    if (stop == std::string_view::npos)
      return fail(ErrorKind::bad_config, concat("expected a closing ", std::string(1, end), ", found the end"));
    const std::string_view inner = text_.substr(at_, stop - at_);
    at_ = stop + 1;
    return inner;
  }
  // What stands up to the next space or bar.
  std::string_view bare() {
    skip_spaces();
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != '|') ++at_;
    return text_.substr(start, at_ - start);
  }
  tl::unexpected<Error> expected(std::string_view what) {
    skip_spaces();
    const std::string found =
        at_ < text_.size() ? concat("\"", first_code_points(text_.substr(at_), 12), "\"") : "the end";
    return fail(ErrorKind::bad_config, concat("character ", std::to_string(count_code_points(text_.substr(0, at_)) + 1),
                                              ": expected ", what, ", found ", found));
  }

 private:
  static bool in_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '@' || c == '#' || c == '$' ||
           (static_cast<unsigned char>(c) & 0x80);
  }
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// A path as far as it goes; the caller decides what may follow.
class Path;
Result<Path> scan_path(Scanner& scanner);

}  // namespace vigie::definition
