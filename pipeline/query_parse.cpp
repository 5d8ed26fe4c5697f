// Reads a brand query into its tree, by recursive descent.

#include <algorithm>

#include "base/text.h"
#include "pipeline/query.h"
#include "pipeline/query_lexer.h"

namespace vigie {
namespace {

using Token = QueryToken::Kind;
using Kind = Query::Node::Kind;

constexpr std::size_t kMostBytes = 16 << 10;
constexpr std::size_t kMostNodes = 2000;
constexpr int kDepth = 50;
constexpr std::size_t kMostNears = 10;  // in a row

QueryMistake mistake_at(std::string_view text, std::size_t at, std::string what) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  QueryMistake mistake;
  mistake.at = at;
  mistake.line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  mistake.column = count_code_points(before.substr(line_start)) + 1;
  mistake.what = std::move(what);
  return mistake;
}

}  // namespace

class QueryParser {
 public:
  explicit QueryParser(std::string_view text) : text_(text), lexer_(text) {}

  tl::expected<Query, QueryMistake> run() {
    Result<void> done = whole();
    if (done) return std::move(query_);
    return tl::unexpected<QueryMistake>(mistake_at(text_, mistake_at_, std::move(done.error().what)));
  }

 private:
  tl::unexpected<Error> mistake(std::size_t at, std::string_view what) {
    mistake_at_ = at;
    return fail(ErrorKind::bad_config, std::string(what));
  }
  tl::unexpected<Error> mistake(std::string_view what) { return mistake(token_.begin, what); }

  Result<void> whole() {
    if (text_.size() > kMostBytes) return mistake(0, "a query has at most 16384 bytes");
    if (!is_valid_utf8(text_)) return mistake(0, "a query is text in UTF-8");
    query_.source_ = text_;
    TRY(advance());
    if (token_.kind == Token::end) return mistake("expected a word, found nothing");
    TRY(query_.root_, any_of(0));
    if (token_.kind != Token::end) return mistake("expected the end, AND or OR, found \")\"");
    if (query_.selects()) return {};
    return mistake(0, "everything here is optional or excluded; at least one word must be required");
  }

  Result<void> advance() {
    ended_ = token_.end;
    auto token = lexer_.next();
    if (!token) return mistake(lexer_.mistake_at(), token.error().what);
    token_ = *token;
    return {};
  }

  Result<std::uint32_t> add(Query::Node node, std::size_t begin) {
    if (query_.nodes_.size() >= kMostNodes) return mistake("expected at most 2000 words");
    node.begin = static_cast<std::uint32_t>(begin);
    node.end = static_cast<std::uint32_t>(ended_);
    query_.nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(query_.nodes_.size() - 1);
  }

  Result<std::uint32_t> group(Kind kind, std::vector<std::uint32_t> children, std::size_t begin) {
    if (children.size() == 1) return children.front();
    Query::Node node;
    node.kind = kind;
    node.children = std::move(children);
    return add(std::move(node), begin);
  }

  Result<std::uint32_t> any_of(int depth) {
    const std::size_t begin = token_.begin;
    std::vector<std::uint32_t> children;
    TRY(const std::uint32_t first, all_of(depth));
    children.push_back(first);
    while (token_.kind == Token::or_) {
      TRY(advance());
      TRY(const std::uint32_t next, all_of(depth));
      children.push_back(next);
    }
    return group(Kind::any_of, std::move(children), begin);
  }

  Result<std::uint32_t> all_of(int depth) {
    const std::size_t begin = token_.begin;
    std::vector<std::uint32_t> children;
    TRY(const std::uint32_t first, wanted_or_not(depth));
    children.push_back(first);
    while (token_.kind != Token::or_ && token_.kind != Token::close && token_.kind != Token::end) {
      if (token_.kind == Token::and_) TRY(advance());
      TRY(const std::uint32_t next, wanted_or_not(depth));
      children.push_back(next);
    }
    return group(Kind::all_of, std::move(children), begin);
  }

  Result<std::uint32_t> wanted_or_not(int depth) {
    if (depth > kDepth) return mistake("expected at most 50 levels of brackets");
    if (token_.kind != Token::not_) return near(depth);
    const std::size_t begin = token_.begin;
    TRY(advance());
    Query::Node node;
    node.kind = Kind::none_of;
    TRY(const std::uint32_t child, wanted_or_not(depth + 1));
    node.children = {child};
    return add(std::move(node), begin);
  }

