// What the collect loop remembers in the store, and what a source's terms make of its mentions.

#include "tests/store/stored.h"

namespace vigie {
namespace {

using test::judged;
using test::kNoon;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Judged at_address(const std::string& id, const std::string& url, const std::string& text) {
  Judged j = judged(id, text);
  j.mention.url = url;
  return j;
}

class CollectingTest : public testing::Test {
 protected:
  void SetUp() override { store = test::open_store(); }

  void facts(const std::string& source, const std::string& network) {
    ASSERT_TRUE(store->save_facts({source, network}));
  }

  CommitSummary commit(const std::string& source, std::vector<Judged> mentions, Time at = kNoon) {
    JudgedBatch batch;
    batch.source = source;
    batch.ingested = at;
    for (Judged& j : mentions) j.mention.source = source;
    batch.mentions = std::move(mentions);
    auto done = store->commit(batch);
    EXPECT_TRUE(done) << done.error().what;
    return done.value_or(CommitSummary{});
  }

  CommitSummary gone(const std::string& source, const std::string& id) {
    JudgedBatch batch;
    batch.source = source;
    batch.ingested = kNoon;
    batch.gone = {id};
    return store->commit(batch).value();
  }

  std::vector<StoredMention> stored() { return store->mentions_after(0, 100).value(); }

