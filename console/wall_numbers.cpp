#include "console/wall_numbers.h"

#include <algorithm>

#include "base/json.h"
#include "store/reviews.h"

namespace vigie {
namespace {

constexpr std::string_view kBefore = "/api/v1/walls/", kAfter = "/numbers";

}  // namespace

std::optional<std::string> wall_numbers_api_of(std::string_view path) {
  if (!path.starts_with(kBefore) || !path.ends_with(kAfter) || path.size() <= kBefore.size() + kAfter.size())
    return std::nullopt;
  return std::string(path.substr(kBefore.size(), path.size() - kBefore.size() - kAfter.size()));
}

Result<std::string> wall_numbers_json(const std::string& brand, const Settings& settings, Store& store) {
  if (std::none_of(settings.brands.begin(), settings.brands.end(),
                   [&](const BrandSettings& one) { return one.id == brand; }))
    return fail(ErrorKind::gone, concat("there is no wall \"", brand, "\""));
  TRY(const WallSnapshot snapshot, store.reviews().snapshot(brand));
  json::Writer out;
  out.begin_object().member("brand", brand).key("size").integer(snapshot.size);
  if (snapshot.size > 0) out.member("at", format_rfc3339(snapshot.at)).key("numbers").raw(snapshot.json);
  return out.end_object().take();
}

}  // namespace vigie
