#include "base/json.h"
#include "base/secret.h"
#include "tests/support/catalogue.h"
#include "tests/wall/filled_wall.h"
#include "wall/policies.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MethodPageTest : public test::FilledWall {
 protected:
  std::string told(std::vector<Header> query = {{"lang", "fr"}}) {
    return get("/wall/acme/method", std::move(query)).body;
  }
};

TEST_F(MethodPageTest, SaysTheRealSettingsInWords) {
  settings.wall.decide_within = 3 * kDay;
  settings.wall.reply_within = 2 * kDay;
  settings.wall.address = "Acme SAS, 1 rue des Ormes, 75011 Paris";
  settings.wall.contact = "avis@acme.example";
  settings.wall.selection = "tous les clients livrés";
  SurveySettings survey;
  survey.id = "delivery";
  survey.brand = "acme";
  survey.subject = "Acme";
  survey.incentive = "un café";
  settings.surveys = {survey};

  EXPECT_THAT(
      told(),
      AllOf(HasSubstr("Acme &amp; Sons"), HasSubstr("1 rue des Ormes"), HasSubstr("mailto:avis@acme.example"),
            HasSubstr("tous les clients livrés"), HasSubstr("au plus tard 3 jours après la réception"),
            HasSubstr("au plus tard 2 jours après"), HasSubstr("un café"), HasSubstr("Une contrepartie est donnée")));
}

TEST_F(MethodPageTest, TellsWhatToRunToVerifyAndAsOfWhenItIsADemonstration) {
  const std::string plain = get("/wall/acme/method", {{"lang", "fr"}}).body;
  EXPECT_THAT(plain, HasSubstr("<code>vigie verify https://avis.example/wall/acme/log</code>"));

  ServerRequest request;
  request.method = "GET";
  request.path = "/wall/acme/method";
  EXPECT_THAT(make_wall(settings, opener(), clock, true)(request).body,
              HasSubstr("vigie verify https://avis.example/wall/acme/log --at 2026-11-21T12:00:00Z</code>"));
}

TEST_F(MethodPageTest, FollowsItsSettings) {
  EXPECT_THAT(told(), AllOf(HasSubstr("Il existe un contrôle avant publication"), HasSubstr("Aucune contrepartie")));

  settings.wall.hold_marked = false;
  clock.advance(minutes(11));

  EXPECT_THAT(told(), HasSubstr("Il n’existe pas de contrôle avant publication"));
}

TEST_F(MethodPageTest, NamesEveryReasonInBothLanguages) {
  for (const char* lang : {"fr", "en"}) {
    const std::string body = told({{"lang", lang}});
    for (const std::string_view code : tlog::kReasonCodes) {
      EXPECT_THAT(body, HasSubstr(concat("<code>", code, "</code> "))) << lang;
      EXPECT_THAT(body, Not(HasSubstr(concat("<dd>", code, "</dd>")))) << lang;
    }
  }
}

TEST_F(MethodPageTest, GivesTheVeryBytesWhoseHashTheLogHolds) {
  receive(answer(4));
  const auto leaf = tlog::parse_leaf(store().leaves("acme", 0, 1).value().front().bytes).value();
  const auto policy = std::get<tlog::PolicyLeaf>(leaf.body);

  const ServerReply reply = get("/wall/acme/method", {{"format", "json"}});

  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(sha256(reply.body), policy.charter);
  EXPECT_THAT(told(), HasSubstr(to_hex(policy.charter)));
}

TEST_F(MethodPageTest, KeepsEarlierVersionsByDateWithTheirEntries) {
  receive(answer(4));
  const std::string old = to_hex(sha256(charter(settings, "acme")));
  clock.advance(10 * kDay);
  settings.wall.decide_within = 2 * kDay;
  EXPECT_THAT(told(), HasSubstr("seront inscrites au journal avant"));
  receive(answer(4));
  clock.advance(seconds(2));

  const std::string now = told();
  const ServerReply before = get("/wall/acme/method", {{"lang", "fr"}, {"version", old}});
  const ServerReply text = get("/wall/acme/method", {{"version", old}, {"format", "json"}});

  EXPECT_EQ(policies_of(store(), "acme").value().size(), 2u);
  EXPECT_THAT(now, AllOf(HasSubstr("1er\u00A0déc.\u00A02026"), HasSubstr("21\u00A0nov.\u00A02026"),
                         HasSubstr("(entrée 0 du journal)"), HasSubstr("(entrée 2 du journal)"),
                         HasSubstr("au plus tard 2 jours"), Not(HasSubstr("seront inscrites"))));
  EXPECT_THAT(before.body,
              AllOf(HasSubstr("une version passée"), HasSubstr("au plus tard 7 jours"), HasSubstr("noindex")));
  EXPECT_EQ(to_hex(sha256(text.body)), old);
}

TEST_F(MethodPageTest, KnowsNoVersionThatNeverWas) {
  EXPECT_EQ(get("/wall/acme/method", {{"version", std::string(64, 'a')}}).status, 404);
  EXPECT_EQ(get("/wall/acme/method", {{"version", std::string(64, 'a')}, {"format", "json"}}).status, 404);
  EXPECT_EQ(get("/wall/acme/method", {{"version", "../../x"}}).status, 200);
}

TEST_F(MethodPageTest, LinksNoContactThatIsNoAddress) {
  settings.wall.contact = "javascript:alert(1)";
  EXPECT_THAT(told(), AllOf(HasSubstr("javascript:alert(1)"), Not(HasSubstr("href=\"javascript:"))));
}

TEST(MethodCatalogue, SaysTheSameThingsInBothLanguages) { EXPECT_THAT(test::catalogue_faults("method"), IsEmpty()); }

}  // namespace
}  // namespace vigie
