// Any bytes: parsing never crashes, and what it accepts is written and read back the same.

#include <cstdlib>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vigie;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  parse_loose_time(bytes);
  const auto document = json::parse(bytes);
  if (!document) return 0;
  const std::string once = json::Writer().value(document->root()).take();
  const auto again = json::parse(once);
  if (!again || !is_valid_utf8(once)) std::abort();
  if (json::Writer().value(again->root()).take() != once) std::abort();
  return 0;
}
