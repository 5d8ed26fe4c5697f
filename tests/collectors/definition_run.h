// A shipped definition read against its recorded pages, page by page, with everything it shows on the way kept for
// tests to look at.
//
// tests/collectors/data/<id>/ holds *.exchanges.jsonl, expected.jsonl (the mentions, in the order read) and
// params.json:
// {"params":{...},"secrets":{...},"now":"..."}. A secret "@es256" or "@rs256" stands for a private key made for the
// run. Its folder recheck/ holds recheck.json ({"known":[{"id","native"}],"gone":[...]}), the exchanges and
// expected.jsonl.

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/recording.h"
#include "collectors/source.h"

namespace vigie::test {

struct Folder {
  std::string id;
  std::filesystem::path path;
  SourceSettings settings;
  Time now{};
  std::vector<std::string> lines;  // exchanges, those of recheck/ left out
};

// Ids of the folders' definitions, for one parametrised test each.
std::vector<std::string> shipped_definitions();
Folder folder_of(const std::string& id);

// The whole of what a run shows.
struct Page {
  HttpRequest request;
  std::vector<std::string> mentions;  // as JSON lines
};
struct Told {
  std::vector<std::string> mentions;  // as JSON lines, each id once, in the order read
  std::vector<Rejected> rejected;
  std::vector<Page> pages;           // asked, also those that brought nothing, such as a login
  std::vector<std::string> cursors;  // bookmarks after each page
  std::string error;                 // that ended the run; "" = it came to its end

  std::vector<std::string> asked() const;  // method and URL of each page
};

enum class Opened { once, anew_for_each_page };  // the second, as after a crash: only the bookmark is left
Told read_all(const Folder& folder, const std::vector<std::string>& exchanges, Opened opened = Opened::once);

// The recorded page with the first of its items replaced: by a number, or by itself with another id.
enum class Harm { a_number, without_id };
// Nothing when that exchange holds no list of items, or the definition's id is more than a path.
std::optional<std::string> harmed(const Folder& folder, const std::string& exchange, Harm harm);

}  // namespace vigie::test
