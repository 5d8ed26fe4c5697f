// What becomes of a message that is due, and of one that failed (ALERTS.md 3.5, and rule R of 3.2). Pure.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "alerts/notifier.h"
#include "base/result.h"
#include "model/notification.h"

namespace vigie {

// What its neighbours on the way to the same endpoint make of a message whose turn it is.
struct Turnout {
  enum class Kind {
    send,
    as_over,    // the end of something its reader never heard of: told as a whole, "was up, already over"
    supersede,  // a newer one says more
    cancel,
    aside,   // taken out, and a line of its reader's next digest
    follow,  // its opening was told elsewhere: so is its end
  };
  Kind kind = Kind::send;
  std::string reason, opening;  // follow: id of the opening that could not go here
};
Turnout turnout(const Notification& due, const Neighbours& lane);

// What follows from a try that failed.
struct Retry {
  bool dead = false;
  Time due{};             // unless dead
  bool repeated = false;  // it may have arrived, and its channel would show it twice: the next try says so
};

// Full jitter, or what the remote asked for (1 s to 1 h) if that is later. After twelve tries it is over, but for
// channels that give up later than a day: hours lie between their further tries. `random`: uniform in [0, 1).
Retry after_failure(const Notification& notification, const Error& error, const ChannelTraits& traits, Time now,
                    double random);

// Whether it is worth less than nothing by now: reminders after an hour, the rest when their channel gives up.
bool is_too_old(const Notification& notification, const ChannelTraits& traits, Time now);
inline constexpr Duration kRemindersLive = hours(1);

// How much later it goes out than it was owed, when that is worth a word. A message that stands for one that could not
// go elsewhere counts from that one.
std::optional<Duration> lateness(const Notification& notification, Time now);

// auth rate client server timeout config bug: one word for counters and lists.
std::string_view code_of(const Error& error);

// The document of an end, told as a whole: its purpose becomes "over".
std::string as_over(std::string document);

}  // namespace vigie
