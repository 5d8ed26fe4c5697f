// Where a subscription stands: the marks it has read up to, its login, and, in the middle of a run, which page of which
// window. All of it is the Cursor.
//
// A run asks for what is new since the mark, page by page. Marks come from items, not from our clock: an index that
// stalls for an hour then loses nothing. SOURCES.md 5.5 and 7.7.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collectors/definition_model.h"
#include "model/batch.h"

namespace vigie::definition {

// How far the first run looks back when the definition does not say.
inline constexpr Duration kDefaultFirst = 7 * kDay;

// What a login gave. A token is a secret of the service, kept where the bookmark is: a refresh token that rotates is
// worth nothing unless it is saved before it is used.
struct Login {
  std::string token, refresh;
  std::optional<Time> until;  // when to renew it; none = when it is refused
  bool renewed = false;       // no page has been read with it yet: a refusal now is final
};

struct Mark {
  std::optional<Time> time;        // server_time
  std::string id;                  // server_id: the largest seen
  std::string token;               // token: where the server said to go on
  std::vector<std::string> known;  // stop_at_known: fingerprints of the newest items, newest first
  bool begun = false;              // the first run is over
};

struct Run {
  Time started{};
  bool first = false;              // back-fill of a new subscription
  Time from{}, until{};            // the window asked for
  Time slice_end{};                // where the window ended before it was narrowed
  int page = 0;                    // pages of this window already read
  int asked = 0;                   // pages of this window in this poll
  int alternate = 0;               // which spelling of the URL; 0 = the first
  int known = 0;                   // known items in a row
  std::string next;                // token, URL or id of the next page
  std::vector<std::string> seen;   // fingerprints of those before: a listing that leads round in circles ends
  std::string last_page;           // fingerprint of the ids of the page before
  std::vector<std::string> fresh;  // fingerprints of the items read, newest first, for the mark
  std::string newest_id;
  std::optional<Time> newest;  // item of the run
  std::optional<Time> oldest;  // item of the window
};

// An expansion that waits: another definition's run for one item.
struct Child {
  std::map<std::string, std::string> params;
  std::string parent;  // id of the item it belongs to
  bool history = false;
  bool operator==(const Child&) const = default;
};

struct Position {
  Login login;
  std::string each;                   // element of the list parameter that is being asked for
  std::map<std::string, Mark> marks;  // by element; "" when there is no list
  std::optional<Run> run;
  std::vector<Child> children;  // the first one is under way
  std::string child;            // its bookmark
  bool more = false;            // what comes at once when all of them are done

  const Mark& mark() const;
};

// A bookmark that cannot be read (made by another version) is a new start: the store absorbs what comes twice.
Position position_from(const Cursor& cursor);
Cursor cursor_of(const Position& position);

// The run a request belongs to: the one under way, or a new one.
Run run_of(const Definition& definition, const Position& position, Time now);

// What one page told.
struct PageRead {
  std::size_t items = 0;
  std::string ids;                        // fingerprint of the ids
  std::optional<Time> newest, oldest;     // no later than a minute ago
  std::string newest_id;                  // by the definition's order of ids
  std::vector<std::string> fingerprints;  // of the items, in order
  bool end = false;                       // the server, or a rule, says that this was the last page
  std::string next;                       // token, URL or id of the next page
  std::string token;                      // since token: the new position
};

struct Advance {
  Position position;
  bool more = false;    // another page is to be asked for at once
  bool behind = false;  // the run stopped short of its end
};

// The position after a page. `elements`: of the list parameter, {""} when there is none.
Advance advance(const Definition& definition, const Position& before, Run run, const PageRead& page,
                const std::vector<std::string>& elements, Time now);

// a < b as ids of the definition's kind.
bool id_before(Definition::Since::Compare compare, std::string_view a, std::string_view b);

// Twelve hexadecimal digits that stand for a text.
std::string fingerprint(std::string_view text);

}  // namespace vigie::definition
