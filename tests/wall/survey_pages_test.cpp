#include "wall/survey_pages.h"

#include <set>

#include "base/text.h"
#include "tests/store/stored.h"
#include "tests/support/temp_dir.h"
#include "wall/book.h"
#include "wall/invite.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

using Fields = std::vector<std::pair<std::string, std::string>>;

class SurveyPagesTest : public testing::Test {
 protected:
  SurveyPagesTest() {
    settings.organisation = "Boutique Acme SAS";
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
    SurveySettings survey;
    survey.id = "after-delivery";
    survey.brand = "acme";
    survey.subject = "Acme";
    survey.language = "fr";
    survey.measure = SurveySettings::Measure::nps;
    survey.places = {"paris-nation"};
    settings.surveys = {survey};
    pages.emplace(SurveyContext{settings, [this] { return open_sqlite_store(url); }, clock, tokens,
                                [this](Submission one) { return hand_in(std::move(one)); }, [this] { ++changed; },
                                [this](const PrivateAnswer& one) { privately.push_back(one); }});
  }

  Result<Answered> hand_in(Submission one) {
    if (!intake_works) return fail(ErrorKind::transient, "nobody knows");
    Book book(settings, *store, clock);
    TRY(auto received, book.receive(one.brand, {one}));
    handed.push_back(std::move(one));
    return Answered{std::move(received.front()), "receipt"};
  }

  // The token of somebody who was invited.
  std::string invited(const std::string& order = "") {
    InviteLine line;
    line.reference = concat("c-", std::to_string(++customers));
    line.lang = "fr";
    line.order = order;
    Inviter inviter(settings, *store, clock, tokens);
    const auto summary = inviter.invite(settings.surveys.front(), {line});
    if (!summary || summary->invited.empty()) throw std::runtime_error("not invited");
    const std::string& link = summary->invited.front().link;
    return link.substr(link.rfind('/') + 1);
  }

  static std::string encoded(const Fields& fields) {
    std::string body;
    for (const auto& [name, value] : fields) body += concat(body.empty() ? "" : "&", name, "=", url_encode(value));
    return body;
  }

  ServerReply get(const std::string& path, std::vector<Header> query = {}, const std::string& method = "GET") {
    ServerRequest request;
    request.method = method;
    request.path = path;
    request.query = std::move(query);
    request.remote = "192.0.2.7";
    return pages->answer(request).value();
  }

  ServerReply post(const std::string& path, const Fields& fields) {
    ServerRequest request;
    request.method = "POST";
    request.path = path;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = encoded(fields);
    request.remote = "192.0.2.7";
    return pages->answer(request).value();
  }

  // The last step's form as a person sends it, with some fields written over.
  Fields form(const Fields& changes = {}) {
    Fields fields = {{"step", "send"},        {"rating", "2"},      {"text", "En retard."},
                     {"author", "client-0042"}, {"when", "2026-11"}, {"experienced", "1"},
                     {"publish", "1"},        {"lang", "fr"},       {"t", std::to_string(to_epoch(clock.now()) - 60)}};
    for (const auto& [name, value] : changes) {
      for (auto& field : fields) {
        if (field.first == name) field.second = value;
      }
      if (std::none_of(fields.begin(), fields.end(), [&](const auto& one) { return one.first == name; }))
        fields.emplace_back(name, value);
    }
    return fields;
  }

  std::vector<Review> reviews() { return store->reviews().reviews({}).value(); }

  TempDir folder;
  const std::string url = concat("sqlite:", (folder.path() / "vigie.db").string());
  Settings settings;
  ManualClock clock{parse_rfc3339("2026-11-16T10:00:00Z").value()};
  std::unique_ptr<Store> store = open_store(url);
  SurveyTokens tokens{std::string(32, 's')};
  std::vector<Submission> handed;
  std::vector<PrivateAnswer> privately;
  int customers = 0, changed = 0;
  bool intake_works = true;
  std::optional<SurveyPages> pages;
};

