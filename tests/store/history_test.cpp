#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> read(Store& store, const HistoryRead& wanted) {
  std::vector<std::string> found;
  const auto history = store.history(wanted);
  EXPECT_TRUE(history) << history.error().what;
  StoredMention mention;
  for (;;) {
    const Result<bool> more = (*history)->next(mention);
    if (!more) ADD_FAILURE() << more.error().what;
    if (!more || !*more) return found;
    found.push_back(std::to_string(mention.seq));
  }
}

Judged of(Judged one, std::vector<std::string> brands) {
  one.brands = std::move(brands);
  return one;
}

TEST(History, GivesTheMentionsOfOneBrandOrOfAllInTheirOrder) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "un"), of(judged("2", "deux"), {"zeta"}),
                           of(judged("3", "trois"), {"acme", "zeta"}), of(judged("4", "quatre"), {})}));

  EXPECT_THAT(read(*store, {}), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(read(*store, {.brand = "zeta"}), ElementsAre("2", "3"));
  EXPECT_THAT(read(*store, {.brand = "zeta", .after = 2}), ElementsAre("3"));
  EXPECT_THAT(read(*store, {.brand = "nobody"}), IsEmpty());
}

TEST(History, EndsWhereItIsTold) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "un")}, kNoon));
  commit(*store, batch_of({judged("2", "deux")}, kNoon + hours(1)));
  commit(*store, batch_of({judged("3", "trois")}, kNoon + 3 * kDay));

  EXPECT_THAT(read(*store, {.before = kNoon + hours(1)}), ElementsAre("1"));
  EXPECT_EQ(store->seq_before(kNoon).value(), 0);
  EXPECT_EQ(store->seq_before(kNoon + minutes(1)).value(), 1);
  EXPECT_EQ(store->seq_before(kNoon + 9 * kDay).value(), 3);
}

TEST(History, LeavesDeletedMentionsOut) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "un"), judged("2", "deux")}));
  JudgedBatch deletion = batch_of({});
  deletion.gone = {"1"};
  commit(*store, deletion);

  EXPECT_THAT(read(*store, {}), ElementsAre("2"));
  EXPECT_THAT(read(*store, {.brand = "acme"}), ElementsAre("2"));
}

// What the rules count by must be there without words, and nothing may stay over from the mention before.
TEST(History, WithoutWordsIsTheSameMentionWithoutItsText) {
  const auto store = open_store();
  Judged rich = review(negative(judged("1", "colis perdu")), 2);
  rich.mention.author.handle = "client-0042";
  rich.mention.author.followers = 1200;
  rich.mention.parent = "0";
  rich.mention.reply = OwnReply{"désolés", kNoon};
  rich.judgement.themes = {"delivery", "staff"};
  rich.judgement.cues = {"injury"};
  rich.judgement.aspects = {{"acme", "", .9, .1, 0, Label::negative}};
  commit(*store, batch_of({rich, judged("2", "bof"), judged("3", "colis perdu")}));
  ASSERT_TRUE(store->set_human_label(2, Label::positive, "marie", kNoon));

  const auto lean = store->history({}).value();
  const auto whole = store->history({.words = true}).value();
  StoredMention one, other;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(lean->next(one).value());
    ASSERT_TRUE(whole->next(other).value());
    EXPECT_EQ(one.seq, other.seq);
    EXPECT_EQ(one.ingested, other.ingested);
    EXPECT_EQ(one.event, other.event);
    EXPECT_EQ(one.original, other.original);
    EXPECT_EQ(one.brands, other.brands);
    EXPECT_EQ(one.judgement.themes, other.judgement.themes);
    EXPECT_EQ(one.judgement.cues, other.judgement.cues);
    EXPECT_EQ(one.mention.author.followers, other.mention.author.followers);
    EXPECT_EQ(one.judgement.p_neg_for("acme"), other.judgement.p_neg_for("acme"));
    EXPECT_EQ(one.judgement.effective_for("acme"), other.judgement.effective_for("acme"));
    EXPECT_EQ(one.judgement.aspects.size(), other.judgement.aspects.size());
    EXPECT_EQ(one.mention.source, other.mention.source);
    EXPECT_EQ(one.mention.kind, other.mention.kind);
    EXPECT_EQ(one.mention.author.id, other.mention.author.id);
    EXPECT_EQ(one.mention.author.handle, other.mention.author.handle);
    EXPECT_EQ(one.mention.parent, other.mention.parent);
    EXPECT_EQ(one.mention.rating.has_value(), other.mention.rating.has_value());
    EXPECT_EQ(one.mention.reply.has_value(), other.mention.reply.has_value());
    EXPECT_TRUE(one.mention.text.empty());
    EXPECT_FALSE(other.mention.text.empty());
  }
}

TEST(History, IsReadWhileOthersWrite) {
  test::TempDir folder;
  const std::string url = "sqlite:" + folder.file("vigie.db");
  const auto reading = open_store(url), writing = open_store(url);
  commit(*writing, batch_of({judged("1", "un"), judged("2", "deux")}));
  const auto history = reading->history({}).value();
  StoredMention mention;
  ASSERT_TRUE(history->next(mention).value());

  commit(*writing, batch_of({judged("3", "trois")}));

  ASSERT_TRUE(history->next(mention).value());
  EXPECT_FALSE(history->next(mention).value()) << "it shows what was there when it began";
}

TEST(ChangedSince, CountsWhatPeopleAndSourcesChangedLater) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "un"), judged("2", "deux"), judged("3", "trois"), judged("4", "quatre")}));
  const Time then = kNoon + minutes(1);
  commit(*store, batch_of({judged("1", "tout autre chose")}, kNoon + hours(1)));
  ASSERT_TRUE(store->set_human_label(2, Label::positive, "marie", kNoon + hours(1)));
  JudgedBatch deletion = batch_of({});
  deletion.gone = {"3"};
  commit(*store, deletion);

  const ChangedSince changed = store->changed_since("acme", kNoon - hours(1), then).value();

  EXPECT_EQ(changed.edited, 1);
  EXPECT_EQ(changed.corrected, 1);
  EXPECT_EQ(changed.deleted, 1);
  EXPECT_EQ(store->changed_since("acme", kNoon - hours(1), kNoon + hours(2)).value().edited, 0) << "before that time";
}

}  // namespace
}  // namespace vigie
