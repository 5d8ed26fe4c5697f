#include "wall/address.h"

#include <charconv>

#include "base/text.h"
#include "base/wording.h"

namespace vigie {
namespace {

constexpr std::int64_t kMost = 1'000'000'000;

// A whole number of 1..most, or nothing.
std::optional<std::int64_t> read_number(std::string_view text, std::int64_t most) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value < 1 || value > most) return std::nullopt;
  return value;
}

}  // namespace

std::string WallAddress::text() const {
  std::string out = concat("/wall/", url_encode(brand));
  char separator = '?';
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += separator;
    out += concat(name, "=", url_encode(value));
    separator = '&';
  };
  add("lang", lang);
  add("stars", stars ? std::to_string(*stars) : "");
  add("source", source);
  add("review", review > 0 ? std::to_string(review) : "");
  add("page", page > 1 ? std::to_string(page) : "");
  return out;
}

WallAddress read_wall_address(std::string brand, const ServerRequest& request) {
  WallAddress address;
  address.brand = std::move(brand);
  if (is_page_language(request.param("lang"))) address.lang = request.param("lang");
  if (const auto stars = read_number(request.param("stars"), 5)) address.stars = static_cast<int>(*stars);
  address.source = first_code_points(request.param("source"), 100);
  address.review = read_number(request.param("review"), INT64_MAX).value_or(0);
  address.page = static_cast<int>(read_number(request.param("page"), kMost).value_or(1));
  return address;
}

}  // namespace vigie
