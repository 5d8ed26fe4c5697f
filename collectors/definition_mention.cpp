#include "collectors/definition_mention.h"

#include <algorithm>
#include <array>

#include "base/http.h"
#include "base/number.h"
#include "base/text.h"

namespace vigie::definition {
namespace {

constexpr std::size_t kIdBytes = 1024;

using Problem = std::optional<std::string>;  // "expected X, found Y"; nothing = all right

std::string mismatch(std::string_view expected, const Datum& found) {
  return concat("expected ", expected, ", found ", described(found));
}

Problem put(std::string& field, const Datum& datum) {
  if (datum.kind != Datum::Kind::text && datum.kind != Datum::Kind::number) return mismatch("text", datum);
  field = trim(datum.text);
  return std::nullopt;
}

Problem put(std::optional<std::int64_t>& field, const Datum& datum) {
  const bool number = datum.kind == Datum::Kind::text || datum.kind == Datum::Kind::number;
  const std::optional<std::int64_t> count = whole_number(trim(datum.text));
  if (!number || !count) return mismatch("a whole number", datum);
  field = count;
  return std::nullopt;
}

// Without a `time` pipe any form seen in the wild is taken.
Problem put(std::optional<Time>& field, const Datum& datum, bool& zone_assumed) {
  if (datum.kind == Datum::Kind::time) {
    field = datum.time;
    zone_assumed = datum.zone_assumed;
    return std::nullopt;
  }
  const Result<LooseTime> loose = parse_loose_time(datum.text);
  if (!loose || (datum.kind != Datum::Kind::text && datum.kind != Datum::Kind::number))
    return mismatch("a time", datum);
  field = loose->time;
  zone_assumed = loose->zone_assumed;
  return std::nullopt;
}

Problem put(std::optional<Rating>& field, const Datum& datum) {
  if (datum.kind != Datum::Kind::rating) return mismatch("a rating (| scale MIN MAX)", datum);
  field = datum.rating;
  return std::nullopt;
}

Problem put(std::optional<bool>& field, const Datum& datum) {
  const bool yes = datum.text == "true" || datum.text == "1", no = datum.text == "false" || datum.text == "0";
  if (!datum.scalar() || (!yes && !no)) return mismatch("true or false", datum);
  field = yes;
  return std::nullopt;
}

OwnReply& reply_of(Mention& mention) { return mention.reply ? *mention.reply : mention.reply.emplace(); }

Problem put_field(Mention& m, std::string_view field, const Datum& datum) {
  bool unused = false;
  if (field == "created") return put(m.created, datum, m.late_zone);
  if (field == "updated") return put(m.updated, datum, unused);
  if (field == "rating") return put(m.rating, datum);
  if (field == "verified") return put(m.verified, datum);
  if (field == "likes") return put(m.likes, datum);
  if (field == "shares") return put(m.shares, datum);
  if (field == "replies") return put(m.replies, datum);
  if (field == "author.followers") return put(m.author.followers, datum);
  if (field == "reply.text") return put(reply_of(m).text, datum);
  if (field == "reply.created") return put(reply_of(m).created, datum, unused);
  struct Text {
    std::string_view name;
    std::string* field;
  };
  const std::array<Text, 14> texts = {{{"id", &m.id},
                                       {"native", &m.native},
                                       {"url", &m.url},
                                       {"kind", &m.kind},
                                       {"author.id", &m.author.id},
                                       {"author.name", &m.author.name},
                                       {"author.handle", &m.author.handle},
                                       {"title", &m.title},
                                       {"text", &m.text},
                                       {"lang", &m.lang},
                                       {"parent", &m.parent},
                                       {"thread", &m.thread},
                                       {"place", &m.place},
                                       {"version", &m.version}}};
  for (const Text& text : texts) {
    if (text.name == field) return put(*text.field, datum);
  }
  return std::nullopt;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<void> check(Mention& mention) {
  if (mention.id.empty()) return fail(ErrorKind::bad_data, "id: expected text, found nothing");
  if (mention.id.size() > kIdBytes || has_control(mention.id)) {
    return fail(ErrorKind::bad_data, "id: expected at most 1024 bytes without control characters, found another text");
  }
  if (mention.title.empty() && mention.text.empty() && !mention.rating) {
    return fail(ErrorKind::bad_data, "text: expected a title, a text or a rating, found none");
  }
  // Shown as a link: a source must not smuggle in javascript: or data:.
  const std::string origin = origin_of(mention.url);
  if (!origin.starts_with("https://") && !origin.starts_with("http://")) mention.url.clear();
  if (mention.reply && mention.reply->text.empty()) mention.reply.reset();
  if (mention.native == mention.id) mention.native.clear();
  for (std::string* other : {&mention.parent, &mention.thread}) {
    if (*other == "0") other->clear();  // no network counts from 0: it means none
  }
  std::replace(mention.lang.begin(), mention.lang.end(), '_', '-');  // fr_FR, as Java and POSIX write it
  if (mention.lang == "und") mention.lang.clear();                   // BCP 47: not known
  return {};
}

using Joined = std::vector<std::pair<std::string, json::Value>>;

// What stands elsewhere in the answer and belongs to the item: users[] beside posts[].
Joined joined_with(const Definition& definition, const json::Value& item, const json::Value& answer) {
  Joined found;
  for (const Definition::Join& join : definition.joins) {
    const json::Value wanted = join.on.find(item), table = join.from.find(answer);
    json::Value row;
    if (!wanted.is_null()) {
      for (std::size_t i = 0; i < table.size() && !row; ++i) {
        const json::Value key = table[i].find(join.key);
        if (!key.is_null() && key.raw() == wanted.raw()) row = table[i];
      }
      if (!row && table && table.type() == json::Type::object) row = table.find(wanted.raw());  // { "42": {...} }
    }
    found.emplace_back(join.name, row);
  }
  return found;
}

}  // namespace

Result<Mention> to_mention(const Definition& definition, const json::Value& item, const json::Value& answer,
                           const Params& params) {
  Mention mention;
  mention.kind = definition.kind;
  const std::vector<std::pair<std::string, json::Value>> joined = joined_with(definition, item, answer);
  const Scope scope{item, &params, &joined};
  for (const auto& [field, expression] : definition.map) {
    const Result<Datum> found = expression.find(scope);
    if (!found) return fail(ErrorKind::bad_data, concat(field, ": ", found.error().what));
    if (found->empty()) continue;
    if (const Problem problem = put_field(mention, field, *found))
      return fail(ErrorKind::bad_data, concat(field, ": ", *problem));
  }
  TRY(check(mention));
  const Definition::Terms& terms = definition.terms;
  mention.keep_text = terms.keep_text && !(terms.skip && terms.skip->holds(item, &params));
  return mention;
}

std::string id_of(const Definition& definition, const json::Value& item, const json::Value& answer,
                  const Params& params) {
  const Joined joined = joined_with(definition, item, answer);
  for (const auto& [field, expression] : definition.map) {
    if (field != "id") continue;
    const Result<Datum> found = expression.find({item, &params, &joined});
    return found && found->scalar() ? std::string(trim(found->text)) : std::string();
  }
  return "";
}

std::string content_of(const Mention& mention) {
  const std::string rating = mention.rating ? std::to_string(mention.rating->value) : std::string();
  return concat(mention.id, "\n", mention.title, "\n", mention.text, "\n", rating, "\n",
                mention.reply ? mention.reply->text : std::string());
}

}  // namespace vigie::definition
