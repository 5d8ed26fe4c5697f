#include "app/act_pages.h"

#include "tests/app/alerting_store.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr, testing::IsEmpty, testing::Not, testing::SizeIs;

class ActPagesTest : public testing::Test {
 protected:
  ActPagesTest() {
    settings_.endpoints[0].language = "fr";
    settings_.endpoints[0].time_zone = "Europe/Paris";
    settings_.serve.console_url = "https://vigie.internal.example.org";
    store_ = open();
    Incident incident = open_incident("00000000000000aa");
    keep(*store_, incident);
  }

  std::unique_ptr<Store> open() { return *open_sqlite_store("sqlite:" + dir_.file("vigie.db")); }

  std::string path_of(const std::string& action) {
    const std::string url = links_.url(
        {action, "00000000000000aa", "ana-chat", "ana", "5f1e2d3c4b5a69788796a5b4c3d2e1f0", kSaturdayNoon + kDay});
    return url.substr(url.find('/', 8));
  }

  std::string short_path_of(const std::string& action) {
    Notification message = owed("5f1e2d3c4b5a69788796a5b4c3d2e1f0", "00000000000000aa");
    message.endpoint = "ana-chat";
    message.recipient = "ana";
    EXPECT_TRUE(store_->add_notifications({message}));
    const std::string url = links_.short_url(
        {action, message.subject_id, message.endpoint, message.recipient, message.id, kSaturdayNoon + kDay});
    return url.substr(url.find('/', 8));
  }

  ServerReply ask(const std::string& method, const std::string& path, const std::string& body = "") {
    ServerRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    if (!body.empty()) request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    return pages_.answer(request).value();
  }

  TempDir dir_;
  Settings settings_ = two_people();
  std::unique_ptr<Store> store_;
  ManualClock clock_{kSaturdayNoon};
  Links links_{std::string(32, 'k'), "https://avis.example.org"};
  int acted_ = 0;
  ActPages pages_{settings_, [this]() -> Result<std::unique_ptr<Store>> { return open(); }, links_, clock_,
                  [this] { ++acted_; }};
};

TEST_F(ActPagesTest, OpeningALinkShowsWhatItWouldDoAndChangesNothing) {
  for (const char* action : {"ack", "mute", "mute_until_morning", "false_alarm"}) {
    for (const char* method : {"GET", "HEAD", "GET"}) {
      const ServerReply reply = ask(method, path_of(action));
      EXPECT_EQ(reply.status, 200) << action;
      EXPECT_THAT(reply.body, HasSubstr("<button>")) << action;
      EXPECT_THAT(reply.body, HasSubstr("lang=\"fr\"")) << "the language of the message";
    }
  }
  ask("GET", path_of("unsubscribe"));

  EXPECT_THAT(store_->acts_after(0).value(), IsEmpty());
  EXPECT_THAT(store_->verdicts_after(0).value(), IsEmpty());
  EXPECT_THAT(store_->silences(Time{}).value(), IsEmpty());
  EXPECT_TRUE(store_->subscribed("ana-chat", "acme").value());
  EXPECT_EQ(acted_, 0);
}

TEST_F(ActPagesTest, TakesTheIncidentOnceHoweverOftenTheButtonIsPressed) {
  const ServerReply reply = ask("POST", path_of("ack"));
  ask("POST", path_of("ack"));

  const std::vector<Act> acts = store_->acts_after(0).value();
  ASSERT_THAT(acts, SizeIs(1));
  EXPECT_EQ(acts[0].kind, ActKind::ack);
  EXPECT_EQ(acts[0].by, "ana");
  EXPECT_THAT(reply.body, HasSubstr("il sera à vous dans un instant")) << "the watch has not carried it out yet";
  EXPECT_THAT(reply.body, Not(HasSubstr("<button>")));
  EXPECT_GE(acted_, 1);

  WatchCommit carried_out;
  carried_out.act_outcomes = {{acts[0].number, "done"}};
  ASSERT_TRUE(store_->commit_watch(carried_out));
  EXPECT_THAT(ask("GET", path_of("ack")).body, HasSubstr("Il est à vous. Les autres sont prévenus."));
}

TEST_F(ActPagesTest, MutesUntilTheNextMorningOfItsReader) {
  ask("POST", path_of("mute_until_morning"));
  const ServerReply again = ask("POST", path_of("mute_until_morning"));

  const std::vector<Silence> silences = store_->silences(kSaturdayNoon).value();
  ASSERT_THAT(silences, SizeIs(1)) << "followed twice, it is one";
  EXPECT_EQ(silences[0].ends, *parse_rfc3339("2026-11-22T07:00:00Z")) << "eight in Paris";
  EXPECT_EQ(silences[0].author, "ana");
  EXPECT_THAT(silences[0].brands, testing::ElementsAre("acme"));
  EXPECT_THAT(again.body, HasSubstr("Muet jusqu’au 22 nov. à 08:00 (heure de Paris)."));
  EXPECT_THAT(again.body, Not(HasSubstr("Rendre cet incident muet"))) << "it is done: nothing is asked any more";
}

