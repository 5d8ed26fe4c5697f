#include <algorithm>

#include "base/text.h"
#include "collectors/definition_reader.h"

namespace vigie {

using config::Node;
using definition::Condition;
using definition::parsed;
using definition::Path;
using definition::quoted;

namespace {

constexpr std::string_view kKinds = "post|comment|review|article|ticket|message";
constexpr std::string_view kFields =
    "id|native|url|kind|author.id|author.name|author.handle|author.followers|title|text|rating|lang|created|updated|"
    "likes|shares|"
    "replies|parent|thread|reply.text|reply.created|verified|place|version";

// A parameter stands beside these in vigie.toml, or in a template beside the engine's own names.
void reserve(const Node& at, const std::string& name) {
  static const std::vector<std::string_view> kTaken = {"id",    "kind",   "url",     "brand", "wall",
                                                       "every", "first",  "secrets", "since", "until",
                                                       "page",  "cursor", "ids",     "token"};
  if (std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end()) {
    at.problem(concat("expected a parameter name of its own, found ", quoted(name), ", which means something else"));
  }
}

}  // namespace

std::string definition::quoted(std::string_view text) { return concat("\"", shorten(text, 60), "\""); }

std::shared_ptr<const Definition> DefinitionReader::read() {
  root_.only(
      {"source", "auth", "request", "page", "since", "limits", "error", "items", "map", "recheck", "terms", "expand"});
  source(table("source", true));
  auth(table("auth", false));
  request(table("request", true));
  page(table("page", false));
  since(table("since", false));
  limits(table("limits", false));
  for (const Node& rule : root_.children("error")) error(rule);
  items(table("items", !made_.feed));
  map(table("map", !made_.feed));
  expand(table("expand", false));
  recheck(table("recheck", false));
  terms(table("terms", false));
  return std::make_shared<const Definition>(std::move(made_));
}

// --- what the tables are made of ---

Node DefinitionReader::table(std::string_view name, bool required) const {
  const Node node = root_.child(name);
  if (!node && required) node.problem(concat("expected a table headed [", name, "], found none"));
  if (node && !node.is_table()) node.problem(concat("expected a table headed [", name, "], found something else"));
  return node.is_table() ? node : Node();
}

// One of `words` ("none|query"); "" after a Problem.
std::string DefinitionReader::choice(const Node& node, std::string_view key, std::string_view fallback,
                                     std::string_view words) {
  std::string text = fallback.empty() && node ? node.text(key) : node.text(key, fallback);
  const std::vector<std::string_view> known = split(words, '|');
  if (text.empty() || std::find(known.begin(), known.end(), text) != known.end()) return text;
  std::string list;
  for (const std::string_view word : known) list += concat(list.empty() ? "" : ", ", word);
  std::string message = concat("expected one of ", list, ", found ", quoted(text));
  if (const std::string_view near = nearest(text, known); !near.empty())
    message += concat("; did you mean \"", near, "\"?");
  node.child(key).problem(std::move(message));
  return "";
}

std::optional<Path> DefinitionReader::path(const Node& node, std::string_view key) {
  if (!node.child(key)) return std::nullopt;
  return parsed(node.child(key), definition::parse_path(node.text(key, "")));
}

Path DefinitionReader::path(const Node& node, std::string_view key, std::string_view fallback) {
  if (node.child(key)) return path(node, key).value_or(Path());
  return *definition::parse_path(fallback);
}

std::optional<definition::Expression> DefinitionReader::expression(const Node& node, std::string_view key) const {
  if (!node.child(key)) return std::nullopt;
  return parsed(node.child(key), definition::parse_expression(node.text(key, ""), param_names()));
}

std::optional<Condition> DefinitionReader::condition(const Node& node, std::string_view key) {
  const std::string text = node.text(key, "");
  if (text.empty()) return std::nullopt;
  return parsed(node.child(key), definition::parse_condition(text));
}

std::optional<Duration> DefinitionReader::duration(const Node& node, std::string_view key) {
  if (!node.child(key)) return std::nullopt;
  const Duration duration = node.duration(key, Duration::zero());
  if (duration > Duration::zero()) return duration;
  if (node.child(key).is_text() && parse_duration(node.text(key, "")))
    node.child(key).problem("expected more than 0s, found 0s");
  return std::nullopt;
}

std::vector<std::string> DefinitionReader::param_names() const {
  std::vector<std::string> names;
  for (const Definition::Param& param : made_.params) names.push_back(param.name);
  return names;
}

bool DefinitionReader::has_secret(std::string_view name) const {
  return std::any_of(made_.secrets.begin(), made_.secrets.end(), [&](const auto& one) { return one.name == name; });
}

// A template whose names are parameters, secrets or `more`.
definition::Template DefinitionReader::text_template(const Node& at, std::string_view text, const Names& more) const {
  std::optional<Template> made = parsed(at, definition::parse_template(text));
  if (!made) return {};
  const std::vector<std::string> params = param_names();
  std::vector<std::string> secrets;
  for (const Definition::Secret& secret : made_.secrets) secrets.push_back(concat("secret.", secret.name));
  Names known(params.begin(), params.end());
  known.insert(known.end(), secrets.begin(), secrets.end());
  known.insert(known.end(), more.begin(), more.end());
  for (const Template::Part& part : made->parts()) {
    if (part.name.empty() || std::find(known.begin(), known.end(), part.name) != known.end()) continue;
    std::string message =
        concat("expected a parameter, a secret or a variable between { and }, found ", quoted(part.name));
    if (const std::string_view near = nearest(part.name, known); !near.empty())
      message += concat("; did you mean \"", near, "\"?");
    at.problem(std::move(message));
  }
  return *std::move(made);
}

definition::Template DefinitionReader::text_template(const Node& parent, std::string_view key) const {
  return text_template(parent.child(key), parent.text(key, ""), {});
}

Definition::NamedTemplates DefinitionReader::named(const Node& node, const Names& more) const {
  Definition::NamedTemplates made;
  for (const std::string& name : node.keys()) {
    const Node value = node.child(name);
    if (!value.is_array()) {
      made.emplace_back(name, text_template(value, node.text(name, ""), more));
      continue;
    }
    for (const Node& one : node.elements(name)) made.emplace_back(name, text_template(one, one.own_text(), more));
  }
  return made;
}

Definition::Body DefinitionReader::body(const Node& node, const Names& more) const {
  using Kind = Definition::Body::Kind;
  Definition::Body made;
  if (!node) return made;
  if (node.is_table()) {
    made.kind = Kind::object;
    for (const std::string& name : node.keys()) made.members.push_back({name, body_member(node, name, more)});
  } else if (node.is_text()) {
    made.kind = Kind::text;
    made.text = text_template(node, node.own_text(), more);
  } else if (node.is_integer()) {
    made.kind = Kind::literal;
    made.literal = std::to_string(node.own_integer());
  } else if (node.is_boolean()) {
    made.kind = Kind::literal;
    made.literal = node.own_boolean() ? "true" : "false";
  } else {
    node.problem("expected text, a whole number, true, false, a list or a table, found something else");
  }
  return made;
}

Definition::Body DefinitionReader::body_member(const Node& parent, const std::string& name, const Names& more) const {
  if (!parent.child(name).is_array()) return body(parent.child(name), more);
  Definition::Body made;
  made.kind = Definition::Body::Kind::array;
  for (const Node& element : parent.elements(name)) made.elements.push_back(body(element, more));
  return made;
}

// "query.NAME" -> NAME; "path.NAME" or "body.NAME" -> "" and a template must hold one of the variables.
std::string DefinitionReader::placed(const Node& node, const Names& variables) const {
  const std::string in = node.text("in", "");
  if (in.starts_with("query.") && in.size() > 6) return in.substr(6);
  if (in.empty() || in.starts_with("path.") || in.starts_with("body.")) {
    if (std::none_of(variables.begin(), variables.end(), [&](std::string_view one) { return requested(one); })) {
      node.child("in").problem(
          concat("expected \"query.NAME\" here or {", variables.front(), "} in the request, found neither"));
    }
    return "";
  }
  node.child("in").problem(concat("expected \"query.NAME\", \"path.NAME\" or \"body.NAME\", found ", quoted(in)));
  return "";
}

namespace {

bool names_it(const Definition::Body& body, std::string_view variable) {
  const auto member = [&](const Definition::Member& one) { return names_it(one.value, variable); };
  const auto element = [&](const Definition::Body& one) { return names_it(one, variable); };
  return body.text.names(variable) || std::any_of(body.members.begin(), body.members.end(), member) ||
         std::any_of(body.elements.begin(), body.elements.end(), element);
}

}  // namespace

bool DefinitionReader::requested(std::string_view variable) const {
  const Definition::Request& request = made_.request;
  const auto has = [&](const auto& pair) { return pair.second.names(variable); };
  return request.url.names(variable) || std::any_of(request.query.begin(), request.query.end(), has) ||
         std::any_of(request.headers.begin(), request.headers.end(), has) ||
         std::any_of(request.form.begin(), request.form.end(), has) || names_it(request.body, variable);
}

// --- who it is ---

void DefinitionReader::source(const Node& node) {
  node.only({"id", "version", "name", "kind", "grade", "access", "enabled", "format", "params", "secrets", "each"});
  made_.id = node.text("id");
  made_.name = node.text("name");
  made_.kind = choice(node, "kind", "", kKinds);
  made_.grade = choice(node, "grade", "unconfirmed", "seen|documented|unconfirmed");
  made_.access = node.text("access", "");
  made_.enabled = node.boolean("enabled", true);
  made_.feed = choice(node, "format", "json", "json|feed") == "feed";
  made_.version = static_cast<int>(node.integer("version", 1, 1, 1'000'000));
  params(node.child("params"));
  for (const Node& secret : node.child("secrets") ? node.elements("secrets") : std::vector<Node>{}) {
    std::string name = secret.own_text();
    const bool optional = name.ends_with('?');
    if (optional) name.pop_back();
    made_.secrets.push_back({name, optional});
  }
  made_.each = node.text("each", "");
  const auto is_it = [&](const Definition::Param& param) { return param.name == made_.each && param.type == "list"; };
  if (!made_.each.empty() && std::none_of(made_.params.begin(), made_.params.end(), is_it))
    node.child("each").problem(concat("expected a parameter of type list, found ", quoted(made_.each)));
}

void DefinitionReader::params(const Node& node) {
  static const std::vector<std::string_view> kTypes = split("text|host|url|id|lang|list", '|');
  for (const std::string& name : node.keys()) {
    std::string type = node.text(name, "text");
    const bool optional = type.ends_with('?');
    if (optional) type.pop_back();
    if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end())
      node.child(name).problem(concat("expected one of text, host, url, id, lang, list, found ", quoted(type)));
    reserve(node.child(name), name);
    made_.params.push_back({name, type, optional});
  }
}

