#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/review_desk.h"
#include "base/secret.h"
#include "console/console.h"
#include "store/moderation.h"
#include "store/surveys.h"
#include "tests/support/temp_dir.h"
#include "wall/book.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ReviewFormsTest : public testing::Test {
 protected:
  ReviewFormsTest() {
    settings_.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings_.organisation = "Acme SAS";
    settings_.data = folder_.path().string();
    settings_.people.resize(2);
    settings_.people[0].id = "ana";
    settings_.people[0].name = "Ana";
    settings_.people[1].id = "ben";
    const std::string link = make_login_link(settings_, *store_, clock_).value();
    const ServerReply entered = post("/login", concat("token=", link.substr(link.find("token=") + 6)));
    for (const auto& [name, value] : entered.headers) {
      if (name == "Set-Cookie") cookie_ = value.substr(0, value.find(';'));
    }
  }

  Result<std::unique_ptr<Store>> open() { return open_sqlite_store("sqlite:" + folder_.file("console.db")); }

  ServerReply ask(ServerRequest request) {
    request.headers.emplace_back("Host", "127.0.0.1:8081");
    if (!cookie_.empty()) request.headers.emplace_back("Cookie", cookie_);
    ConsoleContext context{settings_, [this] { return open(); }, clock_, metrics_, [] { return std::string(); }};
    context.themes = themes_of(settings_);
    context.review_desk = [this](const ReviewOrder& order) { return carry_out(order, settings_, *store_, clock_); };
    return make_console(std::move(context))(request);
  }
  ServerReply get(std::string path, std::vector<Header> query = {}) {
    ServerRequest request;
    request.method = "GET";
    request.path = std::move(path);
    request.query = std::move(query);
    request.query.emplace_back("lang", "fr");
    return ask(std::move(request));
  }
  ServerReply post(std::string path, std::string body) {
    ServerRequest request;
    request.method = "POST";
    request.path = std::move(path);
    request.body = concat("lang=fr&", body);
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", "http://127.0.0.1:8081"}};
    return ask(std::move(request));
  }
  ServerReply act(const Review& review, const std::string& form) {
    return post(concat("/reviews/acme/", std::to_string(review.leaf), "/act"), form);
  }
  ServerReply page(const Review& review) { return get(concat("/reviews/acme/", std::to_string(review.leaf))); }
  static std::string header_of(const ServerReply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers) {
      if (key == name) return value;
    }
    return "";
  }

  Review receive(const std::string& text) {
    Submission one;
    one.brand = "acme";
    one.rating = 2;
    one.receipt = sha256(text);
    one.values[kText] = text;
    one.values[kAuthor] = "client-0042";
    const auto received = book_.receive("acme", {std::move(one)});
    if (!received) throw std::runtime_error(received.error().what);
    return again(received->front().id);
  }
  Review again(std::int64_t id) { return *store_->reviews().review(id).value(); }
  Review again(const Review& review) { return again(review.id); }
  Review published(const std::string& text) {
    const Review review = receive(text);
    EXPECT_EQ(act(review, "act=publish").status, 303);
    return again(review);
  }
  std::vector<ReviewAct> acts_on(const Review& review) { return store_->reviews().acts(review.id).value(); }

  std::int64_t reported(const Review& review, const std::string& code = "PERSONAL-DATA") {
    Notice notice;
    notice.brand = "acme";
    notice.review = review.id;
    notice.ref = review.leaf;
    notice.kind = "illegal";
    notice.code = code;
    notice.reason = "C'est mon nom qui est écrit là.";
    notice.name = "Un lecteur";
    notice.mail = "lecteur@example.org";
    notice.language = "fr";
    notice.status = sha256(concat("status of ", std::to_string(review.id), code));
    notice.at = clock_.now();
    return store_->moderation().add_notice(notice).value();
  }

  test::TempDir folder_;
  Settings settings_;
  ManualClock clock_{parse_rfc3339("2026-11-21T12:00:00Z").value()};
  Metrics metrics_;
  std::unique_ptr<Store> store_ = open().value();
  Book book_{settings_, *store_, clock_};
  std::string cookie_;
};

