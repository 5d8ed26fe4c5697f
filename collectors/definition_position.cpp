#include "collectors/definition_position.h"

#include <algorithm>

#include "base/secret.h"

namespace vigie::definition {
namespace {

// Servers sort and cut by whole seconds.
constexpr Duration kTick = seconds(1);
// Younger items may still get neighbours: the index is written from several sides.
constexpr Duration kUnsettled = minutes(1);
constexpr std::size_t kLeastKnown = 100, kMostKnown = 500;  // fingerprints a mark keeps

using Style = Definition::Since::Style;

bool is_before(const std::optional<Time>& a, Time b) { return a && *a < b; }

Time window_end(const Definition& definition, Time from, Time end) {
  return definition.since.slice ? std::min(from + *definition.since.slice, end) : end;
}

void open_window(Run& run, Time from, Time until, Time slice_end) {
  run.from = from;
  run.until = until;
  run.slice_end = slice_end;
  run.page = run.asked = 0;
  run.next.clear();
  run.seen.clear();
  run.last_page.clear();
  run.oldest.reset();
}

// More is there than the server lets through in one listing: ask for the older rest alone. Whether that is possible.
bool narrow(const Definition& definition, Run& run) {
  const bool possible = definition.since.bounded && definition.since.newest_first && run.oldest;
  if (!possible || *run.oldest < run.from) return false;
  // The second of the oldest item is asked for again, it may hold more; unless it alone fills all pages.
  Time until = *run.oldest + kTick;
  if (until >= run.until) until = *run.oldest;
  if (until <= run.from || until >= run.until) return false;
  open_window(run, run.from, until, run.slice_end);
  return true;
}

// The next slice starts an overlap before the end of this one: what the server indexed meanwhile, or between the moment
// a request was made and the moment it was read, is asked for once more.
bool next_slice(const Definition& definition, Run& run) {
  if (definition.since.style != Style::server_time || run.slice_end >= run.started) return false;
  const Time from = run.slice_end - definition.since.overlap;
  const Time end = window_end(definition, run.slice_end, run.started);
  open_window(run, from, end, end);
  return true;
}

Time time_mark(const Definition& definition, const Mark& before, const Run& run, Time now) {
  const Definition::Since& since = definition.since;
  Time mark = before.time.value_or(run.from + since.overlap);
  if (run.newest) mark = std::max(mark, *run.newest);
  // A quiet query: without this its window would grow for ever. Half a slice is far longer than any index lags, and
  // leaves the other half to the pause until the next poll, so that one window holds both.
  if (since.slice) mark = std::max(mark, run.started - *since.slice / 2);
  return std::min(mark, now - kUnsettled);
}

// The newest of this run in front of those of the runs before: an item that a moderator hides, or one that is pinned,
// must not make everything behind it look new.
std::vector<std::string> known_after(const Definition& definition, const Mark& before, const Run& run) {
  const std::size_t keep =
      std::clamp<std::size_t>(4 * static_cast<std::size_t>(definition.since.known), kLeastKnown, kMostKnown);
  std::vector<std::string> known = run.fresh;
  for (const std::string& one : before.known) {
    if (known.size() >= keep) break;
    if (std::find(run.fresh.begin(), run.fresh.end(), one) == run.fresh.end()) known.push_back(one);
  }
  known.resize(std::min(known.size(), keep));
  return known;
}

Mark mark_after(const Definition& definition, const Mark& before, const Run& run, Time now) {
  Mark mark = before;
  mark.begun = true;
  switch (definition.since.style) {
    case Style::server_time: mark.time = time_mark(definition, before, run, now); break;
    case Style::server_id:
      if (id_before(definition.since.compare, mark.id, run.newest_id)) mark.id = run.newest_id;
      break;
    case Style::stop_at_known: mark.known = known_after(definition, before, run); break;
    case Style::token:
    case Style::full: break;
  }
  return mark;
}

// Whether the listing has a further page, as far as the page and the run tell.
bool listing_goes_on(const Definition& definition, Run& run, const PageRead& page) {
  using Page = Definition::Page::Style;
  if (page.end) return false;
  if (definition.since.style == Style::token && definition.page.style == Page::none) {
    return page.items > 0 && !page.token.empty();
  }
  if (definition.page.style == Page::none) return false;
  const bool repeats = !page.ids.empty() && page.ids == run.last_page;
  if (repeats) return false;
  if (!definition.page.goes_on()) return page.items > 0;
  // An empty page with a further one behind it is not the end; a place that was there before is.
  if (page.next.empty()) return false;
  const std::string place = fingerprint(page.next);
  if (std::find(run.seen.begin(), run.seen.end(), place) != run.seen.end()) return false;
  run.seen.push_back(place);
  return true;
}

// The first run of some sources is one page, or ends at an age.
bool first_run_is_over(const Definition& definition, const Run& run) {
  if (!run.first) return false;
  if (definition.since.first_items > 0) return true;
  const bool by_age = definition.since.style == Style::stop_at_known || definition.since.style == Style::server_id;
  return by_age && definition.since.first && is_before(run.oldest, run.started - *definition.since.first);
}

// --- as JSON ---

void write_time(json::Writer& out, std::string_view name, const std::optional<Time>& time) {
  if (time) out.member(name, format_rfc3339(*time));
}

void write_list(json::Writer& out, std::string_view name, const std::vector<std::string>& list) {
  if (list.empty()) return;
  out.key(name).begin_array();
  for (const std::string& one : list) out.string(one);
  out.end_array();
}

void write_number(json::Writer& out, std::string_view name, int number) {
  if (number != 0) out.key(name).integer(number);
}

std::optional<Time> read_time(const json::Value& value, std::string_view name) {
  const Result<Time> time = parse_rfc3339(value.text_or(name, ""));
  return time ? std::optional<Time>(*time) : std::nullopt;
}

std::vector<std::string> read_list(const json::Value& value, std::string_view name) {
  std::vector<std::string> list;
  const json::Value found = value.find(name);
  for (std::size_t i = 0; i < found.size(); ++i) list.emplace_back(found[i].raw());
  return list;
}

int read_number(const json::Value& value, std::string_view name) {
  return static_cast<int>(std::clamp<std::int64_t>(value.integer_or(name, 0), 0, 1'000'000));
}

std::optional<Run> read_run(const json::Value& value) {
  const std::optional<Time> started = read_time(value, "started");
  if (!started) return std::nullopt;
  Run run;
  run.started = *started;
  run.first = value.boolean_or("first", false);
  run.from = read_time(value, "from").value_or(*started);
  run.until = read_time(value, "until").value_or(*started);
  run.slice_end = read_time(value, "slice_end").value_or(run.until);
  run.page = read_number(value, "page");
  run.asked = read_number(value, "asked");
  run.alternate = read_number(value, "alternate");
  run.known = read_number(value, "known");
  run.next = value.text_or("next", "");
  run.seen = read_list(value, "seen");
  run.last_page = value.text_or("last_page", "");
  run.fresh = read_list(value, "fresh");
  run.newest_id = value.text_or("newest_id", "");
  run.newest = read_time(value, "newest");
  run.oldest = read_time(value, "oldest");
  return run;
}

void write_run(json::Writer& out, const Run& run) {
  out.key("run").begin_object();
  write_time(out, "started", run.started);
  if (run.first) out.key("first").boolean(true);
  write_time(out, "from", run.from);
  write_time(out, "until", run.until);
  if (run.slice_end != run.until) write_time(out, "slice_end", run.slice_end);
  write_number(out, "page", run.page);
  write_number(out, "asked", run.asked);
  write_number(out, "alternate", run.alternate);
  write_number(out, "known", run.known);
  out.member_if("next", run.next);
  write_list(out, "seen", run.seen);
  out.member_if("last_page", run.last_page);
  write_list(out, "fresh", run.fresh);
  out.member_if("newest_id", run.newest_id);
  write_time(out, "newest", run.newest);
  write_time(out, "oldest", run.oldest);
  out.end_object();
}

Mark read_mark(const json::Value& value) {
  Mark mark;
  mark.time = read_time(value, "time");
  mark.id = value.text_or("id", "");
  mark.token = value.text_or("token", "");
  mark.known = read_list(value, "known");
  mark.begun = value.boolean_or("begun", false);
  return mark;
}

void write_mark(json::Writer& out, const Mark& mark) {
  out.begin_object();
  write_time(out, "time", mark.time);
  out.member_if("id", mark.id);
  out.member_if("token", mark.token);
  write_list(out, "known", mark.known);
  if (mark.begun) out.key("begun").boolean(true);
  out.end_object();
}

Login read_login(const json::Value& value) {
  Login login;
  login.token = value.text_or("token", "");
  login.refresh = value.text_or("refresh", "");
  login.until = read_time(value, "until");
  login.renewed = value.boolean_or("renewed", false);
  return login;
}

void write_login(json::Writer& out, const Login& login) {
  if (login.token.empty() && login.refresh.empty() && !login.renewed) return;
  out.key("login").begin_object();
  out.member_if("token", login.token);
  out.member_if("refresh", login.refresh);
  write_time(out, "until", login.until);
  if (login.renewed) out.key("renewed").boolean(true);
  out.end_object();
}

std::vector<Child> read_children(const json::Value& value) {
  std::vector<Child> children;
  for (std::size_t i = 0; i < value.size(); ++i) {
    Child& child = children.emplace_back();
    child.parent = value[i].text_or("parent", "");
    child.history = value[i].boolean_or("history", false);
    const json::Value params = value[i].find("params");
    for (std::size_t k = 0; k < params.size(); ++k) child.params[std::string(params.key_at(k))] = params[k].raw();
  }
  return children;
}

void write_children(json::Writer& out, const std::vector<Child>& children) {
  out.key("children").begin_array();
  for (const Child& child : children) {
    out.begin_object().member_if("parent", child.parent);
    if (child.history) out.key("history").boolean(true);
    out.key("params").begin_object();
    for (const auto& [name, value] : child.params) out.member(name, value);
    out.end_object().end_object();
  }
  out.end_array();
}

}  // namespace

const Mark& Position::mark() const {
  static const Mark kNone;
  const auto found = marks.find(each);
  return found == marks.end() ? kNone : found->second;
}

Position position_from(const Cursor& cursor) {
  Position position;
  if (cursor.value.empty()) return position;
  const Result<json::Document> document = json::parse(cursor.value);
  if (!document) return position;
  const json::Value root = document->root();
  position.login = read_login(root.find("login"));
  position.each = root.text_or("each", "");
  const json::Value marks = root.find("marks");
  for (std::size_t i = 0; i < marks.size(); ++i) {
    position.marks.emplace(std::string(marks.key_at(i)), read_mark(marks[i]));
  }
  position.run = read_run(root.find("run"));
  position.children = read_children(root.find("children"));
  position.child = root.text_or("child", "");
  position.more = root.boolean_or("more", false);
  return position;
}

Cursor cursor_of(const Position& position) {
  json::Writer out;
  out.begin_object();
  write_login(out, position.login);
  out.member_if("each", position.each);
  out.key("marks").begin_object();
  for (const auto& [element, mark] : position.marks) {
    out.key(element);
    write_mark(out, mark);
  }
  out.end_object();
  if (position.run) write_run(out, *position.run);
  if (!position.children.empty()) {
    write_children(out, position.children);
    if (position.more) out.key("more").boolean(true);
  }
  out.member_if("child", position.child);
  out.end_object();
  return {out.take()};
}

Run run_of(const Definition& definition, const Position& position, Time now) {
  if (position.run) return *position.run;
  const Mark& mark = position.mark();
  Run run;
  run.started = now;
  run.first = !mark.begun;
  run.from = mark.time ? *mark.time - definition.since.overlap : now - definition.since.first.value_or(kDefaultFirst);
  run.until = run.slice_end = window_end(definition, run.from, now);
  if (!mark.token.empty()) run.seen.push_back(fingerprint(mark.token));  // where this run begins
  return run;
}

Advance advance(const Definition& definition, const Position& before, Run run, const PageRead& page,
                const std::vector<std::string>& elements, Time now) {
  ++run.page;
  ++run.asked;
  const auto later = [](std::optional<Time> a, std::optional<Time> b) { return !a ? b : !b ? a : std::max(a, b); };
  const auto sooner = [](std::optional<Time> a, std::optional<Time> b) { return !a ? b : !b ? a : std::min(a, b); };
  run.newest = later(run.newest, page.newest);
  run.oldest = sooner(run.oldest, page.oldest);
  if (id_before(definition.since.compare, run.newest_id, page.newest_id)) run.newest_id = page.newest_id;
  for (const std::string& one : page.fingerprints) {
    if (run.fresh.size() < kMostKnown) run.fresh.push_back(one);
  }

  Advance out;
  out.position = before;
  Mark& mark = out.position.marks[before.each];
  if (definition.since.style == Style::token && !page.token.empty()) mark.token = page.token;
  const bool goes_on = listing_goes_on(definition, run, page) && !first_run_is_over(definition, run);
  const bool repeats = !page.ids.empty() && page.ids == run.last_page;
  run.last_page = page.ids;
  run.next = page.next;

  // A listing without pages that is full may hide more.
  const bool full = definition.page.style == Definition::Page::Style::none && definition.page.size > 0 &&
                    page.items >= static_cast<std::size_t>(definition.page.size);
  // And a server that counts no further than it lets through calls its last page the last one.
  const bool at_the_cap =
      run.asked >= definition.page.max && (goes_on || (definition.since.bounded && !repeats && page.items > 0));
  const bool cut_off = full || at_the_cap;
  out.more = cut_off ? narrow(definition, run) : goes_on;
  if (!out.more && goes_on && cut_off && definition.page.goes_on() && !run.first) {
    run.asked = 0;  // the next poll goes on from here: nothing between the two is skipped
    out.behind = true;
  } else if (!out.more && !next_slice(definition, run)) {
    out.behind = cut_off && (goes_on || full) && !run.first;
    mark = mark_after(definition, mark, run, now);
    out.position.run.reset();
    const auto at = std::find(elements.begin(), elements.end(), before.each);
    const bool last = at == elements.end() || at + 1 == elements.end();
    out.position.each = last ? elements.front() : *(at + 1);
    out.more = !last;
    return out;
  } else {
    out.more = true;
  }
  out.position.run = std::move(run);
  return out;
}

bool id_before(Definition::Since::Compare compare, std::string_view a, std::string_view b) {
  using Compare = Definition::Since::Compare;
  if (compare == Compare::bytes) return a < b;
  const auto digits = [compare](std::string_view id) {
    if (compare == Compare::number) id.remove_prefix(std::min(id.find_first_not_of('0'), id.size()));
    return id;
  };
  const std::string_view left = digits(a), right = digits(b);
  return left.size() != right.size() ? left.size() < right.size() : left < right;
}

std::string fingerprint(std::string_view text) { return to_hex(sha256(text)).substr(0, 12); }

}  // namespace vigie::definition
