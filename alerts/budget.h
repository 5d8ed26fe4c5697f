// How many messages one person gets, as values: what was spent, and when there is room again. Pure.
//
// Three limits at once: a bucket of `burst` that one message fills up again every `refill`; so many in any 24 hours; so
// many about one brand in any hour. What is critical and what says that something is over is counted in lanes of its
// own, of the same size, so that a storm of small alarms takes no room from them.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"

namespace vigie {

enum class BudgetLane { ordinary, reserve };

// Under what name the store keeps them: "person|ordinary" and "person|ordinary|brand".
std::string bucket_name(std::string_view person, BudgetLane lane);
std::string bucket_name(std::string_view person, BudgetLane lane, std::string_view brand);

// What was spent of one bucket. It holds instants and no fractions, so that the same messages leave the same state on
// every machine.
struct Spent {
  Time full_again{};         // when the bucket will be as full as it can be
  std::vector<Time> recent;  // of the messages that the window of its limit still counts, oldest first
  bool operator==(const Spent&) const = default;
};

// The first instant, `now` or later, at which one more may go to that person.
Time room_at(const Spent& spent, const MessageBudget& budget, Time now);
Spent spend(Spent spent, const MessageBudget& budget, Time now);

// The same for messages about one brand, `per_hour` of them.
Time room_for_brand_at(const Spent& spent, int per_hour, Time now);
Spent spend_for_brand(Spent spent, int per_hour, Time now);

std::string to_json(const Spent& spent);
// What cannot be read counts as nothing spent: a message too many is better than none.
Spent spent_from_json(std::string_view text);

}  // namespace vigie
