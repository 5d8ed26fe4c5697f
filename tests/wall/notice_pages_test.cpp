#include "wall/notice_pages.h"

#include "base/text.h"
#include "tests/store/stored.h"
#include "tests/support/temp_dir.h"
#include "wall/book.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class NoticePagesTest : public testing::Test {
 protected:
  NoticePagesTest() {
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
    settings.wall.contact = "avis@acme.example";
    Submission one;
    one.brand = "acme";
    one.rating = 1;
    one.values[kText] = "<script>alert(1)</script> Le patron ment.";
    one.values[kAuthor] = "client-0042";
    const auto received = book.receive("acme", {one}).value();
    review = *store->reviews().review(received.front().id).value();
    act("publish");
  }

  void act(const std::string& what, const std::string& code = "") {
    ReviewAct done;
    done.act = what;
    done.code = code;
    done.words = code.empty() ? "" : "Les faits.";
    done.by = "human";
    done.who = "ana";
    done.version = review.leaf;
    ASSERT_TRUE(book.decide(*store->reviews().review(review.id).value(), done));
  }

  std::string report_path() const { return concat("/wall/acme/report/", std::to_string(review.leaf)); }

  ServerReply ask(const std::string& method, const std::string& path, const std::string& body = "") {
    ServerRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.remote = "192.0.2.1";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept-Language", "fr"}};
    const auto reply = pages.answer(request);
    return reply ? *reply : ServerReply{0, "none of ours", "", {}};
  }
  static std::string form(const std::string& reason) {
    return concat("lang=fr&kind=illegal&code=DEFAMATION&reason=", url_encode(reason),
                  "&name=Un+lecteur&mail=lecteur%40example.org&faith=1");
  }
  std::string path_of(const AuthorLink& link) const {
    return links.url("acme", link).substr(std::string("https://avis.example").size());
  }
  std::string link_to_last_act() {
    return path_of({"decision", review.id, store->reviews().acts(review.id).value().back().number});
  }
  std::vector<Notice> notices() { return store->moderation().notices(false, 10).value(); }

  TempDir folder;
  Settings settings;
  ManualClock clock{kNoon};
  std::string url = concat("sqlite:", folder.path().string(), "/vigie.db");
  std::unique_ptr<Store> store = open_store(url);
  Book book{settings, *store, clock};
  Review review;
  AuthorLinks links{std::string(32, 'k'), "https://avis.example"};
  NoticePages pages{settings, [this] { return open_sqlite_store(url); }, links, clock};
};

TEST_F(NoticePagesTest, AskWhatTheLawAsksAndQuoteAsText) {
  const ServerReply reply = ask("GET", report_path());

  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(reply.body, Not(HasSubstr("<script>")));
  EXPECT_THAT(reply.body, HasSubstr(concat("https://avis.example/wall/acme?review=", std::to_string(review.leaf))));
  for (const char* name : {"kind", "reason", "name", "mail", "faith"})
    EXPECT_THAT(reply.body, HasSubstr(concat("name=\"", name, "\"")));
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(NoticePagesTest, TakeAReportAndUnpublishNothing) {
  const ServerReply reply = ask("POST", report_path(), form("Cette accusation est fausse, voir le jugement."));

  EXPECT_EQ(reply.status, 201);
  ASSERT_THAT(notices(), SizeIs(1));
  EXPECT_EQ(notices()[0].code, "DEFAMATION");
  EXPECT_NE(store->reviews().review(review.id).value()->shown(), nullptr);
  const std::size_t at = reply.body.find("/wall/acme/report/status/");
  ASSERT_NE(at, std::string::npos);
  const std::string status = reply.body.substr(at, reply.body.find('<', at) - at);
  EXPECT_THAT(ask("GET", status).body, HasSubstr("Personne n’a encore décidé."));
  ASSERT_TRUE(store->moderation().decide_notice(notices()[0].id, "kept", "Opinion permise.", "ana", clock.now()));
  EXPECT_THAT(ask("GET", status).body, HasSubstr("Opinion permise."));
  EXPECT_EQ(ask("GET", "/wall/acme/report/status/xxxx").status, 404);
}

TEST_F(NoticePagesTest, SayWhatAFormLacks) {
  const ServerReply reply = ask("POST", report_path(), "lang=fr&kind=other&reason=faux&mail=x&name=Bob%0D%0ABcc:");

  EXPECT_EQ(reply.status, 422);
  for (const char* field : {"#f-kind", "#f-reason", "#f-name", "#f-mail", "#f-faith"})
    EXPECT_THAT(reply.body, HasSubstr(field));
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(NoticePagesTest, TakeFiveFormsAMinuteFromOneNetwork) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("POST", report_path(), "lang=fr").status, 422);

  EXPECT_EQ(ask("POST", report_path(), form("Cette accusation est fausse, voir le jugement.")).status, 429);
  clock.advance(minutes(1));
  EXPECT_EQ(ask("POST", report_path(), form("Cette accusation est fausse, voir le jugement.")).status, 201);
}

