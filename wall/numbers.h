// What a wall's log comes to. The wall's page, its badge, the widget and the API all read wall_standing(), so that they
// can never say two things.

#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "store/store.h"
#include "wall/log/account.h"

namespace vigie {

struct WallStanding {
  std::int64_t size = 0;  // entries of the log that it adds up; 0: nothing was added up yet, and all is 0
  Time at{};
  tlog::WallNumbers numbers;
};

// As the wall's loop saved it last, a second or so ago.
Result<WallStanding> wall_standing(Store& store, const std::string& brand);

}  // namespace vigie
