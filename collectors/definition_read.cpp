// From a definition's TOML to a Definition: every key known, every expression parsed, every name resolved before
// anything is asked.

#include <algorithm>

#include "base/text.h"
#include "collectors/definition_model.h"

namespace vigie {
namespace {

using config::Node;
using definition::Condition;
using definition::Expression;
using definition::Path;
using definition::Template;

constexpr std::string_view kKinds = "post|comment|review|article|ticket|message";
constexpr std::string_view kFields =
    "id|native|url|kind|author.id|author.name|author.handle|author.followers|title|text|rating|lang|created|updated|"
    "likes|shares|"
    "replies|parent|thread|reply.text|reply.created|verified|place|version";

std::string quoted(std::string_view text) { return concat("\"", shorten(text, 60), "\""); }

class Reader {
 public:
  explicit Reader(Node root) : root_(std::move(root)) {}

  std::shared_ptr<const Definition> read() {
    root_.only({"source", "auth", "request", "page", "since", "limits", "error", "items", "map", "recheck", "terms",
                "expand"});
    later(root_, {"expand"});
    source(table("source", true));
    auth(table("auth", false));
    request(table("request", true));
    page(table("page", false));
    since(table("since", false));
    limits(table("limits", false));
    for (const Node& rule : root_.children("error")) error(rule);
    items(table("items", true));
    map(table("map", true));
    recheck(table("recheck", false));
    terms(table("terms", false));
    return std::make_shared<const Definition>(std::move(made_));
  }

 private:
  // --- reading values ---

  Node table(std::string_view name, bool required) const {
    const Node node = root_.child(name);
    if (!node && required) node.problem(concat("expected a table headed [", name, "], found none"));
    if (node && !node.is_table()) node.problem(concat("expected a table headed [", name, "], found something else"));
    return node.is_table() ? node : Node();
  }

  // Keys of SOURCES' language that this version cannot run: told apart from a slip of the keyboard.
  static void later(const Node& node, const std::vector<std::string_view>& keys) {
    for (const std::string_view key : keys) {
      if (const Node found = node.child(key))
        found.problem(concat("expected nothing, found ", key, ": not in this version"));
    }
  }

  static void only(const Node& node, std::vector<std::string_view> now,
                   const std::vector<std::string_view>& not_yet = {}) {
    later(node, not_yet);
    now.insert(now.end(), not_yet.begin(), not_yet.end());
    node.only(now);
  }

  // One of `now` ("none|query"); "" after a Problem. What stands in `not_yet` is told to be that.
  static std::string choice(const Node& node, std::string_view key, std::string_view fallback, std::string_view now,
                            std::string_view not_yet = "") {
    std::string text = fallback.empty() && node ? node.text(key) : node.text(key, fallback);
    const std::vector<std::string_view> words = split(now, '|'), others = split(not_yet, '|');
    if (text.empty() || std::find(words.begin(), words.end(), text) != words.end()) return text;
    std::string list;
    for (const std::string_view word : words) list += concat(list.empty() ? "" : ", ", word);
    std::string message = concat("expected one of ", list, ", found ", quoted(text));
    if (!not_yet.empty() && std::find(others.begin(), others.end(), text) != others.end()) {
      message += ": not in this version";
    } else if (const std::string_view near = nearest(text, words); !near.empty()) {
      message += concat("; did you mean \"", near, "\"?");
    }
    node.child(key).problem(std::move(message));
    return "";
  }

  template <class T>
  static std::optional<T> parsed(const Node& at, Result<T> result) {
    if (result) return *std::move(result);
    at.problem(result.error().what);
    return std::nullopt;
  }

  static std::optional<Path> path(const Node& node, std::string_view key) {
    if (!node.child(key)) return std::nullopt;
    return parsed(node.child(key), definition::parse_path(node.text(key, "")));
  }

  static std::optional<Condition> condition(const Node& node, std::string_view key) {
    const std::string text = node.text(key, "");
    if (text.empty()) return std::nullopt;
    return parsed(node.child(key), definition::parse_condition(text));
  }

  static std::optional<Duration> duration(const Node& node, std::string_view key) {
    if (!node.child(key)) return std::nullopt;
    const Duration duration = node.duration(key, Duration::zero());
    if (duration > Duration::zero()) return duration;
    if (node.child(key).is_text() && parse_duration(node.text(key, "")))
      node.child(key).problem("expected more than 0s, found 0s");
    return std::nullopt;
  }

