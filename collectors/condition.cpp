#include "collectors/condition.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/number.h"
#include "collectors/path.h"
#include "collectors/scanner.h"

namespace vigie::definition {
namespace {

constexpr int kDepth = 32;  // brackets and nots inside each other

struct Literal {
  enum class Kind { text, number, boolean, null };
  Kind kind = Kind::null;
  std::string text;
};

// {name} in a text is a parameter of the subscription; one that is not set stays as it is written.
Literal with_params(Literal literal, const Params* params) {
  if (literal.kind != Literal::Kind::text || !params || literal.text.find('{') == std::string::npos) return literal;
  for (const auto& [name, value] : *params) {
    const std::string place = concat("{", name, "}");
    const std::size_t at = literal.text.find(place);
    if (at != std::string::npos) literal.text.replace(at, place.size(), value);
  }
  return literal;
}

bool equal(const json::Value& value, const Literal& literal) {
  if (literal.kind == Literal::Kind::null) return value.is_null();
  if (value.is_null() || value.type() == json::Type::object || value.type() == json::Type::array) return false;
  if (literal.kind == Literal::Kind::number) {
    // Sources write numbers as text and the other way round.
    const std::optional<double> a = real_number(value.raw()), b = real_number(literal.text);
    return a && b && *a == *b;
  }
  if (literal.kind == Literal::Kind::boolean && value.type() != json::Type::boolean) return false;
  return value.raw() == literal.text;
}

bool contains(const json::Value& value, const Literal& literal) {
  if (value.is_null()) return false;
  if (value.type() == json::Type::string) return value.raw().find(literal.text) != std::string_view::npos;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (equal(value[i], literal)) return true;
  }
  return false;
}

bool present(const json::Value& value) {
  if (value.is_null()) return false;
  if (value.type() == json::Type::boolean) return value.raw() == "true";
  return value.type() != json::Type::string || !value.raw().empty();
}

}  // namespace

struct Condition::Term {
  enum class Kind { all, any, no, present, equal, unequal, less, more, at_most, at_least, in, contains };
  Kind kind = Kind::present;
  std::vector<std::shared_ptr<const Term>> terms;  // of all, any and no
  Path path;
  std::vector<Literal> literals;  // one, or those of "in"

  bool holds(const json::Value& value, const Params* params) const {
    switch (kind) {
      case Kind::all:
        return std::all_of(terms.begin(), terms.end(), [&](const auto& term) { return term->holds(value, params); });
      case Kind::any:
        return std::any_of(terms.begin(), terms.end(), [&](const auto& term) { return term->holds(value, params); });
      case Kind::no: return !terms[0]->holds(value, params);
      default: return compare(path.find(value), params);
    }
  }

  bool compare(const json::Value& found, const Params* params) const {
    const auto same = [&](const Literal& one) { return equal(found, with_params(one, params)); };
    switch (kind) {
      case Kind::present: return present(found);
      case Kind::equal: return same(literals[0]);
      case Kind::unequal: return !same(literals[0]);
      case Kind::in: return std::any_of(literals.begin(), literals.end(), same);
      case Kind::contains: return definition::contains(found, with_params(literals[0], params));
      default: return order(found);
    }
  }

  bool order(const json::Value& found) const {
    const std::optional<double> a = real_number(found.is_null() ? std::string_view() : found.raw()),
                                b = real_number(literals[0].text);
    if (!a || !b) return false;
    switch (kind) {
      case Kind::less: return *a < *b;
      case Kind::more: return *a > *b;
      case Kind::at_most: return *a <= *b;
      default: return *a >= *b;
    }
  }
};

