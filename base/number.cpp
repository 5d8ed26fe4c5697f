#include "base/number.h"

#include <charconv>
#include <cmath>

namespace vigie {
namespace {

template <class T>
std::optional<T> whole_text(std::string_view text) {
  T value{};
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (text.empty() || error != std::errc() || end != last) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view text) { return whole_text<std::int64_t>(text); }

std::optional<double> real_number(std::string_view text) {
  const std::optional<double> value = whole_text<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

}  // namespace vigie