TEST_F(ActPagesTest, MutesOnceAlsoWhenItsSilenceWasEnded) {
  ask("POST", path_of("mute"));
  const std::vector<Silence> begun = store_->silences(Time{}).value();
  ASSERT_THAT(begun, SizeIs(1));
  clock_.advance(minutes(5));
  ASSERT_TRUE(store_->end_silence(begun[0].id, "ben", clock_.now()).value());
  clock_.advance(minutes(5));

  const ServerReply again = ask("POST", path_of("mute"));

  EXPECT_THAT(store_->silences(Time{}).value(), SizeIs(1));
  EXPECT_THAT(again.body, HasSubstr("Ce lien a déjà servi"));
  EXPECT_THAT(again.body, Not(HasSubstr("<button>")));
}

TEST_F(ActPagesTest, AShortLinkLeadsToTheSamePageAndActsAlike) {
  const std::string path = short_path_of("ack");

  EXPECT_EQ(ask("GET", path).status, 200);
  EXPECT_THAT(ask("GET", path).body, HasSubstr("lang=\"fr\""));
  EXPECT_THAT(store_->acts_after(0).value(), IsEmpty()) << "to look is not to act";
  EXPECT_EQ(ask("POST", path).status, 200);
  EXPECT_EQ(ask("POST", path_of("ack")).status, 200);

  const std::vector<Act> acts = store_->acts_after(0).value();
  ASSERT_THAT(acts, SizeIs(1)) << "the long link of the same message is the same act";
  EXPECT_EQ(acts[0].by, "ana");
}

TEST_F(ActPagesTest, RefusesAShortLinkWhoseMessageIsNotKnown) {
  const std::string url = links_.short_url(
      {"ack", "00000000000000aa", "ana-chat", "ana", "aaaaaaaaaaaa69788796a5b4c3d2e1f0", kSaturdayNoon + kDay});

  EXPECT_EQ(ask("POST", url.substr(url.find('/', 8))).status, 403);
  EXPECT_THAT(store_->acts_after(0).value(), IsEmpty());
}

TEST_F(ActPagesTest, CountsAFalseAlarm) {
  ask("POST", path_of("false_alarm"));

  const auto verdicts = store_->verdicts("00000000000000aa").value();
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts[0].word, VerdictWord::false_alarm);
  EXPECT_EQ(verdicts[0].by, "ana");
}

TEST_F(ActPagesTest, UnsubscribesByOneClickAndTakesItBack) {
  const std::string path = path_of("unsubscribe");

  EXPECT_EQ(ask("POST", path, "List-Unsubscribe=One-Click").status, 200);
  EXPECT_FALSE(store_->subscribed("ana-chat", "acme").value());
  EXPECT_TRUE(store_->subscribed("ana-chat", "other").value()) << "of this brand alone";

  EXPECT_THAT(ask("POST", path, "undo=1").body, HasSubstr("Me désabonner"));
  EXPECT_TRUE(store_->subscribed("ana-chat", "acme").value());
}

TEST_F(ActPagesTest, LetsAPersonLeaveTheirSummaries) {
  const std::string url = links_.url({"unsubscribe", std::string(kDigests), "ana-chat", "ana", "n", kSaturdayNoon});
  const std::string path = url.substr(url.find('/', 8));

  EXPECT_THAT(ask("GET", path).body, HasSubstr("ana-chat"));
  EXPECT_TRUE(store_->subscribed("ana-chat", std::string(kDigests)).value());
  EXPECT_EQ(ask("POST", path, "List-Unsubscribe=One-Click").status, 200);
  EXPECT_FALSE(store_->subscribed("ana-chat", std::string(kDigests)).value());
  EXPECT_TRUE(store_->subscribed("ana-chat", "acme").value()) << "alerts come as before";
}

TEST_F(ActPagesTest, RefusesWhatIsNotItsOwnOrTooOld) {
  std::string changed = path_of("ack");
  changed[10] = changed[10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(ask("POST", changed).status, 403);
  EXPECT_EQ(ask("GET", "/a/").status, 403);
  EXPECT_EQ(ask("GET", "/u/x").status, 403);
  const std::string leave = path_of("unsubscribe");
  EXPECT_EQ(ask("POST", "/a/" + leave.substr(3)).status, 403) << "a link to unsubscribe does nothing else";
  EXPECT_THAT(store_->silences(Time{}).value(), IsEmpty());
  EXPECT_EQ(ask("PUT", path_of("ack")).status, 405);
  clock_.set(kSaturdayNoon + kDay);
  EXPECT_EQ(ask("POST", path_of("ack")).status, 410);

  EXPECT_THAT(store_->acts_after(0).value(), IsEmpty());
}

TEST_F(ActPagesTest, LeavesOtherPathsToOthers) {
  ServerRequest request;
  request.method = "GET";
  request.path = "/wall/acme";

  EXPECT_FALSE(pages_.answer(request));
}

TEST_F(ActPagesTest, NeverLendsItsAddressToOthers) {
  const ServerReply reply = ask("GET", path_of("ack"));

  EXPECT_THAT(reply.headers, testing::Contains(testing::Pair("Referrer-Policy", "no-referrer")));
  EXPECT_THAT(reply.headers, testing::Contains(testing::Pair("Cache-Control", "no-store")));
}

}  // namespace
}  // namespace vigie
