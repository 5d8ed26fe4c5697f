#include "store/moderation.h"

#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ModerationStoreTest : public testing::Test {
 protected:
  static LeafToAppend leaf() {
    return {[](const LeafPlace& place) -> Result<NewLeaf> {
      return NewLeaf{concat("{\"entry\":", std::to_string(place.index), "}"), to_epoch(kNoon)};
    }};
  }

  std::int64_t receive(const std::string& channel = "web", const std::string& mention = "") {
    NewReview one;
    one.review.brand = "acme";
    one.review.origin = "web";
    one.review.channel = channel;
    one.review.scale = "1-5";
    one.review.incentive = one.review.verified = "none";
    one.review.received = kNoon;
    one.review.lock = std::string(32, 'l');
    one.review.secret_by = "server";
    one.review.contact = "client-0042@example.org";
    one.review.tell = true;
    if (!mention.empty()) {
      one.review.source = "shop";
      one.review.mention = mention;
    }
    ReviewVersion& version = one.review.versions.emplace_back();
    version.at = kNoon;
    version.deadline = kNoon + 7 * kDay;
    version.rating = 2;
    version.values[kText] = "En retard.";
    version.keys.fill(std::string(32, 'k'));
    one.leaf = leaf();
    return store->reviews().receive("acme", {one}).value().front().id;
  }
  Review review(std::int64_t id) { return *store->reviews().review(id).value(); }
  Result<std::int64_t> decide(std::int64_t id, const std::string& what, unsigned masked = 0) {
    ReviewAct act;
    act.review = id;
    act.version = review(id).newest().leaf;
    act.act = what;
    act.by = "human";
    act.who = "ana";
    act.at = kNoon;
    if (what == "refuse" || what == "hide") act.code = "OFF-TOPIC";
    act.masked = masked;
    if (masked != 0) act.masked_text = "▇▇▇▇▇▇";
    return store->reviews().decide(act, leaf());
  }
  std::int64_t last_act(std::int64_t id) { return store->reviews().acts(id).value().back().number; }

  Appeal against_last_act(std::int64_t id) {
    Appeal appeal;
    appeal.review = id;
    appeal.version = review(id).newest().leaf;
    appeal.act = last_act(id);
    appeal.words = "Ce n'est pas juste.";
    appeal.decided_by = "ana";
    appeal.at = kNoon;
    return appeal;
  }

  std::int64_t improve(std::int64_t id) {
    Improvement one;
    one.brand = "acme";
    one.theme = "delivery";
    one.refs = {review(id).leaf};
    return moderation().add_improvement(one, step(ImprovementState::open), leaf()).value();
  }
  static ImprovementStep step(ImprovementState state) {
    ImprovementStep one;
    one.state = state;
    one.at = kNoon;
    one.by = "ana";
    one.fields.values[kText] = concat("Un transporteur de plus\nDepuis ", to_text(state));
    one.fields.keys.fill(std::string(32, 'k'));
    return one;
  }
  ModerationStore& moderation() { return store->moderation(); }

  std::unique_ptr<Store> store = open_store();
};

TEST_F(ModerationStoreTest, LiftsTheMaskOfWhatIsShownAndKeepsItUnderWhatWasTakenOff) {
  const std::int64_t id = receive();
  ASSERT_TRUE(decide(id, "publish"));
  EXPECT_EQ(decide(id, "restore").error().kind, ErrorKind::bad_data);
  ASSERT_TRUE(decide(id, "mask", 1u << kText));
  ASSERT_TRUE(decide(id, "hide"));

  ASSERT_TRUE(decide(id, "restore"));
  EXPECT_EQ(review(id).shown()->masked, 1u << kText);
  ASSERT_TRUE(decide(id, "restore"));

  EXPECT_EQ(review(id).shown()->masked, 0u);
  EXPECT_EQ(review(id).shown()->masked_text, "");
  EXPECT_EQ(review(id).shown()->values[kText], "En retard.");
}

TEST_F(ModerationStoreTest, KeepsOneObjectionADecision) {
  const std::int64_t id = receive();
  ASSERT_TRUE(decide(id, "publish"));
  ASSERT_TRUE(decide(id, "hide"));
  const std::int64_t first = moderation().add_appeal(against_last_act(id)).value();
  EXPECT_EQ(moderation().add_appeal(against_last_act(id)).value(), first);
  ASSERT_TRUE(decide(id, "restore"));
  ASSERT_TRUE(decide(id, "hide"));

  const std::int64_t second = moderation().add_appeal(against_last_act(id)).value();

  EXPECT_NE(second, first);
  ASSERT_TRUE(moderation().decide_appeal(first, "restored", "Oui.", "ben", kNoon));
  EXPECT_EQ(moderation().decide_appeal(first, "upheld", "Non.", "ben", kNoon).error().kind, ErrorKind::gone);
  const std::vector<Appeal> waiting = moderation().appeals(true, 10).value();
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(waiting[0].act, last_act(id));
  EXPECT_THAT(moderation().appeals_of(id).value(), SizeIs(2));
}

