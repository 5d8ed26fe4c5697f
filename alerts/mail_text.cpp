#include "alerts/mail_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kLineWidth = 76;

}  // namespace

std::string wrapped(std::string_view first, std::string_view text) {
  std::string out(first);
  const std::size_t indent = count_code_points(first);
  std::size_t column = indent;
  bool line_is_empty = true;
  for (const std::string_view word : split(text, ' ')) {
    const std::size_t width = count_code_points(word);
    if (!line_is_empty && column + 1 + width > kLineWidth) {
      out.append("\n").append(indent, ' ');
      column = indent;
      line_is_empty = true;
    }
    if (!line_is_empty) {
      out.push_back(' ');
      ++column;
    }
    out.append(word);
    column += width;
    line_is_empty = false;
  }
  return out;
}

std::string padded(std::string_view label, std::size_t width) {
  std::string out(label);
  out.append(width - std::min(width, count_code_points(label)), ' ');
  return out;
}

std::string sparkline(const std::vector<double>& values) {
  constexpr std::array<std::string_view, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const double most = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  std::string out;
  for (const double value : values) {
    const double level = most > 0 ? std::round(7 * value / most) : 0;
    out.append(kBars[static_cast<std::size_t>(std::clamp(level, 0.0, 7.0))]);
  }
  return out;
}

}  // namespace vigie