  std::unique_ptr<Store> store;
};

TEST_F(CollectingTest, CountsArrivalsByTheDayTheyWereWritten) {
  Judged old = judged("1", "written the day before yesterday");
  old.mention.created = kNoon - 2 * kDay;

  commit("hn", {old, judged("2", "written today"), judged("3", "also written today")});
  commit("hn", {judged("3", "also written today")});

  const std::vector<DayCount> days = store->arrivals("hn").value();
  ASSERT_THAT(days, SizeIs(2));
  EXPECT_EQ(days[0].day, kNoon - 2 * kDay - hours(12));
  EXPECT_EQ(days[0].items, 1);
  EXPECT_EQ(days[1].items, 2);
}

TEST_F(CollectingTest, AMentionWithAGlobalIdIsStoredOnceForAllInstances) {
  facts("here", "mastodon");
  facts("there", "mastodon");
  Judged first = judged("https://a.example/1", "Acme broke again today");
  first.mention.native = "11";
  Judged second = judged("https://a.example/1", "Acme broke again today, as the other instance writes it");
  second.mention.native = "99";
  second.brands = {"acme", "other"};

  commit("here", {first});
  const CommitSummary again = commit("there", {second});

  EXPECT_EQ(again.added, 0);
  ASSERT_THAT(stored(), SizeIs(1));
  EXPECT_EQ(stored()[0].mention.text, "Acme broke again today");
  EXPECT_FALSE(stored()[0].edited);
  EXPECT_THAT(stored()[0].brands, ElementsAre("acme", "other"));
  const std::vector<HourCount> hours_of_other = store->hourly("other", kNoon, kNoon + hours(1)).value();
  EXPECT_EQ(hours_of_other.at(0).total, 1);
}

TEST_F(CollectingTest, TheSameIdAtTwoAddressesIsTwoMentions) {
  facts("one", "stackexchange");
  facts("two", "stackexchange");

  commit("one", {at_address("7", "https://a.example/q/7", "How do I return an Acme kettle?")});
  commit("two", {at_address("7", "https://b.example/q/7", "Acme or another brand of kettle?")});
  const CommitSummary twin =
      commit("two", {at_address("7", "https://b.example/q/7", "Acme or another brand of kettle?")});

  EXPECT_EQ(twin.repeated, 1);
  EXPECT_THAT(stored(), SizeIs(2));
}

TEST_F(CollectingTest, AnIdThatIsAUriIsGlobalAlsoWhereAStreamBringsIt) {
  facts("polled", "bluesky");
  facts("streamed", "bluesky");
  Judged polled = judged("at://did:plc:x/app.bsky.feed.post/1", "Acme broke again today");
  polled.mention.native = "1";

  commit("polled", {polled});
  commit("streamed", {judged("at://did:plc:x/app.bsky.feed.post/1", "Acme broke again today")});

  EXPECT_THAT(stored(), SizeIs(1));
}

TEST_F(CollectingTest, ADeletionToldByAnotherInstanceCounts) {
  facts("here", "mastodon");
  facts("there", "mastodon");
  Judged first = judged("https://a.example/1", "Acme broke again today");
  first.mention.native = "11";
  commit("here", {first});

  EXPECT_EQ(gone("there", "https://a.example/1").gone, 1);
  EXPECT_THAT(stored(), IsEmpty());
}

TEST_F(CollectingTest, AFeedThatRenumbersItsItemsDoesNotDoubleThem) {
  facts("blog", "feed");
  std::vector<Judged> before, after;
  for (int i = 0; i < 10; ++i) {
    const std::string n = std::to_string(i);
    before.push_back(at_address("old-" + n, "https://blog.example/" + n, "Acme news of day " + n));
    after.push_back(at_address("new-" + n, "https://blog.example/" + n, "Acme news of day " + n));
  }
  after.push_back(at_address("new-10", "https://blog.example/10", "Acme news of day ten"));

  commit("blog", before);
  const CommitSummary summary = commit("blog", after);

  EXPECT_EQ(summary.renamed, 10);
  EXPECT_EQ(summary.added, 1);
  EXPECT_THAT(stored(), SizeIs(11));
  EXPECT_EQ(stored()[0].mention.id, "new-0");
}

TEST_F(CollectingTest, AFeedWhoseItemsAreAllNewIsTakenAsItIs) {
  facts("blog", "feed");
  std::vector<Judged> before, after;
  for (int i = 0; i < 10; ++i) {
    const std::string n = std::to_string(i);
    before.push_back(at_address("a" + n, "https://blog.example/a" + n, "Acme, morning " + n));
    after.push_back(at_address("b" + n, "https://blog.example/b" + n, "Acme, evening " + n));
  }

  commit("blog", before);

  EXPECT_EQ(commit("blog", after).added, 10);
}

TEST_F(CollectingTest, TermsThatKeepNoTextLeaveLinkRatingAndJudgement) {
  ASSERT_TRUE(store->save_facts({"yelp", "yelp", false}));
  Judged review = test::negative(test::review(judged("1", "Acme ruined the floor"), 1));
  review.mention.url = "https://reviews.example/1";

  commit("yelp", {review});
  commit("yelp", {review});

  ASSERT_THAT(stored(), SizeIs(1));
  EXPECT_EQ(stored()[0].mention.text, "");
  EXPECT_EQ(stored()[0].mention.author.id, "");
  EXPECT_EQ(stored()[0].mention.url, "https://reviews.example/1");
  EXPECT_EQ(stored()[0].mention.rating->value, 1);
  EXPECT_EQ(stored()[0].judgement.label, Label::negative);
  MentionFilter words;
  words.search = "floor";
  EXPECT_THAT(store->mentions(words).value(), IsEmpty());
}

TEST_F(CollectingTest, TextIsErasedWhenItsTimeIsOverAndDoesNotComeBack) {
  ASSERT_TRUE(store->save_facts({"hn", "hackernews", true, 30 * kDay}));
  commit("hn", {test::by(judged("1", "Acme burnt the toast"), "client-0042")});
  commit("hn", {judged("2", "Acme sold a toaster")}, kNoon + 20 * kDay);

  const std::int64_t erased = store->erase_expired(kNoon + 31 * kDay, 100).value();
  commit("hn", {judged("1", "Acme burnt the toast, an edit says")}, kNoon + 31 * kDay);

  EXPECT_EQ(erased, 1);
  ASSERT_THAT(stored(), SizeIs(2));
  EXPECT_EQ(stored()[0].mention.text, "");
  EXPECT_EQ(stored()[0].mention.author.id, "");
  EXPECT_EQ(stored()[1].mention.text, "Acme sold a toaster");
  MentionFilter words;
  words.search = "toast";
  EXPECT_THAT(store->mentions(words).value(), IsEmpty());
  EXPECT_EQ(store->erase_expired(kNoon + 31 * kDay, 100).value(), 0);
}

TEST_F(CollectingTest, LooksAgainAtWhatIsOldEnoughInOrder) {
  Judged first = judged("1", "the first of three");
  first.mention.native = "n1";
  commit("hn", {first}, kNoon);
  commit("hn", {judged("2", "the second of three")}, kNoon + minutes(30));
  commit("other", {judged("3", "of another source")}, kNoon + minutes(40));
  Look look = store->look("hn", hours(1), kNoon + hours(1)).value();

  const DueMentions due = store->due_mentions(look, 0, kNoon + hours(1), 10).value();
  look.seq = due.mentions.back().seq;
  ASSERT_TRUE(store->save_look(look));
  const DueMentions later =
      store->due_mentions(store->look("hn", hours(1), kNoon).value(), 0, kNoon + hours(1), 10).value();

  ASSERT_THAT(due.mentions, SizeIs(1));
  EXPECT_EQ(due.mentions[0].native, "n1");
  EXPECT_THAT(later.mentions, IsEmpty());
  EXPECT_EQ(later.next, kNoon + minutes(30));
}

TEST_F(CollectingTest, LookingAgainDoesNotBeginWithTheDistantPast) {
  commit("hn", {judged("1", "from long before anybody looked again")}, kNoon);
  commit("hn", {judged("2", "from today")}, kNoon + 9 * kDay);

  const Look look = store->look("hn", hours(1), kNoon + 9 * kDay + hours(1)).value();

  EXPECT_EQ(look.seq, 1);
}

TEST_F(CollectingTest, RemembersAllowancesSpendingAndMoves) {
  ASSERT_TRUE(store->save_allowance({"x", 3.5, kNoon, kNoon + minutes(5)}));
  ASSERT_TRUE(store->spend("x", kNoon, 100));
  ASSERT_TRUE(store->save_move({"blog", "https://old.example/", "https://new.example/", kNoon, 2, std::nullopt}));

  const std::int64_t spent = store->spend("x", kNoon, 20).value();

  EXPECT_EQ(spent, 120);
  EXPECT_EQ(store->allowances().value().at(0).tokens, 3.5);
  EXPECT_EQ(store->allowances().value().at(0).rest_until, kNoon + minutes(5));
  EXPECT_EQ(store->moves().value().at(0).polls, 2);
  ASSERT_TRUE(store->forget_move("blog"));
  EXPECT_THAT(store->moves().value(), IsEmpty());
}

TEST_F(CollectingTest, HurriedSourcesCalmDown) {
  WatchCommit raised;
  raised.hurry = {{"hn", kNoon + hours(1)}};
  ASSERT_TRUE(store->commit_watch(raised));

  EXPECT_THAT(store->hurried(kNoon).value(), ElementsAre("hn"));
  EXPECT_THAT(store->hurried(kNoon + hours(1)).value(), IsEmpty());
}

}  // namespace
}  // namespace vigie
