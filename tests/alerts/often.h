// A RapidCheck property tried far more often than its default of a hundred: 10,000 cases in the suite, and as many as
// VIGIE_PROPERTY_RUNS says wherever somebody asks for more.
//
// ctest gives every property the same seed each time (cmake/Folder.cmake); by hand, and where more cases than the suite's
// are asked for, they are drawn anew, and RC_PARAMS="seed=N" draws those of a failure again.

#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <sstream>

namespace vigie::test {

inline constexpr int kRunsOfTheSuite = 10'000;
inline constexpr std::uint64_t kSeedOfTheSuite = 20261121;

struct Often {
  // Whether a failure is made smaller. What is drawn from much text would take minutes for that, and tells its case as
  // it is instead.
  bool shrink = true;
  int part = 0, parts = 1;  // this is one of so many tests that share the cases, so that ctest runs them side by side
};

inline rc::detail::TestParams params_of(const Often& often) {
  const char* const asked = std::getenv("VIGIE_PROPERTY_RUNS");
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  const int all = asked == nullptr ? kRunsOfTheSuite : std::atoi(asked);
  params.maxSuccess = std::max(1, (all + often.parts - 1) / often.parts);
  if (all > kRunsOfTheSuite && params.seed == kSeedOfTheSuite) params.seed = std::random_device()();
  params.seed += static_cast<std::uint64_t>(often.part);
  params.disableShrinking = params.disableShrinking || !often.shrink;
  return params;
}

// What a failed check of one case says, followed by the case.
template <class Check, class Show>
void showing(const Check& check, const Show& show) {
  try {
    check();
  } catch (rc::detail::CaseResult& result) {
    result.description += "\n" + show();
    throw;
  }
}

template <class Property>
void holds_often(const Property& property, const Often& often = {}) {
  const rc::detail::TestParams params = params_of(often);
  const rc::detail::TestResult result = rc::detail::checkTestable(property, rc::detail::TestMetadata{}, params);
  std::ostringstream told;
  rc::detail::printResultMessage(result, told);
  EXPECT_TRUE(result.template is<rc::detail::SuccessResult>())
      << told.str() << "\nseed=" << params.seed - static_cast<std::uint64_t>(often.part);
}

}  // namespace vigie::test
