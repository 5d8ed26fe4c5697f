// The numbers that a wall's page shows to people, read back from its HTML: what everybody sees is held against the log,
// not only the list beside it.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wall/log/account.h"

namespace vigie::tlog {

struct ShownNumbers {
  std::int64_t size = 0;                        // entries of the log that the page says it adds up
  std::map<std::string, std::int64_t> parts{};  // "received" -> 1204
  std::string mean{};                           // of stars, "3.912"; "" = none is shown
};

// Nothing when it is no page of a wall, or one without numbers for programs.
std::optional<ShownNumbers> read_shown(std::string_view html);

// What it shows that the entries do not give, one line each. Parts that are 0 may be left out.
std::vector<std::string> differences(const ShownNumbers& shown, const WallNumbers& counted);

}  // namespace vigie::tlog
