#include <cmath>

#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Ingest, KeepsEveryFieldOfAMention) {
  const auto store = open_store();
  Judged j = judged("1", "colis jamais arrivé");
  Mention& m = j.mention;
  m.url = "https://news.example/1";
  m.kind = "review";
  m.author = {"a1", "client-0042", "@client_0042", 1240};
  m.title = "Déçu";
  m.rating = Rating{2, 1, 5};
  m.lang = "fr-FR";
  m.updated = kNoon + minutes(3);
  m.likes = 0;
  m.parent = "0";
  m.thread = "t";
  m.reply = OwnReply{"Désolés.", kNoon + hours(1)};
  m.verified = false;
  m.place = "Lyon";
  m.version = "2.1";
  m.late_zone = true;
  j.judgement = {
      "fr", 0.7, 0.2, 0.1, Label::negative, true, {"delivery", "support"}, {"legal"}, {{"jamais", -1.5}}, "lexicon-1"};
  j.judgement.aspects = {{"acme", "", 0.8, 0.15, 0.05, Label::negative},
                         {"", "delivery", 0.1, 0.2, 0.7, Label::positive}};
  j.judgement.contradiction = true;
  j.brands = {"acme", "zenith"};

  commit(*store, batch_of({j}, kNoon + minutes(5)));

  const auto found = store->mention(1);
  ASSERT_TRUE(found && *found);
  const StoredMention& stored = **found;
  EXPECT_EQ(to_json(stored.mention), to_json(m));
  EXPECT_EQ(stored.mention.likes, 0);
  EXPECT_EQ(stored.mention.shares, std::nullopt) << "absent is not nought";
  EXPECT_TRUE(stored.mention.late_zone);
  EXPECT_THAT(stored.brands, ElementsAre("acme", "zenith"));
  EXPECT_THAT(stored.judgement.themes, ElementsAre("delivery", "support"));
  EXPECT_THAT(stored.judgement.cues, ElementsAre("legal"));
  ASSERT_EQ(stored.judgement.drivers.size(), 1u);
  EXPECT_EQ(stored.judgement.drivers[0].word, "jamais");
  EXPECT_EQ(stored.judgement.drivers[0].weight, -1.5);
  EXPECT_EQ(stored.judgement.p_neg, 0.7);
  EXPECT_EQ(stored.judgement.label, Label::negative);
  EXPECT_TRUE(stored.judgement.unsure);
  EXPECT_TRUE(stored.judgement.contradiction);
  ASSERT_EQ(stored.judgement.aspects.size(), 2u);
  EXPECT_EQ(stored.judgement.aspects[0].brand, "acme");
  EXPECT_EQ(stored.judgement.aspects[0].p_neg, 0.8);
  EXPECT_EQ(stored.judgement.aspects[1].theme, "delivery");
  EXPECT_EQ(stored.judgement.aspects[1].label, Label::positive);
  EXPECT_EQ(stored.ingested, kNoon + minutes(5));
  EXPECT_EQ(stored.event, kNoon);
}

TEST(Ingest, TakesARedeliveredBatchOnce) {
  const auto store = open_store();
  const JudgedBatch batch = batch_of({judged("1", "un"), judged("2", "deux")});

  commit(*store, batch);
  const CommitSummary again = commit(*store, batch);

  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(again.repeated, 2);
  EXPECT_EQ(again.last_seq, 2);
  EXPECT_EQ(store->count_mentions(), 2);
  EXPECT_EQ(store->sources()->at(0).mentions, 2);
}

TEST(Ingest, TellsTheSameIdOfTwoSourcesApart) {
  const auto store = open_store();
  Judged other = judged("1", "deux");
  other.mention.source = "forum";

  const CommitSummary summary = commit(*store, batch_of({judged("1", "un"), other}));

  EXPECT_EQ(summary.added, 2);
}

TEST(Ingest, GivesSeqInOrderOfDelivery) {
  const auto store = open_store();

  commit(*store, batch_of({judged("9", "un"), judged("3", "deux")}));
  commit(*store, batch_of({judged("7", "trois")}));

  EXPECT_THAT(ids(store->mentions_after(0, 10)), ElementsAre("9", "3", "7"));
  EXPECT_THAT(ids(store->mentions_after(1, 1)), ElementsAre("3"));
}

