// Atom 1.0 and 0.3: RFC 4287, SOURCES.md 3.1.

#include "base/text.h"
#include "collectors/feed_parts.h"

namespace vigie::feed {
namespace {

using xml::Element;
using xml::Space;

const Element* own(const Element& in, std::string_view name) {
  return first_filled(in, {{Space::atom, name}, {Space::core, name}});
}

std::string own_text(const Element& in, std::string_view name) {
  const Element* found = own(in, name);
  return found == nullptr ? std::string() : std::string(trim(xml::text_of(*found)));
}

std::string href(const Element* link) {
  return link == nullptr ? std::string() : resolved(*link, link->attribute("href"));
}

std::string author_in(const Element& in, const Reading& reading) {
  const Element* author = own(in, "author");
  if (author == nullptr) return {};
  const std::string name = own_text(*author, "name");
  if (!name.empty()) return person_name(reading.title(plain_or_html(name)));
  const std::string email = own_text(*author, "email");
  return email.empty() ? person_name(trim(xml::text_of(*author))) : email;
}

std::string author_of(const Element& entry, const std::string& feed_author, const Reading& reading) {
  std::string name = author_in(entry, reading);
  if (name.empty()) name = first_text(entry, {{Space::dc, "creator"}, {Space::itunes, "author"}});
  if (name.empty()) {
    const Element* source = own(entry, "source");
    if (source != nullptr) name = author_in(*source, reading);
  }
  return name.empty() ? feed_author : name;
}

// The element that holds the text: content, unless it only points elsewhere; YouTube and others put theirs into a media
// group.
const Element* text_element(const Element& entry) {
  for (const std::string_view name : {"content", "summary", "description", "subtitle"}) {
    if (const Element* found = own(entry, name)) return found;
  }
  if (const Element* text =
          first_filled(entry, {{Space::content, "encoded"}, {Space::media, "description"}, {Space::dc, "description"}}))
    return text;
  const Element* group = entry.child(Space::media, "group");
  return group == nullptr ? nullptr : first_filled(*group, {{Space::media, "description"}});
}

std::string link_in(const Element& in) {
  std::string link = href(link_of(in, "alternate"));
  return link.empty() ? resolved(in, own_text(in, "link")) : link;
}

FeedItem map_entry(const Element& entry, const std::string& feed_author, Reading& reading) {
  FeedItem item;
  item.id = own_text(entry, "id");
  if (item.id.empty()) item.id = first_text(entry, {{Space::core, "guid"}});
  const Element* alternate = link_of(entry, "alternate");
  if (item.id.empty() && alternate != nullptr) item.id = trim(alternate->attribute("href"));
  item.url = link_in(entry);
  const Element* content = entry.child(Space::atom, "content");
  if (item.url.empty() && content != nullptr) item.url = resolved(*content, content->attribute("src"));
  if (const Element* title = first_filled(
          entry, {{Space::atom, "title"}, {Space::core, "title"}, {Space::dc, "title"}, {Space::media, "title"}})) {
    item.title = reading.title(atom_markup(*title));
  }
  if (const Element* text = text_element(entry)) {
    const bool atom = text->space == Space::atom || text->space == Space::core;
    reading.set_content(item, atom ? atom_markup(*text) : rss_markup(*text));
  }
  item.author = author_of(entry, feed_author, reading);
  const auto first_time = [&](std::initializer_list<std::string_view> names, bool* zone) -> std::optional<Time> {
    for (const std::string_view name : names) {
      if (const auto time = reading.time(own_text(entry, name), zone)) return time;
    }
    return std::nullopt;
  };
  item.created = first_time({"published", "issued", "created", "pubdate", "updated", "modified"}, &item.zone_assumed);
  if (!item.created)
    item.created =
        reading.time(first_text(entry, {{Space::dc, "date"}, {Space::dcterms, "created"}}), &item.zone_assumed);
  item.updated = first_time({"updated", "modified"}, nullptr);
  item.lang = entry.lang;
  map_modules(entry, item);
  return item;
}

std::string version_of(const Element& root) {
  std::string version(trim(root.attribute("version")));
  if (!version.empty()) return version;
  if (root.declares("purl.org/atom/ns#")) return "0.3";
  return root.declares("www.w3.org/2005/atom") ? "1.0" : "";
}

}  // namespace

void map_atom(const Element& root, Reading& reading) {
  Feed& feed = reading.feed;
  feed.kind = "atom";
  feed.version = version_of(root);
  if (const Element* title = own(root, "title")) feed.title = reading.title(atom_markup(*title));
  feed.link = link_in(root);
  feed.language = root.lang;
  if (feed.language.empty()) feed.language = first_text(root, {{Space::dc, "language"}, {Space::core, "language"}});
  feed.updated = reading.time(own_text(root, "updated"));
  if (!feed.updated) feed.updated = reading.time(own_text(root, "modified"));
  feed.next_page = href(link_of(root, "next"));
  feed.hub = href(link_of(root, "hub"));
  feed.self = href(link_of(root, "self"));
  map_poll_hints(root, feed);
  if (root.name == "entry") {  // a document of one entry
    reading.take(map_entry(root, "", reading), [&root] { return xml::markup_of(root); });
    return;
  }
  const std::string author = author_in(root, reading);
  for (const Element* e = next_item(&root, &root); e != nullptr && !reading.full(); e = next_item(e, &root))
    reading.take(map_entry(*e, author, reading), [e] { return xml::markup_of(*e); });
}

}  // namespace vigie::feed
