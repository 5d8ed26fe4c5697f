#include "collectors/mention_lines.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"
#include "collectors/mention_csv.h"

namespace vigie {
namespace {

constexpr std::size_t kRejectedBytes = 64u << 10;
constexpr std::string_view kMark = "\xEF\xBB\xBF";  // byte order mark

enum class Cell { text, number, boolean };
struct Column {
  std::string_view parent, name;  // "author", "name"; parent "" = top
  Cell cell = Cell::text;
  std::string_view full;
};

// Members of one parent stand together: each becomes one object.
constexpr std::array<Column, 26> kColumns = {{
    {"", "id", Cell::text, "id"},
    {"", "source", Cell::text, "source"},
    {"", "url", Cell::text, "url"},
    {"", "kind", Cell::text, "kind"},
    {"author", "id", Cell::text, "author.id"},
    {"author", "name", Cell::text, "author.name"},
    {"author", "handle", Cell::text, "author.handle"},
    {"author", "followers", Cell::number, "author.followers"},
    {"", "title", Cell::text, "title"},
    {"", "text", Cell::text, "text"},
    {"rating", "value", Cell::number, "rating.value"},
    {"rating", "min", Cell::number, "rating.min"},
    {"rating", "max", Cell::number, "rating.max"},
    {"", "lang", Cell::text, "lang"},
    {"", "created", Cell::text, "created"},
    {"", "updated", Cell::text, "updated"},
    {"", "likes", Cell::number, "likes"},
    {"", "shares", Cell::number, "shares"},
    {"", "replies", Cell::number, "replies"},
    {"", "parent", Cell::text, "parent"},
    {"", "thread", Cell::text, "thread"},
    {"reply", "text", Cell::text, "reply.text"},
    {"reply", "created", Cell::text, "reply.created"},
    {"", "verified", Cell::boolean, "verified"},
    {"", "place", Cell::text, "place"},
    {"", "version", Cell::text, "version"},
}};

void reject(const Record& record, std::string_view reason, Batch& batch) {
  batch.rejected.push_back({std::string(record.bytes.substr(0, kRejectedBytes)),
                            concat("line ", std::to_string(record.line), ": ", reason)});
}

void write_cell(json::Writer& out, Cell cell, std::string_view text) {
  const std::string_view trimmed = trim(plain_cell(text));
  if (cell == Cell::number) {
    if (const std::optional<std::int64_t> whole = whole_number(trimmed)) {
      out.integer(*whole);
      return;
    }
    if (const std::optional<double> real = real_number(trimmed)) {
      out.number(*real);
      return;
    }
  }
  if (cell == Cell::boolean && (iequals(trimmed, "true") || iequals(trimmed, "false"))) {
    out.boolean(iequals(trimmed, "true"));
    return;
  }
  out.string(plain_cell(text));  // what should have been a number is told by mention_from_json, with its name
}

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

// What a table may leave out: an id (the row itself is one: importing it again changes nothing) and the scale of its
// stars.
void complete(std::vector<std::string>& columns, std::vector<std::string>& cells, std::string_view row) {
  if (!has(columns, "id")) {
    columns.emplace_back("id");
    cells.push_back(concat("row-", to_hex(sha256(row)).substr(0, 24)));
  }
  if (has(columns, "rating.value") && !has(columns, "rating.min") && !has(columns, "rating.max")) {
    for (const auto& [name, value] : {std::pair("rating.min", "1"), std::pair("rating.max", "5")}) {
      const auto rated = std::find(columns.begin(), columns.end(), "rating.value") - columns.begin();
      const bool empty = trim(cells[static_cast<std::size_t>(rated)]).empty();
      columns.emplace_back(name);
      cells.emplace_back(empty ? "" : value);
    }
  }
}

// The record as the object a JSONL line would hold, so that one reader checks both.
std::string to_object(const std::vector<std::string>& columns, const std::vector<std::string>& cells) {
  json::Writer out;
  out.begin_object();
  std::string_view open;
  for (const Column& column : kColumns) {
    const auto at = std::find(columns.begin(), columns.end(), column.full);
    const auto index = static_cast<std::size_t>(at - columns.begin());
    if (at == columns.end() || index >= cells.size() || trim(cells[index]).empty()) continue;
    if (open != column.parent) {
      if (!open.empty()) out.end_object();
      if (!column.parent.empty()) out.key(column.parent).begin_object();
      open = column.parent;
    }
    out.key(column.name);
    write_cell(out, column.cell, cells[index]);
  }
  if (!open.empty()) out.end_object();
  out.end_object();
  return out.take();
}

}  // namespace

MentionLines::MentionLines(std::string default_source, ColumnNames names)
    : default_source_(std::move(default_source)), names_(std::move(names)) {}

std::string MentionLines::field_of(std::string_view column) const {
  for (const auto& [field, name] : names_) {
    if (fold(trim(name)) == fold(column)) return field;
  }
  return ascii_lower(column);
}

std::vector<std::string> MentionLines::missing() const {
  std::vector<std::string> missing;
  for (const auto& [field, name] : names_) {
    if (!has(columns_, field)) missing.push_back(name);
  }
  return missing;
}

void MentionLines::take(const Record& record, RecordCutter& cutter, Batch& batch) {
  std::string_view line = record.bytes;
  if (record.line == 1 && line.starts_with(kMark)) line.remove_prefix(kMark.size());
  if (trim(line).empty() && record.fault.empty()) return;
  if (!record.fault.empty())
    return reject(
        record,
        concat("expected a mention, found ", record.fault == "longer than 4 MiB" ? "a line " : "", record.fault),
        batch);
  if (!decided_) {
    decided_ = true;
    if (!trim(line).starts_with('{') && use_header(line, cutter)) return;
  }
  const Record plain{line, record.line, record.fault};
  columns_.empty() ? read_json(plain, batch) : read_csv(plain, batch);
}

void MentionLines::resume(std::string_view header, RecordCutter& cutter) {
  decided_ = true;
  if (!header.empty()) use_header(header, cutter);
}

// French spreadsheets write ";" between cells.
bool MentionLines::use_header(std::string_view line, RecordCutter& cutter) {
  for (const char separator : {',', ';', '\t'}) {
    const std::optional<std::vector<std::string>> names = csv_fields(line, separator);
    if (!names) continue;
    std::vector<std::string> columns;
    for (const std::string& name : *names) columns.push_back(field_of(trim(name)));
    if (std::count_if(columns.begin(), columns.end(), is_mention_column) < 2)
      continue;  // an id and something to read, at least
    columns_ = std::move(columns);
    separator_ = separator;
    header_ = line;
    cutter.read_csv(separator);
    return true;
  }
  return false;
}

bool MentionLines::is_whole(std::string_view line) const { return columns_.empty() && json::parse(line).has_value(); }

void MentionLines::read_json(const Record& record, Batch& batch) const {
  const Result<json::Document> document = json::parse(record.bytes);
  if (!document) return reject(record, document.error().what, batch);
  if (document->root().type() != json::Type::object) {
    return reject(record, concat("expected an object, found ", json::to_text(document->root().type())), batch);
  }
  Result<Mention> mention = mention_from_json(document->root(), default_source_);
  if (!mention) return reject(record, mention.error().what, batch);
  batch.mentions.push_back(*std::move(mention));
}

void MentionLines::read_csv(const Record& record, Batch& batch) const {
  const std::optional<std::vector<std::string>> cells = csv_fields(record.bytes, separator_);
  if (!cells) return reject(record, "expected a separator after a closing quote, found text", batch);
  if (cells->size() != columns_.size()) {
    return reject(record,
                  concat("expected ", std::to_string(columns_.size()), " cells as in the header, found ",
                         std::to_string(cells->size())),
                  batch);
  }
  std::vector<std::string> columns = columns_, values = *cells;
  complete(columns, values, record.bytes);
  const std::string object = to_object(columns, values);
  const Result<json::Document> document = json::parse(object);
  if (!document) return reject(record, document.error().what, batch);
  Result<Mention> mention = mention_from_json(document->root(), default_source_);
  if (!mention) return reject(record, mention.error().what, batch);
  batch.mentions.push_back(*std::move(mention));
}

}  // namespace vigie
