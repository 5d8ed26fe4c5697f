// What a machine notices in a review before anybody reads it. The rating is no part of what is looked at: there is no
// way to give it.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/moderation.h"

namespace vigie {

inline constexpr std::string_view kPersonalData = "personal-data", kAbuse = "abuse", kDuplicate = "duplicate",
                                  kUnintelligible = "unintelligible";
inline constexpr Duration kCopiesWithin = 14 * kDay;

struct Noticed {
  std::vector<std::string> marks{};  // personal-data abuse unintelligible; duplicate is the store's to tell, by `print`
  std::vector<FoundSpan> spans{};    // of personal data
  std::uint64_t print = 0;           // the same for texts that differ in case, accents, blanks and punctuation alone;
                                     // 0: too short, many people say "très bien"
};

// The fields are valid UTF-8.
Noticed check_fields(const std::array<std::string, kReviewFields>& values);

}  // namespace vigie
