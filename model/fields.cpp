#include "model/fields.h"

#include "base/text.h"

namespace vigie {
namespace {

// JSON can write a NUL; databases and C interfaces cannot hold it.
std::string without_nul(std::string_view text) {
  return text.find('\0') == std::string_view::npos ? std::string(text) : to_valid_utf8(text);
}

Error at_path(std::string_view path, Error error) {
  error.what = concat(path, ": ", error.what);
  return error;
}

}  // namespace

Result<void> read_text(const json::Value& from, std::string_view path, std::string& into) {
  const json::Value value = from.at(path);
  if (value.is_null()) return {};
  if (value.type() != json::Type::string) return fail(from.text(path).error());
  into = without_nul(value.raw());
  return {};
}

Result<void> read_scalar(const json::Value& from, std::string_view path, std::string& into) {
  const json::Value value = from.at(path);
  if (value.is_null()) return {};
  if (!value.is_scalar()) return fail(from.scalar(path).error());
  into = without_nul(value.raw());
  return {};
}

Result<void> read_integer(const json::Value& from, std::string_view path, std::optional<std::int64_t>& into) {
  if (from.at(path).is_null()) return {};
  TRY(into, from.integer(path));
  return {};
}

Result<void> read_boolean(const json::Value& from, std::string_view path, std::optional<bool>& into) {
  if (from.at(path).is_null()) return {};
  TRY(into, from.boolean(path));
  return {};
}

Result<void> read_time(const json::Value& from, std::string_view path, std::optional<Time>& into, bool& zone_assumed) {
  if (from.at(path).is_null()) return {};
  TRY(const std::string text, from.scalar(path));
  const Result<LooseTime> read = parse_loose_time(text);
  if (!read) return fail(at_path(path, read.error()));
  into = read->time;
  zone_assumed = zone_assumed || read->zone_assumed;
  return {};
}

Result<Time> own_time(const json::Value& from, std::string_view path) {
  TRY(const std::string text, from.text(path));
  const Result<Time> read = parse_rfc3339(text);
  if (!read) return fail(at_path(path, read.error()));
  return *read;
}

}  // namespace vigie
