#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Labels, KeepWhatTheMachineSaidBesideWhatPeopleSay) {
  const auto store = open_store();
  commit(*store, batch_of({negative(judged("1", "bof"))}));

  ASSERT_TRUE(store->set_human_label(1, Label::negative, "marie", kNoon));
  ASSERT_TRUE(store->set_human_label(1, Label::positive, "paul", kNoon + minutes(5)));

  const Judgement now = (**store->mention(1)).judgement;
  EXPECT_EQ(now.label, Label::negative);
  EXPECT_EQ(now.effective(), Label::positive);
  const std::vector<Correction> history = store->corrections(1).value();
  ASSERT_THAT(history, SizeIs(2));
  EXPECT_TRUE(history[0].confirms());
  EXPECT_EQ(history[0].by, "marie");
  EXPECT_EQ(history[0].at, kNoon);
  EXPECT_EQ(history[0].machine, Label::negative);
  EXPECT_EQ(history[0].model, "lexicon-1");
  EXPECT_FALSE(history[1].confirms());
  EXPECT_EQ(history[1].label, Label::positive);
}

TEST(Labels, StayInTheHistoryWhenTakenBack) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "bof")}));
  ASSERT_TRUE(store->set_human_label(1, Label::positive, "marie", kNoon));

  ASSERT_TRUE(store->set_human_label(1, std::nullopt, "marie", kNoon + minutes(1)));
  ASSERT_TRUE(store->set_human_label(1, std::nullopt, "marie", kNoon + minutes(2)));

  EXPECT_FALSE((**store->mention(1)).judgement.human);
  const std::vector<Correction> history = store->corrections(1).value();
  ASSERT_THAT(history, SizeIs(2)) << "what is not there cannot be taken back again";
  EXPECT_EQ(history[0].label, Label::positive);
  EXPECT_EQ(history[1].label, std::nullopt);
}

TEST(Labels, AreListedWhileTheTextTheyWereAboutIsThere) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "un"), judged("2", "deux"), judged("3", "trois"), judged("4", "quatre")}));
  for (const std::int64_t seq : {1, 2, 3}) ASSERT_TRUE(store->set_human_label(seq, Label::positive, "marie", kNoon));

  commit(*store, batch_of({judged("1", "tout autre chose")}));
  JudgedBatch deletion = batch_of({});
  deletion.gone = {"2"};
  commit(*store, deletion);

  EXPECT_THAT(ids(store->labelled_after(0, 10)), ElementsAre("3"));
  EXPECT_THAT(ids(store->labelled_after(3, 10)), IsEmpty());
  EXPECT_THAT(store->corrections(1).value(), SizeIs(1)) << "the history of what people did stays";
}

TEST(Labels, OfErasedTextsAreNotListed) {
  const auto store = open_store();
  SourceFacts facts;
  facts.source = "hn";
  facts.keep_for = std::chrono::days(30);
  ASSERT_TRUE(store->save_facts(facts));
  commit(*store, batch_of({judged("1", "un")}));
  ASSERT_TRUE(store->set_human_label(1, Label::positive, "marie", kNoon));

  ASSERT_EQ(store->erase_expired(kNoon + std::chrono::days(31), 10), 1);

  EXPECT_THAT(ids(store->labelled_after(0, 10)), IsEmpty());
}

TEST(Labels, AreRefusedWhereThereIsNoMention) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "un")}));
  JudgedBatch deletion = batch_of({});
  deletion.gone = {"1"};
  commit(*store, deletion);

  EXPECT_THAT(store->set_human_label(12, Label::positive, "marie", kNoon).error().what,
              HasSubstr("there is no mention 12"));
  EXPECT_THAT(store->set_human_label(1, Label::positive, "marie", kNoon).error().what,
              HasSubstr("mention 1 was deleted at its source"));
}

TEST(Labels, FindAMentionByItsSourceAndId) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "un"), judged("2", "deux")}));

  EXPECT_EQ(store->seq_of("hn", "2").value(), 2);
  EXPECT_EQ(store->seq_of("hn", "3").value(), std::nullopt);
  EXPECT_EQ(store->seq_of("forum", "2").value(), std::nullopt);
}

}  // namespace
}  // namespace vigie
