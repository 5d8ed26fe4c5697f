// Owing messages inside a transaction that is open already, so that they stand with what they are about or not at all.

#pragma once

#include <vector>

#include "model/notification.h"
#include "store/driver.h"

namespace vigie {

// One that is owed already is left as it is.
Result<void> owe(Driver& driver, const std::vector<Notification>& notifications);

}  // namespace vigie