TEST_F(ModerationStoreTest, KnowsWhoIsOwedAWordAndHowTheyGotIt) {
  const std::int64_t id = receive();
  ASSERT_TRUE(decide(id, "refuse"));
  const std::vector<Untold> owed = moderation().untold(10).value();
  ASSERT_THAT(owed, SizeIs(1));
  EXPECT_EQ(owed[0].about(), concat("act:", std::to_string(last_act(id))));
  EXPECT_EQ(moderation().how_told(id).value(), "");

  ASSERT_TRUE(moderation().set_told(id, owed[0].about(), "nobody", kNoon));
  ASSERT_TRUE(moderation().set_told(id, owed[0].about(), "mail", kNoon));  // the first word counts

  EXPECT_EQ(moderation().how_told(id).value(), "nobody");
  EXPECT_THAT(moderation().untold(10).value(), IsEmpty());
}

TEST_F(ModerationStoreTest, DecidesANoticeOnceAndForgetsItsSender) {
  Notice notice;
  notice.brand = "acme";
  notice.review = receive();
  notice.kind = "illegal";
  notice.reason = "Mon nom est écrit là.";
  notice.name = "Un lecteur";
  notice.mail = "lecteur@example.org";
  notice.language = "fr";
  notice.status = std::string(32, 's');
  notice.at = kNoon;
  const std::int64_t id = moderation().add_notice(notice).value();
  EXPECT_EQ(moderation().notice_of_status(notice.status).value()->id, id);

  ASSERT_TRUE(moderation().decide_notice(id, "masked", "Masqué.", "ana", kNoon));

  EXPECT_EQ(moderation().decide_notice(id, "kept", "Non.", "ana", kNoon).error().kind, ErrorKind::gone);
  EXPECT_THAT(moderation().notices(true, 10).value(), IsEmpty());
  EXPECT_EQ(moderation().forget_senders(kNoon).value(), 0);
  EXPECT_EQ(moderation().forget_senders(kNoon + kDay).value(), 1);
  EXPECT_EQ(moderation().notice(id).value()->outcome, "masked");
  EXPECT_EQ(moderation().notice(id).value()->mail, "");
}

TEST_F(ModerationStoreTest, QueuesChangesOfWhatWasCollectedAlone) {
  receive("import", "1");
  receive("web", "2");
  const auto store_mention = [&](const std::string& id, const std::string& text) {
    Judged one = judged(id, text);
    one.mention.source = "shop";
    JudgedBatch batch = batch_of({one}, kNoon);
    batch.source = "shop";
    commit(*store, batch);
  };
  for (const char* id : {"1", "2"}) store_mention(id, "En retard.");
  EXPECT_THAT(moderation().changed_mentions(10).value(), IsEmpty());

  for (const char* id : {"1", "2"}) store_mention(id, "Arrivé.");

  const std::vector<ChangedMention> changes = moderation().changed_mentions(10).value();
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(store->mention(changes[0].seq).value()->mention.id, "1");
  ASSERT_TRUE(moderation().taken_changes(changes[0].number));
  EXPECT_THAT(moderation().changed_mentions(10).value(), IsEmpty());
}

TEST_F(ModerationStoreTest, FindsEveryImprovementThatIsNotMeasured) {
  const std::int64_t id = receive();
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(improve(id));
  for (const std::int64_t one : {ids[0], ids[1]}) {
    ASSERT_TRUE(moderation().add_step(one, step(ImprovementState::done), std::nullopt, leaf()));
  }
  ASSERT_TRUE(moderation().add_step(ids[1], step(ImprovementState::measured), Effect{}, leaf()));

  const std::vector<Improvement> waiting = moderation().unmeasured("acme").value();

  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(waiting[0].id, ids[0]);
  EXPECT_EQ(waiting[0].title(), "Un transporteur de plus");
  EXPECT_EQ(waiting[0].since(ImprovementState::done), kNoon);
  EXPECT_THAT(moderation().unmeasured("other").value(), IsEmpty());
  EXPECT_THAT(moderation().to_tell(ids[0]).value(), ElementsAre(id));
  ASSERT_TRUE(moderation().asked(ids[0], id, kNoon));
  EXPECT_THAT(moderation().to_tell(ids[0]).value(), IsEmpty());
  ASSERT_TRUE(moderation().answered(ids[0], id, false, kNoon));
  EXPECT_EQ(moderation().improvement(ids[0]).value()->did_not, 1);
}

}  // namespace
}  // namespace vigie
