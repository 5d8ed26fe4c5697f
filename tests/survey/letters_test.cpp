#include "app/letters.h"

#include "alerts/gsm7.h"
#include "app/notify.h"
#include "base/text.h"
#include "tests/store/stored.h"
#include "tests/support/fake_http.h"
#include "wall/invite.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// A channel that keeps what it was given, and refuses when told to.
struct Post {
  std::vector<std::pair<std::string, std::string>> sent;  // to, payload
  std::optional<Error> refusal;
};

class Courier final : public Notifier {
 public:
  explicit Courier(Post& post) : post_(post) {}
  Result<std::string> render(const Story&, const Outgoing&) override { return std::string("alert"); }
  Result<std::string> render_letter(const CustomerLetter& letter, const Outgoing&) override {
    return concat(letter.subject, "\n", letter.text);
  }
  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    if (post_.refusal) return fail(*post_.refusal);
    post_.sent.emplace_back(out.endpoint.to, payload);
    return Sent{"remote", true};
  }

 private:
  Post& post_;
};

class LettersTest : public testing::Test {
 protected:
  LettersTest() {
    settings.organisation = "Boutique Acme SAS";
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
    settings.mail.from = "Avis <avis@acme.example>";
    EndpointSettings mail;
    mail.id = "letters";
    mail.kind = "email";
    mail.to = "operator@acme.example";
    mail.fallback = "other";
    EndpointSettings other = mail;
    other.id = "other";
    settings.endpoints = {mail, other};
    SurveySettings survey;
    survey.id = "after-delivery";
    survey.brand = "acme";
    survey.subject = "Acme";
    survey.language = "fr";
    survey.endpoint = "letters";
    settings.surveys = {survey};
    NotifyOptions options;
    options.letters = letters;
    options.make = [this](std::string_view, const NotifierContext&) -> Result<std::unique_ptr<Notifier>> {
      return std::make_unique<Courier>(post);
    };
    options.traits = [](std::string_view) { return ChannelTraits{}; };
    notify.emplace(settings, *store, http, clock, clock, rng, metrics, options);
  }

  Invitation invited(const std::string& address, const std::string& lang = "fr") {
    InviteLine line;
    line.reference = concat("c-", std::to_string(++customers));
    line.email = address;
    line.name = "client-0042";
    line.lang = lang;
    Inviter inviter(settings, *store, clock, tokens);
    const auto summary = inviter.invite(settings.surveys.front(), {line});
    if (!summary || summary->invited.empty()) throw std::runtime_error("not invited");
    return again(summary->invited.front().invitation);
  }
  Invitation again(std::int64_t id) { return *store->surveys().invitation(id).value(); }

  void send_all() {
    while (notify->tick().value_or(false)) continue;
  }

  CustomerLetter words(const Invitation& one, bool reminder = false) {
    const SurveyContact contact = *store->surveys().contact(one.contact).value();
    auto letter = letters->words(settings.surveys.front(), one, contact, reminder);
    if (!letter) throw std::runtime_error(letter.error().what);
    return *std::move(letter);
  }

  Settings settings;
  ManualClock clock{parse_rfc3339("2026-11-16T10:00:00Z").value()};
  std::unique_ptr<Store> store = open_store();
  SurveyTokens tokens{std::string(32, 's')};
  std::shared_ptr<const Letters> letters = std::make_shared<const Letters>(settings, tokens, clock);
  Post post;
  FakeHttp http{[](const HttpRequest&) { return fail(ErrorKind::bug, "nobody asks the network here"); }};
  SeededRng rng{7};
  Metrics metrics;
  int customers = 0;
  std::optional<Notify> notify;
};

}  // namespace

TEST_F(LettersTest, SayWhoAsksAboutWhatWhereItIsShownAndHowToStop) {
  const Invitation one = invited("c-1@mail.example");

  const CustomerLetter letter = words(one);

  const std::string link = concat("https://avis.example/survey/", tokens.token(one.seed));
  EXPECT_EQ(letter.from_name, "Boutique Acme SAS");
  EXPECT_THAT(letter.text, AllOf(HasSubstr("Boutique Acme SAS vous demande votre avis sur Acme"),
                                 HasSubstr("client-0042"), HasSubstr("https://avis.example/wall/acme/method"),
                                 HasSubstr(concat(link, "\n")), HasSubstr(concat(link, "/stop"))));
  EXPECT_THAT(letter.html,
              AllOf(HasSubstr("lang=\"fr\""), HasSubstr("?r"), Not(HasSubstr("<img")), Not(HasSubstr("<script"))));
  EXPECT_EQ(letter.unsubscribe, concat(link, "/stop"));
}