TEST_F(ReviewFormsTest, PublishRefuseAndHideByTheNameOfWhoeverChoseOne) {
  const Review first = receive("En retard."), second = receive("Achetez chez moi.");

  const ServerReply done = act(first, "act=publish&who=ana");
  act(second, "act=refuse&code=SPAM-PROMO&words=Une+annonce.&who=nobody-of-ours");

  EXPECT_EQ(done.status, 303);
  EXPECT_THAT(header_of(done, "Location"), HasSubstr("who=ana"));  // and the next form knows it
  EXPECT_EQ(again(first).state, ReviewState::published);
  EXPECT_EQ(acts_on(first).back().who, "ana");
  EXPECT_EQ(again(second).state, ReviewState::refused);
  EXPECT_EQ(acts_on(second).back().who, "console");
  EXPECT_EQ(act(first, "act=hide&code=DUPLICATE&words=Deux+fois.").status, 303);
  EXPECT_EQ(again(first).shown(), nullptr);
  EXPECT_THAT(get("/reviews", {{"who", "ana"}}).body, HasSubstr("who=ana"));
}

TEST_F(ReviewFormsTest, SayWhatIsWrongBesideTheFormAndKeepWhatWasTyped) {
  const Review review = receive("Voyez avec Jean Dupont.");

  const ServerReply silent = act(review, "act=refuse&code=OFF-TOPIC&words=+&who=ana&court=1");
  const ServerReply nowhere = act(review, "act=mask&hide=Jeanne&field-author=1");
  const ServerReply link = act(review, "act=reply&text=Nos+excuses.&link=javascript%3Aalert(1)");

  EXPECT_EQ(silent.status, 422);
  EXPECT_THAT(silent.body, AllOf(HasSubstr("role=\"alert\">Écrivez sur quoi repose la décision"),
                                 HasSubstr("value=\"OFF-TOPIC\" selected"), HasSubstr("value=\"ana\" selected"),
                                 HasSubstr("name=\"court\" value=\"1\" checked")));
  EXPECT_EQ(nowhere.status, 422);
  EXPECT_THAT(nowhere.body, AllOf(HasSubstr("pas dans le texte telle quelle"), HasSubstr(">Jeanne</textarea>"),
                                  HasSubstr("name=\"field-author\" value=\"1\" checked")));
  EXPECT_EQ(link.status, 422);
  EXPECT_EQ(again(review).state, ReviewState::waiting);
  EXPECT_THAT(acts_on(review), IsEmpty());
}

TEST_F(ReviewFormsTest, OfferAnAnswerOnlyWhereItWouldBeRead) {
  const Review waiting = receive("En retard.");
  EXPECT_THAT(page(waiting).body, Not(HasSubstr("value=\"reply\"")));
  const ServerReply refused = act(waiting, "act=reply&text=Nos+excuses.");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(store_->moderation().replies_to(waiting.id).value(), IsEmpty());

  act(waiting, "act=publish");

  EXPECT_THAT(page(waiting).body, HasSubstr("value=\"reply\""));
  EXPECT_THAT(act(waiting, "act=reply&text=Nos+excuses.&link=ftp%3A%2F%2Fx").body,
              AllOf(HasSubstr("doit commencer par https"), HasSubstr(">Nos excuses.</textarea>"),
                    HasSubstr("value=\"ftp://x\"")));
  EXPECT_EQ(act(waiting, "act=reply&text=Nos+excuses.&who=ben").status, 303);
  EXPECT_EQ(store_->moderation().reply_to(waiting.id).value()->by, "ben");
}

TEST_F(ReviewFormsTest, MaskAfterALookAndLiftTheMaskAgain) {
  const Review review = published("Voyez avec Jean Dupont.");
  const ServerReply look = act(review, "act=mask&hide=Jean+Dupont&preview=1");
  EXPECT_EQ(look.status, 200);
  EXPECT_THAT(look.body, AllOf(HasSubstr("Voyez avec ▇▇▇▇▇▇."), HasSubstr(">Jean Dupont</textarea>")));
  EXPECT_EQ(again(review).newest().masked, 0u);

  EXPECT_EQ(act(review, "act=mask&hide=Jean+Dupont").status, 303);

  EXPECT_EQ(again(review).shown()->masked_text, "Voyez avec ▇▇▇▇▇▇.");
  EXPECT_THAT(page(review).body, HasSubstr("Afficher ce qui est masqué"));
  EXPECT_EQ(act(review, "act=restore").status, 303);
  EXPECT_EQ(again(review).shown()->masked, 0u);
}

