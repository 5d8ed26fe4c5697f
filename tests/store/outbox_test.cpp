#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;

constexpr Duration kLease = minutes(1);

Notification owed(const std::string& id, std::int64_t seq, Time due = kNoon, const std::string& endpoint = "ops") {
  Notification n;
  n.id = id;
  n.subject_kind = "incident";
  n.subject_id = "i1";
  n.seq = seq;
  n.purpose = "first";
  n.endpoint = endpoint;
  n.recipient = "client-0042";
  n.document = R"({"brand":"acme"})";
  n.created = kNoon;
  n.due = due;
  return n;
}

class Outbox : public testing::Test {
 protected:
  void owe(const std::vector<Notification>& notifications) { ASSERT_TRUE(store_->add_notifications(notifications)); }
  std::optional<Notification> claim(Time now) { return *store_->claim_notification(now, kLease); }
  std::string claimed_id(Time now) {
    const auto claimed = claim(now);
    return claimed ? claimed->id : "none";
  }
  bool finish(const Notification& n, const SendOutcome& outcome) {
    return *store_->finish_notification(n.id, n.claim_no, outcome);
  }
  Notification stored() { return store_->notifications("", 1)->at(0); }

  const TempDir dir_;
  const std::string url_ = concat("sqlite:", dir_.file("vigie.db"));
  const std::unique_ptr<Store> store_ = open_store(url_);
};

TEST_F(Outbox, HandsOutEverythingARendererNeeds) {
  owe({owed("n1", 3)});

  const auto claimed = claim(kNoon);

  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->document, R"({"brand":"acme"})");
  EXPECT_EQ(claimed->recipient, "client-0042");
  EXPECT_EQ(claimed->seq, 3);
  EXPECT_EQ(claimed->state, NotificationState::claimed);
  EXPECT_EQ(claimed->attempts, 1);
  EXPECT_EQ(claimed->claim_no, 1);
  EXPECT_EQ(claimed->lease_until, kNoon + kLease);
}

TEST_F(Outbox, GivesOneMessageToOneOfTwoSenders) {
  owe({owed("n1", 1)});
  const auto other = open_store(url_);

  const auto mine = claim(kNoon);
  const auto theirs = other->claim_notification(kNoon, kLease);

  EXPECT_TRUE(mine);
  EXPECT_EQ(*theirs, std::nullopt);
}

TEST_F(Outbox, WaitsUntilAMessageIsDue) {
  owe({owed("n1", 1, kNoon + minutes(5))});

  EXPECT_EQ(claimed_id(kNoon + minutes(4)), "none");
  EXPECT_EQ(*store_->next_notification_due(), kNoon + minutes(5));
  EXPECT_EQ(claimed_id(kNoon + minutes(5)), "n1");
}

TEST_F(Outbox, KeepsTheOrderOfASubjectOnAnEndpoint) {
  owe({owed("second", 2, kNoon - hours(1)), owed("first", 1), owed("elsewhere", 1, kNoon, "chat")});

  const auto first = claim(kNoon);
  ASSERT_TRUE(first);
  const std::string beside = claimed_id(kNoon), blocked = claimed_id(kNoon);
  ASSERT_TRUE(finish(*first, {NotificationState::wait, kNoon + minutes(2), "", "421 busy"}));
  const std::string still_blocked = claimed_id(kNoon);

  EXPECT_THAT((std::vector{first->id, beside}), testing::UnorderedElementsAre("first", "elsewhere"));
  EXPECT_EQ(blocked, "none");
  EXPECT_EQ(still_blocked, "none") << "a retry goes before what came later";
}

TEST_F(Outbox, LetsTheNextGoOnceTheOneBeforeHasEnded) {
  for (const auto end : {NotificationState::sent, NotificationState::unverified, NotificationState::dead}) {
    const std::string name(to_text(end));
    owe({owed(name + "1", 1, kNoon, name), owed(name + "2", 2, kNoon, name)});
    const auto first = claim(kNoon);
    ASSERT_TRUE(first);

    ASSERT_TRUE(finish(*first, {end, {}, "remote-7", "final words"}));

    EXPECT_EQ(claimed_id(kNoon), name + "2");
  }
}

