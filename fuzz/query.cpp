// Brand queries from anywhere: parsed or refused with a column, and when parsed matched without a fault.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "pipeline/query.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto query = vigie::Query::parse(text);
  if (!query) {
    if (query.error().at > text.size() || query.error().caret(text).empty()) std::abort();
    return 0;
  }
  // A query that holds in a mention of nowhere without any word would match nearly everything: it must have been
  // refused. One that holds in its own text or not must do so without a fault.
  const vigie::Mention nothing;
  if (query->matches({vigie::split_words(""), nothing, ""})) std::abort();
  query->matches({vigie::split_words(text), nothing, "en"});
  return 0;
}
