#include "collectors/path.h"

#include <algorithm>

#include "base/number.h"
#include "collectors/pipes.h"
#include "collectors/scanner.h"

namespace vigie::definition {
namespace {

constexpr std::size_t kSteps = 16;    // longer paths are mistakes
constexpr std::size_t kFound = 1000;  // values a "*" may lead to

json::Value element(const json::Value& array, std::int64_t position) {
  if (!array || array.type() != json::Type::array) return {};
  const auto size = static_cast<std::int64_t>(array.size());
  if (position < 0) position += size;
  return position >= 0 && position < size ? array[static_cast<std::size_t>(position)] : json::Value();
}

json::Value member(const json::Value& from, const std::string& name) {
  if (!from) return {};
  if (from.type() == json::Type::object) return from.find(name);
  const std::optional<std::int64_t> position = whole_number(name);  // langs.0
  return position ? element(from, *position) : json::Value();
}

bool has_children(const json::Value& value) {
  return value && (value.type() == json::Type::array || value.type() == json::Type::object);
}

bool has_member(const json::Value& value, const Step& step) {
  if (!has_children(value)) return false;
  const json::Value member = value.find(step.name);
  return !member.is_null() && member.raw() == step.wanted;
}

// Of the elements; an object that has the member itself is a list of one.
json::Value first_with(const json::Value& from, const Step& step) {
  if (!has_children(from)) return {};
  if (from.type() == json::Type::object && has_member(from, step)) return from;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (has_member(from[i], step)) return from[i];
  }
  return {};
}

void walk(const json::Value& from, const std::vector<Step>& steps, std::size_t index, std::vector<json::Value>& found) {
  if (!from || found.size() >= kFound) return;
  if (index == steps.size()) {
    found.push_back(from);
    return;
  }
  const Step& step = steps[index];
  switch (step.kind) {
    case Step::Kind::name: return walk(member(from, step.name), steps, index + 1, found);
    case Step::Kind::names:
      for (const std::string& name : step.several) walk(member(from, name), steps, index + 1, found);
      return;
    case Step::Kind::position: return walk(element(from, step.position), steps, index + 1, found);
    case Step::Kind::first_with: return walk(first_with(from, step), steps, index + 1, found);
    case Step::Kind::all:
      for (std::size_t i = 0; has_children(from) && i < from.size(); ++i) walk(from[i], steps, index + 1, found);
  }
}

Result<Step> scan_bracket(Scanner& scanner) {
  Step step;
  if (scanner.peek() == '\'') {
    step.kind = Step::Kind::names;
    do {
      if (!scanner.take("'")) return scanner.expected("a 'name'");
      TRY(const std::string_view one, scanner.until('\''));
      step.several.emplace_back(one);
    } while (scanner.take(","));
    if (!scanner.take("]")) return scanner.expected("\"]\"");
    return step;
  }
  const std::string_view name = scanner.name();
  if (scanner.take("=")) {
    step.kind = Step::Kind::first_with;
    step.name = name;
    if (name.empty() || !scanner.take("'")) return scanner.expected("[name='value']");
    TRY(step.wanted, scanner.until('\''));
  } else {
    const std::optional<std::int64_t> position = whole_number(name);
    if (!position) return scanner.expected("a position such as [0] or [-1], or [name='value']");
    step.kind = Step::Kind::position;
    step.position = *position;
  }
  if (!scanner.take("]")) return scanner.expected("\"]\"");
  return step;
}

Result<Step> scan_name(Scanner& scanner) {
  Step step;
  if (scanner.take("*")) {
    step.kind = Step::Kind::all;
    return step;
  }
  if (scanner.take("'")) {
    TRY(step.name, scanner.until('\''));
    return step;
  }
  step.name = scanner.name();
  if (step.name.empty()) return scanner.expected("a name");
  return step;
}

}  // namespace

Datum datum_of(const json::Value& value) {
  Datum datum;
  if (value.is_null()) return datum;
  switch (value.type()) {
    case json::Type::string: datum.kind = Datum::Kind::text; break;
    case json::Type::number: datum.kind = Datum::Kind::number; break;
    case json::Type::boolean: datum.kind = Datum::Kind::boolean; break;
    default:
      datum.kind = Datum::Kind::tree;
      datum.tree = value;
      return datum;
  }
  datum.text = value.raw();
  return datum;
}

