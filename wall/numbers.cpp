#include "wall/numbers.h"

#include "store/reviews.h"

namespace vigie {
namespace {

using tlog::CountByRating;
using tlog::WallNumbers;

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

}  // namespace

std::string numbers_json(const WallNumbers& numbers) {
  json::Writer out;
  out.begin_object();
  for (const Count& count : kCounts) out.key(count.name).integer(numbers.*count.value);
  write_counts(out.key("histogram"), numbers.histogram);
  write_counts(out.key("median_delay"), numbers.median_delay);
  out.key("refused_by").begin_object();
  for (const auto& [code, counts] : numbers.refused_by) write_counts(out.key(code), counts);
  return out.end_object().end_object().take();
}

Result<WallNumbers> read_numbers(const json::Value& object) {
  WallNumbers numbers;
  for (const Count& count : kCounts) {
    TRY(numbers.*count.value, object.integer(count.name));
  }
  TRY(numbers.histogram, read_counts(object, "histogram"));
  TRY(numbers.median_delay, read_counts(object, "median_delay"));
  TRY(const json::Value refused, object.object("refused_by"));
  for (std::size_t i = 0; i < refused.size(); ++i) {
    const std::string code(refused.key_at(i));
    TRY(numbers.refused_by[code], read_counts(refused, code));
  }
  return numbers;
}

Result<WallStanding> wall_standing(Store& store, const std::string& brand) {
  TRY(const WallSnapshot snapshot, store.reviews().snapshot(brand));
  WallStanding standing{snapshot.size, snapshot.at, {}};
  if (snapshot.size == 0) return standing;
  TRY(const json::Document document, json::parse(snapshot.json));
  TRY(standing.numbers, read_numbers(document.root()));
  return standing;
}

}  // namespace vigie
