#include "app/replay_brand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/replay_history.h"
#include "app/watch.h"
#include "pipeline/themes.h"
#include "tests/app/stored_weeks.h"

namespace vigie {
namespace {

using test::kMonday;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() {
    settings_.brands = {{"acme", "Acme", "Acme", "en"}, {"zeta", "Zeta", "Zeta", "en"}, {"mute", "Mute", "Mute", "en"}};
  }

  // Two brands mixed, each with a storm of its own day.
  void two_brands() {
    for (int day = 0; day < 20; ++day) {
      weeks_.quiet("acme", kMonday + day * kDay, 1);
      weeks_.quiet("zeta", kMonday + day * kDay, 1);
      if (day == 13) weeks_.storm("acme", kMonday + 14 * kDay - minutes(5), 30);
      if (day == 15) weeks_.storm("zeta", kMonday + 16 * kDay - minutes(5), 30);
    }
  }

  ReplayedHistory replayed(int threads, std::vector<std::string> brands, HistoryRead read = {},
                           std::map<std::string, std::vector<Acceptance>> accepted = {}) {
    ReplayPlan plan;
    plan.settings = {&settings_};
    plan.themes = theme_ids();
    plan.brands = std::move(brands);
    plan.accepted = std::move(accepted);
    plan.read = std::move(read);
    plan.to = kMonday + 21 * kDay;
    plan.threads = threads;
    auto done = replay_history(plan, *store_);
    EXPECT_TRUE(done) << done.error().what;
    return *std::move(done);
  }

  Settings settings_;
  std::unique_ptr<Store> store_ = open_sqlite_store("sqlite::memory:").value();
  test::StoredWeeks weeks_{*store_};
};

std::vector<std::string> as_json(const std::vector<ReplayedIncident>& incidents) {
  std::vector<std::string> out;
  for (const ReplayedIncident& one : incidents)
    out.push_back(concat(to_json(one.first), to_json(one.incident), std::to_string(one.messages)));
  return out;
}

TEST_F(ReplayTest, FindsTheStormOfEachBrandAndItsEnd) {
  two_brands();

  const ReplayedHistory history = replayed(1, {"acme", "zeta", "mute"});

  ASSERT_THAT(history.brands, SizeIs(3));
  ASSERT_THAT(history.brands[0][0], SizeIs(1));
  const ReplayedIncident& storm = history.brands[0][0][0];
  EXPECT_GE(storm.incident.opened, kMonday + 13 * kDay + hours(23));
  EXPECT_LE(storm.incident.opened, kMonday + 14 * kDay + hours(1));
  EXPECT_TRUE(storm.incident.ended.has_value());
  EXPECT_GE(storm.messages, 2) << "that it began and that it is over";
  EXPECT_THAT(history.brands[1][0], SizeIs(1));
  EXPECT_THAT(history.brands[2][0], IsEmpty());
}

TEST_F(ReplayTest, GivesTheSameOnAnyNumberOfThreads) {
  two_brands();

  const ReplayedHistory one = replayed(1, {"acme", "zeta", "mute"}), many = replayed(3, {"acme", "zeta", "mute"});

  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(as_json(one.brands[i][0]), as_json(many.brands[i][0]));
  EXPECT_EQ(one.mentions, many.mentions);
}

TEST_F(ReplayTest, OfOneBrandAloneGivesWhatAllTogetherGive) {
  two_brands();

  const ReplayedHistory all = replayed(2, {"acme", "zeta"}), alone = replayed(1, {"zeta"}, {.brand = "zeta"});

  EXPECT_EQ(as_json(all.brands[1][0]), as_json(alone.brands[0][0]));
}

TEST_F(ReplayTest, TellsTheStoryThatTheWatchToldThen) {
  two_brands();
  ManualClock clock(kMonday + 21 * kDay);
  Metrics metrics;
  Pulse owed;
  Watch watch(settings_, *store_, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  while (watch.tick().value()) {
  }

  const std::vector<Incident> then = store_->incidents("acme", false, 10).value();
  const ReplayedHistory again = replayed(1, {"acme"});

  ASSERT_THAT(then, SizeIs(1));
  ASSERT_THAT(again.brands[0][0], SizeIs(1));
  EXPECT_EQ(again.brands[0][0][0].incident.id, then[0].id);
  EXPECT_EQ(again.brands[0][0][0].incident.opened, then[0].opened);
  EXPECT_EQ(again.brands[0][0][0].incident.severity, then[0].severity);
}

TEST_F(ReplayTest, EndsAnIncidentWhereAPersonCalledItNormal) {
  two_brands();
  const Time accepted = kMonday + 14 * kDay + minutes(40);

  const ReplayedHistory ebbs = replayed(1, {"acme"});
  const ReplayedHistory ends = replayed(1, {"acme"}, {}, {{"acme", {{accepted, "negative"}}}});

  ASSERT_THAT(ends.brands[0][0], SizeIs(1));
  const std::optional<Time> ended = ends.brands[0][0][0].incident.ended;
  ASSERT_TRUE(ended.has_value());
  EXPECT_GE(*ended, accepted);
  EXPECT_LT(*ended, ebbs.brands[0][0][0].incident.ended.value()) << "the hold time, not the hours a storm needs to ebb";
}

TEST_F(ReplayTest, PassesABackFillOver) {
  weeks_.quiet("acme", kMonday, 14);
  JudgedBatch old;
  old.source = "archive";
  old.history = true;
  old.ingested = kMonday + 14 * kDay;
  for (int i = 0; i < 60; ++i) {
    Judged one;
    one.mention.source = "archive";
    one.mention.id = std::to_string(i);
    one.mention.author.id = concat("old", std::to_string(i));
    one.mention.created = kMonday + 14 * kDay - minutes(i);
    one.brands = {"acme"};
    one.judgement.p_neg = .9;
    one.judgement.label = Label::negative;
    old.mentions.push_back(one);
  }
  ASSERT_TRUE(store_->commit(old));

  EXPECT_THAT(replayed(1, {"acme"}).brands[0][0], IsEmpty());
}

TEST(ReplayBrand, HasNothingToSayOfABrandNobodySpeaksOf) {
  const Settings settings;
  ReplayBrand replay(settings, theme_ids(), "acme", {{kMonday, "negative"}});

  replay.pass(kMonday + 365 * kDay);

  EXPECT_THAT(replay.incidents(), IsEmpty());
}

}  // namespace
}  // namespace vigie
