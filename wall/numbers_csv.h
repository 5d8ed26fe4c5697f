// A wall's numbers as a table: for spreadsheets, and for those who add the log up themselves.

#pragma once

#include <string>

#include "wall/log/account.h"

namespace vigie {

// RFC 4180, lines "part,code,rating,value": "received,,,1204", "histogram,,5,812", "refused_by,OFF-TOPIC,1,3".
std::string numbers_csv(const tlog::WallNumbers& numbers);

}  // namespace vigie
