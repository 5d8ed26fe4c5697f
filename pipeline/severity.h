// How grave an incident is, 1 to 5, by rules a person can check (docs/detection.md).

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vigie {

// Severity cues as bits, in the order of Judgement::cues' documentation.
inline constexpr std::uint8_t kCueDanger = 1, kCueInjury = 2, kCueLegal = 4, kCueBoycott = 8, kCuePress = 16,
                              kCueSelfHarm = 32;
std::uint8_t cue_bits(const std::vector<std::string>& cues);
std::vector<std::string> cue_names(std::uint8_t bits);

struct Gravity {
  double observed = 0, expected = 0;  // complaints of distinct authors since the rise began, and by habit
  double hours = 0;                   // since it began
  double reach = 0;                   // followers of those authors, where a source tells them
  std::uint8_t cues = 0;              // found in more than one complaint
  bool grave_theme = false;           // most evidence is about safety or privacy
};

struct Grade {
  int level = 1;
  std::vector<std::string> why;  // what each point is for: multiple many crowd fast reach cue theme lasting
};
Grade grade(const Gravity& gravity);

}  // namespace vigie
