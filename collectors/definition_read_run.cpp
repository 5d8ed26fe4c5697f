// The tables that say how a run goes: pages, marks, limits, errors, what comes after.

#include <algorithm>

#include "base/number.h"
#include "base/text.h"
#include "base/zone.h"
#include "collectors/definition_reader.h"

namespace vigie {

using config::Node;
using definition::parsed;
using definition::quoted;

namespace {

constexpr Duration kOftenestSweep = hours(1);

}  // namespace

void DefinitionReader::page(const Node& node) {
  using Style = Definition::Page::Style;
  static const std::vector<std::pair<std::string_view, Style>> kStyles = {
      {"number", Style::number}, {"offset", Style::offset},     {"token", Style::token},
      {"link", Style::link},     {"next_url", Style::next_url}, {"last_id", Style::last_id}};
  Definition::Page& page = made_.page;
  const std::string style = choice(node, "style", "none", "none|number|offset|token|link|next_url|last_id");
  if (style.empty()) return;
  node.only({"style", "in", "start", "size", "max", "last", "total", "at", "more", "cycle", "rel"});
  choice(node, "cycle", "stop", "stop");
  page.max = static_cast<int>(node.integer("max", 20, 1, 10'000));
  page.more = condition(node, "more");
  page.size = static_cast<int>(node.integer("size", 0, 1, 100'000));
  for (const auto& [word, value] : kStyles) {
    if (word == style) page.style = value;
  }
  if (page.style == Style::none) return;
  const bool whole_url = page.style == Style::link || page.style == Style::next_url;
  if (!whole_url) page.query = placed(node, {"page", "cursor"});
  page.start = static_cast<int>(node.integer("start", 0, 0, 1'000'000));
  page.rel = node.text("rel", "next");
  page.last = path(node, "last");
  page.total = path(node, "total");
  page.at = expression(node, "at");
  if (page.style == Style::offset && page.size == 0)
    node.child("size").problem("expected the number of items a page holds, found nothing");
  const bool found_in_body =
      page.style == Style::token || page.style == Style::next_url || page.style == Style::last_id;
  if (found_in_body && !page.at) {
    const std::string_view what = page.style == Style::token      ? "next token"
                                  : page.style == Style::next_url ? "next URL"
                                                                  : "last item's id";
    node.child("at").problem(concat("expected the path of the ", what, ", found nothing"));
  }
}

void DefinitionReader::since(const Node& node) {
  using Style = Definition::Since::Style;
  using Compare = Definition::Since::Compare;
  Definition::Since& since = made_.since;
  const std::string style = choice(node, "style", "full", "full|server_time|server_id|stop_at_known|token");
  if (style.empty()) return;
  node.only({"style", "in", "format", "overlap", "order", "first", "slice", "compare", "known", "at"});
  since.style = style == "server_time"     ? Style::server_time
                : style == "server_id"     ? Style::server_id
                : style == "stop_at_known" ? Style::stop_at_known
                : style == "token"         ? Style::token
                                           : Style::full;
  since.at = expression(node, "at");
  const bool page_token =
      since.style == Style::token && !since.at && made_.page.style == Definition::Page::Style::token;
  const bool sent = since.style == Style::server_time || since.style == Style::server_id || since.style == Style::token;
  if (sent && !page_token) {
    since.query = placed(node, {"since"});
  } else if (!sent && (requested("since") || requested("until"))) {
    root_.child("since").problem(
        "expected style = \"server_time\", since the request has {since} or {until}, found none");
    return;
  }
  since.format = node.text("format", "epoch");
  const bool known = since.format == "epoch" || since.format == "epoch_ms" || since.format == "iso" ||
                     since.format.find('%') != std::string::npos;
  if (!known)
    node.child("format").problem(
        concat("expected epoch, epoch_ms, iso or letters such as \"%Y-%m-%d\", found ", quoted(since.format)));
  since.overlap = duration(node, "overlap").value_or(since.overlap);
  since.newest_first = choice(node, "order", "desc", "asc|desc") != "asc";
  const std::string compare = choice(node, "compare", "number", "number|length_then_bytes|bytes");
  since.compare = compare == "bytes"               ? Compare::bytes
                  : compare == "length_then_bytes" ? Compare::length_then_bytes
                                                   : Compare::number;
  since.known = static_cast<int>(node.integer("known", 25, 1, 500));
  if (since.style == Style::token && !since.at && !page_token)
    node.child("at").problem("expected the path of the next position, found nothing");
  first(node);
  since.bounded = requested("until");
  since.slice = duration(node, "slice");
  if (!since.slice) return;
  if (!since.bounded) node.child("slice").problem("expected {until} in the request, which a slice ends at, found none");
  if (*since.slice <= since.overlap) node.child("slice").problem("expected more than the overlap, found less");
}

// first = "30d", or "latest 40": one page.
void DefinitionReader::first(const Node& node) {
  const std::string text = node.text("first", "");
  if (!text.starts_with("latest ")) {
    made_.since.first = duration(node, "first");
    return;
  }
  const std::int64_t count = whole_number(trim(std::string_view(text).substr(7))).value_or(0);
  if (count < 1 || count > 10'000) {
    node.child("first").problem(concat("expected \"latest COUNT\" or a duration, found ", quoted(text)));
    return;
  }
  made_.since.first_items = static_cast<int>(count);
}

void DefinitionReader::limits(const Node& node) {
  node.only({"rate", "parallel", "every", "remaining", "reset", "reset_as", "wait", "spend"});
  Definition::Limits& limits = made_.limits;
  if (const auto found = rate(node, "rate")) std::tie(limits.requests, limits.per) = *found;
  limits.parallel = static_cast<int>(node.integer("parallel", 1, 1, 16));
  limits.remaining = place(node, "remaining");
  limits.reset = place(node, "reset");
  limits.wait = place(node, "wait");
  limits.reset_as = choice(node, "reset_as", "seconds", "epoch|epoch_ms|iso|seconds|minutes");
  every(node);
  spend(node.child("spend"));
}

void DefinitionReader::every(const Node& node) {
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

// "60/1m"
std::optional<std::pair<double, Duration>> DefinitionReader::rate(const Node& node, std::string_view key) {
  const std::string text = node.text(key, "");
  if (text.empty()) return std::nullopt;
  const std::vector<std::string_view> halves = split(text, '/');
  const bool counted = !halves[0].empty() && halves[0].size() < 8 &&
                       halves[0].find_first_not_of("0123456789") == std::string_view::npos && halves[0] != "0";
  const Result<Duration> per = halves.size() == 2 ? parse_duration(halves[1]) : Result<Duration>(Duration::zero());
  if (!counted || !per || *per <= Duration::zero()) {
    node.child(key).problem(concat("expected COUNT/DURATION such as \"60/1m\", found ", quoted(text)));
    return std::nullopt;
  }
  return std::pair(std::stod(std::string(halves[0])), *per);
}

// "header:NAME", "header:NAME[member]" for a header that is a list "a:1;b:2", "body:path".
Definition::Place DefinitionReader::place(const Node& node, std::string_view key) {
  Definition::Place made;
  const std::string text = node.text(key, "");
  if (text.empty()) return made;
  const std::string_view where = std::string_view(text).substr(std::min(text.find(':') + 1, text.size()));
  if (text.starts_with("body:")) {
    made.body = parsed(node.child(key), definition::parse_path(where));
  } else if (text.starts_with("header:") && !where.empty()) {
    const std::size_t open = where.find('[');
    made.header = where.substr(0, open);
    if (open != std::string_view::npos && where.ends_with(']'))
      made.member = where.substr(open + 1, where.size() - open - 2);
  } else {
    node.child(key).problem(concat("expected \"header:NAME\" or \"body:path\", found ", quoted(text)));
  }
  return made;
}

void DefinitionReader::spend(const Node& node) {
  if (!node) return;
  node.only({"unit", "max", "per"});
  choice(node, "unit", "items", "items");
  made_.limits.spend = node.integer("max", 0, 1, 1'000'000'000);
  if (!node.child("max")) node.child("max").problem("expected a number of items, found nothing");
  made_.limits.spend_per = choice(node, "per", "month", "day|month") == "day" ? Duration(kDay) : Duration(30 * kDay);
}

void DefinitionReader::error(const Node& node) {
  using Do = Definition::ErrorRule::Do;
  static const std::vector<std::pair<std::string_view, Do>> kActions = {
      {"retry", Do::retry}, {"wait", Do::wait},       {"login", Do::login}, {"skip", Do::skip},
      {"gone", Do::gone},   {"suspend", Do::suspend}, {"end", Do::end},     {"reset_cursor", Do::reset_cursor},
      {"fail", Do::fail}};
  node.only({"status", "body", "header", "when", "do", "wait", "wait_as"});
  Definition::ErrorRule rule;
  for (const Node& status : node.child("status") ? node.elements("status") : std::vector<Node>{}) {
    const int code = status.is_integer() ? static_cast<int>(status.own_integer()) : 0;
    if (code < 100 || code > 599) status.problem("expected a status from 100 to 599, found something else");
    rule.status.push_back(code);
  }
  rule.body = condition(node, "body");
  rule.body_text = node.text("body", "");
  const std::string header = node.text("header", "");  // "NAME" or "NAME: text in it"
  rule.header = trim(std::string_view(header).substr(0, header.find(':')));
  if (header.find(':') != std::string::npos)
    rule.header_has = trim(std::string_view(header).substr(header.find(':') + 1));
  rule.when = condition(node, "when");
  if (rule.status.empty() && !node.child("body") && !node.child("when") && header.empty())
    node.problem("expected status, body, header or when, which say what the rule is for, found none");
  const std::string action = choice(node, "do", "", "retry|wait|login|skip|gone|suspend|reset_cursor|end|fail");
  for (const auto& [word, value] : kActions) {
    if (word == action) rule.action = value;
  }
  if (rule.action == Do::login && !made_.auth.renewable())
    node.child("do").problem("expected [auth] of the style oauth2, jwt or session, which can log in, found another");
  wait(node, rule);
  made_.errors.push_back(std::move(rule));
}

// wait = "30s"; "body:path", where the answer has seconds; "midnight America/Los_Angeles".
void DefinitionReader::wait(const Node& node, Definition::ErrorRule& rule) {
  const std::string text = node.text("wait", "");
  if (text.empty()) return;
  const std::string_view rest = std::string_view(text).substr(std::min(text.find_first_of(": ") + 1, text.size()));
  rule.wait_in_ms = choice(node, "wait_as", "seconds", "seconds|ms") == "ms";
  if (text.starts_with("body:")) {
    rule.wait_at = parsed(node.child("wait"), definition::parse_path(rest));
  } else if (text.starts_with("midnight ")) {
    rule.wait_zone = rest;
    if (!zone_known(rule.wait_zone)) node.child("wait").problem(concat("expected a time zone, found ", quoted(rest)));
  } else {
    rule.wait = duration(node, "wait");
  }
}

void DefinitionReader::expand(const Node& node) {
  if (!node) return;
  node.only({"source", "each", "params", "max"});
  Definition::Expand expand;
  expand.source = node.text("source");
  expand.each = path(node, "each", "");
  if (!node.child("each")) node.child("each").problem("expected the path of what is expanded, found nothing");
  expand.max = static_cast<int>(node.integer("max", 20, 1, 1000));
  const Node params = node.child("params");
  if (params.keys().empty()) node.child("params").problem("expected the parameters of the other source, found none");
  for (const std::string& name : params.keys()) {
    if (auto expression =
            parsed(params.child(name), definition::parse_expression(params.text(name, ""), param_names())))
      expand.params.emplace_back(name, *std::move(expression));
  }
  made_.expand = std::move(expand);
}

void DefinitionReader::recheck(const Node& node) {
  if (!node) return;
  node.only({"method", "url", "batch", "at", "id", "gone", "missing_at", "edits", "after", "every"});
  Definition::Recheck recheck;
  recheck.method = choice(node, "method", "GET", "GET|POST");
  const std::string url = node.text("url");
  recheck.url = text_template(node.child("url"), url, {"id", "native", "ids", "native_ids"});
  host(node.child("url"), url);
  recheck.batch = static_cast<int>(node.integer("batch", 1, 1, 1000));
  recheck.at = path(node, "at");
  recheck.id = path(node, "id");
  recheck.missing_at = path(node, "missing_at");
  recheck.edits = node.boolean("edits", true);
  gone(node, recheck);
  for (const Node& after : node.child("after") ? node.elements("after") : std::vector<Node>{}) {
    const std::optional<Duration> time = parsed(after, parse_duration(after.own_text()));
    if (time && *time <= Duration::zero()) after.problem("expected more than 0s, found 0s");
    if (time) recheck.after.push_back(*time);
  }
  std::sort(recheck.after.begin(), recheck.after.end());
  recheck.every = duration(node, "every");
  if (recheck.every && *recheck.every < kOftenestSweep)
    node.child("every").problem("expected at least 1h: all stored mentions are asked for in it");
  if (recheck.after.empty()) node.child("after").problem(R"(expected ages such as ["1h", "1d", "7d"], found none)");
  if (recheck.batch > 1 && !recheck.id)
    node.child("id").problem("expected the path of the id in each item of the answer, found nothing");
  made_.recheck = std::move(recheck);
}

// "missing", "status", a condition on the item found, or several of them: "missing or author == '[deleted]'".
void DefinitionReader::gone(const Node& node, Definition::Recheck& recheck) {
  constexpr std::string_view kOr = " or ";
  const std::string text = node.text("gone", "missing");
  std::string_view rest = text;
  for (bool word = true; word && !rest.empty();) {
    const std::string_view first = rest.substr(0, rest.find(kOr));
    word = first == "missing" || first == "status";
    if (first == "missing") recheck.missing = true;
    if (first == "status") recheck.by_status = true;
    if (word) rest.remove_prefix(std::min(first.size() + kOr.size(), rest.size()));
  }
  if (!rest.empty()) recheck.gone = parsed(node.child("gone"), definition::parse_condition(rest));
}

void DefinitionReader::terms(const Node& node) {
  node.only({"keep_text", "keep_days", "attribution", "delete_within", "skip"});
  made_.terms.keep_text = node.boolean("keep_text", true);
  if (node.child("keep_days")) made_.terms.keep_days = static_cast<int>(node.integer("keep_days", 1, 1, 36'500));
  made_.terms.attribution = node.text("attribution", "");
  made_.terms.delete_within = duration(node, "delete_within");
  const auto& recheck = made_.recheck;
  // A quarter of the duty's time is for doubt (app/look_again.h).
  if (made_.terms.delete_within && recheck && recheck->every && *recheck->every > *made_.terms.delete_within / 4 * 3)
    node.child("delete_within").problem("expected at least four thirds of recheck.every, the time in which all are asked for");
  made_.terms.skip = condition(node, "skip");
}

}  // namespace vigie
