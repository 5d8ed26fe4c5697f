#include "wall/log/shown.h"

#include <fmt/format.h>

#include "base/text.h"
#include "wall/log/encoding.h"

namespace vigie::tlog {
namespace {

struct Part {
  std::string_view name;
  std::int64_t WallNumbers::*count;
};
constexpr Part kParts[] = {{"received", &WallNumbers::received}, {"published", &WallNumbers::published},
                           {"refused", &WallNumbers::refused},   {"hidden", &WallNumbers::hidden},
                           {"withdrawn", &WallNumbers::withdrawn}, {"erased", &WallNumbers::erased},
                           {"expired", &WallNumbers::expired},   {"pending", &WallNumbers::pending}};

// What stands between `before` and the next quotation mark.
std::string_view value_behind(std::string_view text, std::string_view before) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find('"'));
}

}  // namespace

std::optional<ShownNumbers> read_shown(std::string_view html) {
  constexpr std::string_view kStrip = "<ul class=\"strip\" data-size=\"";
  const std::size_t at = html.find(kStrip);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = html.substr(0, at), strip = html.substr(at, html.find("</ul>", at) - at);
  const auto size = from_strict_decimal(value_behind(strip, kStrip));
  if (!size) return std::nullopt;
  ShownNumbers shown;
  shown.size = *size;
  for (const Part& part : kParts) {
    const auto count = from_strict_decimal(value_behind(strip, concat("<li class=\"", part.name, "\"><data value=\"")));
    if (count) shown.parts[std::string(part.name)] = *count;
  }
  // The table of the scale that the mean is of stands first behind it.
  if (value_behind(html.substr(at), "data-scale=\"") == kStars)
    shown.mean = value_behind(before, "<data class=\"number\" value=\"");
  return shown;
}

std::vector<std::string> differences(const ShownNumbers& shown, const WallNumbers& counted) {
  std::vector<std::string> found;
  for (const Part& part : kParts) {
    const auto told = shown.parts.find(std::string(part.name));
    const std::int64_t says = told == shown.parts.end() ? 0 : told->second;
    if (says != counted.*part.count)
      found.push_back(concat("shows ", part.name, " ", std::to_string(says), ", the log gives ",
                             std::to_string(counted.*part.count)));
  }
  const std::string mean = fmt::format("{}.{:03}", counted.mean_milli / 1000, counted.mean_milli % 1000);
  if (!shown.mean.empty() && shown.mean != mean)
    found.push_back(concat("shows the mean ", shown.mean, ", the log gives ", mean));
  return found;
}

}  // namespace vigie::tlog