namespace {

using Term = Condition::Term;
using TermPtr = std::shared_ptr<const Term>;

Result<TermPtr> scan_any(Scanner& scanner, int depth);

Result<Literal> scan_literal(Scanner& scanner) {
  Literal literal;
  if (scanner.take("'")) {
    literal.kind = Literal::Kind::text;
    TRY(literal.text, scanner.until('\''));
    return literal;
  }
  for (const std::string_view word : {"true", "false"}) {
    if (!scanner.take_word(word)) continue;
    literal.kind = Literal::Kind::boolean;
    literal.text = word;
    return literal;
  }
  if (scanner.take_word("null")) return literal;
  literal.kind = Literal::Kind::number;
  literal.text = scanner.name();
  if (scanner.peek_here() == '.') {
    scanner.take(".");
    literal.text += concat(".", scanner.name());
  }
  if (!real_number(literal.text)) return scanner.expected("a 'text', a number, true, false or null");
  return literal;
}

Result<std::vector<Literal>> scan_list(Scanner& scanner) {
  std::vector<Literal> literals;
  if (!scanner.take("[")) return scanner.expected("a list such as ['a', 'b']");
  do {
    TRY(Literal literal, scan_literal(scanner));
    literals.push_back(std::move(literal));
  } while (scanner.take(","));
  if (!scanner.take("]")) return scanner.expected("\"]\"");
  return literals;
}

std::optional<Term::Kind> scan_operator(Scanner& scanner) {
  if (scanner.take("==")) return Term::Kind::equal;
  if (scanner.take("!=")) return Term::Kind::unequal;
  if (scanner.take("<=")) return Term::Kind::at_most;
  if (scanner.take(">=")) return Term::Kind::at_least;
  if (scanner.take("<")) return Term::Kind::less;
  if (scanner.take(">")) return Term::Kind::more;
  if (scanner.take_word("in")) return Term::Kind::in;
  if (scanner.take_word("contains")) return Term::Kind::contains;
  return std::nullopt;
}

Result<TermPtr> scan_comparison(Scanner& scanner) {
  Term term;
  if (scanner.take_word("null")) {  // the whole answer is null
    term.kind = Term::Kind::equal;
    term.literals.emplace_back();
    return std::make_shared<const Term>(std::move(term));
  }
  TRY(term.path, scan_path(scanner));
  const std::optional<Term::Kind> kind = scan_operator(scanner);
  if (kind) {
    term.kind = *kind;
    if (*kind == Term::Kind::in) {
      TRY(term.literals, scan_list(scanner));
    } else {
      TRY(Literal literal, scan_literal(scanner));
      term.literals.push_back(std::move(literal));
    }
  }
  return std::make_shared<const Term>(std::move(term));
}

Result<TermPtr> scan_one(Scanner& scanner, int depth) {
  if (depth > kDepth) return scanner.expected("fewer brackets inside each other");
  if (scanner.take("(")) {
    TRY(TermPtr inner, scan_any(scanner, depth + 1));
    if (!scanner.take(")")) return scanner.expected("\")\"");
    return inner;
  }
  if (!scanner.take_word("not")) return scan_comparison(scanner);
  Term term;
  term.kind = Term::Kind::no;
  TRY(TermPtr inner, scan_one(scanner, depth + 1));
  term.terms.push_back(std::move(inner));
  return std::make_shared<const Term>(std::move(term));
}

Result<TermPtr> scan_all(Scanner& scanner, int depth) {
  Term term;
  term.kind = Term::Kind::all;
  do {
    TRY(TermPtr one, scan_one(scanner, depth));
    term.terms.push_back(std::move(one));
  } while (scanner.take_word("and"));
  return std::make_shared<const Term>(std::move(term));
}

Result<TermPtr> scan_any(Scanner& scanner, int depth) {
  Term term;
  term.kind = Term::Kind::any;
  do {
    TRY(TermPtr one, scan_all(scanner, depth));
    term.terms.push_back(std::move(one));
  } while (scanner.take_word("or"));
  return std::make_shared<const Term>(std::move(term));
}

}  // namespace

bool Condition::holds(const json::Value& value, const Params* params) const {
  return term_ && term_->holds(value, params);
}

Result<Condition> parse_condition(std::string_view text) {
  Scanner scanner(text);
  Condition condition;
  TRY(condition.term_, scan_any(scanner, 0));
  if (!scanner.done()) return scanner.expected("\"and\", \"or\" or the end");
  return condition;
}

}  // namespace vigie::definition
