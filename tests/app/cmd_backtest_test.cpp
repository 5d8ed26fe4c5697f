#include "app/cmd_backtest.h"

#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/load.h"
#include "app/watch.h"
#include "tests/app/stored_weeks.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using test::kMonday;
using testing::AllOf;
using testing::HasSubstr;

// Three weeks with two storms that the watch told of; a person found the first useful and the second a false alarm.
class BacktestTest : public testing::Test {
 protected:
  BacktestTest() {
    settings_.file.brands = {{"acme", "Acme", "Acme", "en"}};
    test::StoredWeeks weeks(*store_);
    weeks.quiet("acme", kMonday, 14);
    weeks.storm("acme", kMonday + 14 * kDay, 40);
    weeks.quiet("acme", kMonday + 14 * kDay + hours(2), 4);
    weeks.storm("acme", kMonday + 18 * kDay + hours(2), 8);
    weeks.quiet("acme", kMonday + 18 * kDay + hours(3), 3);
    Metrics metrics;
    Pulse owed;
    Watch watch(settings_.file, *store_, clock_, metrics, owed);
    EXPECT_TRUE(watch.open());
    while (watch.tick().value()) {
    }
    told_ = store_->incidents("acme", false, 10).value();
    request_.from = "2025-11-11";
    request_.to = "2025-12-02";
  }

  std::string ask(int status = 0) {
    std::ostringstream out, err;
    EXPECT_EQ(backtest(request_, settings_, *store_, clock_, out, err), status) << err.str();
    return status == 0 ? out.str() : err.str();
  }

  BacktestSettings settings_;
  BacktestRequest request_;
  std::unique_ptr<Store> store_ = open_sqlite_store("sqlite::memory:").value();
  ManualClock clock_{kMonday + 22 * kDay};
  std::vector<Incident> told_;  // newest first
};

TEST_F(BacktestTest, FindsWhatPeopleWereToldAndWhatTheySaid) {
  ASSERT_EQ(told_.size(), 2u);
  ASSERT_TRUE(store_->add_verdict({0, told_[1].id, clock_.now(), "marie", VerdictWord::useful}));
  ASSERT_TRUE(store_->add_verdict({0, told_[0].id, clock_.now(), "marie", VerdictWord::false_alarm}));

  EXPECT_THAT(ask(), AllOf(HasSubstr(concat("told then (", told_[1].id, "), called useful")),
                           HasSubstr(concat("told then (", told_[0].id, "), called a false alarm")),
                           HasSubstr("  2025-11            .............4...3.."),
                           HasSubstr("1 useful, 1 false, 0 not judged")));
}

TEST_F(BacktestTest, ShowsTheDifferenceASettingMakes) {
  settings_.changed = settings_.file;
  settings_.changed->detect.budget = 1e-9;
  request_.sets = {"detect.budget=1e-9"};
  ASSERT_EQ(told_.size(), 2u);
  ASSERT_TRUE(store_->add_verdict({0, told_[0].id, clock_.now(), "marie", VerdictWord::useful}));

  const std::string text = ask();

  EXPECT_THAT(text, AllOf(HasSubstr("  gone "), HasSubstr(concat("called useful (", told_[0].id, ")")),
                          HasSubstr("1 useful one missed")));
}

TEST_F(BacktestTest, GivesTheSameBytesOnAnyNumberOfThreads) {
  request_.json = true;
  request_.threads = 1;
  const std::string one = ask();
  request_.threads = 4;

  EXPECT_EQ(ask(), one);
  EXPECT_EQ(ask(), one);
}

TEST_F(BacktestTest, OfOneBrandAloneIsTheSame) {
  request_.csv = true;
  const std::string all = ask();
  request_.brand = "acme";

  EXPECT_EQ(ask(), all);
}

TEST_F(BacktestTest, SaysWhatIsWrongWithWhatWasAsked) {
  request_.brand = "acne";
  EXPECT_THAT(ask(2), HasSubstr("did you mean \"acme\"?"));
  request_.brand.clear();
  request_.from = "yesterday";
  EXPECT_THAT(ask(2), HasSubstr("--from: expected a day such as 2026-10-01"));
  request_.from = "2025-12-03";
  EXPECT_THAT(ask(2), HasSubstr("--from: expected a time before the end"));
}

TEST(BacktestSets, AreReadOverTheFile) {
  const test::TempDir folder;
  const std::string file = folder.write("vigie.toml",
                                        "[[brand]]\nid = \"acme\"\nname = \"Acme\"\n"
                                        "[[source]]\nid = \"a\"\nkind = \"feed\"\nurl = \"https://a.example/feed\"\n");

  EXPECT_EQ(load_settings(file, {"detect.budget=0.5"}).value().detect.budget, .5);
  EXPECT_THAT(load_settings(file, {"detect.budgt=0.5"}).error().what,
              AllOf(HasSubstr("--set "), HasSubstr("did you mean \"budget\"?")));
  EXPECT_THAT(load_settings(file, {"detect.budget"}).error().what, HasSubstr("expected PATH=VALUE"));
}

}  // namespace
}  // namespace vigie