TEST(SurveyQuestion, JoinsTheSubjectAsFrenchDoes) {
  const Wording french = Wording::load("survey", "fr").value(), english = Wording::load("survey", "en").value();
  SurveySettings survey;
  survey.measure = SurveySettings::Measure::csat;
  const auto asked = [&](const std::string& subject) {
    survey.subject = subject;
    return survey_question(french, survey);
  };

  EXPECT_EQ(asked("Acme"), "Globalement, êtes-vous satisfait(e) d’Acme\u00A0?");
  EXPECT_EQ(asked("Échoppe"), "Globalement, êtes-vous satisfait(e) d’Échoppe\u00A0?");
  EXPECT_EQ(asked("Tilvane"), "Globalement, êtes-vous satisfait(e) de Tilvane\u00A0?");
  EXPECT_EQ(asked("le service client"), "Globalement, êtes-vous satisfait(e) du service client\u00A0?");
  EXPECT_EQ(asked("la livraison"), "Globalement, êtes-vous satisfait(e) de la livraison\u00A0?");
  EXPECT_EQ(survey_question(english, survey), "Overall, how satisfied are you with la livraison?");
}

}  // namespace

TEST_F(SurveyPagesTest, ATapOnlyPreselectsAndNoReadingEverWrites) {
  const std::string path = concat("/survey/", invited());
  const auto before = store->surveys().invitations("after-delivery", 0, 10).value();

  for (int rating = 0; rating <= 10; ++rating) {
    for (const std::string method : {"HEAD", "GET"}) {
      const ServerReply reply = get(path, {{"r", std::to_string(rating)}}, method);
      EXPECT_EQ(reply.status, 200);
      EXPECT_THAT(reply.body, HasSubstr(concat("value=\"", std::to_string(rating), "\" required checked")));
    }
  }
  get(concat(path, "/stop"));

  const auto after = store->surveys().invitations("after-delivery", 0, 10).value();
  EXPECT_THAT(reviews(), IsEmpty());
  EXPECT_FALSE(after.front().started || after.front().answered || after.front().opted_out);
  EXPECT_EQ(before.size(), after.size());
}

TEST_F(SurveyPagesTest, SaysWhoAsksInTheCustomersLanguageWithTheFixedQuestion) {
  const ServerReply reply = get(concat("/survey/", invited("A-7")));

  EXPECT_THAT(reply.headers, testing::Contains(Header{"Content-Language", "fr"}));
  EXPECT_THAT(reply.body, AllOf(HasSubstr("Boutique Acme SAS vous demande votre avis sur Acme"),
                                HasSubstr("Quelle est la probabilité que vous recommandiez Acme"), HasSubstr("A-7"),
                                HasSubstr("Pas du tout probable"), Not(HasSubstr("checked"))));
  EXPECT_THAT(get(concat("/survey/", invited()), {{"lang", "en"}}).body, HasSubstr("How likely is it"));
}

TEST_F(SurveyPagesTest, AsksOneQuestionAScreenAndRecordsOnlyTheLast) {
  const std::string path = concat("/survey/", invited());

  const ServerReply words = post(path, form({{"step", "words"}}));
  const ServerReply about = post(path, form({{"step", "about"}}));
  EXPECT_THAT(words.body, AllOf(HasSubstr("<textarea id=\"text\""), Not(HasSubstr("name=\"experienced\""))));
  EXPECT_THAT(about.body, AllOf(HasSubstr("name=\"experienced\""), HasSubstr("En retard."), HasSubstr("novembre 2026")));
  EXPECT_THAT(reviews(), IsEmpty());
  EXPECT_TRUE(store->surveys().invitations("after-delivery", 0, 10).value().front().started);

  EXPECT_EQ(post(path, form()).status, 200);
  ASSERT_THAT(reviews(), SizeIs(1));
}

TEST_F(SurveyPagesTest, HandsInWhatWasSaidWithItsEvidenceAndShowsTheReceiptAndTheSecret) {
  const std::string token = invited("A-7");

  const ServerReply reply = post(concat("/survey/", token), form());

  ASSERT_THAT(handed, SizeIs(1));
  const Submission& one = handed.front();
  EXPECT_EQ(one.origin, "inv");
  EXPECT_EQ(one.verified, "order");
  EXPECT_EQ(one.scale, "0-10");
  EXPECT_EQ(one.rating, 2);
  EXPECT_EQ(one.invitation, token);
  EXPECT_EQ(one.values[kText], "En retard.");
  EXPECT_EQ(one.values[kWhen], "2026-11");
  EXPECT_EQ(one.values[kOrder], "A-7");
  EXPECT_EQ(one.receipt, sha256(tokens.receipt(token)));
  EXPECT_THAT(one.marks, IsEmpty());
  EXPECT_THAT(reply.body, AllOf(HasSubstr(concat("/wall/acme/receipt/", tokens.receipt(token))), HasSubstr("secret")));
  EXPECT_TRUE(store->surveys().invitations("after-delivery", 0, 10).value().front().answered);
}

