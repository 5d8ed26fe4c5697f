#include "app/invite_in.h"

#include <sstream>

#include "alerts/webhook_signature.h"
#include "app/cmd_survey.h"
#include "app/invite_csv.h"
#include "base/text.h"
#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kKey = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

class InviteInTest : public testing::Test {
 protected:
  InviteInTest() {
    settings.organisation = "Boutique Acme SAS";
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
    SurveySettings survey;
    survey.id = "after-delivery";
    survey.brand = "acme";
    survey.subject = "Acme";
    survey.language = "fr";
    survey.places = {"paris-nation"};
    survey.key = kKey;
    settings.surveys = {survey};
  }

  ServerReply call(const std::string& body, const std::string& id = "msg-1") {
    const auto signature = sign_webhook(kKey, id, clock.now(), body);
    return send(body, id, clock.now(), signature.value());
  }

  ServerReply send(const std::string& body, const std::string& id, Time at, const std::string& signature) {
    ServerRequest request;
    request.method = "POST";
    request.path = "/in/survey/after-delivery";
    request.headers = {
        {"webhook-id", id}, {"webhook-timestamp", std::to_string(to_epoch(at))}, {"webhook-signature", signature}};
    request.body = body;
    return calls.answer(request).value();
  }

  std::size_t invitations() { return store->surveys().invitations("after-delivery", 0, 100).value().size(); }

  int run(SurveyRequest request) {
    request.survey = request.survey.empty() ? "after-delivery" : request.survey;
    out.str("");
    err.str("");
    return survey(request, settings, *store, tokens, clock, out, err);
  }

  TempDir folder;
  const std::string url = concat("sqlite:", folder.file("vigie.db"));
  Settings settings;
  ManualClock clock{parse_rfc3339("2026-11-16T10:00:00Z").value()};
  std::unique_ptr<Store> store = open_store(url);
  SurveyTokens tokens{std::string(32, 's')};
  Metrics metrics;
  int owed = 0;
  InviteIn calls{settings, [this] { return open_sqlite_store(url); }, tokens, clock, metrics, [this] { ++owed; }};
  std::ostringstream out, err;
};

}  // namespace

TEST_F(InviteInTest, AsksAfterADeliveryAndGivesTheLink) {
  const ServerReply reply = call(R"({"event":"order-7-delivered","id":"c-1","channel":"link","order":"A-7"})");

  EXPECT_EQ(reply.status, 202) << reply.body;
  EXPECT_THAT(reply.body, AllOf(HasSubstr(R"("invited":1)"), HasSubstr("https://avis.example/survey/")));
  EXPECT_EQ(owed, 1);
}

TEST_F(InviteInTest, TheSameEventOrTheSameCallAsksOnce) {
  call(R"({"event":"order-7","id":"c-1"})");
  EXPECT_THAT(call(R"({"event":"order-7","id":"c-1"})", "msg-2").body, HasSubstr(R"("known":1)"));
  call(R"([{"id":"c-2"},{"id":"c-3"}])", "msg-3");
  EXPECT_THAT(call(R"([{"id":"c-2"},{"id":"c-3"}])", "msg-3").body, HasSubstr(R"("known":2)"));

  EXPECT_EQ(invitations(), 3u);
}

TEST_F(InviteInTest, NamesWhatItCannotReadAndTakesTheRest) {
  const ServerReply reply = call(R"([{"id":"c-1"},{"id":"c-2","emial":"x"},{"id":"c-3","order":{"a":1}},7])");

  EXPECT_EQ(reply.status, 202);
  EXPECT_THAT(reply.body, AllOf(HasSubstr(R"("invited":1)"), HasSubstr(R"({"index":1,"error":"expected event)"),
                                HasSubstr(R"({"index":2,"error":"order: expected text"})"), HasSubstr(R"("index":3)")));
}