// --- what it asks ---

void DefinitionReader::request(const Node& node) {
  node.only({"method", "url", "alternate", "query", "headers", "form", "body"});
  const Names variables = {"since", "until", "page", "cursor", "first"};
  made_.request.method = choice(node, "method", "GET", "GET|POST");
  const std::string url = node.text("url");
  made_.request.url = text_template(node.child("url"), url, variables);
  host(node.child("url"), url);
  for (const Node& other : node.child("alternate") ? node.elements("alternate") : std::vector<Node>{}) {
    const std::string text = other.own_text();
    made_.request.alternates.push_back(text_template(other, text, variables));
    host(other, text);
  }
  made_.request.query = named(node.child("query"), variables);
  made_.request.headers = named(node.child("headers"), variables);
  made_.request.form = named(node.child("form"), variables);
  made_.request.body = body(node.child("body"), variables);
  const bool sends = !made_.request.form.empty() || made_.request.body.kind != Definition::Body::Kind::none;
  if (sends && made_.request.method == "GET")
    node.child("method").problem("expected \"POST\", since the request has a body, found \"GET\"");
}

// Where a request goes is the definition's business: only a parameter that was checked to be a host or a URL may
// stand there.
void DefinitionReader::host(const Node& at, const std::string& url) const {
  if (!at.is_text()) return;
  const std::optional<Template> made = parsed(at, definition::parse_template(url));
  if (!made) return;
  const auto& parts = made->parts();
  const auto type_of = [&](const std::string& name) -> std::string_view {
    for (const Definition::Param& param : made_.params) {
      if (param.name == name) return param.type;
    }
    return "";
  };
  if (!parts.empty() && type_of(parts[0].name) == "url") return;
  if (!url.starts_with("https://") && !url.starts_with("http://")) {
    at.problem("expected a URL that starts with https://, http:// or a parameter of type url, found another text");
    return;
  }
  std::string before;  // literal text in front of a name
  for (const Template::Part& part : parts) {
    before += part.literal;
    const bool in_host = before.find('/', before.find("//") + 2) == std::string::npos;
    if (part.name.empty()) continue;
    if (!in_host) return;
    if (type_of(part.name) != "host")
      at.problem(concat("expected a parameter of type host in the host, found {", part.name, "}"));
  }
}