TEST_F(SurveyPagesTest, ASecretOfTheAuthorsOwnBrowserIsNeverShownByTheServer) {
  const std::string lock = sha256("only the browser knows");

  const ServerReply reply = post(concat("/survey/", invited()), form({{"lock", to_base64url(lock)}}));

  EXPECT_EQ(handed.front().lock, lock);
  EXPECT_THAT(reply.body, HasSubstr("data-secret hidden"));
  EXPECT_EQ(reviews().front().secret_by, "author");
}

TEST_F(SurveyPagesTest, TheLastAnswerThroughALinkWinsAndTheOneBeforeStays) {
  const std::string path = concat("/survey/", invited());
  post(path, form());
  clock.advance(hours(1));

  const ServerReply again = post(path, form({{"rating", "9"}, {"text", "Remboursé."}}));
  post(path, form({{"rating", "9"}, {"text", "Remboursé."}}));  // pressed twice

  EXPECT_EQ(again.status, 200);
  ASSERT_THAT(reviews(), SizeIs(1));
  ASSERT_THAT(reviews().front().versions, SizeIs(2));
  EXPECT_EQ(reviews().front().newest().rating, 9);
  EXPECT_EQ(reviews().front().versions.front().values[kText], "En retard.");
  EXPECT_EQ(changed, 1);
}

TEST_F(SurveyPagesTest, WhatIsNotToBePublishedIsKeptApartAndNotLogged) {
  const std::string path = concat("/survey/", invited());
  const std::int64_t logged = store->log_state("acme").value().size;

  const ServerReply reply = post(path, form({{"publish", ""}}));
  post(path, form({{"publish", ""}, {"rating", "7"}}));

  EXPECT_THAT(reply.body, HasSubstr("elle n’est pas publiée"));
  EXPECT_THAT(handed, IsEmpty());
  EXPECT_THAT(privately, SizeIs(2));
  EXPECT_EQ(store->log_state("acme").value().size, logged);
  const auto counts = store->surveys().answer_counts("after-delivery", clock.now() - kDay, clock.now() + kDay).value();
  ASSERT_THAT(counts, SizeIs(1));
  EXPECT_EQ(counts.front().rating, 7);
}

TEST_F(SurveyPagesTest, WhoeverChangesTheirMindIsCountedOnceOnTheWall) {
  const std::string path = concat("/survey/", invited());
  post(path, form({{"publish", ""}}));
  post(path, form());

  const auto counts = store->surveys().answer_counts("after-delivery", clock.now() - kDay, clock.now() + kDay).value();

  ASSERT_THAT(counts, SizeIs(1));
  EXPECT_TRUE(counts.front().for_wall);
}

TEST_F(SurveyPagesTest, UnknownExpiredOverAndOptedOutTokensAreAnsweredAlike) {
  const std::string expired = concat("/survey/", invited());
  clock.advance(settings.surveys.front().expires + settings.surveys.front().wait + hours(1));
  const std::string over = concat("/survey/", invited()), left = concat("/survey/", invited());
  post(over, form({{"when", "2027-01"}, {"t", "1"}}));
  Book book(settings, *store, clock);
  ASSERT_TRUE(book.erase(reviews().front(), "gdpr", ""));
  post(concat(left, "/stop"), {});

  std::set<std::string> bodies;
  for (const std::string& path :
       {expired, over, left, std::string("/survey/AAAAAAAAAAAAAAAAAAAAAA"), std::string("/survey/x")}) {
    const ServerReply reply = get(path);
    EXPECT_EQ(reply.status, 404) << path;
    bodies.insert(reply.body);
  }

  EXPECT_THAT(bodies, SizeIs(1));
}

