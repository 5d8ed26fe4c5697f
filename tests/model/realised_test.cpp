#include "model/realised.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const Time kNow = from_epoch(1795262400);

Incident incident(const std::string& id, const std::string& brand, Duration ago) {
  Incident one;
  one.id = id;
  one.brand = brand;
  one.opened = kNow - ago;
  one.state = IncidentState::closed;
  return one;
}

StandingVerdicts verdicts(std::initializer_list<std::pair<const char*, VerdictWord>> said) {
  StandingVerdicts standing;
  for (const auto& [id, word] : said) standing[id] = {1, id, kNow, "marie", word};
  return standing;
}

TEST(RealisedRate, CountsPerBrandWhatPeopleSaid) {
  const std::vector<Incident> all = {incident("a", "acme", kDay), incident("b", "acme", 2 * kDay),
                                     incident("c", "acme", 40 * kDay), incident("d", "zeta", kDay)};

  const auto rates = realised_rates(all, verdicts({{"a", VerdictWord::useful}, {"d", VerdictWord::false_alarm}}),
                                    kNow - kRealisedOver, kNow);

  ASSERT_THAT(rates, SizeIs(2));
  EXPECT_EQ(rates[0].brand, "zeta") << "the one to look at comes first";
  EXPECT_NEAR(rates[0].false_a_month(), 1 / 2.96, .01);
  EXPECT_EQ(rates[1].useful, 1);
  EXPECT_EQ(rates[1].unjudged, 2);
  EXPECT_EQ(rates[1].false_a_month(), 0);
  EXPECT_NEAR(rates[1].at_most_a_month(), 2 / 2.96, .01);
}

TEST(RealisedRate, DoesNotMakeAMonthlyRateOfThreeDays) {
  const auto rates =
      realised_rates({incident("a", "acme", kDay)}, verdicts({{"a", VerdictWord::false_alarm}}), kNow - 3 * kDay, kNow);

  ASSERT_THAT(rates, SizeIs(1));
  EXPECT_EQ(rates[0].false_a_month(), 1);
}

TEST(RealisedRate, LeavesOutWhatNobodyWasToldOfAndWhatLiesOutside) {
  Incident discarded = incident("a", "acme", kDay);
  discarded.state = IncidentState::discarded;
  Incident tried_out = incident("c", "acme", kDay);
  tried_out.shadow = true;

  EXPECT_THAT(realised_rates({discarded, tried_out, incident("b", "acme", 100 * kDay)}, {}, kNow - kRealisedOver, kNow),
              IsEmpty());
}

}  // namespace
}  // namespace vigie
