#include "app/look_again.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const Time kStart = parse_rfc3339("2026-11-21T12:00:00Z").value();

// A network that is asked for so many at once, an hour after, and perhaps again and again.
class Rules final : public Recheck {
 public:
  explicit Rules(std::size_t at_once, std::optional<Duration> every = {}) : every_(every), at_once_(at_once) {}
  const std::vector<Duration>& ages() const override { return ages_; }
  std::optional<Duration> every() const override { return every_; }
  std::size_t at_once() const override { return at_once_; }
  Result<std::optional<HttpRequest>> ask(const std::vector<KnownMention>&, const Cursor&, Time) const override {
    return std::optional<HttpRequest>();
  }
  Result<Batch> read(const HttpReply&, const std::vector<KnownMention>&, const Cursor&, Time) const override {
    return Batch{};
  }

 private:
  std::vector<Duration> ages_{hours(1)};
  std::optional<Duration> every_;
  std::size_t at_once_;
};

class LookAgainTest : public testing::Test {
 protected:
  void SetUp() override { store = open_sqlite_store("sqlite::memory:").value(); }

  void stored(int count, Time at = kStart, const std::string& author = "") {
    JudgedBatch batch;
    batch.source = "hn";
    batch.ingested = at;
    for (int i = 0; i < count; ++i) {
      Judged judged;
      judged.mention.source = "hn";
      judged.mention.id = std::to_string(++ids);
      judged.mention.author.id = author;
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

  // All that is due from `from` to `to`, asked for as soon as it may be: when each was, as "id at hours".
  static std::vector<std::string> asked(LookAgain& looking, Time from, Time to) {
    std::vector<std::string> out;
    for (Time now = from; now <= to; now = std::max(now + seconds(1), looking.due())) {
      if (!looking.begin(now).value()) continue;
      for (const KnownMention& mention : looking.page())
        out.push_back(concat(mention.id, " at ", std::to_string((now - kStart) / hours(1))));
      looking.sift({}, now);
      EXPECT_TRUE(looking.stored(now));
    }
    return out;
  }

  std::unique_ptr<Store> store;
  int ids = 0;
};

TEST_F(LookAgainTest, GoesThroughAllThatIsStoredAgainAndAgain) {
  const Rules rules(2, hours(12));
  stored(3);
  const auto look = looking(rules, kStart);

  EXPECT_THAT(asked(*look, kStart, kStart + hours(26)),
              UnorderedElementsAre("1 at 1", "2 at 1", "3 at 1",      // at its age
                                   "1 at 12", "2 at 12", "3 at 12",   // and every half day
                                   "1 at 24", "2 at 24", "3 at 24"));
}

TEST_F(LookAgainTest, GoesOnInTheMiddleOfAllThatIsStoredAfterARestart) {
  const Rules rules(20, hours(12));
  stored(30);
  asked(*looking(rules, kStart), kStart, kStart + hours(2));  // once at their age
  const auto first = looking(rules, kStart + hours(12));
  ASSERT_TRUE(first->begin(kStart + hours(12)).value());
  first->sift({}, kStart + hours(12));
  ASSERT_TRUE(first->stored(kStart + hours(12)));

  const auto again = looking(rules, kStart + hours(12) + minutes(1));
  const std::vector<std::string> rest = asked(*again, kStart + hours(12) + minutes(1), kStart + hours(23));

  EXPECT_THAT(rest, SizeIs(10));
  EXPECT_EQ(rest.front(), "21 at 12");
}

TEST_F(LookAgainTest, OwesNothingForWhatHasLostItsTextByItsTerms) {
  SourceFacts facts;
  facts.source = "hn";
  facts.keep_for = kDay;
  ASSERT_TRUE(store->save_facts(facts));
  stored(2);
  const Rules rules(20, hours(12));
  const auto look = looking(rules, kStart);
  const auto before = asked(*look, kStart, kStart + hours(13));
  ASSERT_EQ(store->erase_expired(kStart + kDay + hours(1), 10), 2);

  EXPECT_THAT(before, SizeIs(4));
  EXPECT_THAT(asked(*look, kStart + kDay + hours(1), kStart + 3 * kDay), IsEmpty());
}

TEST_F(LookAgainTest, LeavesPollsTheirAllowanceWhileItGoesThroughAll) {
  const Rules rules(20, hours(12));
  stored(60);
  const auto look = looking(rules, kStart);
  asked(*look, kStart, kStart + hours(2));
  const Time begun = kStart + hours(12);
  ASSERT_TRUE(look->begin(begun).value());
  look->sift({}, begun);
  ASSERT_TRUE(look->stored(begun));

  EXPECT_FALSE(look->begin(begun + seconds(4)).value());
  EXPECT_EQ(look->due(), begun + seconds(5));
  EXPECT_TRUE(look->begin(begun + seconds(5)).value());
}

TEST_F(LookAgainTest, TellsThatATimeThroughAllTookTooLong) {
  const Rules rules(20, hours(12));
  stored(40);
  const auto look = looking(rules, kStart);
  asked(*look, kStart, kStart + hours(11));
  const bool late_at_first = look->late().has_value();
  const Time begun = kStart + hours(12);
  ASSERT_TRUE(look->begin(begun).value());
  look->sift({}, begun);
  ASSERT_TRUE(look->stored(begun));
  look->put_off(begun + hours(13));  // the network was away
  asked(*look, begun + hours(13), begun + hours(13) + seconds(5));
  const auto late = look->late();
  const auto next = asked(*look, begun + hours(13) + seconds(6), begun + hours(14));

  EXPECT_FALSE(late_at_first);
  ASSERT_TRUE(late);
  EXPECT_EQ(*late / hours(1), 13);
  EXPECT_THAT(next, SizeIs(40)) << "the next time through begins at once";
  EXPECT_FALSE(look->late()) << "and was in time";
}

TEST_F(LookAgainTest, ADisappearanceHeldWhileGoingThroughAllIsFollowedAndTheRestComesAfter) {
  const Rules rules(20, hours(12));
  stored(30);
  LookAgain look(*store, "hn", rules, hours(24));
  ASSERT_TRUE(look.open(kStart));
  asked(look, kStart, kStart + hours(2));
  std::vector<std::string> missing;
  for (int id = 1; id <= 15; ++id) missing.push_back(std::to_string(id));
  const auto at_first = round(look, kStart + hours(12), missing);
  const auto confirmed = round(look, kStart + hours(18), missing);
  JudgedBatch batch;
  batch.source = "hn";
  batch.ingested = kStart + hours(18);
  batch.gone = confirmed;
  ASSERT_TRUE(store->commit(batch));

  EXPECT_THAT(at_first, IsEmpty());
  EXPECT_THAT(confirmed, SizeIs(15));
  EXPECT_THAT(asked(look, kStart + hours(18) + minutes(1), kStart + hours(19)), SizeIs(10));
}

TEST_F(LookAgainTest, FollowsAClosedAccountAtOnce) {
  const Rules rules(20);
  stored(5, kStart, "client-0042");
  stored(1, kStart, "client-0043");
  const std::vector<std::string> theirs = {"1", "2", "3", "4", "5"};

  EXPECT_THAT(round(*looking(rules, kStart + hours(1)), kStart + hours(1), theirs), ElementsAreArray(theirs));
}

TEST_F(LookAgainTest, TakesNobodysAccountForClosedWhenNobodyElseIsLeftToCompare) {
  const Rules rules(20);
  stored(6, kStart, "client-0042");
  const auto all_gone = round(*looking(rules, kStart + hours(1)), kStart + hours(1), {"1", "2", "3", "4", "5", "6"});

  EXPECT_THAT(all_gone, IsEmpty());
}

TEST_F(LookAgainTest, TakesPostsWithoutAnAuthorForAsManyPeoples) {
  const Rules rules(20);
  stored(5);
  stored(1, kStart, "client-0043");

  EXPECT_THAT(round(*looking(rules, kStart + hours(1)), kStart + hours(1), {"1", "2", "3", "4", "5"}), IsEmpty());
}

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