TEST_F(SurveyPagesTest, GuessersAreSlowedDownAndLearnNothing) {
  const std::string good = concat("/survey/", invited());
  int slowed = 0;
  for (int i = 0; i < 1000; ++i) {
    const ServerReply reply = get(concat("/survey/", to_base64url(sha256(std::to_string(i)).substr(0, 16))));
    EXPECT_TRUE(reply.status == 404 || reply.status == 429);
    slowed += reply.status == 429 ? 1 : 0;
  }

  EXPECT_GE(slowed, 970);
  EXPECT_EQ(get(good).status, 429);  // from there, even a right one
  clock.advance(minutes(1));
  EXPECT_EQ(get(good).status, 200);
}

TEST_F(SurveyPagesTest, RefusesWhatIsNoAnswerNamingTheField) {
  const std::string path = concat("/survey/", invited());
  for (const std::string rating : {"11", "-1", "3.5", "", "NaN", "null", "5 "})
    EXPECT_EQ(post(path, form({{"rating", rating}})).status, 422) << rating;
  EXPECT_EQ(post(path, form({{"text", std::string("a\x01z", 3)}})).status, 422);
  EXPECT_EQ(post(path, form({{"text", std::string("a\0z", 3)}})).status, 422);
  EXPECT_EQ(post(path, form({{"author", "Bob\r\nBcc: x@y.example"}})).status, 422);
  EXPECT_EQ(post(path, form({{"when", "2026-12"}})).status, 422);
  EXPECT_EQ(post(path, form({{"text", std::string(5001, 'a')}})).status, 422);
  EXPECT_EQ(post(path, form({{"text", "\xC3\x28"}})).status, 400);
  const ServerReply unticked = post(path, form({{"experienced", ""}}));

  EXPECT_EQ(unticked.status, 422);
  EXPECT_THAT(unticked.body, AllOf(HasSubstr("href=\"#experienced\""), HasSubstr("En retard.")));
  EXPECT_THAT(reviews(), IsEmpty());
}

TEST_F(SurveyPagesTest, ARatingWithoutWordsIsAnAnswer) {
  EXPECT_EQ(post(concat("/survey/", invited()), form({{"text", " \xE2\x80\x8B\r\n "}})).status, 200);

  EXPECT_EQ(handed.front().values[kText], "");
}

TEST_F(SurveyPagesTest, ShowsWhatWasTypedAsText) {
  const ServerReply about = post(concat("/survey/", invited()), form({{"step", "about"},
                                                                      {"text", "</textarea><script>alert(1)</script>"},
                                                                      {"author", "\"><img src=x onerror=alert(1)>"}}));

  EXPECT_THAT(about.body, AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("<img src=x"))));
}

TEST_F(SurveyPagesTest, MarksMachinesAndDropsNothing) {
  post(concat("/survey/", invited()), form({{"website", "https://spam.example"}}));
  post(concat("/survey/", invited()), form({{"t", std::to_string(to_epoch(clock.now()))}}));

  ASSERT_THAT(handed, SizeIs(2));
  EXPECT_THAT(handed[0].marks, testing::ElementsAre("bot"));
  EXPECT_THAT(handed[1].marks, testing::ElementsAre("bot"));
}

TEST_F(SurveyPagesTest, TellsThatNobodyKnowsWhenTheHandInFailed) {
  intake_works = false;
  const std::string path = concat("/survey/", invited());

  const ServerReply reply = post(path, form());

  EXPECT_EQ(reply.status, 503);
  intake_works = true;
  EXPECT_EQ(post(path, form()).status, 200);
  EXPECT_THAT(reviews(), SizeIs(1));
}

TEST_F(SurveyPagesTest, OptingOutNeedsAPressOfAButtonOrAMailProgramsOneClick) {
  const std::string path = concat("/survey/", invited(), "/stop");

  EXPECT_THAT(get(path).body, HasSubstr("Ne plus me solliciter"));
  EXPECT_FALSE(store->surveys().invitations("after-delivery", 0, 10).value().front().opted_out);
  EXPECT_EQ(post(path, {{"List-Unsubscribe", "One-Click"}}).status, 200);
  EXPECT_TRUE(store->surveys().invitations("after-delivery", 0, 10).value().front().opted_out);
  EXPECT_EQ(post("/survey/AAAAAAAAAAAAAAAAAAAAAA/stop", {}).status, 200);
}

