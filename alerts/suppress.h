// Whether a message that is due goes out now, later, in a digest, or not at all.

#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "model/notification.h"

namespace vigie {

struct Decision {
  enum class Kind { deliver, hold, digest, cancel };
  Kind kind = Kind::deliver;
  Time until{};        // hold: asked again then
  std::string reason;  // maintenance silence inhibited quiet budget brand_budget over; "" = deliver
  std::string detail;  // for people: which silence, whose hours
};

// Asked by the sender about each message that is due, just before it goes out.
class Gate {
 public:
  virtual ~Gate() = default;
  virtual Result<Decision> look(const Notification& due, Time now) = 0;
  // The message is on its way: it counts against the budgets. Once a notification, however often it is tried.
  virtual Result<void> passed(const Notification& sent, Time now) = 0;
};

}  // namespace vigie
