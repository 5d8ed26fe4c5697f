// Whatever a server sends as a feed: it is read or refused, its texts are valid UTF-8, and what was cleaned once is
// clean.

#include <cstdlib>

#include "base/text.h"
#include "collectors/feed.h"
#include "collectors/html.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto feed = vigie::parse_feed(bytes, "https://example.org/feed", "", vigie::from_epoch(1'795'000'000));
  if (feed) {
    if (!vigie::is_valid_utf8(vigie::to_json(*feed))) std::abort();
    for (const vigie::FeedItem& item : feed->items) {
      if (item.id.empty() || !vigie::is_harmless_link(item.url)) std::abort();
      if (item.html.find("<script") != std::string::npos) std::abort();
    }
  }
  const std::string clean = vigie::sanitize_html(bytes, "https://example.org/");
  if (!vigie::is_valid_utf8(clean) || clean.find("<script") != std::string::npos) std::abort();
  return 0;
}
