// A person's decision that messages about some incidents wait, until when and why. Never without an end.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace vigie {

inline constexpr Duration kLongestSilence = 30 * kDay;

struct Silence {
  std::int64_t id = 0;              // the store's to give
  bool maintenance = false;         // planned work rather than noise; said so in messages and asked first
  std::vector<std::string> brands;  // of these; empty = any, as for the lists below
  std::vector<std::string> themes;  // an incident that has one of these
  std::vector<std::string> kinds;   // "negative" or ids of rules
  int least = 1, most = 5;          // severity
  std::string text;                 // stands so in one of the quotes, capitals apart; "" = any. No pattern, no syntax
  Time starts{}, ends{};
  std::string author, reason;
  Time created{};
  std::string ended_by;  // before its end, by whom
  std::optional<Time> ended_at{};

  // When it stops counting: its end, or when somebody ended it before.
  Time over_at() const { return ended_at ? std::min(ends, *ended_at) : ends; }
  bool in_force(Time now) const { return starts <= now && now < over_at(); }
};

// What is wrong with a new one, as bad_data for its author; nothing else may be stored.
Result<void> check(const Silence& silence);

std::string to_json(const Silence& silence);
Result<Silence> silence_from_json(std::string_view text);

}  // namespace vigie
