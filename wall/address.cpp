#include "wall/address.h"

#include <algorithm>

#include "base/text.h"
#include "base/wording.h"
#include "wall/log/encoding.h"
#include "wall/score.h"

namespace vigie {
namespace {

constexpr std::int64_t kMostPages = 1'000'000;

// A whole number of least..most, or nothing.
std::optional<std::int64_t> read_number(std::string_view text, std::int64_t least, std::int64_t most) {
  const auto value = tlog::from_strict_decimal(text);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

// An id or a language tag: nothing that would have to be escaped anywhere.
std::string read_name(std::string_view text) {
  const bool plain = text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                     });
  return plain ? std::string(text) : "";
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
  add("rating", rating ? std::to_string(*rating) : "");
  add("scale", rating ? scale : "");
  add("written", written);
  add("survey", survey);
  add("review", review > 0 ? std::to_string(review) : "");
  add("page", page > 1 ? std::to_string(page) : "");
  return out;
}

WallAddress read_wall_address(std::string brand, const ServerRequest& request) {
  WallAddress address;
  address.brand = std::move(brand);
  if (is_page_language(request.param("lang"))) address.lang = request.param("lang");
  address.review = read_number(request.param("review"), 1, tlog::kMostNumber).value_or(0);
  if (address.review > 0) return address;  // one review is one page, whatever else is asked
  const std::string_view scale = request.param("scale").empty() ? "1-5" : request.param("scale");
  if (const auto ends = scale_from(scale)) {
    address.rating = read_number(request.param("rating"), ends->least, ends->most);
    if (address.rating && scale != "1-5") address.scale = scale;
  }
  address.written = read_name(request.param("written"));
  address.survey = read_name(request.param("survey"));
  address.page = static_cast<int>(read_number(request.param("page"), 1, kMostPages).value_or(1));
  return address;
}

std::string below_wall(std::string_view brand, std::string_view path, std::string_view lang) {
  return concat("/wall/", url_encode(brand), "/", path, lang.empty() ? "" : "?lang=", lang);
}

}  // namespace vigie
