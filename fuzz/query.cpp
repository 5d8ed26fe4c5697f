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
    if (!query.error().what.starts_with("column ")) std::abort();
    return 0;
  }
  // A query that holds in a text without any of its words would match nearly everything: it must have been refused.
  if (query->matches([](std::uint32_t) { return false; })) std::abort();
  return 0;
}
