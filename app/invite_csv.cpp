#include "app/invite_csv.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "collectors/mention_csv.h"
#include "collectors/records.h"

namespace vigie {
namespace {

constexpr std::size_t kBlock = 64u << 10;
constexpr std::size_t kMostLines = 200'000;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

using Member = std::string InviteLine::*;
const std::map<std::string, Member, std::less<>>& columns() {
  static const std::map<std::string, Member, std::less<>> known = {
      {"id", &InviteLine::reference}, {"email", &InviteLine::email},  {"phone", &InviteLine::phone},
      {"name", &InviteLine::name},    {"lang", &InviteLine::lang},    {"when", &InviteLine::when},
      {"order", &InviteLine::order},  {"place", &InviteLine::place},  {"channel", &InviteLine::channel},
      {"event", &InviteLine::event},  {"exempt", &InviteLine::exempt}};
  return known;
}

Result<std::vector<Member>> read_header(std::string_view record, char separator) {
  const auto names = csv_fields(record, separator);
  if (!names) return fail(ErrorKind::bad_data, "line 1: expected column names, found a quote that does not end");
  std::vector<Member> header;
  bool customer = false;
  for (const std::string& name : *names) {
    const auto found = columns().find(ascii_lower(trim(name)));
    if (found == columns().end())
      return fail(ErrorKind::bad_data,
                  concat("line 1: expected columns among id, email, phone, name, lang, when, order, place, channel, "
                         "event, exempt, found \"",
                         first_code_points(to_valid_utf8(name), 40), "\""));
    header.push_back(found->second);
    customer = customer || found->second == &InviteLine::reference || found->second == &InviteLine::email ||
               found->second == &InviteLine::phone;
  }
  if (!customer) return fail(ErrorKind::bad_data, "line 1: expected a column id, email or phone, found none");
  return header;
}

// What stands in the cells; "" when it was read, else what is wrong.
std::string read_line(const std::vector<Member>& header, const std::vector<std::string>& cells, InviteLine& line) {
  if (cells.size() != header.size())
    return concat("expected ", std::to_string(header.size()), " cells, found ", std::to_string(cells.size()));
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string_view cell = trim(plain_cell(cells[i]));
    if (cell.empty()) continue;
    std::string& to = line.*header[i];
    if (!to.empty()) return "two columns of one name";
    to = cell;
  }
  return "";
}

}  // namespace

Result<InviteTable> read_invite_table(std::istream& in) {
  InviteTable table;
  RecordCutter cutter;
  std::vector<Member> header;
  char separator = ',';
  std::string block(kBlock, '\0');
  for (bool last = false; !last;) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    last = !in;
    cutter.append(std::string_view(block).substr(0, static_cast<std::size_t>(in.gcount())));
    if (header.empty()) {
      std::string_view start = cutter.rest();
      if (start.starts_with(kMark)) start.remove_prefix(kMark.size());
      const std::string_view first = start.substr(0, start.find('\n'));
      separator = first.find(';') != std::string_view::npos ? ';' : ',';
      cutter.read_csv(separator);
    }
    while (const auto record = cutter.next(last)) {
      std::string_view bytes = record->bytes;
      if (header.empty()) {
        if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
        TRY(header, read_header(bytes, separator));
        continue;
      }
      if (trim(bytes).empty()) continue;
      InviteLine line;
      line.number = static_cast<std::int64_t>(record->line);
      std::string why(record->fault);
      const auto cells = why.empty() ? csv_fields(bytes, separator) : std::nullopt;
      if (why.empty()) why = cells ? read_line(header, *cells, line) : "a quote that does not end its cell";
      if (why.empty() && table.lines.size() >= kMostLines)
        why = "more than 200,000 lines: give the rest in another file";
      if (why.empty())
        table.lines.push_back(std::move(line));
      else
        table.refused.push_back({line.number, std::move(why)});
    }
  }
  if (header.empty()) return fail(ErrorKind::bad_data, "expected a table with a line of column names, found nothing");
  return table;
}

}  // namespace vigie