std::string described(const Datum& datum) {
  switch (datum.kind) {
    case Datum::Kind::none: return "nothing";
    case Datum::Kind::text: return concat("\"", shorten(datum.text, 40), "\"");
    case Datum::Kind::number:
    case Datum::Kind::boolean: return shorten(datum.text, 40);
    case Datum::Kind::time: return "a time";
    case Datum::Kind::rating: return "a rating";
    case Datum::Kind::list: return "a list";
    case Datum::Kind::tree: return std::string(json::to_text(datum.tree.type()));
  }
  return "nothing";
}

json::Value Path::find(const json::Value& from) const {
  const std::vector<json::Value> found = find_all(from);
  return found.empty() ? json::Value() : found.front();
}

std::vector<json::Value> Path::find_all(const json::Value& from) const {
  std::vector<json::Value> found;
  walk(from, steps_, 0, found);
  return found;
}

bool Path::many() const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [](const Step& step) { return step.kind == Step::Kind::all || step.kind == Step::Kind::names; });
}

std::vector<json::Value> Path::find_all(const Scope& scope) const {
  if (scope.joined && !steps_.empty() && steps_[0].kind == Step::Kind::name) {
    for (const auto& [name, value] : *scope.joined) {
      if (name != steps_[0].name) continue;
      std::vector<json::Value> found;
      walk(value, steps_, 1, found);
      return found;
    }
  }
  return find_all(scope.value);
}

Result<Path> scan_path(Scanner& scanner) {
  std::vector<Step> steps;
  if (scanner.peek() != '[') {
    TRY(Step first, scan_name(scanner));
    steps.push_back(std::move(first));
  }
  while (scanner.peek_here() == '.' || scanner.peek_here() == '[') {
    if (steps.size() == kSteps) return scanner.expected("at most 16 steps");
    if (scanner.take(".")) {
      TRY(Step step, scan_name(scanner));
      steps.push_back(std::move(step));
    } else {
      scanner.take("[");
      TRY(Step step, scan_bracket(scanner));
      steps.push_back(std::move(step));
    }
  }
  return Path(std::move(steps));
}

Result<Path> parse_path(std::string_view text) {
  Scanner scanner(text);
  if (scanner.done()) return Path();
  TRY(Path path, scan_path(scanner));
  if (!scanner.done()) return scanner.expected("the end of the path");
  return path;
}

// What an alternative is made of: a path of its own, or the parts of a template.
struct Expression::Part {
  std::string literal, param;  // one of the three
  std::optional<Path> path;
  std::vector<Pipe> pipes;

  Result<Datum> find(const Scope& scope) const {
    Datum datum = start(scope);
    for (const Pipe& pipe : pipes) {
      if (datum.empty()) return Datum{};
      TRY(datum, apply_pipe(pipe, std::move(datum)));
    }
    return datum;
  }

  Datum start(const Scope& scope) const {
    Datum datum;
    if (!param.empty()) {
      const auto given = scope.params ? scope.params->find(param) : Params::const_iterator();
      if (!scope.params || given == scope.params->end()) return datum;
      datum.kind = Datum::Kind::text;
      datum.text = given->second;
      return datum;
    }
    if (!path) {
      datum.kind = Datum::Kind::text;
      datum.text = literal;
      return datum;
    }
    const std::vector<json::Value> found = path->find_all(scope);
    if (!path->many()) return found.empty() ? Datum{} : datum_of(found.front());
    for (const json::Value& value : found) datum.list.push_back(datum_of(value));
    if (!datum.list.empty()) datum.kind = Datum::Kind::list;
    return datum;
  }
};

struct Expression::Choice {
  std::vector<Part> parts;
  bool is_template = false;

  Result<Datum> find(const Scope& scope) const {
    if (!is_template) return parts[0].find(scope);
    Datum whole;
    for (const Part& part : parts) {
      TRY(const Datum piece, part.find(scope));
      const bool literal = part.param.empty() && !part.path;
      if (!piece.scalar() || (!literal && piece.empty())) return Datum{};  // half an address is none
      whole.text += piece.text;
    }
    whole.kind = Datum::Kind::text;
    return whole;
  }
};

