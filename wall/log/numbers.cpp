#include "wall/log/numbers.h"

namespace vigie::tlog {
namespace {

struct Count {
  std::string_view name;
  std::int64_t WallNumbers::*value;
};
constexpr Count kCounts[] = {
    {"received", &WallNumbers::received}, {"pending", &WallNumbers::pending}, {"published", &WallNumbers::published},
    {"refused", &WallNumbers::refused},   {"hidden", &WallNumbers::hidden},   {"withdrawn", &WallNumbers::withdrawn},
    {"erased", &WallNumbers::erased},     {"expired", &WallNumbers::expired}, {"mean_milli", &WallNumbers::mean_milli}};

void write_counts(json::Writer& out, const CountByRating& counts) {
  out.begin_object();
  for (const auto& [rating, count] : counts) out.key(rating).integer(count);
  out.end_object();
}

using CountByReason = std::map<std::string, CountByRating>;

void write_counts(json::Writer& out, const CountByReason& all) {
  out.begin_object();
  for (const auto& [reason, counts] : all) write_counts(out.key(reason), counts);
  out.end_object();
}

Result<CountByRating> read_counts(const json::Value& numbers, std::string_view name) {
  const json::Value object = numbers.find(name);
  if (!object || object.type() != json::Type::object)
    return fail(ErrorKind::bad_data, concat(name, ": expected an object"));
  CountByRating counts;
  for (std::size_t i = 0; i < object.size(); ++i) {
    TRY(counts[std::string(object.key_at(i))], object[i].integer(""));
  }
  return counts;
}

// Absent in what an earlier version wrote.
Result<CountByReason> read_counts_by_reason(const json::Value& numbers, std::string_view name) {
  CountByReason all;
  const json::Value object = numbers.find(name);
  if (!object) return all;
  if (object.type() != json::Type::object) return fail(ErrorKind::bad_data, concat(name, ": expected an object"));
  for (std::size_t i = 0; i < object.size(); ++i) {
    const std::string reason(object.key_at(i));
    TRY(all[reason], read_counts(object, reason));
  }
  return all;
}

}  // namespace

std::string numbers_json(const WallNumbers& numbers) {
  json::Writer out;
  out.begin_object();
  for (const Count& count : kCounts) out.key(count.name).integer(numbers.*count.value);
  write_counts(out.key("histogram"), numbers.histogram);
  write_counts(out.key("median_delay"), numbers.median_delay);
  write_counts(out.key("refused_by"), numbers.refused_by);
  write_counts(out.key("erased_by"), numbers.erased_by);
  write_counts(out.key("hidden_by"), numbers.hidden_by);
  write_counts(out.key("masked_by"), numbers.masked_by);
  write_counts(out.key("changed_by"), numbers.changed_by);
  return out.end_object().take();
}

Result<WallNumbers> read_numbers(const json::Value& object) {
  WallNumbers numbers;
  for (const Count& count : kCounts) {
    TRY(numbers.*count.value, object.integer(count.name));
  }
  TRY(numbers.histogram, read_counts(object, "histogram"));
  TRY(numbers.median_delay, read_counts(object, "median_delay"));
  TRY(numbers.refused_by, read_counts_by_reason(object, "refused_by"));
  TRY(numbers.erased_by, read_counts_by_reason(object, "erased_by"));
  TRY(numbers.hidden_by, read_counts_by_reason(object, "hidden_by"));
  TRY(numbers.changed_by, read_counts_by_reason(object, "changed_by"));
  if (object.find("masked_by")) {
    TRY(numbers.masked_by, read_counts(object, "masked_by"));
  }
  return numbers;
}

}  // namespace vigie::tlog
