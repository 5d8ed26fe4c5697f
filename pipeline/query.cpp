#include "pipeline/query.h"

#include <algorithm>

#include "base/text.h"
#include "pipeline/words.h"

namespace vigie {
namespace {

constexpr std::size_t kMostBytes = 16 << 10;
constexpr std::size_t kMostNodes = 2000;
constexpr int kDepth = 50;

}  // namespace

class QueryParser {
 public:
  explicit QueryParser(std::string_view text) : text_(text) {}

  Result<Query> run() {
    if (text_.size() > kMostBytes) return fail(ErrorKind::bad_config, "column 1: a query has at most 16384 bytes");
    TRY(advance());
    if (token_ == Token::end) return error("expected a word, found nothing");
    TRY(query_.root_, any_of(0));
    if (token_ != Token::end) return error("expected the end, AND or OR, found \")\"");
    if (query_.triggers().empty()) {
      at_token_ = 0;
      return error("everything here is optional or excluded; at least one word must be required");
    }
    return std::move(query_);
  }

 private:
  enum class Token { word, and_, or_, not_, open, close, end };

  tl::unexpected<Error> error(std::string_view what) const {
    const std::size_t column = count_code_points(text_.substr(0, at_token_)) + 1;
    return fail(ErrorKind::bad_config, concat("column ", std::to_string(column), ": ", what));
  }

  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  Result<void> advance() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    at_token_ = at_;
    if (at_ == text_.size()) {
      token_ = Token::end;
      return {};
    }
    switch (text_[at_]) {
      case '(':
        ++at_;
        token_ = Token::open;
        return {};
      case ')':
        ++at_;
        token_ = Token::close;
        return {};
      case '"': return phrase();
      default: return bare_word();
    }
  }

  Result<void> phrase() {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) return error("expected a closing quotation mark");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return literal(inside);
  }

  Result<void> bare_word() {
    std::size_t end = at_;
    while (end < text_.size() && !is_blank(text_[end]) && text_[end] != '(' && text_[end] != ')' && text_[end] != '"')
      ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    if (word == "AND")
      token_ = Token::and_;
    else if (word == "OR")
      token_ = Token::or_;
    else if (word == "NOT")
      token_ = Token::not_;
    else
      return literal(word);
    return {};
  }

  Result<void> literal(std::string_view written) {
    token_ = Token::word;
    literal_ = as_literal(written);
    if (literal_.empty()) return error("expected a letter or a digit in this word");
    if (written.ends_with('*')) {
      if (literal_.size() < 4) return error("expected two letters or more before *");
      literal_.pop_back();
    }
    return {};
  }

  Result<std::uint32_t> add(Query::Node node) {
    if (query_.nodes_.size() >= kMostNodes) return error("expected at most 2000 words");
    query_.nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(query_.nodes_.size() - 1);
  }

  Result<std::uint32_t> group(Query::Node::Kind kind, std::vector<std::uint32_t> children) {
    if (children.size() == 1) return children.front();
    return add({kind, 0, std::move(children)});
  }

  Result<std::uint32_t> any_of(int depth) {
    std::vector<std::uint32_t> children;
    TRY(const std::uint32_t first, all_of(depth));
    children.push_back(first);
    while (token_ == Token::or_) {
      TRY(advance());
      TRY(const std::uint32_t next, all_of(depth));
      children.push_back(next);
    }
    return group(Query::Node::Kind::any_of, std::move(children));
  }

  Result<std::uint32_t> all_of(int depth) {
    std::vector<std::uint32_t> children;
    TRY(const std::uint32_t first, one(depth));
    children.push_back(first);
    while (token_ != Token::or_ && token_ != Token::close && token_ != Token::end) {
      if (token_ == Token::and_) TRY(advance());
      TRY(const std::uint32_t next, one(depth));
      children.push_back(next);
    }
    return group(Query::Node::Kind::all_of, std::move(children));
  }

  Result<std::uint32_t> one(int depth) {
    if (depth > kDepth) return error("expected at most 50 levels of brackets");
    switch (token_) {
      case Token::word: return word();
      case Token::not_: {
        TRY(advance());
        TRY(const std::uint32_t child, one(depth + 1));
        return add({Query::Node::Kind::none_of, 0, {child}});
      }
      case Token::open: {
        TRY(advance());
        TRY(const std::uint32_t inside, any_of(depth + 1));
        if (token_ != Token::close) return error("expected \")\"");
        TRY(advance());
        return inside;
      }
      case Token::and_: return error("expected a word, found AND");
      case Token::or_: return error("expected a word, found OR");
      case Token::close: return error("expected a word, found \")\"");
      case Token::end: break;
    }
    return error("expected a word, found the end");
  }

  Result<std::uint32_t> word() {
    auto& known = query_.literals_;
    const auto place = std::find(known.begin(), known.end(), literal_);
    const auto index = static_cast<std::uint32_t>(place - known.begin());
    if (place == known.end()) known.push_back(literal_);
    TRY(advance());
    return add({Query::Node::Kind::literal, index, {}});
  }

  std::string_view text_;
  std::size_t at_ = 0, at_token_ = 0;
  Token token_ = Token::end;
  std::string literal_;
  Query query_;
};

Result<Query> Query::parse(std::string_view text) { return QueryParser(text).run(); }

std::vector<std::uint32_t> Query::triggers() const {
  std::vector<std::uint32_t> found;
  if (can_hold_without(root_, found)) found.clear();
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// Whether the node can hold in a text without any word of the query; if not, adds literals of which one must be there.
bool Query::can_hold_without(std::uint32_t index, std::vector<std::uint32_t>& triggers) const {
  const Node& node = nodes_[index];
  switch (node.kind) {
    case Node::Kind::literal: triggers.push_back(node.literal); return false;
    case Node::Kind::none_of: return true;
    case Node::Kind::any_of: {
      bool can = false;
      for (const std::uint32_t child : node.children) can = can_hold_without(child, triggers) || can;
      return can;
    }
    case Node::Kind::all_of: {
      // One child that needs a word is enough; the one with the fewest triggers sifts best.
      std::vector<std::uint32_t> best;
      bool can = true;
      for (const std::uint32_t child : node.children) {
        std::vector<std::uint32_t> own;
        if (can_hold_without(child, own)) continue;
        if (can || own.size() < best.size()) best = std::move(own);
        can = false;
      }
      triggers.insert(triggers.end(), best.begin(), best.end());
      return can;
    }
  }
  return true;
}

}  // namespace vigie
