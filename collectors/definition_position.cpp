#include "collectors/definition_position.h"

#include <algorithm>

#include "base/json.h"

namespace vigie::definition {
namespace {

// Servers sort and cut by whole seconds.
constexpr Duration kTick = seconds(1);
// Younger items may still get neighbours: the index is written from several sides.
constexpr Duration kUnsettled = minutes(1);

void write_time(json::Writer& out, std::string_view name, const std::optional<Time>& time) {
  if (time) out.member(name, format_rfc3339(*time));
}

std::optional<Time> read_time(const json::Value& value, std::string_view name) {
  const Result<Time> time = parse_rfc3339(value.text_or(name, ""));
  return time ? std::optional<Time>(*time) : std::nullopt;
}

std::optional<Run> read_run(const json::Value& value) {
  const std::optional<Time> started = read_time(value, "started"), from = read_time(value, "from"),
                            until = read_time(value, "until");
  if (!started || !from || !until) return std::nullopt;
  Run run;
  run.started = *started;
  run.first = value.boolean_or("first", false);
  run.from = *from;
  run.until = *until;
  run.slice_end = read_time(value, "slice_end").value_or(*until);
  run.page = static_cast<int>(std::clamp<std::int64_t>(value.integer_or("page", 0), 0, 1'000'000));
  run.token = value.text_or("token", "");
  run.last_page = value.text_or("last_page", "");
  run.newest = read_time(value, "newest");
  run.oldest = read_time(value, "oldest");
  return run;
}

Time window_end(const Definition& definition, Time from, Time end) {
  return definition.since.slice ? std::min(from + *definition.since.slice, end) : end;
}

void open_window(Run& run, Time from, Time until, Time slice_end) {
  run.from = from;
  run.until = until;
  run.slice_end = slice_end;
  run.page = 0;
  run.token.clear();
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
  if (definition.since.style != Definition::Since::Style::server_time || run.slice_end >= run.started) return false;
  const Time from = run.slice_end - definition.since.overlap;
  const Time end = window_end(definition, run.slice_end, run.started);
  open_window(run, from, end, end);
  return true;
}

Time new_mark(const Definition& definition, const Position& before, const Run& run, Time now) {
  const Definition::Since& since = definition.since;
  Time mark = before.mark.value_or(run.from + since.overlap);
  if (run.newest) mark = std::max(mark, *run.newest);
  // A quiet query: without this its window would grow for ever. Half a slice is far longer than any index lags, and leaves the other half
  // to the pause until the next poll, so that one window holds both.
  if (since.slice) mark = std::max(mark, run.started - *since.slice / 2);
  return std::min(mark, now - kUnsettled);
}

}  // namespace

Position position_from(const Cursor& cursor) {
  Position position;
  if (cursor.value.empty()) return position;
  const Result<json::Document> document = json::parse(cursor.value);
  if (!document) return position;
  position.mark = read_time(document->root(), "mark");
  position.run = read_run(document->root().at("run"));
  return position;
}

Cursor cursor_of(const Position& position) {
  json::Writer out;
  out.begin_object();
  write_time(out, "mark", position.mark);
  if (const std::optional<Run>& run = position.run) {
    out.key("run").begin_object();
    write_time(out, "started", run->started);
    if (run->first) out.key("first").boolean(true);
    write_time(out, "from", run->from);
    write_time(out, "until", run->until);
    if (run->slice_end != run->until) write_time(out, "slice_end", run->slice_end);
    out.key("page").integer(run->page);
    out.member_if("token", run->token);
    out.member_if("last_page", run->last_page);
    write_time(out, "newest", run->newest);
    write_time(out, "oldest", run->oldest);
    out.end_object();
  }
  out.end_object();
  return {out.take()};
}

Run run_of(const Definition& definition, const Position& position, Time now) {
  if (position.run) return *position.run;
  Run run;
  run.started = now;
  run.first = !position.mark;
  run.from = position.mark ? *position.mark - definition.since.overlap : now - definition.since.first;
  run.until = run.slice_end = window_end(definition, run.from, now);
  return run;
}

Position advance(const Definition& definition, const Position& before, Run run, const PageRead& page, Time now) {
  ++run.page;
  const auto later = [](std::optional<Time> a, std::optional<Time> b) { return !a ? b : !b ? a : std::max(a, b); };
  const auto sooner = [](std::optional<Time> a, std::optional<Time> b) { return !a ? b : !b ? a : std::min(a, b); };
  run.newest = later(run.newest, page.newest);
  run.oldest = sooner(run.oldest, page.oldest);
  const bool repeats = !page.ids_hash.empty() && page.ids_hash == run.last_page;
  run.last_page = page.ids_hash;
  run.token = page.token;

  Position after = before;
  const bool exhausted = page.items == 0 || repeats || definition.page.style == Definition::Page::Style::none;
  const bool cut_off = !exhausted && run.page >= definition.page.max;
  const bool waits = cut_off ? narrow(definition, run) : !exhausted && !page.end;
  if (waits || next_slice(definition, run)) {
    after.run = std::move(run);
    return after;
  }
  after.mark = new_mark(definition, before, run, now);
  after.run.reset();
  return after;
}

}  // namespace vigie::definition