TEST_F(LettersTest, FitOneTextMessage) {
  for (const std::string lang : {"fr", "en"}) {
    const CustomerLetter letter = words(invited(concat(lang, "@mail.example"), lang));

    EXPECT_TRUE(is_gsm7(letter.brief)) << letter.brief;
    EXPECT_LE(gsm7_length(letter.brief), 160u) << letter.brief;
    EXPECT_THAT(letter.brief, AllOf(HasSubstr("https://avis.example/survey/"), HasSubstr("/stop")));
  }
}

TEST_F(LettersTest, GoToTheCustomerOnceTheWaitIsOverAndLeaveNoTokenBehind) {
  const Invitation one = invited("c-1@mail.example");

  send_all();
  EXPECT_THAT(post.sent, IsEmpty());
  clock.advance(hours(25));
  send_all();

  ASSERT_THAT(post.sent, SizeIs(1));
  EXPECT_EQ(post.sent.front().first, "c-1@mail.example");
  EXPECT_TRUE(again(one.id).delivered());
  const std::vector<Notification> all = store->notifications("", 10).value();
  for (const Notification& kept : all) EXPECT_EQ(store->notification(kept.id).value()->payload, "");
}

TEST_F(LettersTest, RemindOnceAndOnlyWhoeverHasNotAnswered) {
  const Invitation silent = invited("c-1@mail.example"), answered = invited("c-2@mail.example");
  clock.advance(hours(25));
  send_all();
  ASSERT_TRUE(store->surveys().note(answered.id, InvitationStep::answered, clock.now()));
  clock.advance(4 * kDay);
  send_all();
  clock.advance(20 * kDay);
  send_all();

  ASSERT_THAT(post.sent, SizeIs(3));
  EXPECT_EQ(post.sent.back().first, "c-1@mail.example");
  EXPECT_THAT(post.sent.back().second, HasSubstr("Rappel"));
  EXPECT_TRUE(again(silent.id).reminded);
  EXPECT_FALSE(again(answered.id).reminded);
}

TEST_F(LettersTest, NeverGoToWhoeverOptedOutBeforeTheyWereSent) {
  const Invitation one = invited("c-1@mail.example");
  ASSERT_TRUE(store->surveys().suppress("", tokens.address_key("c-1@mail.example"), "opted out", clock.now()));
  clock.advance(30 * kDay);
  send_all();

  EXPECT_THAT(post.sent, IsEmpty());
  EXPECT_FALSE(again(one.id).sent);
}

TEST_F(LettersTest, AnAddressThatDoesNotExistIsNeverWrittenToAgainAndDoesNoHarmToTheOthers) {
  const Invitation wrong = invited("nobody@mail.example");
  clock.advance(hours(25));
  post.refusal =
      Error{ErrorKind::bad_data, "mail server: refused with 550 5.1.1 <nobody@mail.example> unknown", std::nullopt};
  send_all();
  post.refusal.reset();
  const Invitation right = invited("c-2@mail.example");
  clock.advance(hours(25));
  send_all();

  EXPECT_TRUE(again(wrong.id).bounced);
  EXPECT_TRUE(store->surveys().is_suppressed("acme", {tokens.address_key("nobody@mail.example")}).value());
  EXPECT_TRUE(again(right.id).delivered());
  EXPECT_EQ(store->endpoint_health("letters").value().circuit, Circuit::closed);
  const std::vector<Notification> all = store->notifications("", 20).value();
  for (const Notification& kept : all) EXPECT_THAT(kept.last_error, Not(HasSubstr("nobody@mail.example")));
}

TEST_F(LettersTest, ARefusalOfOneMailIsNoProofThatNobodyIsThere) {
  const Invitation one = invited("c-1@mail.example");
  clock.advance(hours(25));
  post.refusal = Error{ErrorKind::bad_data, "mail server: refused with 554 5.7.1 spam", std::nullopt};
  send_all();

  EXPECT_FALSE(again(one.id).bounced);
  EXPECT_FALSE(again(one.id).sent);
  EXPECT_THAT(post.sent, IsEmpty());  // nor does it go to the operator's other endpoint
}

TEST_F(LettersTest, ComposeAMailThatOneClickUnsubscribesFrom) {
  const Invitation one = invited("c-1@mail.example");
  const CustomerLetter letter = words(one);
  const Notification owed = store->notifications(concat("survey-", std::to_string(one.id)), 10).value().back();
  const NotifierContext context{http, clock, settings.mail, settings.serve.public_url};

  const auto mail = compose_letter(letter, Outgoing{owed, settings.endpoints.front(), "", ""}, context);

  ASSERT_TRUE(mail) << mail.error().what;
  EXPECT_THAT(*mail, AllOf(HasSubstr("To: c-1@mail.example\r\n"), HasSubstr("Boutique Acme SAS"),
                           HasSubstr("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), HasSubstr("text/plain"),
                           HasSubstr("text/html"), Not(HasSubstr("operator@acme.example"))));
}

}  // namespace vigie
