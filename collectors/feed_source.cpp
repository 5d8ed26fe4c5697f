// A feed as a source: asked with both validators, read whole, each item a mention. SOURCES.md 3.1 and 7.2.
//
// The bookmark is JSON: {"url","etag","modified","young","hash","ttl","moved"}. Validators and the body's hash are kept
// only after the body was read; they belong to that URL and are forgotten when another one is configured. Seen items
// are not remembered here: the store's key takes repeats in. Only the first page is read: what a feed has dropped from
// it before the first poll was never ours to miss.

#include <boost/unordered/unordered_flat_set.hpp>

#include <xxhash.h>

#include "base/json.h"
#include "base/text.h"
#include "collectors/feed.h"

namespace vigie {
namespace {

constexpr std::string_view kKinds[] = {"article", "post", "comment", "review", "ticket", "message", "survey"};
constexpr std::size_t kTitle = 1000;      // code points
constexpr std::size_t kText = 100'000;    // code points
constexpr std::size_t kLongestId = 1000;  // bytes
constexpr std::size_t kRejectedBytes = 64u << 10;
constexpr Duration kLongestHint = 24 * hours(1);
constexpr Duration kSettled = seconds(2);  // one more than the second itself, for a server that rounds
constexpr Duration kYoung = minutes(1);    // RFC 7232, 2.2.2: what a date needs to be a strong validator

struct Bookmark {
  std::string url, etag, modified, hash, moved;
  bool young = false;    // the validators are kept to compare with the next answer's, and not sent back
  std::int64_t ttl = 0;  // seconds, the feed's own hint
  HubOffer offer{};

