#include "app/cmd_detect.h"

#include <charconv>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "pipeline/detect.h"

namespace vigie {
namespace {

struct Point {
  Time at{};
  double value = 0;
};

Result<Point> read_point(std::string_view line) {
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos)
    return fail(ErrorKind::bad_data, "expected \"YYYY-MM-DD HH:MM:SS,value\", found no comma");
  const std::string_view written = trim(line.substr(0, comma)), digits = trim(line.substr(comma + 1));
  Point point;
  const auto at = parse_rfc3339(concat(written, "Z"));
  if (!at)
    return fail(ErrorKind::bad_data,
                concat("expected a time YYYY-MM-DD HH:MM:SS, found \"", shorten(written, 40), "\""));
  point.at = *at;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), point.value);
  if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(point.value)) {
    return fail(ErrorKind::bad_data, concat("expected a number, found \"", shorten(digits, 40), "\""));
  }
  return point;
}

}  // namespace

int detect_series(std::istream& in, std::ostream& out, std::ostream& err) {
  const auto scorer = make_series_scorer();
  std::string line;
  for (std::int64_t number = 1; std::getline(in, line); ++number) {
    const std::string_view text = trim(line);
    if (text.empty() || (number == 1 && text.starts_with("timestamp"))) continue;
    const auto point = read_point(text);
    if (!point) {
      err << "vigie: line " << number << ": " << point.error().what << '\n';
      return 2;
    }
    out << fmt::format("{:.6f}\n", scorer->score(point->at, point->value)) << std::flush;
  }
  return 0;
}

}  // namespace vigie