namespace {

Result<Pipe> scan_pipe(Scanner& scanner);

Result<Expression::Part> braced_part(std::string_view inner, const std::vector<std::string>& params) {
  Expression::Part part;
  const std::size_t bar = std::min(inner.find('|'), inner.size());
  const std::string name(trim(inner.substr(0, bar)));
  if (name.empty()) return fail(ErrorKind::bad_config, "expected a name between { and }, found nothing");
  if (std::find(params.begin(), params.end(), name) != params.end()) {
    part.param = name;
  } else {
    TRY(part.path, parse_path(name));
  }
  Scanner scanner(inner.substr(bar));
  while (scanner.take("|")) {
    TRY(Pipe pipe, scan_pipe(scanner));
    part.pipes.push_back(std::move(pipe));
  }
  return part;
}

Result<Expression::Choice> scan_template(Scanner& scanner, const std::vector<std::string>& params) {
  Expression::Choice choice;
  choice.is_template = true;
  TRY(std::string_view rest, scanner.until('"'));
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    if (open != 0) {
      Expression::Part literal;
      literal.literal = rest.substr(0, open);
      choice.parts.push_back(std::move(literal));
    }
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos)
      return fail(ErrorKind::bad_config, "expected a closing }, found the end of the template");
    TRY(Expression::Part part, braced_part(rest.substr(open + 1, close - open - 1), params));
    choice.parts.push_back(std::move(part));
    rest.remove_prefix(close + 1);
  }
  return choice;
}

Result<Expression::Choice> scan_choice(Scanner& scanner, const std::vector<std::string>& params) {
  if (scanner.take("\"")) return scan_template(scanner, params);
  Expression::Choice choice;
  Expression::Part part;
  if (scanner.take("{")) {
    TRY(const std::string_view inner, scanner.until('}'));
    TRY(part, braced_part(inner, params));
  } else {
    TRY(part.path, scan_path(scanner));
  }
  choice.parts.push_back(std::move(part));
  return choice;
}

Result<Pipe> scan_pipe(Scanner& scanner) {
  Pipe pipe;
  pipe.name = scanner.name();
  if (pipe.name.empty()) return scanner.expected("the name of a pipe");
  while (!scanner.done() && scanner.peek() != '|') {
    if (scanner.take("\"")) {
      TRY(const std::string_view quoted, scanner.until('"'));
      pipe.arguments.emplace_back(quoted);
    } else if (scanner.take("{")) {
      TRY(const std::string_view pairs, scanner.until('}'));
      for (const std::string_view pair : split(pairs, ',')) pipe.arguments.emplace_back(trim(pair));
    } else {
      pipe.arguments.emplace_back(scanner.bare());
    }
  }
  TRY(check_pipe(pipe));
  return pipe;
}

}  // namespace

namespace {

// A time that its author's clock made up gives way to the server's own: near PATH DURATION.
Result<Datum> near(const Pipe& pipe, Datum datum, const Scope& scope) {
  if (datum.kind != Datum::Kind::time) return fail(ErrorKind::bad_data, "expected a time before near");
  TRY(const Path path, parse_path(pipe.arguments[0]));
  TRY(const Duration most, parse_duration(pipe.arguments[1]));
  const std::vector<json::Value> found = path.find_all(scope);
  const Result<LooseTime> other = parse_loose_time(found.empty() || found[0].is_null() ? "" : found[0].raw());
  if (!other) return datum;
  const Duration apart = datum.time > other->time ? datum.time - other->time : other->time - datum.time;
  if (apart > most) datum.time = other->time;
  return datum;
}

}  // namespace

Result<Datum> Expression::find(const Scope& scope) const {
  Datum datum;
  for (const std::shared_ptr<const Choice>& choice : choices_) {
    TRY(datum, choice->find(scope));
    if (!datum.empty()) break;
  }
  for (const Pipe& pipe : pipes_) {
    if (datum.empty()) return Datum{};
    if (pipe.name == "near") {
      TRY(datum, near(pipe, std::move(datum), scope));
      continue;
    }
    TRY(datum, apply_pipe(pipe, std::move(datum)));
  }
  return datum;
}

Result<Expression> parse_expression(std::string_view text, const std::vector<std::string>& params) {
  Scanner scanner(text);
  Expression expression;
  do {
    TRY(Expression::Choice choice, scan_choice(scanner, params));
    expression.choices_.push_back(std::make_shared<const Expression::Choice>(std::move(choice)));
  } while (scanner.take("??"));
  while (scanner.take("|")) {
    TRY(Pipe pipe, scan_pipe(scanner));
    expression.pipes_.push_back(std::move(pipe));
  }
  if (!scanner.done()) return scanner.expected("\"??\", \"|\" or the end");
  return expression;
}

}  // namespace vigie::definition
