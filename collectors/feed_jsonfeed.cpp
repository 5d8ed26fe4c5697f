// JSON Feed 1.0 and 1.1: https://www.jsonfeed.org/version/1.1/

#include "base/http.h"
#include "base/json.h"
#include "base/text.h"
#include "collectors/feed_parts.h"
#include "collectors/html.h"

namespace vigie::feed {
namespace {

constexpr std::size_t kMaxTags = 100;

std::string author_of(const json::Value& of) {
  const std::string name = of.text_or("authors.0.name", "");
  if (!name.empty()) return std::string(trim(name));
  const std::string old = of.text_or("author.name", "");  // 1.0
  return std::string(trim(old.empty() ? of.text_or("author", "") : old));
}

std::string link(const json::Value& of, std::string_view name, const Reading& reading) {
  const std::string url(trim(of.text_or(name, "")));
  const std::string whole = url.empty() || reading.url().empty() ? url : resolve_url(reading.url(), url);
  return is_harmless_link(whole) ? whole : std::string();
}

FeedItem map_item(const json::Value& in, const std::string& feed_author, Reading& reading) {
  FeedItem item;
  item.id = trim(in.scalar_or("id", ""));
  item.url = link(in, "url", reading);
  if (item.url.empty()) item.url = link(in, "external_url", reading);
  if (item.id.empty()) item.id = item.url;
  item.title = reading.title(plain_or_html(in.text_or("title", "")));
  const std::string html = in.text_or("content_html", "");
  const std::string text = in.text_or("content_text", "");
  const bool has_html = !trim(html).empty();
  reading.set_content(item, {has_html       ? html
                             : text.empty() ? in.text_or("summary", "")
                                            : text,
                             has_html, std::string(reading.url())});
  item.author = author_of(in);
  if (item.author.empty()) item.author = feed_author;
  item.created = reading.time(in.scalar_or("date_published", ""), &item.zone_assumed);
  item.updated = reading.time(in.scalar_or("date_modified", ""));
  if (!item.created) item.created = item.updated;
  item.lang = in.text_or("language", "");
  const json::Value tags = in.find("tags");
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string tag = squeeze_spaces(tags[i].raw());
    if (!tag.empty() && i < kMaxTags) item.categories.push_back(tag);
  }
  return item;
}

}  // namespace

Result<void> read_json_feed(std::string_view text, Reading& reading) {
  TRY(const json::Document document, json::parse(text));
  const json::Value root = document.root();
  const std::string version = root.text_or("version", "");
  if (!root.array("items")) return fail(ErrorKind::bad_data, "JSON, but no JSON Feed: it has no list of items");
  if (version.find("jsonfeed.org") == std::string::npos)
    reading.warn("JSON that does not name the version of JSON Feed it follows");

  Feed& feed = reading.feed;
  feed.kind = "jsonfeed";
  feed.version = version.substr(version.rfind('/') + 1);
  feed.title = reading.title(plain_or_html(root.text_or("title", "")));
  feed.link = link(root, "home_page_url", reading);
  feed.language = root.text_or("language", "");
  feed.next_page = link(root, "next_url", reading);
  feed.self = link(root, "feed_url", reading);
  feed.hub = root.text_or("hubs.0.url", "");
  const std::string author = author_of(root);
  const json::Value items = root.find("items");
  for (std::size_t i = 0; i < items.size() && !reading.full(); ++i) {
    if (items[i].type() != json::Type::object) {
      reading.warn(concat(reading.item_name(), ": expected an object, found ", to_text(items[i].type())));
    }
    reading.take(map_item(items[i], author, reading), [&items, i] { return json::Writer().value(items[i]).take(); });
  }
  return {};
}

}  // namespace vigie::feed
