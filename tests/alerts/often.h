// A RapidCheck property tried far more often than its default of a hundred.

#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace vigie::test {

// VIGIE_PROPERTY_RUNS asks for another number of runs.
template <class Property>
void holds_often(const Property& property, int runs = 10'000) {
  const char* const asked = std::getenv("VIGIE_PROPERTY_RUNS");
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = asked == nullptr ? runs : std::max(1, std::atoi(asked));
  const rc::detail::TestResult result = rc::detail::checkTestable(property, rc::detail::TestMetadata{}, params);
  std::ostringstream told;
  rc::detail::printResultMessage(result, told);
  EXPECT_TRUE(result.template is<rc::detail::SuccessResult>()) << told.str();
}

}  // namespace vigie::test