  bool compares() const { return !young && !(etag.empty() && modified.empty()); }
};

// An unreadable or foreign bookmark is no bookmark: everything is asked for again, and the store knows it already.
Bookmark read_bookmark(const Cursor& cursor, std::string_view url) {
  const auto document = json::parse(cursor.value);
  Bookmark fresh;
  fresh.url = url;
  if (!document || document->root().text_or("url", "") != url) return fresh;
  const json::Value root = document->root();
  return {std::string(url),
          root.text_or("etag", ""),
          root.text_or("modified", ""),
          root.text_or("hash", ""),
          root.text_or("moved", ""),
          root.integer_or("young", 0) != 0,
          root.integer_or("ttl", 0),
          {root.text_or("hub", ""), root.text_or("topic", "")}};
}

Cursor to_cursor(const Bookmark& mark) {
  json::Writer out;
  out.begin_object()
      .member("url", mark.url)
      .member_if("etag", mark.etag)
      .member_if("modified", mark.modified)
      .member_if("hash", mark.hash);
  out.member_if("moved", mark.moved);
  out.member_if("hub", mark.offer.hub).member_if("topic", mark.offer.topic);
  if (mark.young) out.key("young").integer(1);
  if (mark.ttl > 0) out.key("ttl").integer(mark.ttl);
  out.end_object();
  return {out.take()};
}

std::string hash_of(std::string_view bytes) { return std::to_string(XXH3_64bits(bytes.data(), bytes.size())); }

// max-age of Cache-Control, else Expires.
Duration freshness(const HttpReply& reply, Time now) {
  const std::string control = ascii_lower(reply.header("Cache-Control"));
  for (const std::string_view part : split(control, ',')) {
    const std::string_view directive = trim(part);
    if (!directive.starts_with("max-age=")) continue;
    std::int64_t age = 0;
    for (const char c : directive.substr(8)) {
      if (c < '0' || c > '9' || age > 10'000'000) break;
      age = age * 10 + (c - '0');
    }
    return seconds(age);
  }
  const auto expires = parse_http_date(reply.header("Expires"));
  return expires && *expires > now ? *expires - now : Duration::zero();
}

std::optional<Duration> poll_hint(const HttpReply& reply, const Bookmark& mark, Time now) {
  const Duration hint = std::min(
      kLongestHint, std::max(freshness(reply, now), Duration(seconds(std::min<std::int64_t>(mark.ttl, 86'400)))));
  return hint > Duration::zero() ? std::optional<Duration>(hint) : std::nullopt;
}

// Notes the validators of an answer, and whether the next request may carry them. An answer given while its page was
// changing may hold the old page under the validators of the new one, which would then be called unmodified for good:
// WordPress asks for its comments first and for their date, which its ETag is made of, after; and a date of whole
// seconds hides a second change in its second (RFC 9110, 8.8.2.2). So what was dated within a minute of its answer is
// sent back only after a second whole answer came with the same.
void note_validators(const HttpReply& reply, Bookmark& mark) {
  const std::string_view etag = reply.header("ETag"), given = reply.header("Last-Modified");
  const auto modified = parse_http_date(given), answered = parse_http_date(reply.header("Date"));
  const Duration age = modified && answered ? *answered - *modified : kYoung;
  const bool same_date = given == mark.modified && age >= kSettled;
  const bool same = etag.empty() ? same_date : etag == mark.etag && (same_date || given != mark.modified);
  mark.young = age < kYoung && !same;
  mark.etag = etag;
  // Beside a tag that holds, a date that is always the present one is left out; alone, it waits for its like.
  mark.modified = !etag.empty() && same && !same_date && age < kYoung ? std::string_view() : given;
}

class FeedSource final : public Source {
 public:
  FeedSource(std::string id, std::string url, std::string kind)
      : id_(std::move(id)), url_(std::move(url)), kind_(std::move(kind)) {}

  Result<std::optional<HttpRequest>> next(const Cursor& since, Time) const override {
    const Bookmark mark = read_bookmark(since, url_);
    HttpRequest request = get(url_, {});
    request.max_bytes = limits::kFeedBytes;
    request.headers.emplace_back("Accept", kFeedAccept);
    if (!mark.compares()) return request;
    if (!mark.etag.empty()) request.headers.emplace_back("If-None-Match", mark.etag);
    if (!mark.modified.empty()) request.headers.emplace_back("If-Modified-Since", mark.modified);
    return request;
  }

  Result<Batch> read(const HttpReply& reply, const Cursor& since, Time now) const override {
    TRY(check_status(reply));
    Bookmark mark = read_bookmark(since, url_);
    Batch batch;
    batch.source = id_;
    batch.ingested = now;
    batch.next = since;
    if (reply.status == 304) {
      if (!mark.compares())
        return fail(ErrorKind::bad_data, "answered 304 to a request that had nothing to compare");
      batch.poll_in = poll_hint(reply, mark, now);
      return batch;
    }
    const std::string hash = hash_of(reply.body);
    if (hash != mark.hash) TRY(read_body(reply, now, mark, batch));
    batch.history = since.value.empty();
    mark.hash = hash;
    note_offer(reply, mark);
    note_validators(reply, mark);
    mark.moved = reply.moved_permanently ? reply.url : std::string();
    batch.poll_in = poll_hint(reply, mark, now);
    batch.next = to_cursor(mark);
    return batch;
  }

 private:
  Result<void> read_body(const HttpReply& reply, Time now, Bookmark& mark, Batch& batch) const {
    const std::string& base = reply.url.empty() ? url_ : reply.url;
    TRY(const Feed feed, parse_feed(reply.body, base, reply.header("Content-Type"), now, FeedParts::text));
    mark.offer = {feed.hub, feed.self};
    mark.ttl = feed.poll_in ? std::chrono::duration_cast<seconds>(*feed.poll_in).count() : 0;
    boost::unordered_flat_set<std::string> seen;
    for (const FeedItem& item : feed.items) {
      if (item.id_made && item.title.empty() && item.text.empty()) {
        batch.rejected.push_back({item.raw.substr(0, kRejectedBytes), "item without id, title, text and link"});
        continue;
      }
      Mention mention = to_mention(item, feed, now);
      // Within one page the first of an id counts: feeds list the newest first.
      if (seen.insert(mention.id).second) batch.mentions.push_back(std::move(mention));
    }
    return {};
  }

  // What the headers offer goes before what the feed does.
  void note_offer(const HttpReply& reply, Bookmark& mark) const {
    const std::string& base = reply.url.empty() ? url_ : reply.url;
    const HubOffer offered = offer_in_headers(reply.headers, base);
    if (!offered.hub.empty()) mark.offer.hub = offered.hub;
    if (!offered.topic.empty()) mark.offer.topic = offered.topic;
    if (!mark.offer.hub.empty() && mark.offer.topic.empty()) mark.offer.topic = base;
    if (mark.offer.hub.empty()) mark.offer.topic.clear();
  }

  Mention to_mention(const FeedItem& item, const Feed& feed, Time now) const {
    Mention m;
    m.source = id_;
    m.id = item.id.size() <= kLongestId ? item.id : concat("hash:", hash_of(item.id));
    if (item.url.starts_with("http://") || item.url.starts_with("https://")) m.url = item.url;
    m.kind = kind_;
    m.author.name = item.author;
    m.title = shorten(item.title, kTitle);
    m.text = first_code_points(item.text, kText);
    if (m.title.empty() && m.text.empty())
      m.title = m.url.empty() ? item.id : m.url;  // a picture alone: something to show it by
    m.lang = item.lang.empty() ? feed.language : item.lang;
    // A date more than a day ahead is a fault: the time at which it was first seen counts instead.
    if (item.created && *item.created <= now + kDay) m.created = item.created;
    if (item.updated && *item.updated <= now + kDay && item.updated != item.created) m.updated = item.updated;
    m.late_zone = m.created && item.zone_assumed;
    m.parent = item.parent;
    if (!item.replies.empty()) m.replies = std::stoll(item.replies);  // at most nine digits: checked when read
    return m;
  }

  const std::string id_, url_, kind_;
};

}  // namespace

std::optional<HubOffer> hub_of(const Cursor& cursor) {
  const auto document = json::parse(cursor.value);
  if (!document) return std::nullopt;
  const HubOffer offer{document->root().text_or("hub", ""), document->root().text_or("topic", "")};
  if (origin_of(offer.hub).empty() || offer.topic.empty()) return std::nullopt;
  return offer;
}

Result<std::unique_ptr<Source>> open_feed(const SourceSettings& settings) {
  if (origin_of(settings.url).empty()) {
    return fail(
        ErrorKind::bad_config,
        concat("source \"", settings.id, "\": url: expected an http or https address, found \"", settings.url, "\""));
  }
  const auto given = settings.params.find("kind");
  const std::string kind = given == settings.params.end() ? std::string(kKinds[0]) : given->second;
  if (std::find(std::begin(kKinds), std::end(kKinds), kind) == std::end(kKinds)) {
    return fail(ErrorKind::bad_config, concat("source \"", settings.id, "\": params.kind: \"", kind,
                                              "\" is no kind of mention; try article, post, comment or review"));
  }
  return std::make_unique<FeedSource>(settings.id, settings.url, kind);
}

}  // namespace vigie
