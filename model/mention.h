// One public post, comment, review, ticket or survey answer, as its source gave it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

struct Author {
  std::string id;
  std::string name;
  std::string handle;
  std::optional<std::int64_t> followers;
};

// The source's own scale is kept: "4 of 1..5". fraction() is 0..1.
struct Rating {
  double value = 0, min = 0, max = 0;
  double fraction() const { return max > min ? (value - min) / (max - min) : 0; }
};

// The brand's own answer under a review.
struct OwnReply {
  std::string text;
  std::optional<Time> created;
};

// Keyed by (source, id). Text is plain text, valid UTF-8, HTML already taken out. An absent field is "" or nullopt, never 0.
struct Mention {
  std::string source;      // id of the subscription that brought it: "hn-acme"
  std::string id;          // the source's own id, as text
  std::string native{};    // what the source's API calls it when `id` is a global id; "" = the same. Not in JSON
  std::string url;
  std::string kind;        // post comment review article ticket message survey
  Author author;
  std::string title;
  std::string text;
  std::optional<Rating> rating;
  std::string lang;        // BCP 47 as declared: a hint
  std::optional<Time> created;  // absent: first seen counts
  std::optional<Time> updated;
  std::optional<std::int64_t> likes, shares, replies;
  std::string parent, thread;
  std::optional<OwnReply> reply;
  std::optional<bool> verified;  // verified purchase
  std::string place, version;
  bool late_zone = false;  // the zone was assumed (UTC)
  bool keep_text = true;   // false: title and text are judged and never stored, its source's or its author's wish
};

// One JSON object with the names of DESIGN.md section 5; absent fields left out. No line break inside.
std::string to_json(const Mention& mention);
void write_json(json::Writer& out, const Mention& mention);

// bad_data naming the field: `author.followers: expected a whole number, found "many"`. `source` and `id` are required, unless `source` is given
// as default; at least one of title, text and rating must be present. Unknown fields are ignored.
Result<Mention> mention_from_json(const json::Value& value, std::string_view default_source = "");

}  // namespace vigie