TEST(Ingest, KeepsTheVersionBeforeAnEditAndItsPlace) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "bien"), judged("2", "autre")}));

  const CommitSummary summary = commit(*store, batch_of({negative(judged("1", "finalement nul"))}, kNoon + hours(1)));

  EXPECT_EQ(summary.edited, 1);
  EXPECT_EQ(summary.added, 0);
  const StoredMention stored = **store->mention(1);
  EXPECT_TRUE(stored.edited);
  EXPECT_EQ(stored.mention.text, "finalement nul");
  EXPECT_EQ(stored.judgement.label, Label::negative);
  EXPECT_EQ(stored.ingested, kNoon);
  EXPECT_THAT(ids(store->mentions_after(2, 10)), IsEmpty()) << "the watch must not see it again";
}

TEST(Ingest, RefreshesCountersWithoutCallingItAnEdit) {
  const auto store = open_store();
  Judged j = judged("1", "bien");
  j.mention.likes = 3;
  commit(*store, batch_of({j}));

  j.mention.likes = 12;
  j.mention.shares = 1;
  commit(*store, batch_of({j}));
  j.mention.likes = std::nullopt;
  commit(*store, batch_of({j}));

  const StoredMention stored = **store->mention(1);
  EXPECT_EQ(stored.mention.likes, 12) << "a source that stops telling does not undo what it told";
  EXPECT_EQ(stored.mention.shares, 1);
  EXPECT_FALSE(stored.edited);
}

TEST(Ingest, FollowsAnEditWithinTheSameBatchToItsNewBrand) {
  const auto store = open_store();
  Judged edited = judged("1", "globex instead");
  edited.brands = {"globex"};

  commit(*store, batch_of({judged("1", "acme"), judged("2", "acme too"), edited}));

  EXPECT_THAT(ids(store->mentions({.brand = "acme"})), ElementsAre("2"));
  EXPECT_THAT(ids(store->mentions({.brand = "globex"})), ElementsAre("1"));
}

TEST(Ingest, TakesAnEditWithinTheSameBatch) {
  const auto store = open_store();

  const CommitSummary summary = commit(*store, batch_of({judged("1", "avant"), judged("1", "apres")}));

  EXPECT_EQ(summary.added, 1);
  EXPECT_EQ(summary.edited, 1);
  EXPECT_THAT(ids(store->mentions({.search = "apres"})), ElementsAre("1"));
  EXPECT_THAT(ids(store->mentions({.search = "avant"})), IsEmpty());
}

TEST(Ingest, KeepsAPersonsLabelWhileTheWordsStay) {
  const auto store = open_store();
  Judged j = judged("1", "bien");
  commit(*store, batch_of({j}));
  ASSERT_TRUE(store->set_human_label(1, Label::positive, "marie", kNoon));

  j.mention.reply = OwnReply{"Merci !", kNoon};
  j.content = 1;
  commit(*store, batch_of({j}));
  const auto after_reply = (**store->mention(1)).judgement.human;
  commit(*store, batch_of({judged("1", "tout autre chose")}));
  const auto after_rewriting = (**store->mention(1)).judgement.human;

  EXPECT_EQ(after_reply, Label::positive);
  EXPECT_EQ(after_rewriting, std::nullopt);
}

TEST(Ingest, EmptiesWhatWasDeletedAtTheSource) {
  const auto store = open_store();
  Judged j = judged("1", "texte à effacer");
  j.mention.author = {"a1", "client-0042", "client0042", 3};
  j.mention.url = "https://social.example/@client0042/1";
  commit(*store, batch_of({j}));
  JudgedBatch deletion = batch_of({});
  deletion.gone = {"1", "never seen"};

  const CommitSummary summary = commit(*store, deletion);

  EXPECT_EQ(summary.gone, 1);
  const StoredMention stored = **store->mention(1);
  EXPECT_TRUE(stored.deleted);
  EXPECT_EQ(stored.mention.text + stored.mention.url + stored.mention.author.name + stored.mention.author.handle, "");
  EXPECT_THAT(ids(store->mentions({})), IsEmpty());
  EXPECT_THAT(ids(store->mentions_after(0, 10)), IsEmpty());
  EXPECT_THAT(ids(store->mentions({.search = "effacer"})), IsEmpty());
}

TEST(Ingest, DoesNotBringBackWhatWasDeleted) {
  const auto store = open_store();
  const JudgedBatch old_page = batch_of({judged("1", "texte")});
  commit(*store, old_page);
  JudgedBatch deletion = batch_of({});
  deletion.gone = {"1"};
  commit(*store, deletion);

  const CommitSummary summary = commit(*store, old_page);

  EXPECT_EQ(summary.repeated, 1);
  EXPECT_TRUE((**store->mention(1)).deleted);
}

