#include "pipeline/query_lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace vigie {
namespace {

using Kind = QueryToken::Kind;

constexpr std::uint32_t kFarthest = 100;  // words; farther apart, two words of a post are simply both in it

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Marks {
  std::string_view open, close;
};
// Word processors turn "x" into “x”, „x“ or «x».
constexpr std::array<Marks, 5> kMarks = {{{"\"", "\""}, {"“", "”"}, {"„", "“"}, {"”", "”"}, {"«", "»"}}};

const Marks* marks_at(std::string_view text) {
  const auto found =
      std::find_if(kMarks.begin(), kMarks.end(), [&](const Marks& m) { return text.starts_with(m.open); });
  return found == kMarks.end() ? nullptr : &*found;
}

}  // namespace

tl::unexpected<Error> QueryLexer::mistake(std::size_t at, std::string_view what) {
  mistake_at_ = at;
  return fail(ErrorKind::bad_config, std::string(what));
}

Result<QueryToken> QueryLexer::next() {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  const std::size_t begin = at_;
  const auto sign = [&](Kind kind) {
    ++at_;
    QueryToken token;
    token.kind = kind;
    token.begin = begin;
    token.end = at_;
    return token;
  };
  if (begin == text_.size()) {
    QueryToken end;
    end.begin = end.end = begin;
    return end;
  }
  if (text_[begin] == '(') return sign(Kind::open);
  if (text_[begin] == ')') return sign(Kind::close);
  // "wi-fi" is a word, "acme -inc" an exclusion.
  const bool starts = begin == 0 || is_blank(text_[begin - 1]) || text_[begin - 1] == '(';
  if (text_[begin] == '-' && starts && begin + 1 < text_.size() && !is_blank(text_[begin + 1])) return sign(Kind::not_);
  if (marks_at(text_.substr(begin)) != nullptr) return quoted(begin);
  return bare(begin);
}

Result<QueryToken> QueryLexer::quoted(std::size_t begin) {
  const Marks& marks = *marks_at(text_.substr(begin));
  const std::size_t inside = begin + marks.open.size();
  const std::size_t end = text_.find(marks.close, inside);
  if (end == std::string_view::npos) return mistake(begin, "expected a closing quotation mark");
  at_ = end + marks.close.size();
  QueryToken token;
  token.kind = Kind::word;
  token.begin = begin;
  token.end = at_;
  token.text = text_.substr(inside, end - inside);
  token.quoted = true;
  return token;
}

std::size_t QueryLexer::end_of_bare(std::size_t from) const {
  std::size_t end = from;
  while (end < text_.size() && !is_blank(text_[end]) && text_[end] != '(' && text_[end] != ')' &&
         marks_at(text_.substr(end)) == nullptr) {
    ++end;
  }
  return end;
}

Result<QueryToken> QueryLexer::bare(std::size_t begin) {
  at_ = end_of_bare(begin);
  QueryToken token;
  token.kind = Kind::word;
  token.begin = begin;
  token.end = at_;
  token.text = text_.substr(begin, at_ - begin);
  if (token.text == "AND") {
    token.kind = Kind::and_;
  } else if (token.text == "OR") {
    token.kind = Kind::or_;
  } else if (token.text == "NOT") {
    token.kind = Kind::not_;
  } else if (token.text == "NEAR" || token.text == "ONEAR" || token.text.starts_with("NEAR/") ||
             token.text.starts_with("ONEAR/")) {
    return near(token);
  } else {
    // name:value, but neither "Trek: Picard" nor https://
    const auto letters = std::find_if_not(token.text.begin(), token.text.end(), is_letter);
    const auto colon = static_cast<std::size_t>(letters - token.text.begin());
    const bool named = colon > 0 && colon < token.text.size() && token.text[colon] == ':';
    const bool value_follows = begin + colon + 1 < text_.size() && !is_blank(text_[begin + colon + 1]);
    if (named && value_follows && !token.text.substr(colon).starts_with("://")) return field(token, colon);
  }
  return token;
}

Result<QueryToken> QueryLexer::field(QueryToken token, std::size_t colon) {
  token.kind = Kind::field;
  token.name = token.text.substr(0, colon);
  token.text = token.text.substr(colon + 1);
  if (!token.text.empty() || marks_at(text_.substr(at_)) == nullptr) return token;
  TRY(const QueryToken value, quoted(at_));
  token.text = value.text;
  token.quoted = true;
  token.end = value.end;
  return token;
}

Result<QueryToken> QueryLexer::near(QueryToken token) {
  token.kind = Kind::near;
  token.ordered = token.text.front() == 'O';
  const std::string_view number = token.text.substr(std::min(token.text.find('/'), token.text.size() - 1) + 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), token.distance);
  const bool whole = error == std::errc() && end == number.data() + number.size();
  if (!whole || token.distance < 1 || token.distance > kFarthest) {
    return mistake(token.begin, concat("expected a distance from 1 to 100 words, as in ", token.ordered ? "O" : "",
                                       "NEAR/5 (to look for the word itself, put it in quotation marks)"));
  }
  return token;
}

}  // namespace vigie
