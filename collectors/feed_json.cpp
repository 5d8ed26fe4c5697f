#include "base/json.h"
#include "collectors/feed.h"

namespace vigie {
namespace {

void write_time(json::Writer& out, std::string_view name, const std::optional<Time>& time) {
  if (time) out.member(name, format_rfc3339(*time));
}

void write_list(json::Writer& out, std::string_view name, const std::vector<std::string>& list) {
  out.key(name).begin_array();
  for (const std::string& one : list) out.string(one);
  out.end_array();
}

void write_item(json::Writer& out, const FeedItem& item) {
  out.begin_object();
  out.member("id", item.id);
  out.member_if("url", item.url)
      .member_if("title", item.title)
      .member_if("text", item.text)
      .member_if("html", item.html);
  out.member_if("author", item.author);
  write_time(out, "created", item.created);
  write_time(out, "updated", item.updated);
  write_list(out, "categories", item.categories);
  out.member_if("parent", item.parent);
  if (!item.replies.empty())
    out.key("replies").integer(std::stoll(item.replies));  // at most nine digits: checked when read
  out.end_object();
}

}  // namespace

std::string to_json(const Feed& feed) {
  json::Writer out;
  out.begin_object();
  out.member("kind", feed.kind).member("version", feed.version).member("title", feed.title);
  out.member_if("link", feed.link).member_if("language", feed.language);
  write_time(out, "updated", feed.updated);
  out.key("items").begin_array();
  for (const FeedItem& item : feed.items) write_item(out, item);
  out.end_array();
  write_list(out, "warnings", feed.warnings);
  out.end_object();
  return out.take();
}

}  // namespace vigie
