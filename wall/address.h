// The addresses of wall pages: read politely (what makes no sense is ignored), written back in one form.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/http_server.h"

namespace vigie {

struct WallAddress {
  std::string brand;
  std::string lang;          // "fr", "en", or "" = not asked for
  std::optional<int> stars;  // 1..5
  std::string source;        // "" = all
  std::int64_t review = 0;   // one review alone, by its seq; 0 = the list
  int page = 1;              // from 1

  std::string text() const;  // "/wall/tilvane?lang=fr&stars=1&page=2"
};

WallAddress read_wall_address(std::string brand, const ServerRequest& request);

}  // namespace vigie
