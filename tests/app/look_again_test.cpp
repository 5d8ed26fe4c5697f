#include "app/look_again.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Time kStart = parse_rfc3339("2026-11-21T12:00:00Z").value();

// A network that is asked for so many at once, an hour after.
class Rules final : public Recheck {
 public:
  explicit Rules(std::size_t at_once) : at_once_(at_once) {}
  const std::vector<Duration>& ages() const override { return ages_; }
  std::size_t at_once() const override { return at_once_; }
  Result<std::optional<HttpRequest>> ask(const std::vector<KnownMention>&, const Cursor&, Time) const override {
    return std::optional<HttpRequest>();
  }
  Result<Batch> read(const HttpReply&, const std::vector<KnownMention>&, const Cursor&, Time) const override {
    return Batch{};
  }

 private:
  std::vector<Duration> ages_{hours(1)};
  std::size_t at_once_;
};

class LookAgainTest : public testing::Test {
 protected:
  void SetUp() override { store = open_sqlite_store("sqlite::memory:").value(); }

  void stored(int count, Time at = kStart) {
    JudgedBatch batch;
    batch.source = "hn";
    batch.ingested = at;
    for (int i = 0; i < count; ++i) {
      Judged judged;
      judged.mention.source = "hn";
      judged.mention.id = std::to_string(++ids);
      judged.mention.text = concat("Acme, number ", judged.mention.id);
      batch.mentions.push_back(judged);
    }
    ASSERT_TRUE(store->commit(batch));
  }

  std::unique_ptr<LookAgain> looking(const Recheck& rules, Time now) {
    auto made = std::make_unique<LookAgain>(*store, "hn", rules);
    EXPECT_TRUE(made->open(now));
    return made;
  }

  // Asks for a whole round of which `gone` are missing; what may be deleted.
  static std::vector<std::string> round(LookAgain& looking, Time now, const std::vector<std::string>& gone) {
    std::vector<std::string> deleted;
    std::size_t left = 0;
    while (looking.begin(now).value()) {
      Batch answer;
      for (const KnownMention& mention : looking.page()) {
        if (std::find(gone.begin(), gone.end(), mention.id) != gone.end()) answer.gone.push_back(mention.id);
      }
      Batch sifted = looking.sift(std::move(answer), now);
      deleted.insert(deleted.end(), sifted.gone.begin(), sifted.gone.end());
      EXPECT_TRUE(looking.stored(now));
      if (++left > 100) break;
    }
    return deleted;
  }

  std::unique_ptr<Store> store;
  int ids = 0;
};

TEST_F(LookAgainTest, AsksInPagesOfWhatTheNetworkTakesOnceTheMentionsAreOldEnough) {
  const Rules rules(3);
  stored(5);
  const auto early = looking(rules, kStart + minutes(59));
  const bool any_early = early->begin(kStart + minutes(59)).value();

  const auto look = looking(rules, kStart + hours(1));
  ASSERT_TRUE(look->begin(kStart + hours(1)).value());
  const auto first_page = look->page();
  const auto deleted = round(*look, kStart + hours(1), {"2"});

  EXPECT_FALSE(any_early);
  EXPECT_EQ(early->due(), kStart + hours(1));
  EXPECT_THAT(first_page, SizeIs(3));
  EXPECT_THAT(deleted, ElementsAre("2"));
  EXPECT_FALSE(look->begin(kStart + hours(1)).value());
}

TEST_F(LookAgainTest, GoesOnWhereItWasAfterARestart) {
  const Rules rules(20);
  stored(3);
  round(*looking(rules, kStart + hours(1)), kStart + hours(1), {});
  stored(1, kStart + minutes(30));

  const auto again = looking(rules, kStart + hours(2));
  ASSERT_TRUE(again->begin(kStart + hours(2)).value());

  ASSERT_THAT(again->page(), SizeIs(1));
  EXPECT_EQ(again->page()[0].id, "4");
}

TEST_F(LookAgainTest, MostOfAPageMissingIsAskedForAgainADayLaterBeforeItIsBelieved) {
  const Rules rules(20);
  stored(6);
  const std::vector<std::string> missing = {"1", "2", "3", "4"};
  const auto look = looking(rules, kStart + hours(1));

  const auto at_first = round(*look, kStart + hours(1), missing);
  const auto held = look->held();
  const bool within_the_day = looking(rules, kStart + hours(20))->begin(kStart + hours(20)).value();
  const auto confirmed = round(*looking(rules, kStart + hours(26)), kStart + hours(26), missing);

  EXPECT_THAT(at_first, IsEmpty());
  ASSERT_TRUE(held);
  EXPECT_EQ(held->mentions, 4u);
  EXPECT_FALSE(within_the_day);
  EXPECT_THAT(confirmed, ElementsAre("1", "2", "3", "4"));
}

TEST_F(LookAgainTest, DoubtTakesNoLongerThanADutyToDeleteLeaves) {
  const Rules rules(20);
  stored(6);
  const std::vector<std::string> missing = {"1", "2", "3", "4"};
  LookAgain look(*store, "hn", rules, hours(24));
  ASSERT_TRUE(look.open(kStart + hours(1)));

  EXPECT_THAT(round(look, kStart + hours(1), missing), IsEmpty()) << "it may be an outage";
  EXPECT_THAT(round(look, kStart + hours(6), missing), IsEmpty());
  EXPECT_THAT(round(look, kStart + hours(7), missing), ElementsAre("1", "2", "3", "4"));
}

TEST_F(LookAgainTest, AnOutageDeletesNothingEvenWhereOneIsAskedForAtATime) {
  const Rules rules(1);
  stored(5);
  const auto during = round(*looking(rules, kStart + hours(1)), kStart + hours(1), {"1", "2", "3", "4", "5"});

  const auto after = round(*looking(rules, kStart + hours(26)), kStart + hours(26), {"3"});

  EXPECT_THAT(during, IsEmpty());
  EXPECT_THAT(after, ElementsAre("3"));
}

TEST_F(LookAgainTest, BelievesOnlyWhatItAskedFor) {
  const Rules rules(20);
  stored(2);
  const auto look = looking(rules, kStart + hours(1));
  ASSERT_TRUE(look->begin(kStart + hours(1)).value());
  Batch answer;
  answer.gone = {"1", "somebody else's"};

  EXPECT_THAT(look->sift(std::move(answer), kStart + hours(1)).gone, ElementsAre("1"));
}

}  // namespace
}  // namespace vigie