TEST_F(ReviewFormsTest, AnswerAReportOfPersonalDataByHidingIt) {
  const Review review = published("Voyez avec Jean Dupont.");
  const std::int64_t id = reported(review);
  const std::string path = concat("/reviews/notices/", std::to_string(id));
  EXPECT_THAT(get("/reviews").body, AllOf(HasSubstr("illicite ou contraire aux règles"), HasSubstr("value=\"mask\"")));

  const ServerReply nothing = post(path, "answer=mask&words=Vous+avez+raison.");
  EXPECT_EQ(nothing.status, 422);
  EXPECT_THAT(nothing.body, AllOf(HasSubstr("Dites que masquer"), HasSubstr(">Vous avez raison.</textarea>")));
  EXPECT_EQ(post(path, "answer=accept&code=&words=Vous+avez+raison.").status, 422);
  ASSERT_EQ(post(path, "answer=mask&hide=Jean+Dupont&words=Vous+avez+raison.&who=ana").status, 303);

  EXPECT_EQ(store_->moderation().notice(id).value()->outcome, "masked");
  EXPECT_EQ(again(review).shown()->masked_text, "Voyez avec ▇▇▇▇▇▇.");
  EXPECT_EQ(acts_on(review).back().by, "notice");
  EXPECT_EQ(acts_on(review).back().who, "ana");
  const std::int64_t same = reported(review, "");  // of what is hidden already
  EXPECT_EQ(post(concat("/reviews/notices/", std::to_string(same)), "answer=mask&words=C%27est+fait.").status, 303);
  EXPECT_EQ(store_->moderation().notice(same).value()->outcome, "masked");
}

TEST_F(ReviewFormsTest, AnswerAnObjectionBySomebodyElse) {
  const Review review = receive("Votre colis était vide.");
  act(review, "act=refuse&code=OFF-TOPIC&words=Une+autre+boutique.&who=ana");
  Appeal appeal;
  appeal.review = review.id;
  appeal.version = review.leaf;
  appeal.act = acts_on(review).back().number;
  appeal.words = "Il s'agit bien de vous.";
  appeal.decided_by = "ana";
  appeal.at = clock_.now();
  const std::string path =
      concat("/reviews/appeals/", std::to_string(store_->moderation().add_appeal(appeal).value()));

  const ServerReply own = post(path, "answer=reject&words=Non.&who=ana");
  EXPECT_EQ(own.status, 422);
  EXPECT_THAT(own.body, AllOf(HasSubstr("choisissez son nom"), HasSubstr(">Non.</textarea>")));
  EXPECT_EQ(post(path, "answer=accept&words=Vous+avez+raison.&who=ben").status, 303);

  EXPECT_EQ(again(review).state, ReviewState::published);
}

TEST_F(ReviewFormsTest, TurnThePagesOfAllReviewsAndCountThem) {
  std::vector<Submission> batch(230);
  for (Submission& one : batch) {
    one.brand = "acme";
    one.values[kText] = "En retard.";
  }
  ASSERT_TRUE(book_.receive("acme", std::move(batch)));

  const std::string first = get("/reviews", {{"view", "all"}}).body,
                    last = get("/reviews", {{"view", "all"}, {"page", "3"}}).body;

  EXPECT_THAT(first, AllOf(HasSubstr("<p>230 avis</p>"), HasSubstr("Page 1 sur 3"), HasSubstr("rel=\"next\""),
                           Not(HasSubstr("rel=\"prev\"")), Not(HasSubstr("en attente</p>"))));
  EXPECT_THAT(last, AllOf(HasSubstr("Page 3 sur 3"), HasSubstr("rel=\"prev\""), Not(HasSubstr("rel=\"next\""))));
  EXPECT_THAT(last, HasSubstr("/reviews/acme/1?"));  // the very first
  EXPECT_THAT(get("/reviews").body, AllOf(HasSubstr("230 avis en attente"), HasSubstr("Page 1 sur 3")));
  EXPECT_THAT(get("/api/v1/reviews", {{"view", "all"}, {"page", "3"}}).body, HasSubstr("\"total\":230"));
}