TEST(Ingest, CountsAnAbsentOrFarFutureDateAsNow) {
  const auto store = open_store();
  Judged undated = judged("1", "un");
  undated.mention.created = std::nullopt;

  commit(*store,
         batch_of({undated, at(judged("2", "deux"), kNoon + hours(25)), at(judged("3", "trois"), kNoon + hours(23))}));

  EXPECT_EQ((**store->mention(1)).event, kNoon);
  EXPECT_EQ((**store->mention(2)).event, kNoon);
  EXPECT_EQ((**store->mention(3)).event, kNoon + hours(23));
}

TEST(Ingest, MarksABackFillAsHistory) {
  const auto store = open_store();
  JudgedBatch first = batch_of({judged("1", "un")});
  first.history = true;

  commit(*store, first);
  commit(*store, batch_of({judged("2", "deux")}));

  EXPECT_TRUE((**store->mention(1)).history);
  EXPECT_FALSE((**store->mention(2)).history);
}

TEST(Ingest, SetsARefusedRowAsideAndKeepsItsNeighbours) {
  const auto store = open_store();
  Judged broken = judged("2", "deux");
  broken.judgement.p_neg = std::nan("");

  const CommitSummary summary =
      commit(*store, batch_of({judged("1", "un"), broken, judged("", "sans id"), judged("3", "trois")}));

  EXPECT_EQ(summary.added, 2);
  EXPECT_EQ(summary.rejected, 2);
  EXPECT_THAT(ids(store->mentions_after(0, 10)), ElementsAre("1", "3"));
  EXPECT_THAT(ids(store->mentions({.search = "trois"})), ElementsAre("3"));
  const auto rejected = store->rejected("hn", 10);
  ASSERT_EQ(rejected->size(), 2u);
  EXPECT_THAT(rejected->at(1).reason, HasSubstr("p_neg"));
  EXPECT_THAT(rejected->at(1).bytes, HasSubstr("\"deux\""));
}

TEST(Ingest, KeepsARecordRefusedWithEveryPollOnce) {
  const auto store = open_store();
  JudgedBatch batch = batch_of({});
  batch.rejected = {{std::string("\xff\0{", 3), "not JSON"}};

  const CommitSummary first = commit(*store, batch);
  batch.ingested = kNoon + minutes(1);
  const CommitSummary second = commit(*store, batch);

  EXPECT_EQ(first.rejected, 1);
  EXPECT_EQ(second.rejected, 0);
  const auto rows = store->rejected("", 10);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->at(0).bytes, std::string("\xff\0{", 3));
  EXPECT_EQ(rows->at(0).at, kNoon + minutes(1));
  EXPECT_EQ(store->count_rejected(), 1);
}

TEST(Ingest, CutsTheBytesOfAHugeRejectedRecord) {
  const auto store = open_store();
  JudgedBatch batch = batch_of({});
  batch.rejected = {{std::string(1u << 20, 'x'), "too large"}};

  commit(*store, batch);

  EXPECT_EQ(store->rejected("", 1)->at(0).bytes.size(), 64u << 10);
}

TEST(Ingest, KnowsHowASourceIsDoing) {
  const auto store = open_store();
  SourceHealth health;
  health.source = "hn";
  health.state = "failing";
  health.last_try = kNoon;
  health.failures = 3;
  health.polls = 8;
  health.error = "404";
  health.mentions = 99;  // not the caller's to say
  ASSERT_TRUE(store->save_health(health));

  commit(*store, batch_of({at(judged("1", "un"), kNoon - hours(2)), at(judged("2", "deux"), kNoon - hours(3))}));

  const auto sources = store->sources();
  ASSERT_EQ(sources->size(), 1u);
  const SourceHealth& hn = sources->at(0);
  EXPECT_EQ(hn.state, "failing");
  EXPECT_EQ(hn.failures, 3);
  EXPECT_EQ(hn.error, "404");
  EXPECT_EQ(hn.last_try, kNoon);
  EXPECT_EQ(hn.last_success, std::nullopt);
  EXPECT_EQ(hn.mentions, 2);
  EXPECT_EQ(hn.last_item, kNoon);
  EXPECT_EQ(hn.newest_event, kNoon - hours(2));
}

}  // namespace
}  // namespace vigie
