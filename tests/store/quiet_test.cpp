#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Silence silence(Duration from, Duration length) {
  Silence made;
  made.brands = {"acme"};
  made.starts = kNoon + from;
  made.ends = made.starts + length;
  made.author = "client-0042";
  made.reason = "release";
  made.created = kNoon;
  return made;
}

HeldBack held(const std::string& notification, const std::string& person = "ana", Duration at = {}) {
  return {notification, person, "inbox", "a", "acme", "first", "quiet", 4, kNoon + at};
}

TEST(Silences, AreNumberedAndFoundWhileTheyMatter) {
  const auto store = open_store();

  const std::int64_t first = store->add_silence(silence({}, hours(1))).value();
  const std::int64_t second = store->add_silence(silence(hours(2), hours(1))).value();

  EXPECT_LT(first, second);
  const std::vector<Silence> all = store->silences(kNoon).value();
  ASSERT_THAT(all, SizeIs(2)) << "one in force, one still to come";
  EXPECT_EQ(all[0].id, first);
  EXPECT_EQ(to_json(all[0]), to_json(silence({}, hours(1))));
  EXPECT_THAT(store->silences(kNoon + hours(1)).value(), SizeIs(1)) << "the first is over";
  EXPECT_THAT(store->silences(kNoon + hours(3)).value(), IsEmpty());
}

TEST(Silences, AreRefusedWithoutAReason) {
  const auto store = open_store();
  Silence without = silence({}, hours(1));
  without.reason = "";

  const auto added = store->add_silence(without);

  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().kind, ErrorKind::bad_data);
  EXPECT_THAT(store->silences(Time{}).value(), IsEmpty());
}

TEST(Silences, ThatSomebodyEndsStayInTheHistory) {
  const auto store = open_store();
  const std::int64_t id = store->add_silence(silence({}, hours(2))).value();

  EXPECT_TRUE(store->end_silence(id, "client-0043", kNoon + hours(1)).value());
  EXPECT_FALSE(store->end_silence(id, "client-0044", kNoon + hours(1)).value()) << "it is over already";
  EXPECT_FALSE(store->end_silence(id + 1, "client-0044", kNoon).value()) << "there is no such";

  const Silence ended = *store->silence(id).value();
  EXPECT_EQ(ended.ended_by, "client-0043");
  EXPECT_EQ(ended.over_at(), kNoon + hours(1));
  EXPECT_EQ(ended.author, "client-0042");
  EXPECT_THAT(store->silences(kNoon + hours(1)).value(), IsEmpty());
  EXPECT_EQ(store->silence(99).value(), std::nullopt);
}

TEST(Silences, ThatEndLetWhatIsHeldBeAskedAboutAgain) {
  const auto store = open_store();
  const std::int64_t id = store->add_silence(silence({}, hours(2))).value();
  Notification held, waits;
  held.id = "held";
  held.state = NotificationState::held;
  held.held_until = kNoon + hours(2);
  waits.id = "waits";
  waits.subject_id = "another";
  waits.state = NotificationState::wait;
  waits.due = kNoon + hours(2);
  ASSERT_TRUE(store->add_notifications({held, waits}));

  ASSERT_TRUE(store->end_silence(id, "client-0043", kNoon + hours(1)).value());

  EXPECT_EQ(store->notifications("", 10).value()[0].id, "held");
  EXPECT_EQ(store->notifications("", 10).value()[0].held_until, kNoon + hours(1));
  EXPECT_EQ(store->notifications("", 10).value()[1].due, kNoon + hours(2)) << "an endpoint that failed is not asked";
}

TEST(Silences, ThatEndWhileAMessageIsDecidedAboutDoNotHoldItLonger) {
  const auto store = open_store();
  const std::int64_t id = store->add_silence(silence({}, hours(2))).value();
  Notification due;
  due.id = "due";
  due.created = due.due = kNoon;
  ASSERT_TRUE(store->add_notifications({due}));
  const Notification claimed = store->claim_notification(kNoon, minutes(1)).value().value();

  ASSERT_TRUE(store->end_silence(id, "client-0043", kNoon + seconds(1)).value());
  SendOutcome held;
  held.state = NotificationState::held;
  held.due = kNoon + hours(2);
  held.silence = id;
  ASSERT_TRUE(store->finish_notification("due", claimed.claim_no, held).value());

  EXPECT_EQ(store->notifications("", 1).value().at(0).held_until, kNoon + seconds(1));
}

