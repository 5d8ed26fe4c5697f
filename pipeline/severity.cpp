#include "pipeline/severity.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace vigie {
namespace {

constexpr std::array<std::string_view, 6> kCues = {"danger", "injury", "legal", "boycott", "press", "self_harm"};

constexpr double kMultiple = 3, kMany = 10, kCrowd = 50;
constexpr double kFastAnHour = 10;  // complaints beyond habit
constexpr double kReach = 50'000;
constexpr double kLasting = 24;      // hours
constexpr double kLeastHours = 0.5;  // a speed over less than this says little
constexpr double kLeastExpected = 0.1;

}  // namespace

std::uint8_t cue_bits(const std::vector<std::string>& cues) {
  std::uint8_t bits = 0;
  for (std::size_t i = 0; i < kCues.size(); ++i) {
    if (std::find(cues.begin(), cues.end(), kCues[i]) != cues.end()) bits |= static_cast<std::uint8_t>(1u << i);
  }
  return bits;
}

std::vector<std::string> cue_names(std::uint8_t bits) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kCues.size(); ++i) {
    if ((bits >> i & 1u) != 0) names.emplace_back(kCues[i]);
  }
  return names;
}

Grade grade(const Gravity& gravity) {
  Grade severity;
  const auto point = [&severity](bool earned, const char* why) {
    if (!earned) return;
    ++severity.level;
    severity.why.emplace_back(why);
  };
  const double excess = gravity.observed - gravity.expected;
  point(gravity.observed >= kMultiple * std::max(gravity.expected, kLeastExpected), "multiple");
  point(gravity.observed >= kMany, "many");
  point(gravity.observed >= kCrowd, "crowd");
  point(excess >= kFastAnHour * std::max(gravity.hours, kLeastHours), "fast");
  point(gravity.reach >= kReach, "reach");
  point(gravity.cues != 0, "cue");
  point(gravity.grave_theme, "theme");
  point(gravity.hours >= kLasting, "lasting");
  // A person may be in danger: that is never small.
  if ((gravity.cues & kCueSelfHarm) != 0) severity.level = std::max(severity.level, 4);
  severity.level = std::min(severity.level, 5);
  return severity;
}

}  // namespace vigie