TEST_F(ReviewFormsTest, TellProgramsTheNamesOfSourceAndSurveyBesideTheirIds) {
  settings_.sources.resize(1);
  settings_.sources[0].id = "guestbook";
  settings_.sources[0].name = "Livre d'or";
  settings_.surveys.resize(1);
  settings_.surveys[0].id = "delivery";
  settings_.surveys[0].subject = "Acme 3000";
  std::vector<Submission> two(2);
  for (Submission& one : two) one.brand = "acme";
  two[0].channel = "import";
  two[0].source = "guestbook";
  two[0].mention = "1";
  two[1].survey = "delivery";
  ASSERT_TRUE(book_.receive("acme", std::move(two)));

  const std::string body = get("/api/v1/reviews").body;

  EXPECT_THAT(body, HasSubstr(R"("source":"guestbook","source_name":"Livre d'or")"));
  EXPECT_THAT(body, HasSubstr(R"("survey":"delivery","survey_name":"Acme 3000")"));
}

TEST_F(ReviewFormsTest, StandBesideASurveysPageThatKeepsPostersApartByPlaceAndMonth) {
  settings_.surveys.resize(1);
  settings_.surveys[0].id = "delivery";
  settings_.surveys[0].brand = "acme";
  settings_.surveys[0].subject = "Acme 3000";
  PrivateAnswer answer;
  answer.survey = "delivery";
  answer.lang = "fr";
  answer.scale = "1-5";
  answer.place = "nation";
  answer.at = clock_.now();
  for (int i = 0; i < 42; ++i) {
    const bool invited = i < 12;
    answer.origin = invited ? "inv" : "qr";
    answer.channel = invited ? "email" : "qr";
    answer.rating = invited ? 5 : 1;
    answer.invitation = invited ? sha256(std::to_string(i)) : "";
    ASSERT_TRUE(store_->surveys().add_private_answer(answer));
  }

  const std::string body = get("/surveys/delivery").body;

  const std::size_t invited = body.find("<th scope=\"rowgroup\" colspan=\"3\">des personnes invitées</th>"),
                    open = body.find("<th scope=\"rowgroup\" colspan=\"3\">affiches et bornes");
  ASSERT_LT(invited, open);
  ASSERT_NE(open, std::string::npos);
  const auto rows = [](const std::string& part) {
    return AllOf(HasSubstr(concat("<td>", part, "</td></tr>\n<tr><th scope=\"row\">2026-11</th>")),
                 HasSubstr("<th scope=\"row\">nation</th>"));
  };
  EXPECT_THAT(body.substr(invited, open - invited), rows("12"));
  EXPECT_THAT(body.substr(open), rows("30"));
}

TEST_F(ReviewFormsTest, OpenAnImprovementAboutAThemeOfTheListAndTakeItFurther) {
  const Review review = published("En retard.");
  EXPECT_THAT(page(review).body, HasSubstr("<option value=\"delivery\">livraison</option>"));

  EXPECT_EQ(act(review, "act=improve&title=Un+transporteur&theme=colis").status, 422);
  const ServerReply nowhere = act(review, "act=improve&title=Un+transporteur&theme=delivery&refs=999");
  EXPECT_EQ(nowhere.status, 422);
  EXPECT_THAT(nowhere.body, AllOf(HasSubstr("value=\"Un transporteur\""), HasSubstr("value=\"delivery\" selected"),
                                  HasSubstr("numéros d’avis")));
  ASSERT_EQ(act(review, "act=improve&title=Un+transporteur&theme=delivery&who=ben").status, 303);

  const Improvement opened = store_->moderation().improvements("acme", 10).value().front();
  EXPECT_EQ(opened.theme, "delivery");
  EXPECT_THAT(get("/reviews", {{"view", "improvements"}}).body,
              AllOf(HasSubstr("value=\"done\""), Not(HasSubstr("value=\"told\""))));
  const std::string path = concat("/reviews/improvements/", std::to_string(opened.id));
  EXPECT_EQ(post(path, "state=told").status, 422);
  EXPECT_EQ(post(path, "state=done&words=Depuis+lundi.").status, 303);
  EXPECT_EQ(store_->moderation().improvement(opened.id).value()->state, ImprovementState::done);
}

TEST_F(ReviewFormsTest, TakeNothingFromWhoIsNotSignedIn) {
  const Review review = receive("En retard.");
  cookie_ = "";

  EXPECT_EQ(act(review, "act=publish").status, 401);
  EXPECT_EQ(again(review).state, ReviewState::waiting);
}

}  // namespace
}  // namespace vigie
