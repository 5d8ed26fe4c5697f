// What the dialects of feeds share. Internal to collectors/feed*.cpp.

#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/feed.h"
#include "collectors/xml.h"

namespace vigie::feed {

// A text as its source gave it, and whether it is HTML.
struct Markup {
  std::string value;
  bool html = false;
  std::string base;  // of relative URLs in it
};

// One feed being read: where it came from, what it becomes, what was odd.
class Reading {
 public:
  static constexpr std::size_t kMaxItems = 100'000;

  Reading(std::string_view url, Time now, FeedParts parts) : url_(url), now_(now), parts_(parts) {}

  Feed feed;
  std::string_view url() const { return url_; }
  bool full() const { return feed.items.size() >= kMaxItems; }
  void warn(std::string warning);  // the first kMaxWarnings are kept
  std::string item_name() const;   // "item 3": the one being read

  // Plain text, one line for titles.
  std::string title(const Markup& markup) const;
  void set_content(FeedItem& item, const Markup& markup);
  // Nothing, and a warning, when it is not understood.
  std::optional<Time> time(std::string_view text, bool* zone_assumed = nullptr);
  // Completes the item (an id when it has none) and takes it; keeps `raw` when nothing was found in it.
  void take(FeedItem item, const std::function<std::string()>& raw);

 private:
  std::string_view url_;
  Time now_;
  FeedParts parts_;
  std::size_t html_bytes_ = 0;
};

struct Name {
  xml::Space space;
  std::string_view local;
};

// The first element inside `in` by the first of these names that has one with content.
const xml::Element* first_filled(const xml::Element& in, std::initializer_list<Name> names);
// Its trimmed text, "" when there is none.
std::string first_text(const xml::Element& in, std::initializer_list<Name> names);

// RSS never says what its texts are: HTML when they look like it. Atom says it (type, mode).
Markup rss_markup(const xml::Element& element);
Markup atom_markup(const xml::Element& element);
Markup plain_or_html(std::string value);

// "Jo" of "mail@x.org (Jo)", "Jo <mail@x.org>", "Jo"; the address when nothing else is there.
std::string person_name(std::string_view text);

// Where <link rel="alternate"> leads (type text/html first), as written; "" when there is none.
const xml::Element* link_of(const xml::Element& in, std::string_view rel);
std::string resolved(const xml::Element& element, std::string_view reference);

bool is_url(std::string_view text);  // absolute, http or https

void map_rss(const xml::Element& root, Reading& reading);
void map_atom(const xml::Element& root, Reading& reading);
// Fields any XML dialect's item may carry from extension modules: categories, replies, parent.
void map_modules(const xml::Element& element, FeedItem& item);
// Items, in document order, wherever they stand.
const xml::Element* next_item(const xml::Element* from, const xml::Element* root);
void map_poll_hints(const xml::Element& channel, Feed& feed);

Result<void> read_json_feed(std::string_view text, Reading& reading);

}  // namespace vigie::feed
