#include "app/allowance.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

const Time kStart = parse_rfc3339("2026-11-21T12:00:00Z").value();

class AllowanceTest : public testing::Test {
 protected:
  void SetUp() override {
    store = open_sqlite_store("sqlite::memory:").value();
    limits.requests = 30;
    limits.per = minutes(1);
    limits.bucket = "network of one credential";
  }

  std::unique_ptr<Allowances> opened(Time now, bool restarted = false) {
    auto made = std::make_unique<Allowances>(*store, metrics, Duration(seconds(1)));
    EXPECT_TRUE(made->open(now, restarted));
    return made;
  }

  // As many requests as may go between `from` and `until`, each answered at once; the times at which they went.
  std::vector<Time> spend(Allowances& allowances, Time from, Time until) {
    std::vector<Time> sent;
    for (Time now = from; now < until;) {
      const Time free = allowances.free_at(target(), now).value();
      if (free > now) {
        now = free;
        continue;
      }
      EXPECT_TRUE(allowances.take(target(), now));
      allowances.done(target(), now);
      sent.push_back(now);
    }
    return sent;
  }

  Allowances::Target target() const { return {"https://api.example.org", &limits}; }

  std::unique_ptr<Store> store;
  Metrics metrics;
  SourceLimits limits;
};

TEST_F(AllowanceTest, NoStretchOfAMinuteSeesMoreThanTheAllowance) {
  const auto allowances = opened(kStart);

  const std::vector<Time> sent = spend(*allowances, kStart, kStart + minutes(5));

  for (const Time& start : sent) {
    const auto in_a_minute =
        std::count_if(sent.begin(), sent.end(), [&](Time t) { return t >= start && t < start + minutes(1); });
    EXPECT_LE(in_a_minute, 30);
  }
  EXPECT_GE(sent.size(), 100u);
}

TEST_F(AllowanceTest, ARestartGivesNothingBack) {
  spend(*opened(kStart), kStart, kStart + minutes(1));

  const std::vector<Time> after =
      spend(*opened(kStart + minutes(1), true), kStart + minutes(1), kStart + minutes(1) + seconds(10));

  EXPECT_LE(after.size(), 5u);
}

TEST_F(AllowanceTest, TooManyRequestsMakeEveryoneWhoSharesItWaitAlsoAfterARestart) {
  const auto allowances = opened(kStart);
  ASSERT_TRUE(allowances->rest(target(), kStart + minutes(10), kStart));
  SourceLimits same = limits;

  EXPECT_EQ(allowances->free_at({"https://other.example.org", &same}, kStart), kStart + minutes(10));
  EXPECT_EQ(opened(kStart + minutes(1), true)->free_at(target(), kStart + minutes(1)), kStart + minutes(10));
}

TEST_F(AllowanceTest, AHostTakesOneRequestAtATimeUnlessTheDefinitionSaysMore) {
  const auto allowances = opened(kStart);
  limits.requests = 0;
  ASSERT_TRUE(allowances->take(target(), kStart));

  EXPECT_FALSE(allowances->free_at(target(), kStart + seconds(5)));
  limits.parallel = 2;
  EXPECT_TRUE(allowances->free_at(target(), kStart + seconds(5)));
  allowances->done(target(), kStart + seconds(5));
  EXPECT_EQ(allowances->free_at(target(), kStart + seconds(5)), kStart + seconds(6));
}

TEST_F(AllowanceTest, AfterARestartEveryHostHasItsPauseFirst) {
  limits.requests = 0;

  EXPECT_EQ(opened(kStart, true)->free_at(target(), kStart), kStart + seconds(1));
  EXPECT_LE(opened(kStart, false)->free_at(target(), kStart), kStart);
}

}  // namespace
}  // namespace vigie
