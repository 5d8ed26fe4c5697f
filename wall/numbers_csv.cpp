#include "wall/numbers_csv.h"

namespace vigie {
namespace {

void line(std::string& out, std::string_view part, std::string_view code, std::string_view rating, std::int64_t value) {
  out += concat(part, ",", code, ",", rating, ",", std::to_string(value), "\r\n");
}

void lines(std::string& out, std::string_view part, std::string_view code, const tlog::CountByRating& counts) {
  for (const auto& [rating, count] : counts) line(out, part, code, rating, count);
}

}  // namespace

std::string numbers_csv(const tlog::WallNumbers& numbers) {
  std::string out = "part,code,rating,value\r\n";
  line(out, "received", "", "", numbers.received);
  line(out, "pending", "", "", numbers.pending);
  line(out, "published", "", "", numbers.published);
  line(out, "refused", "", "", numbers.refused);
  line(out, "hidden", "", "", numbers.hidden);
  line(out, "withdrawn", "", "", numbers.withdrawn);
  line(out, "erased", "", "", numbers.erased);
  line(out, "expired", "", "", numbers.expired);
  line(out, "mean_milli", "", "", numbers.mean_milli);
  lines(out, "histogram", "", numbers.histogram);
  lines(out, "median_delay", "", numbers.median_delay);
  for (const auto& [code, counts] : numbers.refused_by) lines(out, "refused_by", code, counts);
  for (const auto& [proof, counts] : numbers.erased_by) lines(out, "erased_by", proof, counts);
  for (const auto& [code, counts] : numbers.hidden_by) lines(out, "hidden_by", code, counts);
  lines(out, "masked_by", "", numbers.masked_by);
  for (const auto& [first, counts] : numbers.changed_by) lines(out, "changed_by", first, counts);
  return out;
}

}  // namespace vigie
