#include "base/text.h"
#include "collectors/feed_parts.h"

namespace vigie::feed {
namespace {

using xml::Element;
using xml::Space;

bool is_blank(const Element& element) {
  if (element.is_text()) return trim(element.text).empty();
  for (const Element* e = xml::following(&element, &element); e != nullptr; e = xml::following(e, &element)) {
    if (!e->is_text() || !trim(e->text).empty()) return false;
  }
  return true;
}

constexpr std::size_t kMaxCategories = 100;

void add_category(FeedItem& item, std::string_view text) {
  if (item.categories.size() >= kMaxCategories) return;
  const std::string name = squeeze_spaces(text);
  if (name.empty() || std::find(item.categories.begin(), item.categories.end(), name) != item.categories.end()) return;
  item.categories.push_back(name);
}

void category_of(const Element& e, FeedItem& item) {
  const bool own = e.space == Space::core || e.space == Space::atom;
  if (own && e.name == "category") {
    const std::string_view term = trim(e.attribute("term"));
    const std::string_view label = trim(e.attribute("label"));
    add_category(item, !term.empty() ? term : !label.empty() ? label : std::string_view(xml::text_of(e)));
  } else if (e.is(Space::dc, "subject") || e.is(Space::media, "category")) {
    add_category(item, xml::text_of(e));
  } else if (e.is(Space::itunes, "category")) {
    add_category(item, e.attribute("text"));
    for (const Element* inner = e.first; inner != nullptr; inner = inner->next) {
      if (inner->is(Space::itunes, "category")) add_category(item, inner->attribute("text"));
    }
  } else if (e.is(Space::itunes, "keywords") || (own && e.name == "tags")) {
    const std::string words = xml::text_of(e);
    constexpr std::size_t kEnough = 4000;  // bytes
    const std::string_view list = first_code_points(words, kEnough);
    for (const std::string_view word : split(list, list.find(',') == std::string_view::npos ? ' ' : ','))
      add_category(item, word);
  }
}

}  // namespace

const Element* first_filled(const Element& in, std::initializer_list<Name> names) {
  for (const Name& name : names) {
    for (const Element* e = in.first; e != nullptr; e = e->next) {
      if (e->is(name.space, name.local) && !is_blank(*e)) return e;
    }
  }
  return nullptr;
}

std::string first_text(const Element& in, std::initializer_list<Name> names) {
  const Element* found = first_filled(in, names);
  return found == nullptr ? std::string() : std::string(trim(xml::text_of(*found)));
}

const Element* link_of(const Element& in, std::string_view rel) {
  const Element* best = nullptr;
  for (const Element* e = in.first; e != nullptr; e = e->next) {
    if (e->name != "link" || (e->space != Space::core && e->space != Space::atom) || !e->has_attribute("href"))
      continue;
    const std::string own = ascii_lower(trim(e->attribute("rel")));
    const bool fits = own == rel || own.ends_with(concat("/", rel)) || (own.empty() && rel == "alternate");
    if (!fits || trim(e->attribute("href")).empty()) continue;
    const std::string type = ascii_lower(trim(e->attribute("type")));
    if (type.starts_with("text/html") || type.starts_with("application/xhtml")) return e;
    if (best == nullptr) best = e;
  }
  return best;
}

const Element* next_item(const Element* from, const Element* root) {
  const auto is_item = [](const Element& e) {
    return (e.space == Space::core || e.space == Space::atom) && (e.name == "item" || e.name == "entry");
  };
  const Element* e = xml::following(from, root, from == root || !is_item(*from));
  while (e != nullptr && !is_item(*e)) e = xml::following(e, root);
  return e;
}

void map_modules(const Element& element, FeedItem& item) {
  for (const Element* e = element.first; e != nullptr; e = e->next) {
    if (e->is_text()) continue;
    category_of(*e, item);
    if (e->is(Space::thr, "in-reply-to") && item.parent.empty()) {
      item.parent = trim(e->attribute("ref"));
      if (item.parent.empty()) item.parent = trim(e->attribute("href"));
    }
    const bool counts = e->is(Space::slash, "comments") || e->is(Space::thr, "total");
    if (counts && item.replies.empty()) item.replies = trim(xml::text_of(*e));
  }
  if (const Element* replies = link_of(element, "replies"); replies != nullptr && item.replies.empty()) {
    item.replies = trim(replies->attribute("count", Space::thr));
  }
  const bool number = !item.replies.empty() && item.replies.size() < 10 &&
                      item.replies.find_first_not_of("0123456789") == std::string::npos;
  if (!number) item.replies.clear();
}

void map_poll_hints(const Element& channel, Feed& feed) {
  const auto whole = [](const std::string& text) {
    const bool number = !text.empty() && text.size() < 7 && text.find_first_not_of("0123456789") == std::string::npos;
    return number ? std::stoi(text) : 0;
  };
  if (const int ttl = whole(first_text(channel, {{Space::core, "ttl"}})); ttl > 0) feed.poll_in = minutes(ttl);

  const std::string period = ascii_lower(first_text(channel, {{Space::sy, "updateperiod"}}));
  if (period.empty()) return;
  const int times = std::max(1, whole(first_text(channel, {{Space::sy, "updatefrequency"}})));
  Duration every = hours(1);
  if (period == "daily")
    every = kDay;
  else if (period == "weekly")
    every = 7 * kDay;
  else if (period == "monthly")
    every = 30 * kDay;
  else if (period == "yearly")
    every = 365 * kDay;
  feed.poll_in = std::max(feed.poll_in.value_or(Duration::zero()), every / times);
}

}  // namespace vigie::feed