TEST_F(SurveyPagesTest, APosterThatIsNoLongerValidSaysWhatToDo) {
  for (const std::string path : {"/survey/after-delivery/paris-nation", "/survey/after-delivery/paris-nation/abc",
                                 "/survey/after-delivery/lyon/abc", "/survey/a-survey-of-before/paris-nation/abc"}) {
    const ServerReply french = get(path, {{"lang", "fr"}}), english = get(path, {{"lang", "en"}});
    EXPECT_EQ(french.status, 404) << path;
    EXPECT_THAT(french.body, AllOf(HasSubstr("Cette adresse d’affiche n’est plus valable"),
                                   HasSubstr("en entier\u00A0: l’adresse"), HasSubstr("demandez la nouvelle")))
        << path;
    EXPECT_THAT(english.body, AllOf(HasSubstr("Scan the poster again"), HasSubstr("ask for the new one"))) << path;
    EXPECT_THAT(post(path, form()).body, HasSubstr("affiche")) << path;
  }
  EXPECT_THAT(handed, IsEmpty());
}

TEST_F(SurveyPagesTest, APosterHasNoTokenAndALabelOfItsOwn) {
  const std::string path = poster_path(tokens, "after-delivery", "paris-nation");
  EXPECT_EQ(get(path).status, 200);
  EXPECT_EQ(get("/survey/after-delivery/paris-nation").status, 404) << "its key is missing";
  EXPECT_EQ(get(concat(path.substr(0, path.size() - 1), "?")).status, 404);
  EXPECT_EQ(get(poster_path(tokens, "after-delivery", "lyon")).status, 404) << "no such place";

  post(path, form());
  post(path, form());

  ASSERT_THAT(handed, SizeIs(2));
  EXPECT_EQ(handed[0].origin, "qr");
  EXPECT_EQ(handed[0].verified, "none");
  EXPECT_EQ(handed[0].values[kPlace], "paris-nation");
  EXPECT_THAT(handed[0].marks, IsEmpty());
  EXPECT_THAT(handed[1].marks, testing::ElementsAre("burst"));  // the same device within minutes: shown, not dropped
}

TEST_F(SurveyPagesTest, AKioskGoesBackToTheQuestionByItself) {
  const std::string path = poster_path(tokens, "after-delivery", "paris-nation");
  const ServerReply reply = post(path, form({{"kiosk", "1"}}));

  EXPECT_EQ(handed.front().channel, "kiosk");
  EXPECT_THAT(reply.body,
              HasSubstr(concat("http-equiv=\"refresh\" content=\"20; url=", path, "?kiosk=1")));
}

TEST_F(SurveyPagesTest, ManyAnswersAtAPosterFromOneNetworkAreMarkedAndThenSlowed) {
  const std::string path = poster_path(tokens, "after-delivery", "paris-nation");
  int taken = 0;
  std::string wait;
  for (int i = 0; i < 40; ++i) {
    ServerRequest request;
    request.method = "POST";
    request.path = path;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"User-Agent", std::to_string(i)}};
    request.body = encoded(form());
    request.remote = "192.0.2.7";
    const ServerReply reply = pages->answer(request).value();
    if (reply.status == 200) ++taken;
    if (reply.status == 429) wait = reply.headers.back().first;
  }

  EXPECT_EQ(taken, 30);
  EXPECT_EQ(wait, "Retry-After");
  EXPECT_THAT(handed[4].marks, IsEmpty());
  EXPECT_THAT(handed[5].marks, testing::ElementsAre("burst")) << "another device each time, one network";
  EXPECT_EQ(post(concat("/survey/", invited()), form()).status, 200) << "who was invited is not slowed";
}

TEST_F(SurveyPagesTest, LeavesOtherPathsToOthersAndRefusesOtherMethods) {
  ServerRequest request;
  request.method = "GET";
  request.path = "/wall/acme";
  EXPECT_FALSE(pages->answer(request));
  EXPECT_EQ(get(concat("/survey/", invited()), {}, "DELETE").status, 405);
}

}  // namespace vigie
