// RSS 0.9x, 1.0 (rdf) and 2.0: SOURCES.md 3.1. An element counts by its namespace, wherever its module is used.

#include "base/text.h"
#include "collectors/feed_parts.h"

namespace vigie::feed {
namespace {

using xml::Element;
using xml::Space;

// As written. Of several the last counts: readers have always let a later link replace the one before.
std::string link_text(const Element& in) {
  std::string link;
  for (const Element* e = in.first; e != nullptr; e = e->next) {
    if (!e->is(Space::core, "link")) continue;
    const std::string rel = ascii_lower(trim(e->attribute("rel")));
    if (!rel.empty() && rel != "alternate") continue;
    const std::string text(trim(xml::text_of(*e)));
    const std::string_view href = trim(e->attribute("href"));
    if (!text.empty() || !href.empty()) link = text.empty() ? std::string(href) : text;
  }
  if (!link.empty()) return link;
  const Element* atom = link_of(in, "alternate");
  return atom == nullptr ? std::string() : std::string(trim(atom->attribute("href")));
}

std::string guid_link(const Element& in) {
  const Element* guid = first_filled(in, {{Space::core, "guid"}});
  if (guid == nullptr || iequals(trim(guid->attribute("ispermalink")), "false")) return {};
  std::string text(trim(xml::text_of(*guid)));
  return is_url(text) ? text : std::string();
}

std::string url_of(const Element& in) {
  std::string link = link_text(in);
  if (link.empty()) link = guid_link(in);
  if (link.empty()) link = first_text(in, {{Space::feedburner, "origlink"}});
  return resolved(in, link);
}

std::string id_of(const Element& in) {
  std::string id = first_text(in, {{Space::core, "guid"}, {Space::atom, "id"}, {Space::core, "id"}});
  if (id.empty()) id = trim(in.attribute("about", Space::rdf));
  return id.empty() ? link_text(in) : id;
}

std::string author_of(const Element& in, const Reading& reading) {
  const Element* author = first_filled(in, {{Space::dc, "creator"},
                                            {Space::core, "author"},
                                            {Space::dc, "author"},
                                            {Space::itunes, "author"},
                                            {Space::atom, "author"},
                                            {Space::media, "credit"},
                                            {Space::dc, "contributor"}});
  if (author == nullptr) return {};
  const std::string name = first_text(
      *author, {{author->space, "name"}, {Space::core, "name"}, {Space::atom, "name"}, {author->space, "email"}});
  return name.empty() ? person_name(reading.title(rss_markup(*author))) : person_name(name);
}

FeedItem map_item(const Element& in, Reading& reading) {
  FeedItem item;
  item.id = id_of(in);
  item.url = url_of(in);
  if (const Element* title = first_filled(in, {{Space::core, "title"},
                                               {Space::dc, "title"},
                                               {Space::media, "title"},
                                               {Space::atom, "title"},
                                               {Space::itunes, "title"}})) {
    item.title = reading.title(title->space == Space::atom ? atom_markup(*title) : rss_markup(*title));
  }
  if (const Element* text = first_filled(in, {{Space::content, "encoded"},
                                              {Space::core, "encoded"},
                                              {Space::xhtml, "body"},
                                              {Space::core, "body"},
                                              {Space::core, "fullitem"},
                                              {Space::atom, "content"},
                                              {Space::core, "content"},
                                              {Space::core, "description"},
                                              {Space::dc, "description"},
                                              {Space::atom, "summary"},
                                              {Space::core, "summary"},
                                              {Space::itunes, "summary"},
                                              {Space::media, "description"},
                                              {Space::itunes, "subtitle"}})) {
    const bool atom = text->space == Space::atom || text->has_attribute("mode");
    reading.set_content(item, atom ? atom_markup(*text) : rss_markup(*text));
  }
  item.author = author_of(in, reading);
  item.created = reading.time(first_text(in, {{Space::core, "pubdate"},
                                              {Space::dc, "date"},
                                              {Space::dcterms, "created"},
                                              {Space::dcterms, "issued"},
                                              {Space::atom, "published"},
                                              {Space::core, "published"},
                                              {Space::core, "issued"},
                                              {Space::core, "date"}}),
                              &item.zone_assumed);
  item.updated = reading.time(first_text(in, {{Space::dcterms, "modified"},
                                              {Space::atom, "updated"},
                                              {Space::core, "updated"},
                                              {Space::core, "modified"},
                                              {Space::core, "lastbuilddate"},
                                              {Space::dc, "date"}}));
  item.lang = first_text(in, {{Space::dc, "language"}});
  if (item.lang.empty()) item.lang = in.lang;
  map_modules(in, item);
  return item;
}

std::string version_of(const Element& root) {
  if (root.name == "rdf") return root.declares("rdf/simple/0.9") ? "0.90" : "1.0";
  const std::string version(trim(root.attribute("version")));
  if (version.starts_with("2.")) return "2.0";  // 2.0.1 and the like never changed the format
  return version.find_first_not_of("0123456789.") == std::string::npos ? version : std::string();
}

}  // namespace

void map_rss(const Element& root, Reading& reading) {
  Feed& feed = reading.feed;
  const Element* inner = nullptr;
  for (const Element* e = root.first; e != nullptr && inner == nullptr; e = e->next) {
    if (e->name == "channel") inner = e;
  }
  const Element& channel = inner == nullptr ? root : *inner;
  feed.kind = root.name == "rdf" ? "rdf" : "rss";
  feed.version = version_of(root);
  if (const Element* title =
          first_filled(channel, {{Space::core, "title"}, {Space::dc, "title"}, {Space::atom, "title"}})) {
    feed.title = reading.title(rss_markup(*title));
  }
  feed.link = resolved(channel, link_text(channel));
  feed.language = first_text(channel, {{Space::core, "language"}, {Space::dc, "language"}});
  if (feed.language.empty()) feed.language = channel.lang;
  feed.updated = reading.time(first_text(channel, {{Space::core, "lastbuilddate"},
                                                   {Space::atom, "updated"},
                                                   {Space::dcterms, "modified"},
                                                   {Space::dc, "date"},
                                                   {Space::core, "pubdate"}}));
  for (const auto& [rel, field] : {std::pair{"hub", &Feed::hub}, std::pair{"self", &Feed::self}}) {
    if (const Element* link = link_of(channel, rel)) feed.*field = resolved(channel, link->attribute("href"));
  }
  map_poll_hints(channel, feed);
  for (const Element* e = next_item(&root, &root); e != nullptr && !reading.full(); e = next_item(e, &root))
    reading.take(map_item(*e, reading), [e] { return xml::markup_of(*e); });
}

}  // namespace vigie::feed
