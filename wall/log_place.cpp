#include "wall/log_place.h"

#include <algorithm>

namespace vigie {

Result<WallLogPlace> wall_log_place(const Settings& settings, const std::string& brand) {
  const bool known = std::any_of(settings.brands.begin(), settings.brands.end(),
                                 [&](const BrandSettings& one) { return one.id == brand; });
  if (!known) {
    std::string ids;
    for (const BrandSettings& one : settings.brands) ids += concat(ids.empty() ? "" : ", ", one.id);
    return fail(ErrorKind::bad_data, concat("no brand \"", brand, "\" is configured; there are ", ids));
  }
  std::string_view address = settings.serve.public_url;
  if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos) {
    address.remove_prefix(scheme + 3);
  }
  while (address.ends_with('/')) address.remove_suffix(1);
  const std::filesystem::path logs = std::filesystem::path(settings.data) / "log";
  return WallLogPlace{logs / brand, logs / concat(brand, ".key"), concat(address, "/wall/", brand, "/log")};
}

}  // namespace vigie
