// What all pages of one wall share while they are written.

#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "base/wording.h"
#include "config/settings.h"
#include "wall/address.h"

namespace vigie {

struct WallView {
  const Settings& settings;
  const BrandSettings& brand;
  const Wording& wording;  // the catalogue "wall"
  Time now{};
  bool own_time = false;  // `now` is not the world's: a demonstration

  std::string organisation() const { return settings.organisation.empty() ? brand.name : settings.organisation; }

  WallAddress plain() const {
    WallAddress address;
    address.brand = brand.id;
    address.lang = wording.language();
    return address;
  }
  std::string review(std::int64_t leaf) const {
    WallAddress address = plain();
    address.review = leaf;
    return address.text();
  }
  std::string below(std::string_view path) const { return below_wall(brand.id, path, wording.language()); }
  std::string absolute(std::string_view path) const { return concat(settings.serve.public_url, path); }
};

}  // namespace vigie
