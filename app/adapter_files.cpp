#include "app/adapter_files.h"

#include <charconv>
#include <filesystem>

#include "base/json.h"
#include "base/text.h"
#include "base/whole_file.h"

namespace vigie {
namespace {

namespace fs = std::filesystem;
using namespace sentiment;

constexpr std::uint32_t kMostNumber = 1'000'000;
constexpr std::size_t kMostRecords = 16u << 20;  // bytes of the history that are read

// "" of a file that is not there yet.
Result<std::string> read_file(const std::string& path, std::size_t most) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::string();
  Result<std::string> bytes = read_whole(path, most);
  if (!bytes)
    return fail(bytes.error().kind, concat(path, ": expected a file of vigie's own, found ", bytes.error().what));
  return bytes;
}

std::string line_of(const AdaptRecord& record) {
  json::Writer out;
  out.begin_object().member("time", format_rfc3339(record.at)).member("decision", record.decision);
  out.key("number").integer(record.number);
  out.key("trained").integer(static_cast<std::int64_t>(record.trained));
  out.key("held_out").integer(static_cast<std::int64_t>(record.held_out));
  out.key("f1_before").number(record.f1_before).key("f1_after").number(record.f1_after);
  out.member("why", record.why).end_object();
  return out.take();
}

std::optional<AdaptRecord> record_from(std::string_view line) {
  const Result<json::Document> document = json::parse(line);
  if (!document) return std::nullopt;
  const json::Value root = document->root();
  AdaptRecord record;
  record.at = parse_rfc3339(root.text_or("time", "")).value_or(Time{});
  record.decision = root.text_or("decision", "");
  record.number = static_cast<std::uint32_t>(std::clamp<std::int64_t>(root.integer_or("number", 0), 0, kMostNumber));
  record.trained = static_cast<std::size_t>(std::max<std::int64_t>(0, root.integer_or("trained", 0)));
  record.held_out = static_cast<std::size_t>(std::max<std::int64_t>(0, root.integer_or("held_out", 0)));
  record.f1_before = root.number_or("f1_before", 0);
  record.f1_after = root.number_or("f1_after", 0);
  record.why = root.text_or("why", "");
  return record;
}

}  // namespace

AdapterFiles::AdapterFiles(const Settings& settings) : folder_(concat(settings.data, "/adapter")) {}

std::string AdapterFiles::path_of(std::uint32_t number) const {
  return concat(folder_, "/a", std::to_string(number), ".vsa");
}

Result<std::uint32_t> AdapterFiles::current() const {
  const std::string path = concat(folder_, "/current");
  TRY(const std::string text, read_file(path, 32));
  const std::string_view digits = trim(text);
  if (digits.empty()) return 0;
  std::uint32_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || number > kMostNumber) {
    return fail(ErrorKind::bad_data,
                concat(path, ": expected the number of an adapter, such as 3, or 0 for none; write one there"));
  }
  return number;
}

Result<std::shared_ptr<const Adapter>> AdapterFiles::load(std::uint32_t number, const Model& base) const {
  if (number == 0) return std::shared_ptr<const Adapter>();
  return Adapter::open(path_of(number), base);
}

Result<void> AdapterFiles::let_judge(std::uint32_t number) const {
  return write_whole(concat(folder_, "/current"), concat(std::to_string(number), "\n"));
}

Result<std::uint32_t> AdapterFiles::promote(AdapterParts parts) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) {
    return fail(ErrorKind::denied, concat("cannot create the folder ", folder_, ": ", error.message(),
                                          "; change `data` or its permissions"));
  }
  TRY(parts.before, current());
  parts.number = 1;
  while (fs::exists(path_of(parts.number), error)) ++parts.number;
  TRY(write_whole(path_of(parts.number), to_bytes(parts)));
  TRY(let_judge(parts.number));
  return parts.number;
}

Result<std::uint32_t> AdapterFiles::roll_back(const Model& base) const {
  TRY(const std::uint32_t number, current());
  if (number == 0) return fail(ErrorKind::bad_data, "no adapter judges: there is nothing to roll back");
  const auto adapter = load(number, base);
  // One that cannot be read says nothing of the one before; the shipped model always works.
  const std::uint32_t before = adapter ? (*adapter)->parts().before : 0;
  TRY(let_judge(before));
  return before;
}

Result<void> AdapterFiles::add(const AdaptRecord& record) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  const std::string path = concat(folder_, "/attempts.jsonl");
  TRY(std::string all, read_file(path, kMostRecords));
  if (!all.empty() && !all.ends_with('\n')) all += '\n';
  return write_whole(path, concat(all, line_of(record), "\n"));
}

Result<std::vector<AdaptRecord>> AdapterFiles::records() const {
  TRY(const std::string all, read_file(concat(folder_, "/attempts.jsonl"), kMostRecords));
  std::vector<AdaptRecord> found;
  for (const std::string_view line : split(all, '\n')) {
    if (auto record = record_from(line)) found.push_back(*std::move(record));
  }
  return found;
}

}  // namespace vigie