TEST_F(Outbox, NeverHandsOutWhatIsHeldOrOver) {
  std::vector<Notification> all;
  all.reserve(6);
  for (const auto state : {NotificationState::held, NotificationState::sent, NotificationState::unverified,
                           NotificationState::superseded, NotificationState::cancelled, NotificationState::dead}) {
    all.push_back(owed(std::string(to_text(state)), 1, kNoon, std::string(to_text(state))));
    all.back().state = state;
  }
  owe(all);

  EXPECT_EQ(claimed_id(kNoon + hours(1)), "none");
  EXPECT_EQ(*store_->next_notification_due(), std::nullopt);
}

TEST_F(Outbox, TriesAgainWhenTheWaitIsOver) {
  owe({owed("n1", 1)});

  ASSERT_TRUE(finish(*claim(kNoon), {NotificationState::wait, kNoon + minutes(2), "", "connection refused"}));

  EXPECT_EQ(stored().last_error, "connection refused");
  EXPECT_EQ(*store_->next_notification_due(), kNoon + minutes(2));
  EXPECT_EQ(claimed_id(kNoon + minutes(1)), "none");
  const auto again = claim(kNoon + minutes(2));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempts, 2);
}

TEST_F(Outbox, TakesOverAfterALeaseRanOutAndShutsTheFormerOwnerOut) {
  owe({owed("n1", 1)});
  const auto crashed = claim(kNoon);
  ASSERT_TRUE(crashed);
  EXPECT_EQ(*store_->next_notification_due(), kNoon + kLease);

  const auto other = open_store(url_);
  const auto taken = *other->claim_notification(kNoon + kLease, kLease);

  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->claim_no, 2);
  EXPECT_FALSE(finish(*crashed, {NotificationState::dead, {}, "", "too late"}));
  EXPECT_TRUE(*other->finish_notification("n1", taken->claim_no, {NotificationState::sent, {}, "remote-7", ""}));
  EXPECT_EQ(stored().state, NotificationState::sent);
  EXPECT_EQ(stored().remote_id, "remote-7");
}

TEST_F(Outbox, CountsAFinishedClaimOnce) {
  owe({owed("n1", 1)});
  const auto claimed = claim(kNoon);

  EXPECT_TRUE(finish(*claimed, {NotificationState::sent, {}, "remote-7", ""}));
  EXPECT_FALSE(finish(*claimed, {NotificationState::wait, kNoon, "", "again"}));

  EXPECT_EQ(stored().state, NotificationState::sent);
}

TEST_F(Outbox, RefusesAnEndThatIsNone) {
  owe({owed("n1", 1)});
  const auto claimed = claim(kNoon);

  const auto result = store_->finish_notification("n1", claimed->claim_no, {NotificationState::ready, {}, "", ""});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::bug);
}

TEST_F(Outbox, SaysNothingIsDueForMessagesBehindAnother) {
  owe({owed("first", 1, kNoon + hours(1)), owed("second", 2, kNoon)});

  EXPECT_EQ(*store_->next_notification_due(), kNoon + hours(1));
}

TEST_F(Outbox, TellsThatSomebodyElseChangedSomething) {
  const auto other = open_store(url_);
  ASSERT_TRUE(store_->changed_elsewhere());

  EXPECT_FALSE(*store_->changed_elsewhere());
  owe({owed("mine", 1)});
  EXPECT_FALSE(*store_->changed_elsewhere()) << "what it did itself it knows";
  ASSERT_TRUE(other->add_notifications({owed("theirs", 2)}));
  EXPECT_TRUE(*store_->changed_elsewhere());
  EXPECT_FALSE(*store_->changed_elsewhere()) << "said once";
}

}  // namespace
}  // namespace vigie
