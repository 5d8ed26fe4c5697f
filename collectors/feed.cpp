#include "collectors/feed.h"

#include <xxhash.h>

#include "base/json.h"
#include "base/text.h"
#include "collectors/charset.h"
#include "collectors/feed_parts.h"
#include "collectors/html.h"

namespace vigie {
namespace feed {
namespace {

constexpr std::size_t kMaxWarnings = 20;
constexpr std::size_t kMaxOffered = 5;  // feeds of a page, named in the error

std::string hex(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) out[i] = kDigits[value & 15];
  return out;
}

// Stable over time and machines: the same item made twice gets the same id.
std::string made_id(const FeedItem& item) {
  const std::string date = item.created ? format_rfc3339(*item.created) : std::string();
  const std::string all = concat(item.title, "\n", date, "\n", item.text);
  const XXH128_hash_t hash = XXH3_128bits(all.data(), all.size());
  return concat("hash:", hex(hash.high64), hex(hash.low64));
}

Result<void> not_a_feed(std::string_view text, std::string_view url) {
  std::string what = "an HTML page, not a feed";
  const std::vector<std::string> offered = feeds_of_page(text, url);
  for (std::size_t i = 0; i < offered.size() && i < kMaxOffered; ++i)
    what += concat(i == 0 ? "; it links to " : ", ", offered[i]);
  return fail(ErrorKind::bad_data, what);
}

const xml::Element* root_of(const xml::Document& document) {
  for (const xml::Element* e = document.top().first; e != nullptr; e = e->next) {
    for (const std::string_view name : {"rss", "rdf", "feed", "channel", "entry"}) {
      if (e->name == name) return e;
    }
  }
  return nullptr;
}

bool has_tag(std::string_view text, std::string_view tag) {
  constexpr std::size_t kHead = 2048;
  return ascii_lower(text.substr(0, kHead)).find(tag) != std::string::npos;
}

Result<void> read_xml_feed(std::string text, Reading& reading) {
  const std::string head = text.substr(0, 200'000);
  const bool page = has_tag(head, "<html") || has_tag(head, "<!doctype html");
  auto document = xml::parse(std::move(text), reading.url());
  if (!document) return page ? not_a_feed(head, reading.url()) : fail(std::move(document.error()));
  const xml::Element* root = root_of(*document);
  if (root == nullptr && page) return not_a_feed(head, reading.url());
  if (root == nullptr)
    return fail(ErrorKind::bad_data, concat("XML, but no feed: its root is <", document->top().first->name, ">"));
  if (document->mended()) reading.warn(concat("not well-formed, read as far as it can be: ", document->fault()));
  if (root->name == "feed" || root->name == "entry") {
    map_atom(*root, reading);
  } else {
    map_rss(*root, reading);
  }
  return {};
}

}  // namespace

void Reading::warn(std::string warning) {
  if (feed.warnings.size() < kMaxWarnings) feed.warnings.push_back(std::move(warning));
}

std::string Reading::item_name() const { return concat("item ", std::to_string(feed.items.size() + 1)); }

std::optional<Time> Reading::time(std::string_view text, bool* zone_assumed) {
  const std::string_view written = trim(text);
  if (written.empty()) return std::nullopt;
  const auto read = parse_loose_time(written);
  if (!read) {
    warn(concat(item_name(), ": date not understood: ", shorten(written, 60)));
    return std::nullopt;
  }
  if (read->time > now_ + kDay)
    warn(concat(item_name(), ": its date lies more than a day ahead: ", shorten(written, 60)));
  if (zone_assumed != nullptr) *zone_assumed = read->zone_assumed;
  return read->time;
}

void Reading::take(FeedItem item, const std::function<std::string()>& raw) {
  if (item.id.empty()) {
    item.id = item.url.empty() ? made_id(item) : item.url;
    item.id_made = item.url.empty();
    if (item.id_made) warn(concat(item_name(), ": no id and no link, one was made from its content"));
    if (item.id_made && item.title.empty() && item.text.empty()) item.raw = raw();
  }
  feed.items.push_back(std::move(item));
}

}  // namespace feed

Result<Feed> parse_feed(std::string_view bytes, std::string_view url, std::string_view content_type, Time now,
                        FeedParts parts) {
  feed::Reading reading(url, now, parts);
  TRY(std::string text, decode_document(bytes, content_type, limits::kFeedBytes, reading.feed.warnings));
  const std::string_view content = trim(text);
  if (content.empty()) return fail(ErrorKind::bad_data, "empty");
  if (content.front() == '{' || content.front() == '[') {
    TRY(feed::read_json_feed(content, reading));
  } else if (content.find('<') == std::string_view::npos) {
    return fail(ErrorKind::bad_data, "not a feed: neither XML nor JSON");
  } else {
    TRY(feed::read_xml_feed(std::move(text), reading));
  }
  if (reading.full())
    return fail(ErrorKind::bad_data, concat("more than ", std::to_string(feed::Reading::kMaxItems), " items"));
  std::replace(reading.feed.language.begin(), reading.feed.language.end(), '_', '-');  // "en_US" is BCP 47's en-US
  return std::move(reading.feed);
}

}  // namespace vigie
