// Which brands a text is about, for thousands of brand queries in one pass over the text.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "pipeline/query_text.h"

namespace vigie {

// A watched brand where a text names it: its words, first to last.
struct BrandPlace {
  std::string brand;
  std::size_t first = 0, last = 0;
};

class Matcher {
 public:
  // bad_config naming the brand and the column when a query cannot be read.
  static Result<std::unique_ptr<Matcher>> make(const std::vector<BrandSettings>& brands);
  virtual ~Matcher() = default;
  // Ids of the brands whose query holds, sorted. Safe from several threads.
  virtual std::vector<std::string> brands_in(const QueryText& text) const = 0;
  // Where the words that a query needs stand, for those of `brands` that need any; by first word.
  virtual std::vector<BrandPlace> places_of(const std::vector<std::string>& brands, const QueryText& text,
                                            const Words& words) const = 0;
};

}  // namespace vigie