TEST_F(InviteInTest, RefusesWhatIsNotSignedOrIsTooOldOrIsNoJson) {
  const std::string body = R"({"id":"c-1"})";
  const std::string signature = sign_webhook(kKey, "m", clock.now(), body).value();
  EXPECT_EQ(send(concat(body, " "), "m", clock.now(), signature).status, 401);
  clock.advance(minutes(6));
  EXPECT_EQ(send(body, "m", clock.now() - minutes(6), signature).status, 401);
  EXPECT_EQ(call("{").status, 400);
  EXPECT_EQ(call(R"({"id":"c-1","id":"c-2"})").status, 400);
  EXPECT_EQ(call("7").status, 400);

  EXPECT_EQ(invitations(), 0u);
  EXPECT_EQ(owed, 0);
}

TEST_F(InviteInTest, LeavesOtherDoorsAlone) {
  ServerRequest request;
  request.method = "POST";
  request.path = "/in/hn";
  EXPECT_FALSE(calls.answer(request));
  request.path = "/in/survey/other";
  EXPECT_EQ(calls.answer(request)->status, 404);
}

TEST_F(InviteInTest, ATableWithBadLinesInvitesTheGoodOnesAndNamesTheBad) {
  SurveyRequest request;
  request.what = SurveyRequest::Do::invite;
  request.file = folder.write("customers.csv",
                              "\xEF\xBB\xBFid;email;phone;name;order\r\n"
                              "c-1;c-1@mail.example;;client-0042;A-1\r\n"
                              "c-2;not an address;;;A-2\r\n"
                              "c-3;c-3@mail.example;+33612345678;;A-3\r\n"
                              "c-4;;;\r\n"
                              "c-5;;;client-0043;A-5\r\n");

  EXPECT_EQ(run(request), 2);

  EXPECT_THAT(out.str(), HasSubstr("2 invited, 0 known already"));
  EXPECT_THAT(err.str(), AllOf(HasSubstr("customers.csv:3: email: expected an address"),
                               HasSubstr("customers.csv:4: expected an email or a phone, found both"),
                               HasSubstr("customers.csv:5: expected 5 cells, found 4")));
  run(request);
  EXPECT_THAT(out.str(), HasSubstr("0 invited, 2 known already"));
}

TEST_F(InviteInTest, ATableWithoutCustomersIsRefusedAsAWhole) {
  for (const std::string table : {"", "name,order\nclient-0042,A-1\n", "id,colour\nc-1,red\n"}) {
    std::istringstream in(table);
    EXPECT_FALSE(read_invite_table(in)) << table;
  }
}

TEST_F(InviteInTest, LinksMeasuresPostersAndOptOutsAreCommands) {
  call(R"({"event":"e-1","id":"=c-1"})");
  SurveyRequest request;
  request.what = SurveyRequest::Do::links;
  EXPECT_EQ(run(request), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("'=c-1,https://avis.example/survey/"), HasSubstr("-")));

  request.what = SurveyRequest::Do::measures;
  EXPECT_EQ(run(request), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("too few answers (0 of 10)"), HasSubstr("1 invited")));

  request.what = SurveyRequest::Do::poster;
  request.place = "paris-nation";
  EXPECT_EQ(run(request), 0);
  EXPECT_THAT(out.str(),
              AllOf(HasSubstr("<svg"), HasSubstr("https://avis.example/survey/after-delivery/paris-nation")));
  request.place = "lyon";
  EXPECT_EQ(run(request), 2);

  request.what = SurveyRequest::Do::optout;
  request.address = "C-9@mail.example";
  EXPECT_EQ(run(request), 0);
  EXPECT_THAT(call(R"({"event":"e-9","email":"c-9@mail.example"})").body, HasSubstr(R"("suppressed":1)"));
}

TEST_F(InviteInTest, AConsentWithoutItsProofIsNotWrittenDown) {
  SurveyRequest request;
  request.what = SurveyRequest::Do::consent;
  request.address = "c-1@mail.example";
  request.basis = "consent";
  request.by = "import";
  EXPECT_EQ(run(request), 2);
  request.how = "checkout page";
  request.wording = "Ask me about my order by e-mail.";
  request.version = "2026-03";
  EXPECT_EQ(run(request), 0);
  request.basis.clear();
  EXPECT_EQ(run(request), 0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("consent"), HasSubstr("checkout page"), HasSubstr("version 2026-03")));
}

}  // namespace vigie