// --- what the answer holds ---

void DefinitionReader::items(const Node& node) {
  node.only({"at", "where", "gone", "join"});
  if (std::optional<Path> at = path(node, "at")) made_.items = *std::move(at);
  if (node && !node.child("at"))
    node.child("at").problem("expected the path of the items, \"\" when the answer is the list itself, found nothing");
  made_.where = condition(node, "where");
  made_.gone = condition(node, "gone");
  const Node joins = node.child("join");
  for (const std::string& name : joins.keys()) {
    const Node join = joins.child(name);
    join.only({"from", "key", "on"});
    Definition::Join made{name, path(join, "from", ""), path(join, "on", ""), join.text("key")};
    for (const std::string_view key : {"from", "on"}) {
      if (!join.child(key)) join.child(key).problem("expected a path, found nothing");
    }
    made_.joins.push_back(std::move(made));
  }
}

void DefinitionReader::map(const Node& node) {
  const std::vector<std::string_view> fields = split(kFields, '|');
  Names top = {"author", "reply"};
  for (const std::string_view field : fields) {
    if (field.find('.') == std::string_view::npos) top.push_back(field);
  }
  node.only(top);
  node.child("author").only({"id", "name", "handle", "followers"});
  node.child("reply").only({"text", "created"});
  for (const std::string_view field : fields) {
    const std::size_t dot = field.find('.');
    const Node parent = dot == std::string_view::npos ? node : node.child(field.substr(0, dot));
    const std::string_view key = dot == std::string_view::npos ? field : field.substr(dot + 1);
    const std::string text = parent.text(key, "");
    if (text.empty()) continue;
    if (auto expression = parsed(parent.child(key), definition::parse_expression(text, param_names()))) {
      made_.map.emplace_back(field, *std::move(expression));
    }
  }
  if (node && !node.child("id")) node.child("id").problem("expected the path of the item's id, found nothing");
}

std::shared_ptr<const Definition> read_definition(const config::Tree& tree) {
  const Node root = tree.root();
  return root ? DefinitionReader(root).read() : std::make_shared<const Definition>();
}

}  // namespace vigie
