// Where a brand's transparency log is kept, and what it is called.

#pragma once

#include <filesystem>
#include <string>

#include "config/settings.h"

namespace vigie {

struct WallLogPlace {
  std::filesystem::path folder;  // DATA/log/BRAND: what a web server shows
  std::filesystem::path key;     // DATA/log/BRAND.key
  std::string origin;            // the wall's address without its scheme: avis.example/wall/acme/log
};

// bad_data when no brand has that id.
Result<WallLogPlace> wall_log_place(const Settings& settings, const std::string& brand);

}  // namespace vigie
