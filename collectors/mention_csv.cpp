#include "collectors/mention_csv.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace vigie {
namespace {

constexpr std::array<std::string_view, 26> kColumns = {
    "id",    "source", "url",          "kind",       "author.id",  "author.name", "author.handle", "author.followers",
    "title", "text",   "rating.value", "rating.min", "rating.max", "lang",        "created",       "updated",
    "likes", "shares", "replies",      "parent",     "thread",     "reply.text",  "reply.created", "verified",
    "place", "version"};

// Behind any apostrophes, as safe_cell() may have put one before a text that had its own.
bool runs(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\'');
  return first != std::string_view::npos && std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
}

void append_cell(std::string& out, std::string_view text) {
  const std::string cell = safe_cell(text);
  if (cell.find_first_of(",;\"\n\r\t") == std::string::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

std::string csv_header() {
  std::string line;
  for (const std::string_view column : kColumns) line += concat(line.empty() ? "" : ",", column);
  return line;
}

std::string csv_record(const Mention& mention) {
  std::string line;
  const Result<json::Document> document = json::parse(to_json(mention));
  const json::Value fields = document ? document->root() : json::Value();
  for (const std::string_view column : kColumns) {
    if (column != kColumns.front()) line += ',';
    append_cell(line, fields.scalar_or(column, ""));
  }
  return line;
}

bool is_mention_column(std::string_view name) {
  return std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end();
}

std::string safe_cell(std::string_view text) { return runs(text) ? concat("'", text) : std::string(text); }

std::string_view plain_cell(std::string_view cell) {
  if (cell.starts_with('\'') && runs(cell)) cell.remove_prefix(1);
  return cell;
}

}  // namespace vigie
