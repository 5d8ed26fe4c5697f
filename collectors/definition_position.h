// Where a subscription stands: the mark it has read up to, and, in the middle of a run, which page of which window. All
// of it is the Cursor.
//
// A run asks for everything since the mark (less an overlap) in windows, oldest first, page by page. Marks come from
// the times of items, not from our clock: an index that stalls for an hour then loses nothing. SOURCES.md 7.7.

#pragma once

#include <optional>
#include <string>

#include "collectors/definition_model.h"
#include "model/batch.h"

namespace vigie::definition {

struct Run {
  Time started{};
  bool first = false;          // back-fill of a new subscription
  Time from{}, until{};        // the window asked for
  Time slice_end{};            // where the window ended before it was narrowed
  int page = 0;                // pages of this window already read
  std::string token;           // of the next page, when pages have tokens
  std::string last_page;       // hash of the ids of the page before: a server that repeats itself is not asked for ever
  std::optional<Time> newest;  // item of the run
  std::optional<Time> oldest;  // item of the window
};

struct Position {
  std::optional<Time> mark;  // none before the first run has ended
  std::optional<Run> run;
};

// A bookmark that cannot be read (made by another version) is a new start: the store absorbs what comes twice.
Position position_from(const Cursor& cursor);
Cursor cursor_of(const Position& position);

// The run a request belongs to: the one under way, or a new one.
Run run_of(const Definition& definition, const Position& position, Time now);

// What one page told.
struct PageRead {
  std::size_t items = 0;
  std::string ids_hash;
  std::optional<Time> newest, oldest;  // no later than a minute ago
  bool end = false;                    // the server, or a rule, says that this was the last page
  std::string token;
};

// The position after a page. `run` is set while another page or window waits.
Position advance(const Definition& definition, const Position& before, Run run, const PageRead& page, Time now);

}  // namespace vigie::definition
