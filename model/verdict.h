// What a person says of an incident, once it is known what it was. The history of it is append-only.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vigie {

enum class VerdictWord {
  useful,       // good to have been told
  false_alarm,  // nothing had happened
  normal,       // the level has shifted for good: what it speaks of is usual from now on
};
std::string_view to_text(VerdictWord word);  // "useful" "false" "normal"
std::optional<VerdictWord> verdict_from(std::string_view text);

struct Verdict {
  std::int64_t number = 0;  // one order over all of them, from 1; the store gives it
  std::string incident;     // id
  Time at{};
  std::string by;
  std::optional<VerdictWord> word{};  // nothing: taken back
};

// What stands now of each incident that was judged, by its id.
using StandingVerdicts = std::map<std::string, Verdict, std::less<>>;

}  // namespace vigie
