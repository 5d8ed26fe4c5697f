#include "model/mention.h"

#include <fmt/format.h>

#include "model/fields.h"

namespace vigie {
namespace {

void write_author(json::Writer& out, const Author& author) {
  if (author.id.empty() && author.name.empty() && author.handle.empty() && !author.followers) return;
  out.key("author").begin_object();
  out.member_if("id", author.id).member_if("name", author.name).member_if("handle", author.handle);
  if (author.followers) out.key("followers").integer(*author.followers);
  out.end_object();
}

void write_count(json::Writer& out, std::string_view name, const std::optional<std::int64_t>& count) {
  if (count) out.key(name).integer(*count);
}

void write_time(json::Writer& out, std::string_view name, const std::optional<Time>& time) {
  if (time) out.member(name, format_rfc3339(*time));
}

Result<void> read_author(const json::Value& value, Author& author) {
  if (value.at("author").is_null()) return {};
  TRY(value.object("author"));
  TRY(read_scalar(value, "author.id", author.id));
  TRY(read_text(value, "author.name", author.name));
  TRY(read_text(value, "author.handle", author.handle));
  return read_integer(value, "author.followers", author.followers);
}

Result<void> read_rating(const json::Value& value, std::optional<Rating>& into) {
  if (value.at("rating").is_null()) return {};
  Rating rating;
  TRY(value.object("rating"));
  TRY(rating.value, value.number("rating.value"));
  TRY(rating.min, value.number("rating.min"));
  TRY(rating.max, value.number("rating.max"));
  if (!(rating.min < rating.max)) {
    return fail(ErrorKind::bad_data,
                fmt::format("rating.max: expected more than {}, found {}", rating.min, rating.max));
  }
  if (!(rating.value >= rating.min && rating.value <= rating.max)) {
    return fail(ErrorKind::bad_data,
                fmt::format("rating.value: expected {} to {}, found {}", rating.min, rating.max, rating.value));
  }
  into = rating;
  return {};
}

Result<void> read_reply(const json::Value& value, std::optional<OwnReply>& into, bool& zone_assumed) {
  if (value.at("reply").is_null()) return {};
  OwnReply reply;
  TRY(value.object("reply"));
  TRY(read_text(value, "reply.text", reply.text));
  TRY(read_time(value, "reply.created", reply.created, zone_assumed));
  into = std::move(reply);
  return {};
}

Result<void> require(const std::string& field, std::string_view name) {
  if (!field.empty()) return {};
  return fail(ErrorKind::bad_data, concat(name, ": expected a string, found nothing"));
}

}  // namespace

void write_json(json::Writer& out, const Mention& m) {
  out.begin_object();
  out.member_if("source", m.source).member_if("id", m.id).member_if("url", m.url).member_if("kind", m.kind);
  write_author(out, m.author);
  out.member_if("title", m.title).member_if("text", m.text);
  if (m.rating) {
    out.key("rating").begin_object();
    out.key("value").number(m.rating->value).key("min").number(m.rating->min).key("max").number(m.rating->max);
    out.end_object();
  }
  out.member_if("lang", m.lang);
  write_time(out, "created", m.created);
  write_time(out, "updated", m.updated);
  write_count(out, "likes", m.likes);
  write_count(out, "shares", m.shares);
  write_count(out, "replies", m.replies);
  out.member_if("parent", m.parent).member_if("thread", m.thread);
  if (m.reply) {
    out.key("reply").begin_object().member("text", m.reply->text);
    write_time(out, "created", m.reply->created);
    out.end_object();
  }
  if (m.verified) out.key("verified").boolean(*m.verified);
  out.member_if("place", m.place).member_if("version", m.version);
  out.end_object();
}

std::string to_json(const Mention& mention) {
  json::Writer out;
  write_json(out, mention);
  return out.take();
}

Result<Mention> mention_from_json(const json::Value& value, std::string_view default_source) {
  TRY(value.object(""));
  Mention m;
  TRY(read_text(value, "source", m.source));
  if (m.source.empty()) m.source = default_source;
  TRY(require(m.source, "source"));
  TRY(read_scalar(value, "id", m.id));
  TRY(require(m.id, "id"));
  TRY(read_text(value, "url", m.url));
  TRY(read_text(value, "kind", m.kind));
  TRY(read_author(value, m.author));
  TRY(read_text(value, "title", m.title));
  TRY(read_text(value, "text", m.text));
  TRY(read_rating(value, m.rating));
  if (m.title.empty() && m.text.empty() && !m.rating) {
    return fail(ErrorKind::bad_data, "text: expected a title, a text or a rating, found none of them");
  }
  TRY(read_text(value, "lang", m.lang));
  TRY(read_time(value, "created", m.created, m.late_zone));
  TRY(read_time(value, "updated", m.updated, m.late_zone));
  TRY(read_integer(value, "likes", m.likes));
  TRY(read_integer(value, "shares", m.shares));
  TRY(read_integer(value, "replies", m.replies));
  TRY(read_scalar(value, "parent", m.parent));
  TRY(read_scalar(value, "thread", m.thread));
  TRY(read_reply(value, m.reply, m.late_zone));
  TRY(read_boolean(value, "verified", m.verified));
  TRY(read_scalar(value, "place", m.place));
  TRY(read_scalar(value, "version", m.version));
  return m;
}

}  // namespace vigie
