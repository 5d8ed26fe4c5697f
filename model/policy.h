// What was decided about an incident when it opened: whom to tell and how long to wait. Later edits of the settings are
// for later incidents.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

struct Policy {
  // Whoever a route names, under its conditions; empty lists ask for nothing.
  struct Target {
    int min_severity = 1;  // 1..5
    std::vector<std::string> themes, languages, sources;
    std::vector<std::string> to;  // "ENDPOINT", "person:ID", "team:ID", "oncall:SCHEDULE"
  };
  struct Step {
    Duration after{}, after_critical{};  // the step before it
    std::vector<std::string> to;
  };

  Duration hold = minutes(15);  // clear must last this long
  Duration reopen = hours(6);   // a raise within this after the end reopens
  Duration group{};             // from the opening to the first message; critical: none
  Duration update{};            // between two messages that say "worse", unless the severity rose
  Duration repeat{};            // an open incident that nobody took is told again; zero: never
  Duration ack_timeout{};       // one that was taken and of which nothing is heard goes back; zero: never
  Duration flap_hold = hours(2);  // clear must last this long once it has come back three times
  std::vector<Target> targets;
  std::vector<Step> chain;
  int chain_repeat = 0;         // times the last step is told again
};

void write_json(json::Writer& out, const Policy& policy);
Result<Policy> policy_from_json(const json::Value& value);  // absent fields keep their defaults

}  // namespace vigie
