// Customers to ask as a table: id, email or phone, name, lang, when, order, place, channel; in any order, all but one
// of the first three optional.

#pragma once

#include <istream>
#include <string>
#include <vector>

#include "base/result.h"
#include "wall/invite.h"

namespace vigie {

struct InviteTable {
  std::vector<InviteLine> lines;
  std::vector<InviteSummary::Refused> refused;  // lines that cannot be read at all
};

// bad_data: no header, or one without a customer in it. Comma or semicolon, whichever the header has; UTF-8, with or
// without a byte order mark.
Result<InviteTable> read_invite_table(std::istream& in);

}  // namespace vigie
