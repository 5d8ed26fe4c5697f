#include "alerts/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/alerts/often.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using test::at;

const Time kNoon = at("2026-11-21T12:00:00Z");

// Sends as soon as there is room, `count` times; minutes after noon at which it went out.
std::vector<int> as_soon_as_possible(const MessageBudget& budget, int count) {
  Spent spent;
  std::vector<int> sent;
  Time now = kNoon;
  for (int i = 0; i < count; ++i) {
    now = room_at(spent, budget, now);
    spent = spend(std::move(spent), budget, now);
    sent.push_back(static_cast<int>((now - kNoon) / minutes(1)));
  }
  return sent;
}

TEST(MessageBudgets, LetABurstPassAndThenOneAtATime) {
  EXPECT_THAT(as_soon_as_possible({3, minutes(20), 30}, 6), testing::ElementsAre(0, 0, 0, 20, 40, 60));
}

TEST(MessageBudgets, EndWithTheDaysNumber) {
  EXPECT_THAT(as_soon_as_possible({3, minutes(20), 4}, 6), testing::ElementsAre(0, 0, 0, 20, 1440, 1440));
}

TEST(MessageBudgets, FillUpAgainInQuietTimes) {
  const MessageBudget budget{3, minutes(20), 30};
  Spent spent;
  for (int i = 0; i < 3; ++i) spent = spend(std::move(spent), budget, kNoon);

  EXPECT_EQ(room_at(spent, budget, kNoon + minutes(5)), kNoon + minutes(20));
  EXPECT_EQ(room_at(spent, budget, kNoon + hours(2)), kNoon + hours(2));
}

TEST(MessageBudgets, AboutOneBrandCountByTheHour) {
  Spent spent;
  spent = spend_for_brand(std::move(spent), 2, kNoon);
  spent = spend_for_brand(std::move(spent), 2, kNoon + minutes(10));

  EXPECT_EQ(room_for_brand_at(spent, 2, kNoon + minutes(20)), kNoon + hours(1));
  EXPECT_EQ(room_for_brand_at(spent, 3, kNoon + minutes(20)), kNoon + minutes(20));
  EXPECT_EQ(room_for_brand_at(spent, 2, kNoon + minutes(60)), kNoon + minutes(60));
}

TEST(MessageBudgets, DoNotBlockLongerThanABucketLastsWhenTheClockIsPutBack) {
  const MessageBudget budget{2, minutes(20), 30};
  const Spent spent = spend(spend({}, budget, kNoon + 30 * kDay), budget, kNoon + 30 * kDay);

  EXPECT_EQ(room_at(spent, budget, kNoon), kNoon + minutes(20));
}

TEST(MessageBudgets, AreKeptAsText) {
  const MessageBudget budget{2, minutes(20), 30};
  const Spent spent = spend(spend({}, budget, kNoon), budget, kNoon + seconds(1));

  EXPECT_EQ(spent_from_json(to_json(spent)), spent);
  EXPECT_EQ(spent_from_json(""), Spent{});
  EXPECT_EQ(spent_from_json(R"({"full_again": "x", "recent": 7})"), Spent{});
}

TEST(MessageBudgets, HaveABucketForEachPersonLaneAndBrand) {
  EXPECT_EQ(bucket_name("ana", BudgetLane::ordinary), "ana|ordinary");
  EXPECT_EQ(bucket_name("ana", BudgetLane::reserve, "acme"), "ana|reserve|acme");
}

// However messages come, no window of any length holds more of those that passed than the budget says.
TEST(MessageBudgets, HoldInEveryWindow) {
  test::holds_often([] {
    const MessageBudget budget{*rc::gen::inRange(1, 8), minutes(*rc::gen::inRange(1, 90)), *rc::gen::inRange(1, 12)};
    const int per_hour = *rc::gen::inRange(1, 6);
    const auto waits = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 120));
    std::vector<Time> passed;
    Spent spent, on_brand;
    Time now = kNoon;
    for (const int wait : waits) {
      now += minutes(wait / 4);  // often within the same minute
      if (room_at(spent, budget, now) > now || room_for_brand_at(on_brand, per_hour, now) > now) continue;
      spent = spent_from_json(to_json(spend(std::move(spent), budget, now)));
      on_brand = spend_for_brand(std::move(on_brand), per_hour, now);
      passed.push_back(now);
    }
    for (std::size_t i = 0; i < passed.size(); ++i) {
      for (std::size_t j = i; j < passed.size(); ++j) {
        const auto count = static_cast<std::int64_t>(j - i + 1);
        const Duration window = passed[j] - passed[i];
        RC_ASSERT(count <= budget.burst + window / budget.refill);
        if (window < kDay) RC_ASSERT(count <= budget.per_day);
        if (window < hours(1)) RC_ASSERT(count <= per_hour);
      }
    }
  });
}

// What waits goes out at the instant that was promised, and not before: no message waits for ever.
TEST(MessageBudgets, KeepTheirPromise) {
  test::holds_often([] {
    const MessageBudget budget{*rc::gen::inRange(1, 8), minutes(*rc::gen::inRange(1, 90)), *rc::gen::inRange(1, 12)};
    Spent spent;
    Time now = kNoon;
    for (const int wait : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 90))) {
      now += minutes(wait / 3);
      const Time room = room_at(spent, budget, now);
      RC_ASSERT(room >= now);
      RC_ASSERT(room_at(spent, budget, room) == room);
      if (room > now) RC_ASSERT(room_at(spent, budget, room - Duration(1)) == room);
      spent = spend(std::move(spent), budget, room);
      now = room;
    }
  });
}

}  // namespace
}  // namespace vigie