// Writes `body` over every bucket asked for; nothing when there is none to write.
Store::Spend writes(const std::string& body) {
  return [body](const std::map<std::string, std::string>& bodies) -> std::optional<std::map<std::string, std::string>> {
    if (body.empty()) return std::nullopt;
    std::map<std::string, std::string> written = bodies;
    for (auto& [name, text] : written) text += body;
    return written;
  };
}

TEST(Buckets, CountAMessageOnceHoweverOftenItIsTried) {
  const auto store = open_store();
  const std::vector<std::string> both = {"ana|ordinary", "ana|ordinary|acme"};
  EXPECT_EQ(store->bucket("ana|ordinary").value(), "");

  EXPECT_TRUE(store->count_passed("n-1", kNoon, both, writes("one")).value());
  EXPECT_TRUE(store->was_counted("n-1").value());
  EXPECT_TRUE(store->count_passed("n-1", kNoon, both, writes("again")).value());

  EXPECT_EQ(store->bucket("ana|ordinary").value(), "one");
  EXPECT_TRUE(store->count_passed("n-2", kNoon + 5 * kDay, {"ana|ordinary"}, writes(" two")).value());
  EXPECT_EQ(store->bucket("ana|ordinary").value(), "one two") << "what was there is given to whoever spends";
  EXPECT_EQ(store->bucket("ana|ordinary|acme").value(), "one");
  EXPECT_FALSE(store->was_counted("n-1").value()) << "nothing is tried for so long";
}

TEST(Buckets, WithoutRoomStayAsTheyAre) {
  const auto store = open_store();

  EXPECT_FALSE(store->count_passed("n-1", kNoon, {"ana|ordinary"}, writes("")).value());

  EXPECT_FALSE(store->was_counted("n-1").value());
  EXPECT_TRUE(store->count_passed("n-1", kNoon, {"ana|ordinary"}, writes("one")).value());
}

TEST(HeldBackMessages, WaitForTheDigestThatTakesThem) {
  const auto store = open_store();
  ASSERT_TRUE(store->hold_back(held("n-2", "ana", minutes(2))));
  ASSERT_TRUE(store->hold_back(held("n-1", "ana", minutes(1))));
  ASSERT_TRUE(store->hold_back(held("n-1", "ana", minutes(9)))) << "twice is once";
  ASSERT_TRUE(store->hold_back(held("n-3", "ben")));

  const std::vector<HeldBack> waiting = store->held_back("ana").value();
  ASSERT_THAT(waiting, SizeIs(2));
  EXPECT_EQ(waiting[0].notification, "n-1");
  EXPECT_EQ(waiting[0].at, kNoon + minutes(1));
  EXPECT_EQ(waiting[0].reason, "quiet");
  EXPECT_EQ(waiting[0].severity, 4);

  Notification digest;
  digest.id = "d-1";
  digest.subject_kind = "digest";
  digest.subject_id = "ana-1";
  digest.created = digest.due = kNoon;
  ASSERT_TRUE(store->commit_digest({"ana", kNoon + hours(1), "ana-1", {digest}, {"n-1", "n-2"}}));

  EXPECT_THAT(store->held_back("ana").value(), IsEmpty());
  EXPECT_THAT(store->held_back("ben").value(), SizeIs(1));
  EXPECT_THAT(store->notifications("ana-1", 10).value(), SizeIs(1));
  EXPECT_EQ(store->digest_told("ana").value(), kNoon + hours(1));
  EXPECT_EQ(store->digest_told("ben").value(), std::nullopt);
}

TEST(HeldBackMessages, AreNotTakenTwice) {
  const auto store = open_store();
  ASSERT_TRUE(store->hold_back(held("n-1")));
  ASSERT_TRUE(store->commit_digest({"ana", kNoon, "first", {}, {"n-1"}}));

  ASSERT_TRUE(store->hold_back(held("n-1"))) << "asked again, as after a crash of the sender";
  ASSERT_TRUE(store->commit_digest({"ana", kNoon - hours(1), "second", {}, {"n-1"}}));

  EXPECT_THAT(store->held_back("ana").value(), IsEmpty());
  EXPECT_EQ(store->digest_told("ana").value(), kNoon) << "a clock that was put back undoes nothing";
}

}  // namespace
}  // namespace vigie