TEST_F(NoticePagesTest, KnowNoOtherPlaces) {
  EXPECT_EQ(ask("GET", "/wall/acme/report/9999").status, 404);
  EXPECT_EQ(ask("GET", "/wall/acme/report/-1").status, 404);
  EXPECT_EQ(ask("GET", "/wall/acme/appeal/1-1-AAAA").status, 404);
  EXPECT_EQ(ask("GET", "/wall/acme/worked/1-1-AAAA").status, 404);
  EXPECT_EQ(ask("GET", "/wall/acme").status, 0);
  EXPECT_EQ(ask("GET", "/wall/acme/log/checkpoint").status, 0);
  EXPECT_EQ(ask("GET", "/wall/nobody/report/1").status, 0);
  EXPECT_EQ(ask("PUT", report_path()).status, 405);
}

TEST_F(NoticePagesTest, LetTheAuthorContestADecisionOnce) {
  act("hide", "DEFAMATION");
  const std::string path = link_to_last_act();
  EXPECT_THAT(ask("GET", path).body, HasSubstr("Les faits."));
  EXPECT_THAT(store->moderation().appeals(true, 10).value(), IsEmpty());

  EXPECT_EQ(ask("POST", path, "lang=fr&words=+").status, 422);
  EXPECT_EQ(ask("POST", path, "lang=fr&words=C%27est+vrai.").status, 201);
  EXPECT_THAT(ask("POST", path, "lang=fr&words=Encore").body, HasSubstr("en cours d’examen"));

  const std::vector<Appeal> appeals = store->moderation().appeals(true, 10).value();
  ASSERT_THAT(appeals, SizeIs(1));
  EXPECT_EQ(appeals[0].decided_by, "ana");
}

TEST_F(NoticePagesTest, LetTheAuthorContestTheNextDecisionAsWell) {
  act("hide", "DEFAMATION");
  const std::string first = link_to_last_act();
  ASSERT_EQ(ask("POST", first, "lang=fr&words=C%27est+vrai.").status, 201);
  ASSERT_TRUE(store->moderation().decide_appeal(1, "restored", "Vous avez raison.", "ben", clock.now()));
  act("restore");
  act("hide", "OFF-TOPIC");
  const std::string second = link_to_last_act();

  EXPECT_THAT(ask("GET", first).body, AllOf(HasSubstr("Vous aviez raison"), HasSubstr(second)));
  EXPECT_THAT(ask("GET", second).body, AllOf(HasSubstr("sans rapport"), HasSubstr("<textarea")));
  EXPECT_EQ(ask("POST", second, "lang=fr&words=Encore.").status, 201);

  const std::vector<Appeal> waiting = store->moderation().appeals(true, 10).value();
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(waiting[0].act, store->reviews().acts(review.id).value().back().number);
}

TEST_F(NoticePagesTest, TakeNoObjectionToWhatNoLongerStands) {
  act("hide", "DEFAMATION");
  const std::string path = link_to_last_act();
  act("restore");

  EXPECT_THAT(ask("POST", path, "lang=fr&words=Encore.").body, HasSubstr("plus en vigueur"));
  EXPECT_THAT(store->moderation().appeals(true, 10).value(), IsEmpty());
}

TEST_F(NoticePagesTest, FollowLinksOfLettersSentBefore) {
  act("hide", "DEFAMATION");
  const std::string path = path_of({"appeal", review.id, review.leaf});

  EXPECT_EQ(ask("POST", path, "lang=fr&words=C%27est+vrai.").status, 201);
  EXPECT_THAT(ask("GET", link_to_last_act()).body, HasSubstr("en cours d’examen"));
}

TEST_F(NoticePagesTest, PromiseAnotherPersonOnlyWhereThereIsOne) {
  act("hide", "DEFAMATION");
  EXPECT_THAT(ask("GET", link_to_last_act()).body, Not(HasSubstr("d’autre")));
  settings.people.resize(2);
  EXPECT_THAT(ask("GET", link_to_last_act()).body, HasSubstr("d’autre"));
}

}  // namespace
}  // namespace vigie
