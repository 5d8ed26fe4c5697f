// What other sites counted: a dated number and a link, logged with the hash of the page it was read from. Never their
// reviews, and never in our mean.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "wall/book.h"
#include "wall/view.h"

namespace vigie {

struct Reading {
  std::string source;  // the site's name, one line
  std::string url{};   // https, or ""
  std::int64_t count = 0, mean_milli = 0;
  Time at{};
};

// The entry's index; it takes the place of the source's last reading on the wall. `answer`: the raw page or reply.
// bad_data naming what cannot be shown.
Result<std::int64_t> note_reading(Book& book, Store& store, const std::string& brand, const Reading& reading,
                                  std::string_view answer);

Result<std::vector<Reading>> readings_of(Store& store, const std::string& brand);  // by source
Result<void> write_elsewhere(json::Writer& out, const WallView& view, Store& store);

}  // namespace vigie
