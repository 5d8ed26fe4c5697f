// The addresses of wall pages: read politely (what makes no sense is ignored), written back in one form.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/http_server.h"

namespace vigie {

struct WallAddress {
  std::string brand;
  std::string lang{};                    // of the page: "fr", "en", or "" = not asked for
  std::optional<std::int64_t> rating{};  // on `scale`
  std::string scale{};                   // "" = "1-5"
  std::string written{};                 // language the reviews were written in, "" = any
  std::string survey{};                  // id, "" = any
  std::int64_t review = 0;               // one review alone, by its number; 0 = the list
  int page = 1;                          // from 1

  std::string text() const;  // "/wall/tilvane?lang=fr&rating=1&page=2"
  bool filtered() const { return rating || !written.empty() || !survey.empty(); }
};

WallAddress read_wall_address(std::string brand, const ServerRequest& request);

// A page below a wall: "/wall/tilvane/method?lang=fr".
std::string below_wall(std::string_view brand, std::string_view path, std::string_view lang);

}  // namespace vigie
