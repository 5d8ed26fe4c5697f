#include "wall/log/commitment.h"

#include <algorithm>

#include "base/secret.h"
#include "base/text.h"

namespace vigie::tlog {
namespace {

Hash to_hash(const std::string& bytes) { return hash_from_bytes(bytes).value_or(Hash{}); }

Result<std::string> bytes_at(const json::Value& object, std::string_view name) {
  TRY(const std::string text, object.text(name));
  const std::optional<std::string> bytes = from_strict_base64url(text);
  if (!bytes || bytes->size() != kFieldKey) {
    return fail(ErrorKind::bad_data, concat(name, ": expected 32 bytes in base64url"));
  }
  return *bytes;
}

Result<Field> read_field(const json::Value& object) {
  Field field;
  if (object.find("digest")) {
    TRY(const std::string digest, bytes_at(object, "digest"));
    field.digest = to_hash(digest);
    return field;
  }
  TRY(field.key, bytes_at(object, "key"));
  TRY(field.value, object.text("value"));
  return field;
}

}  // namespace

Hash field_digest(std::string_view name, std::string_view key, std::string_view value) {
  return to_hash(hmac_sha256(key, concat(name, std::string_view("\0", 1), value)));
}

Hash digest_of(std::size_t field, const Field& shown) {
  return shown.digest ? *shown.digest : field_digest(kFields[field], shown.key, shown.value);
}

Hash commitment(const Fields& fields) {
  std::string all = "vigie-c1";
  for (std::size_t i = 0; i < fields.size(); ++i) all += bytes_of(digest_of(i, fields[i]));
  return to_hash(sha256(all));
}

Fields seal(const std::array<std::string, kFields.size()>& values) {
  Fields fields;
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = {values[i], random_bytes(kFieldKey), std::nullopt};
  return fields;
}

Field closed(std::size_t field, const Field& opened) { return {"", "", digest_of(field, opened)}; }

std::string to_json(const Fields& fields) {
  json::Writer out;
  out.begin_object();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    out.key(kFields[i]).begin_object();
    if (fields[i].digest) {
      out.member("digest", to_base64url(bytes_of(*fields[i].digest)));
    } else {
      out.member("key", to_base64url(fields[i].key)).member("value", fields[i].value);
    }
    out.end_object();
  }
  return out.end_object().take();
}

Result<Fields> read_fields(const json::Value& object) {
  Fields fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    TRY(const json::Value value, object.object(kFields[i]));
    Result<Field> field = read_field(value);
    if (!field) return fail(ErrorKind::bad_data, concat(kFields[i], ".", field.error().what));
    fields[i] = *std::move(field);
  }
  return fields;
}

std::string secret_lock(std::string_view secret) { return sha256(secret); }

std::string nullifier(std::string_view token) { return sha256(concat("vigie-k1", token)).substr(0, kNullifierBytes); }

}  // namespace vigie::tlog
