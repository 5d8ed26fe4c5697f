// RSS 0.9x/1.0/2.0, Atom 0.3/1.0, JSON Feed: one parser, two front ends (the collector, `vigie feed`). SOURCES.md 3.1.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "collectors/source.h"
#include "collectors/websub.h"

namespace vigie {

struct FeedItem {
  std::string id;  // as written; made from a hash when there is none (then `id_made`)
  bool id_made = false;
  std::string url;     // resolved
  std::string title;   // plain text
  std::string text;    // plain text
  std::string html;    // sanitised: nothing active in it
  std::string author;  // name
  std::optional<Time> created, updated;
  bool zone_assumed = false;
  std::vector<std::string> categories;
  std::string parent;
  std::string replies;  // count as text, at most nine digits, "" = unknown
  std::string lang;     // when it differs from the feed's or is said again
  std::string raw;      // as it was written, only when nothing else could be read from it
};

struct Feed {
  std::string kind;  // rss atom rdf jsonfeed
  std::string version;
  std::string title, link, language;
  std::optional<Time> updated;
  std::vector<FeedItem> items;
  std::optional<Duration> poll_in;  // ttl, sy:updatePeriod
  std::string next_page, hub, self;
  std::vector<std::string> warnings;
};

// What to accept when asking for one.
inline constexpr std::string_view kFeedAccept =
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, application/xml;q=0.9, "
    "*/*;q=0.1";

// Bytes as received. `url`: where they came from, for relative links ("" = unknown); `content_type`: the header, for
// the charset only. bad_data when it is no feed (an HTML page: the message names the feeds it links to), too large, or
// empty. With FeedParts::text, items come without `html`: what the collector needs, for half the work.
enum class FeedParts { all, text };
Result<Feed> parse_feed(std::string_view bytes, std::string_view url, std::string_view content_type, Time now,
                        FeedParts parts = FeedParts::all);

// The object of DESIGN.md section 5, one line.
std::string to_json(const Feed& feed);

// Where the feed of this bookmark offers to be subscribed to; nothing when it does not.
std::optional<HubOffer> hub_of(const Cursor& cursor);

// Settings: url; params.kind, what its items are (default "article"). Archive pages (rel="next") are not followed.
Result<std::unique_ptr<Source>> open_feed(const SourceSettings& settings);

}  // namespace vigie
