// How an endpoint is doing: whether it is asked at all, since when not, and why (ALERTS.md 3.6).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vigie {

// closed: messages go. open: none until a time. half_open: one goes, and decides. disabled: none until a person acts.
enum class Circuit { closed, open, half_open, disabled };
std::string_view to_text(Circuit circuit);
std::optional<Circuit> circuit_from(std::string_view text);

// At most `count` messages in each `per`.
struct Pace {
  int count = 1;
  Duration per = seconds(1);
};

struct EndpointHealth {
  std::string endpoint;
  Circuit circuit = Circuit::closed;
  int failures = 0;             // in a row
  Time window_start{};          // of the counts below
  int tried = 0, failed = 0;    // within the window
  std::optional<Time> ill_since{};  // when this row of open circuits began
  Duration open_for{0};         // the last pause, doubled each time
  Time open_until{};            // open: no message before
  Time blocked_until{};         // the remote asked for rest
  std::string reason;           // of the last failure that changed something, for people
  Time changed{};               // of the circuit
  bool told = false;            // somebody was told of this outage
  bool diverted = false;        // its messages go to another endpoint meanwhile
  std::string address;          // fingerprint of its settings: another one starts anew
};

}  // namespace vigie