  std::vector<std::string> param_names() const {
    std::vector<std::string> names;
    for (const Definition::Param& param : made_.params) names.push_back(param.name);
    return names;
  }

  // A template whose names are parameters, secrets or `more`.
  Template text_template(const Node& at, std::string_view text, const std::vector<std::string_view>& more) const {
    std::optional<Template> made = parsed(at, definition::parse_template(text));
    if (!made) return {};
    const std::vector<std::string> params = param_names();
    std::vector<std::string> secrets;
    for (const Definition::Secret& secret : made_.secrets) secrets.push_back(concat("secret.", secret.name));
    std::vector<std::string_view> known(params.begin(), params.end());
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

  // "query.NAME" -> NAME; "path.NAME" -> "" and a template must hold {variable}.
  std::string placed(const Node& node, std::string_view variable) const {
    const std::string in = node.text("in", "");
    if (in.starts_with("query.") && in.size() > 6) return in.substr(6);
    if (in.empty() || in.starts_with("path.")) {
      if (!requested(variable)) {
        node.child("in").problem(
            concat("expected \"query.NAME\" here or {", variable, "} in the request, found neither"));
      }
      return "";
    }
    node.child("in").problem(concat("expected \"query.NAME\" or \"path.NAME\", found ", quoted(in)));
    return "";
  }

  bool requested(std::string_view variable) const {
    const auto has = [&](const auto& pair) { return pair.second.names(variable); };
    return made_.request.url.names(variable) ||
           std::any_of(made_.request.query.begin(), made_.request.query.end(), has) ||
           std::any_of(made_.request.headers.begin(), made_.request.headers.end(), has);
  }

  // --- the tables ---

  void source(const Node& node) {
    only(node, {"id", "version", "name", "kind", "params", "secrets"}, {"each", "format"});
    made_.id = node.text("id");
    made_.name = node.text("name");
    made_.kind = choice(node, "kind", "", kKinds);
    made_.version = static_cast<int>(node.integer("version", 1, 1, 1'000'000));
    const Node params = node.child("params");
    for (const std::string& name : params.keys()) {
      std::string type = params.text(name, "text");
      const bool optional = type.ends_with('?');
      if (optional) type.pop_back();
      const std::vector<std::string_view> types = split("text|host|url|id|lang", '|');
      if (std::find(types.begin(), types.end(), type) == types.end()) {
        params.child(name).problem(concat("expected one of text, host, url, id, lang, found ", quoted(type),
                                          type == "list" ? ": not in this version" : ""));
      }
      reserve(params.child(name), name);
      made_.params.push_back({name, type, optional});
    }
    for (const Node& secret : node.child("secrets") ? node.elements("secrets") : std::vector<Node>{}) {
      std::string name = secret.own_text();
      const bool optional = name.ends_with('?');
      if (optional) name.pop_back();
      made_.secrets.push_back({name, optional});
    }
  }

  // A parameter stands beside these in vigie.toml, or in a template beside the engine's own names.
  static void reserve(const Node& at, const std::string& name) {
    static const std::vector<std::string_view> kTaken = {"id",      "kind",  "url",   "brand", "wall",  "every",
                                                         "secrets", "since", "until", "page",  "cursor"};
    if (std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end()) {
      at.problem(concat("expected a parameter name of its own, found ", quoted(name), ", which means something else"));
    }
  }

  void auth(const Node& node) {
    const std::string style = choice(node, "style", "none", "none|query|header|bearer", "basic|oauth2|jwt|session");
    if (style.empty()) return;  // its keys are another version's
    using Style = Definition::Auth::Style;
    made_.auth.style = style == "query"    ? Style::query
                       : style == "header" ? Style::header
                       : style == "bearer" ? Style::bearer
                                           : Style::none;
    only(node, {"style", "name", "token"});
    if (style == "none") return;
    if (style != "bearer") made_.auth.name = node.text("name");
    made_.auth.token = text_template(node.child("token"), node.text("token"), {});
  }

  void request(const Node& node) {
    only(node, {"method", "url", "query", "headers"}, {"body", "form", "alternate"});
    choice(node, "method", "GET", "GET", "POST");
    const std::vector<std::string_view> variables = {"since", "until", "page"};
    const std::string url = node.text("url");
    made_.request.url = text_template(node.child("url"), url, variables);
    host(node.child("url"), url);
    for (const std::string& name : node.child("query").keys()) {
      const Node query = node.child("query");
      made_.request.query.emplace_back(name, text_template(query.child(name), query.text(name, ""), variables));
    }
    for (const std::string& name : node.child("headers").keys()) {
      const Node headers = node.child("headers");
      made_.request.headers.emplace_back(name, text_template(headers.child(name), headers.text(name, ""), variables));
    }
  }

  // Where a request goes is the definition's business: only a parameter that was checked to be a host or a URL may
  // stand there.
  void host(const Node& at, const std::string& url) const {
    if (!at.is_text()) return;
    const auto& parts = made_.request.url.parts();
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

  void page(const Node& node) {
    using Style = Definition::Page::Style;
    Definition::Page& page = made_.page;
    const std::string style = choice(node, "style", "none", "none|number|offset|token", "link|next_url|last_id");
    if (style.empty()) return;
    only(node, {"style", "in", "start", "size", "max", "last", "total", "at", "more", "cycle"});
    choice(node, "cycle", "stop", "stop");
    if (style == "none") return;
    page.style = style == "number" ? Style::number : style == "offset" ? Style::offset : Style::token;
    page.query = placed(node, "page");
    page.start = static_cast<int>(node.integer("start", 0, 0, 1'000'000));
    page.size = static_cast<int>(node.integer("size", 0, 1, 100'000));
    page.max = static_cast<int>(node.integer("max", 20, 1, 10'000));
    page.last = path(node, "last");
    page.total = path(node, "total");
    page.at = path(node, "at");
    page.more = path(node, "more");
    if (page.style == Style::offset && page.size == 0)
      node.child("size").problem("expected the number of items a page holds, found nothing");
    if (page.style == Style::token && !page.at)
      node.child("at").problem("expected the path of the next token, found nothing");
  }

  void since(const Node& node) {
    using Style = Definition::Since::Style;
    using Format = Definition::Since::Format;
    Definition::Since& since = made_.since;
    const std::string style = choice(node, "style", "full", "full|server_time", "server_id|stop_at_known|token");
    if (style.empty()) return;
    only(node, {"style", "in", "format", "overlap", "order", "first", "slice"}, {"compare", "known"});
    if (style == "full") {
      if (requested("since") || requested("until")) {
        root_.child("since").problem(
            "expected style = \"server_time\", since the request has {since} or {until}, found none");
      }
      return;
    }
    since.style = Style::server_time;
    since.query = placed(node, "since");
    const std::string format = choice(node, "format", "epoch", "epoch|epoch_ms|iso");
    since.format = format == "iso" ? Format::iso : format == "epoch_ms" ? Format::epoch_ms : Format::epoch;
    since.overlap = duration(node, "overlap").value_or(since.overlap);
    since.first = duration(node, "first").value_or(since.first);
    since.slice = duration(node, "slice");
    since.newest_first = choice(node, "order", "desc", "asc|desc") != "asc";
    since.bounded = requested("until");
    if (!since.slice) return;
    if (!since.bounded)
      node.child("slice").problem("expected {until} in the request, which a slice ends at, found none");
    if (*since.slice <= since.overlap) node.child("slice").problem("expected more than the overlap, found less");
  }

  void limits(const Node& node) {
    only(node, {"rate", "every"}, {"parallel", "remaining", "reset", "reset_as", "spend", "wait"});
    made_.limits.rate = node.text("rate", "");
    if (!made_.limits.rate.empty()) rate(node.child("rate"));
    if (!node.child("every")) return;
    const std::vector<Node> ends = node.elements("every");
    const Result<Duration> least =
        ends.size() == 2 ? parse_duration(ends[0].own_text()) : Result<Duration>(Duration::zero());
    const Result<Duration> most =
        ends.size() == 2 ? parse_duration(ends[1].own_text()) : Result<Duration>(Duration::zero());
    if (!least || !most || *least <= Duration::zero() || *most < *least) {
      node.child("every").problem(
          R"(expected two durations, the shorter first, such as ["1m", "1h"], found something else)");
      return;
    }
    made_.limits.every_min = *least;
    made_.limits.every_max = *most;
  }

  void rate(const Node& at) const {
    const std::vector<std::string_view> halves = split(made_.limits.rate, '/');
    const bool counted = !halves[0].empty() && halves[0].find_first_not_of("0123456789") == std::string_view::npos;
    const Result<Duration> per = halves.size() == 2 ? parse_duration(halves[1]) : Result<Duration>(Duration::zero());
    if (!counted || !per || *per <= Duration::zero()) {
      at.problem(concat("expected COUNT/DURATION such as \"60/1m\", found ", quoted(made_.limits.rate)));
    }
  }

  void error(const Node& node) {
    using Do = Definition::ErrorRule::Do;
    only(node, {"status", "body", "when", "do", "wait"}, {"header"});
    Definition::ErrorRule rule;
    for (const Node& status : node.child("status") ? node.elements("status") : std::vector<Node>{}) {
      const int code = status.is_integer() ? static_cast<int>(status.own_integer()) : 0;
      if (code < 100 || code > 599) status.problem("expected a status from 100 to 599, found something else");
      rule.status.push_back(code);
    }
    rule.body = condition(node, "body");
    rule.body_text = node.text("body", "");
    rule.when = condition(node, "when");
    if (rule.status.empty() && !node.child("body") && !node.child("when")) {
      node.problem("expected status, body or when, which say what the rule is for, found none");
    }
    const std::string action = choice(node, "do", "", "retry|wait|skip|gone|suspend|end|fail", "login|reset_cursor");
    static const std::vector<std::pair<std::string_view, Do>> kActions = {
        {"retry", Do::retry},     {"wait", Do::wait}, {"skip", Do::skip}, {"gone", Do::gone},
        {"suspend", Do::suspend}, {"end", Do::end},   {"fail", Do::fail}};
    for (const auto& [word, value] : kActions) {
      if (word == action) rule.action = value;
    }
    wait(node, rule);
    made_.errors.push_back(std::move(rule));
  }

  // wait = "30s" or wait = "body:path", where the answer has seconds.
  static void wait(const Node& node, Definition::ErrorRule& rule) {
    const std::string text = node.text("wait", "");
    if (text.empty()) return;
    if (text.starts_with("body:")) {
      rule.wait_at = parsed(node.child("wait"), definition::parse_path(std::string_view(text).substr(5)));
    } else {
      rule.wait = duration(node, "wait");
    }
  }

  void items(const Node& node) {
    only(node, {"at", "where"}, {"join"});
    if (std::optional<Path> at = path(node, "at")) made_.items = *std::move(at);
    if (node && !node.child("at"))
      node.child("at").problem(
          "expected the path of the items, \"\" when the answer is the list itself, found nothing");
    made_.where = condition(node, "where");
  }

  void map(const Node& node) {
    const std::vector<std::string_view> fields = split(kFields, '|');
    std::vector<std::string_view> top = {"author", "reply"};
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

  void recheck(const Node& node) {
    if (!node) return;
    only(node, {"url", "batch", "at", "id", "gone", "after"});
    Definition::Recheck recheck;
    recheck.url = text_template(node.child("url"), node.text("url"), {"id", "ids", "native_ids"});
    recheck.batch = static_cast<int>(node.integer("batch", 1, 1, 1000));
    recheck.at = path(node, "at");
    recheck.id = path(node, "id");
    recheck.gone = node.text("gone", "missing");
    if (recheck.gone != "missing" && recheck.gone != "status") condition(node, "gone");
    for (const Node& after : node.child("after") ? node.elements("after") : std::vector<Node>{}) {
      if (const std::optional<Duration> time = parsed(after, parse_duration(after.own_text())))
        recheck.after.push_back(*time);
    }
    made_.recheck = std::move(recheck);
  }

  void terms(const Node& node) {
    only(node, {"keep_text", "keep_days", "attribution", "delete_within"}, {"skip"});
    made_.terms.keep_text = node.boolean("keep_text", true);
    if (node.child("keep_days")) made_.terms.keep_days = static_cast<int>(node.integer("keep_days", 1, 1, 36'500));
    made_.terms.attribution = node.text("attribution", "");
    made_.terms.delete_within = duration(node, "delete_within");
  }

  Node root_;
  Definition made_;
};

}  // namespace

std::shared_ptr<const Definition> read_definition(const config::Tree& tree) {
  const Node root = tree.root();
  return root ? Reader(root).read() : std::make_shared<const Definition>();
}

}  // namespace vigie