  // a NEAR/3 b NEAR/5 c: b within 3 words of a, and that same b within 5 of c.
  Result<std::uint32_t> near(int depth) {
    const std::size_t begin = token_.begin;
    TRY(const std::uint32_t first, one(depth));
    if (token_.kind != Token::near) return first;
    Query::Node node;
    node.kind = Kind::near;
    TRY(beside(first, begin));
    node.children.push_back(first);
    while (token_.kind == Token::near) {
      if (node.reach.size() == kMostNears) return mistake("expected at most 10 NEAR in a row");
      node.reach.push_back({token_.distance, token_.ordered});
      TRY(advance());
      const std::size_t at = token_.begin;
      if (token_.kind == Token::not_) return mistake(kBesideNear);
      TRY(const std::uint32_t next, one(depth));
      TRY(beside(next, at));
      node.children.push_back(next);
    }
    return add(std::move(node), begin);
  }

  // Only words stand somewhere.
  Result<void> beside(std::uint32_t index, std::size_t at) {
    const auto is_term = [&](std::uint32_t i) { return query_.nodes_[i].kind == Kind::term; };
    const Query::Node& node = query_.nodes_[index];
    const bool words = node.kind == Kind::any_of && std::all_of(node.children.begin(), node.children.end(), is_term);
    return words || is_term(index) ? Result<void>() : mistake(at, kBesideNear);
  }

  Result<std::uint32_t> one(int depth) {
    switch (token_.kind) {
      case Token::word: return word();
      case Token::field: return field();
      case Token::open: return bracket(depth);
      case Token::and_: return mistake("expected a word, found AND");
      case Token::or_: return mistake("expected a word, found OR");
      case Token::not_: return mistake("expected a word, found NOT");
      case Token::near: return mistake("expected a word before NEAR");
      case Token::close: return mistake("expected a word, found \")\"");
      case Token::end: break;
    }
    return mistake("expected a word, found the end");
  }

  Result<std::uint32_t> bracket(int depth) {
    const std::size_t begin = token_.begin;
    TRY(advance());
    TRY(const std::uint32_t inside, any_of(depth + 1));
    if (token_.kind != Token::close) return mistake("expected \")\"");
    TRY(advance());
    Query::Node& node = query_.nodes_[inside];
    if (!node.children.empty()) {  // told with its brackets
      node.begin = static_cast<std::uint32_t>(begin);
      node.end = static_cast<std::uint32_t>(ended_);
    }
    return inside;
  }

  Result<std::uint32_t> word() {
    const std::size_t begin = token_.begin;
    Result<Term> term = read_term(token_.text);
    if (!term) return mistake(term.error().what);
    auto& known = query_.terms_;
    const auto place = std::find(known.begin(), known.end(), *term);
    Query::Node node;
    node.kind = Kind::term;
    node.index = static_cast<std::uint32_t>(place - known.begin());
    if (place == known.end()) known.push_back(*std::move(term));
    TRY(advance());
    return add(std::move(node), begin);
  }

  Result<std::uint32_t> field() {
    const std::size_t begin = token_.begin;
    Result<Field> field = read_field(token_.name, token_.text, token_.quoted);
    if (!field) return mistake(field.error().what);
    Query::Node node;
    node.kind = Kind::field;
    node.index = static_cast<std::uint32_t>(query_.fields_.size());
    query_.fields_.push_back(*std::move(field));
    TRY(advance());
    return add(std::move(node), begin);
  }

  static constexpr std::string_view kBesideNear =
      "expected words or phrases beside NEAR, at most joined by OR in brackets";

  std::string_view text_;
  QueryLexer lexer_;
  QueryToken token_;
  std::size_t ended_ = 0;  // end of the token before
  std::size_t mistake_at_ = 0;
  Query query_;
};

tl::expected<Query, QueryMistake> Query::parse(std::string_view text) { return QueryParser(text).run(); }

std::string QueryMistake::text() const {
  const std::string place = concat("column ", std::to_string(column), ": ", what);
  return line == 1 ? place : concat("line ", std::to_string(line), ", ", place);
}

std::string QueryMistake::caret(std::string_view query) const {
  const std::size_t start = query.substr(0, at).rfind('\n') + 1;
  const std::size_t end = std::min(query.find('\n', start), query.size());
  std::string shown = concat(query.substr(start, end - start), "\n");
  // A tab stays a tab, so that the caret stands below its place however wide tabs are.
  const std::string_view before = query.substr(start, at - start);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == '\t')
      shown += '\t';
    else if ((static_cast<unsigned char>(before[i]) & 0xC0u) != 0x80)
      shown += ' ';
  }
  return shown + "^";
}

}  // namespace vigie
