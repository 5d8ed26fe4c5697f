#include "alerts/notifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using testing::ElementsAre, testing::IsEmpty;

Error transient() { return {ErrorKind::transient, "", std::nullopt}; }

TEST(RetryAfter, DoublesItsBoundUpToAQuarterOfAnHour) {
  EXPECT_EQ(retry_after(1, transient(), 1.0), seconds(2));
  EXPECT_EQ(retry_after(2, transient(), 1.0), seconds(4));
  EXPECT_EQ(retry_after(5, transient(), 1.0), seconds(32));
  EXPECT_EQ(retry_after(12, transient(), 1.0), minutes(15));
  EXPECT_EQ(retry_after(2000000000, transient(), 1.0), minutes(15));
}

TEST(RetryAfter, IsSpreadOverTheWholeBound) {
  EXPECT_EQ(retry_after(4, transient(), 0.0), seconds(0));
  EXPECT_EQ(retry_after(4, transient(), 0.5), seconds(8));
}

TEST(RetryAfter, IsNeverSoonerThanTheRemoteAsked) {
  const Error limited{ErrorKind::rate_limited, "", seconds(90)};

  EXPECT_EQ(retry_after(1, limited, 0.5), seconds(90));
  EXPECT_EQ(retry_after(12, limited, 1.0), minutes(15));
}

TEST(Route, TellsThoseWhoAskedForThatBrandAndSeverityOnce) {
  Incident incident;
  incident.brand = "acme";
  incident.severity = 4;
  const auto tells = [](std::vector<std::string> brands, Severity least, std::vector<std::string> to) {
    RouteSettings settings;
    settings.brands = std::move(brands);
    settings.min_severity = least;
    settings.to = std::move(to);
    return settings;
  };
  const std::vector<RouteSettings> routes = {tells({}, Severity::info, {"hook", "everyone"}),
                                             tells({"acme", "other"}, Severity::high, {"on-call", "everyone"}),
                                             tells({"acme"}, Severity::critical, {"boss"}),
                                             tells({"other"}, Severity::info, {"other-team"})};

  EXPECT_THAT(route(incident, routes), ElementsAre("everyone", "hook", "on-call"));
  incident.severity = 5;
  EXPECT_THAT(route(incident, routes), ElementsAre("boss", "everyone", "hook", "on-call"));
  EXPECT_THAT(route(incident, {}), IsEmpty());
}

}  // namespace
}  // namespace vigie
