#include "console/console.h"

#include "config/drill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Time kNow = parse_rfc3339("2026-11-21T12:00:00Z").value();

std::string header_of(const ServerReply& reply, std::string_view name) {
  for (const auto& [key, value] : reply.headers) {
    if (key == name) return value;
  }
  return "";
}

class ConsoleTest : public testing::Test {
 protected:
  ConsoleTest() : clock_(kNow) {
    settings_.brands = {{"acme", "Acme", "Acme", "fr"}};
    settings_.sources.resize(2);
    settings_.sources[0].id = "forum";
    settings_.sources[1].id = "shop";
    store_ = open().value();
  }

  Result<std::unique_ptr<Store>> open() { return open_sqlite_store("sqlite:" + folder_.file("console.db")); }

  ServerReply ask(ServerRequest request) {
    if (request.header("Host").empty()) request.headers.emplace_back("Host", "127.0.0.1:8081");
    if (!cookie_.empty()) request.headers.emplace_back("Cookie", cookie_);
    return make_console({settings_, [this] { return open(); }, clock_, metrics_, [this] { return not_ready_; }})(
        request);
  }

  ServerReply get(std::string path, std::vector<Header> query = {}, std::vector<Header> headers = {}) {
    ServerRequest request;
    request.method = "GET";
    request.path = std::move(path);
    request.query = std::move(query);
    request.headers = std::move(headers);
    return ask(std::move(request));
  }

  ServerReply post(std::string path, std::string body, std::string origin = "http://127.0.0.1:8081") {
    ServerRequest request;
    request.method = "POST";
    request.path = std::move(path);
    request.body = std::move(body);
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    if (!origin.empty()) request.headers.emplace_back("Origin", std::move(origin));
    return ask(std::move(request));
  }

  std::string login_token() {
    const std::string link = make_login_link(settings_, *store_, clock_).value();
    return link.substr(link.find("token=") + 6);
  }

  void enter() {
    const ServerReply reply = post("/login", "token=" + login_token());
    ASSERT_EQ(reply.status, 303);
    const std::string cookie = header_of(reply, "Set-Cookie");
    cookie_ = cookie.substr(0, cookie.find(';'));
  }

  std::int64_t mention(std::string id, Label label, std::string text, bool contradiction = false) {
    Judged judged;
    judged.mention.source = "forum";
    judged.mention.id = std::move(id);
    judged.mention.kind = "post";
    judged.mention.author.name = "client-0042";
    judged.mention.url = "https://forum.example/t/1";
    judged.mention.text = std::move(text);
    judged.mention.created = kNow - minutes(5);
    judged.brands = {"acme"};
    judged.judgement.lang = "fr";
    judged.judgement.label = label;
    judged.judgement.p_neg = label == Label::negative ? .87 : .1;
    judged.judgement.p_neu = .03;
    judged.judgement.p_pos = label == Label::positive ? .9 : .1;
    judged.judgement.themes = {"delivery"};
    judged.judgement.drivers = {{"bloqué", -1.5}};
    judged.judgement.contradiction = contradiction;
    JudgedBatch batch;
    batch.source = "forum";
    batch.mentions = {judged};
    batch.ingested = kNow - minutes(3);
    const auto done = store_->commit(batch);
    EXPECT_TRUE(done) << done.error().what;
    return done ? done->last_seq : 0;
  }

  // One that speaks of delivery and price in different clauses, and of harm.
  void mixed_and_grave() {
    Judged judged;
    judged.mention.source = "forum";
    judged.mention.id = "mixed";
    judged.mention.kind = "post";
    judged.mention.text = "Livraison ratée, mais le prix est correct. Je n’en peux plus.";
    judged.mention.created = kNow - minutes(5);
    judged.brands = {"acme"};
    judged.judgement.lang = "fr";
    judged.judgement.themes = {"delivery", "price"};
    judged.judgement.cues = {"self_harm"};
    judged.judgement.aspects = {{"", "delivery", .9, .1, 0, Label::negative}, {"", "price", 0, .2, .8, Label::positive}};
    JudgedBatch batch;
    batch.source = "forum";
    batch.mentions = {judged};
    batch.ingested = kNow - minutes(3);
    const auto done = store_->commit(batch);
    ASSERT_TRUE(done) << done.error().what;
  }

  Incident incident(IncidentState state, std::vector<std::int64_t> quotes = {}) {
    Incident one;
    one.id = "00000000000000aa";
    one.brand = "acme";
    one.state = state;
    one.severity = 4;
    one.opened = one.updated = kNow - hours(2);
    one.themes = {"delivery"};
    one.last_seq = 2;
    Signal& signal = one.evidence;
    signal.id = "s1";
    signal.brand = "acme";
    signal.at = kNow - hours(1);
    signal.since = kNow - hours(2);
    signal.observed = 48;
    signal.expected = 7.4;
    signal.expected_low = 3;
    signal.expected_high = 12;
    signal.total = 60;
    signal.usual_share = .18;
    signal.months_by_chance = 400;
    signal.severity = 4;
    signal.themes = {{"delivery", 40, 2.5}};
    signal.terms = {{"entrepôt", 30, 0}};
    signal.sources = {{"forum", 48}};
    signal.mentions = std::move(quotes);
    return one;
  }

  void keep(const Incident& one, std::vector<Transition> steps = {}, std::vector<Notification> owed = {}) {
    WatchCommit commit;
    commit.incidents = {one};
    for (Transition& step : steps) commit.transitions.emplace_back(one.id, std::move(step));
    commit.notifications = std::move(owed);
    const auto done = store_->commit_watch(commit);
    ASSERT_TRUE(done) << done.error().what;
  }

  test::TempDir folder_;
  ManualClock clock_;
  Settings settings_;
  Metrics metrics_;
  std::unique_ptr<Store> store_;
  std::string cookie_, not_ready_;
};

}  // namespace

TEST_F(ConsoleTest, ShowsNothingToAStranger) {
  mention("1", Label::negative, "rien à voir ici");

  for (const char* path : {"/", "/incidents/00000000000000aa", "/nowhere"}) {
    const ServerReply reply = get(path);
    EXPECT_EQ(reply.status, 401) << path;
    EXPECT_THAT(reply.body, Not(HasSubstr("rien à voir ici")));
  }
}

TEST_F(ConsoleTest, OpensOnceThroughTheLoginLink) {
  const std::string token = login_token();

  const ServerReply first = post("/login", "token=" + token + "&lang=fr");
  const ServerReply second = post("/login", "token=" + token);

  EXPECT_EQ(first.status, 303);
  EXPECT_EQ(header_of(first, "Location"), "/?lang=fr");
  EXPECT_THAT(header_of(first, "Set-Cookie"),
              AllOf(HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict"), HasSubstr("Max-Age=2592000")));
  EXPECT_EQ(second.status, 403);
  EXPECT_EQ(header_of(second, "Set-Cookie"), "");
}

TEST_F(ConsoleTest, DoesNotUseTheLinkUpWhenAPrefetcherOpensIt) {
  const std::string token = login_token();

  for (int i = 0; i < 3; ++i) EXPECT_THAT(get("/login", {{"token", token}}).body, HasSubstr("value=\"" + token + "\""));

  EXPECT_EQ(post("/login", "token=" + token).status, 303);
}

TEST_F(ConsoleTest, LetsALinkExpireAfterADayAndASessionAfterThirty) {
  const std::string token = login_token();
  enter();
  clock_.advance(kDay + seconds(1));
  EXPECT_EQ(post("/login", "token=" + token).status, 403);
  EXPECT_EQ(get("/").status, 200);

  clock_.advance(29 * kDay);

  EXPECT_EQ(get("/").status, 401);
}

TEST_F(ConsoleTest, EndsTheSessionOnTheServerToo) {
  enter();

  EXPECT_EQ(post("/logout", "").status, 303);

  EXPECT_EQ(get("/").status, 401);
}

TEST_F(ConsoleTest, RefusesAPostThatAnotherSiteSent) {
  const std::string token = login_token();

  EXPECT_EQ(post("/login", "token=" + token, "http://attacker.example").status, 403);
  EXPECT_EQ(post("/login", "token=" + token, "null").status, 403);
  EXPECT_EQ(post("/login", "token=" + token, "").status, 403);
  EXPECT_EQ(post("/login", "token=" + token, "http://127.0.0.1:9999").status, 403);

  EXPECT_EQ(post("/login", "token=" + token).status, 303);
}

TEST_F(ConsoleTest, AnswersToItsOwnNamesOnly) {
  settings_.serve.console_url = "https://console.example.org";

  EXPECT_EQ(get("/metrics", {}, {{"Host", "attacker.example:8081"}}).status, 421);
  EXPECT_EQ(get("/", {}, {{"Host", "127.0.0.1.attacker.example"}}).status, 421);
  EXPECT_EQ(get("/metrics", {}, {{"Host", "localhost:8081"}}).status, 200);
  EXPECT_EQ(get("/metrics", {}, {{"Host", "[::1]:8081"}}).status, 200);
  EXPECT_EQ(get("/metrics", {}, {{"Host", "Console.Example.org"}}).status, 200);
}

TEST_F(ConsoleTest, AsksAgainFromItsOwnPageWhenTheLinkStoodElsewhere) {
  const ServerReply reply = get("/incidents/00000000000000aa", {{"lang", "fr"}}, {{"Sec-Fetch-Site", "cross-site"}});
  const ServerReply odd = get("//attacker.example/", {}, {{"Sec-Fetch-Site", "cross-site"}});

  EXPECT_EQ(header_of(reply, "Refresh"), "0; url=/incidents/00000000000000aa?lang=fr");
  EXPECT_EQ(header_of(odd, "Refresh"), "0; url=/");
}

TEST_F(ConsoleTest, TellsMachinesHowItDoesWithoutALogin) {
  metrics_.add("vigie_tests_total", "Tests run.");
  EXPECT_THAT(get("/metrics").body, HasSubstr("vigie_tests_total 1"));
  EXPECT_EQ(get("/health/live").status, 200);
  EXPECT_EQ(get("/health/ready").status, 200);

  not_ready_ = "ingest is not running";

  EXPECT_EQ(get("/health/live").status, 200);
  EXPECT_EQ(get("/health/ready").status, 503);
  EXPECT_EQ(get("/health/ready").body, "ingest is not running\n");
}

TEST_F(ConsoleTest, SaysThatNothingWaitsAndWhatItKnows) {
  enter();
  mention("1", Label::neutral, "bonjour");
  SourceHealth health;
  health.source = "forum";
  health.state = "ok";
  health.last_success = kNow - minutes(1);
  ASSERT_TRUE(store_->save_health(health));

  EXPECT_THAT(get("/", {{"lang", "en"}}).body,
              AllOf(HasSubstr("Nothing waits."), HasSubstr("Last mention 3\u00A0min ago, from 1 of 2 sources.")));
  EXPECT_THAT(get("/", {{"lang", "fr"}}).body, AllOf(HasSubstr("Rien n’attend."), HasSubstr("de 1 sources sur 2")));
}

TEST_F(ConsoleTest, ShowsASourcesErrorInWordsWithWhatToDo) {
  enter();
  SourceHealth health;
  health.source = "forum";
  health.state = "suspended";
  health.failures = 3;
  health.error = "401 <token expired>";
  health.next_try = kNow + minutes(15);
  ASSERT_TRUE(store_->save_health(health));
  health.source = "shop";
  health.notices = R"([{"code":"token_refused","since":"2026-11-21T11:05:00Z","secret":"token"}])";
  ASSERT_TRUE(store_->save_health(health));

  const std::string body = get("/", {{"lang", "en"}}).body;

  EXPECT_THAT(body,
              AllOf(HasSubstr("suspended"), HasSubstr("401 &lt;token expired&gt;"), HasSubstr("3 failures in a row"),
                    HasSubstr("correct the credential"), HasSubstr("in 15\u00A0min"),
                    HasSubstr("token refused since 21\u00A0Nov 11:05: renew it under [source.secrets] token")));
}

TEST_F(ConsoleTest, ShowsOpinionAsSignWordAndProbability) {
  enter();
  mention("1", Label::negative, "colis bloqué");

  const std::string body = get("/", {{"lang", "fr"}}).body;

  EXPECT_THAT(body, AllOf(HasSubstr("<span class=\"sign\" aria-hidden=\"true\">−</span> négatif 87\u202F%"),
                          HasSubstr(">livraison<"), HasSubstr("bloqué"), HasSubstr("vers le négatif"),
                          HasSubstr("lang=\"fr\" dir=\"auto\">colis bloqué")));
}

TEST_F(ConsoleTest, NamesTheSourceAndWhatItsNetworkAsksToBeTold) {
  enter();
  mention("1", Label::negative, "colis bloqué");
  settings_.sources[0].name = "Le forum d’Acme";
  SourceFacts facts{"forum", "discourse"};
  facts.attribution = "Forum, CC <BY-SA>";
  ASSERT_TRUE(store_->save_facts(facts));

  EXPECT_THAT(get("/").body, HasSubstr("<span>Le forum d’Acme</span><span>Forum, CC &lt;BY-SA&gt;</span>"));

  facts.attribution = "le forum d’acme";
  ASSERT_TRUE(store_->save_facts(facts));
  EXPECT_THAT(get("/").body, Not(HasSubstr("<span>le forum"))) << "it would say the name twice";
}

TEST_F(ConsoleTest, TellsWhenStarsAndWordsDisagree) {
  enter();
  mention("1", Label::negative, "colis bloqué", true);

  EXPECT_THAT(get("/", {{"lang", "fr"}}).body, HasSubstr("les étoiles et le texte se contredisent"));
  EXPECT_THAT(get("/", {{"lang", "en"}}).body, HasSubstr("the stars and the words disagree"));
}

TEST_F(ConsoleTest, TellsWhatATextPraisesFromWhatItComplainsOfAndAsksForAPersonWhereItMust) {
  enter();
  mixed_and_grave();

  const std::string page = get("/", {{"lang", "fr"}}).body;

  EXPECT_THAT(page, HasSubstr("livraison\u00a0: négatif"));
  EXPECT_THAT(page, HasSubstr("prix\u00a0: positif"));
  EXPECT_THAT(page, HasSubstr("Une personne doit répondre"));
  EXPECT_THAT(page, HasSubstr("automutilation"));
}

TEST_F(ConsoleTest, TakesAPersonsLabelAndGoesBackToTheMention) {
  const std::int64_t seq = mention("1", Label::negative, "merci du retard");
  enter();

  const ServerReply reply = post("/mentions/1/label", "label=pos&back=%2F%3Flang%3Dfr%26brand%3Dacme");

  EXPECT_EQ(reply.status, 303);
  EXPECT_EQ(header_of(reply, "Location"), "/?lang=fr&brand=acme#m1");
  EXPECT_EQ((**store_->mention(seq)).judgement.effective(), Label::positive);
  EXPECT_EQ(store_->corrections(seq).value().at(0).by, "console");
  EXPECT_THAT(get("/", {{"lang", "en"}}).body, HasSubstr("positive, corrected by a person"));
}

TEST_F(ConsoleTest, ConfirmsALabelAndTakesItBack) {
  const std::int64_t seq = mention("1", Label::negative, "bloqué");
  enter();
  EXPECT_THAT(get("/", {{"lang", "fr"}}).body, AllOf(HasSubstr("c’est bien négatif"), Not(HasSubstr("Retirer"))));

  post("/mentions/1/label", "label=neg");
  EXPECT_THAT(get("/", {{"lang", "fr"}}).body,
              AllOf(HasSubstr("négatif, confirmé par une personne"), HasSubstr("Retirer")));
  post("/mentions/1/label", "label=none");

  EXPECT_FALSE((**store_->mention(seq)).judgement.human);
  EXPECT_EQ(store_->corrections(seq).value().size(), 2u);
}

TEST_F(ConsoleTest, TakesALabelFromNobodyElse) {
  const std::int64_t seq = mention("1", Label::negative, "bloqué");

  EXPECT_EQ(post("/mentions/1/label", "label=pos").status, 401) << "not signed in";
  enter();
  EXPECT_EQ(post("/mentions/1/label", "label=pos", "https://evil.example").status, 403);
  EXPECT_EQ(post("/mentions/1/label", "label=pos", "").status, 403);
  EXPECT_EQ(get("/mentions/1/label").status, 404) << "a link changes nothing";

  EXPECT_FALSE((**store_->mention(seq)).judgement.human);
}

TEST_F(ConsoleTest, TakesAVerdictAndShowsItWithTheWayBack) {
  keep(incident(IncidentState::open));
  enter();
  EXPECT_THAT(get("/incidents/00000000000000aa", {{"lang", "fr"}}).body,
              AllOf(HasSubstr("Cette alerte était-elle justifiée"), HasSubstr("C’est la nouvelle normale"),
                    Not(HasSubstr("Retirer"))));

  const ServerReply reply = post("/incidents/00000000000000aa/verdict", "verdict=false&lang=fr");

  EXPECT_EQ(reply.status, 303);
  EXPECT_EQ(header_of(reply, "Location"), "/incidents/00000000000000aa?lang=fr#verdict");
  const Verdict said = store_->standing_verdicts().value().at("00000000000000aa");
  EXPECT_EQ(said.word, VerdictWord::false_alarm);
  EXPECT_EQ(said.by, "console");
  EXPECT_THAT(get("/incidents/00000000000000aa", {{"lang", "fr"}}).body,
              AllOf(HasSubstr("Fausse alerte, dit par console"), HasSubstr("Retirer")));
}

TEST_F(ConsoleTest, ShowsTheRealisedRateBesideTheBudget) {
  keep(incident(IncidentState::open));
  enter();
  EXPECT_THAT(get("/", {{"lang", "en"}}).body,
              HasSubstr("1 alert. Called false: 0; not judged: 1. False a month: 0.0; allowed: 1."));

  post("/incidents/00000000000000aa/verdict", "verdict=false");

  EXPECT_THAT(get("/", {{"lang", "en"}}).body,
              HasSubstr("1 alert. Called false: 1; not judged: 0. False a month: 0.3; allowed: 1."));
}

TEST_F(ConsoleTest, TakesAVerdictFromNobodyElse) {
  keep(incident(IncidentState::open));

  EXPECT_EQ(post("/incidents/00000000000000aa/verdict", "verdict=false").status, 401) << "not signed in";
  enter();
  EXPECT_EQ(post("/incidents/00000000000000aa/verdict", "verdict=false", "https://evil.example").status, 403);
  EXPECT_EQ(get("/incidents/00000000000000aa/verdict").status, 404) << "a link changes nothing";
  EXPECT_EQ(post("/incidents/00000000000000aa/verdict", "verdict=wrong").status, 400);
  EXPECT_EQ(post("/incidents/00000000000000bb/verdict", "verdict=false").status, 404);

  EXPECT_TRUE(store_->standing_verdicts().value().empty());
}

TEST_F(ConsoleTest, LeadsNowhereElseFromALabel) {
  mention("1", Label::negative, "bloqué");
  enter();

  for (const char* back : {"https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example",
                           "%2F%3Fa%0d%0aX%3A1", "", "%2F%3Fx%23m9"}) {
    EXPECT_EQ(header_of(post("/mentions/1/label", concat("label=pos&back=", back)), "Location"), "/#m1") << back;
  }
}

TEST_F(ConsoleTest, RefusesALabelItCannotTake) {
  mention("1", Label::negative, "bloqué");
  enter();

  EXPECT_EQ(post("/mentions/1/label", "label=angry").status, 400);
  EXPECT_EQ(post("/mentions/7/label", "label=pos").status, 404);
  for (const char* path : {"/mentions/x/label", "/mentions//label", "/mentions/-1/label", "/mentions/1/label/"})
    EXPECT_EQ(post(path, "label=pos").status, 405) << path;
}

TEST_F(ConsoleTest, SearchesAndFiltersMentions) {
  enter();
  mention("1", Label::negative, "colis bloqué");
  mention("2", Label::positive, "livraison parfaite");

  EXPECT_THAT(get("/", {{"q", "parfaite"}}).body,
              AllOf(HasSubstr("livraison parfaite"), Not(HasSubstr("colis bloqué"))));
  EXPECT_THAT(get("/", {{"label", "neg"}}).body,
              AllOf(HasSubstr("colis bloqué"), Not(HasSubstr("livraison parfaite"))));
  EXPECT_THAT(get("/", {{"source", "shop"}, {"lang", "en"}}).body, HasSubstr("No mention fits."));
  EXPECT_EQ(get("/", {{"q", "\" OR *"}, {"before", "-5"}, {"label", "x"}, {"brand", "y"}}).status, 200);
}

TEST_F(ConsoleTest, NeverLinksToAnythingButTheWeb) {
  enter();
  Judged judged;
  judged.mention.source = "forum";
  judged.mention.id = "x";
  judged.mention.kind = "post";
  judged.mention.url = "javascript:alert(1)";
  judged.mention.text = "<script>alert(1)</script>";
  JudgedBatch batch;
  batch.source = "forum";
  batch.mentions = {judged};
  batch.ingested = kNow;
  ASSERT_TRUE(store_->commit(batch));

  EXPECT_THAT(get("/").body,
              AllOf(Not(HasSubstr("javascript:")), Not(HasSubstr("<script")), HasSubstr("&lt;script&gt;")));
}

TEST_F(ConsoleTest, PutsAnOpenIncidentFirstAndCountsIt) {
  enter();
  keep(incident(IncidentState::open));

  const std::string body = get("/", {{"lang", "en"}}).body;

  EXPECT_THAT(body, AllOf(HasSubstr("1 incident waits for someone."), HasSubstr("/incidents/00000000000000aa?lang=en"),
                          HasSubstr("severity: high (4 of 5)")));
}

TEST_F(ConsoleTest, ArguesAnIncidentWithItsNumbersItsWordsAndItsQuotes) {
  enter();
  const std::int64_t quote = mention("1", Label::negative, "tout est bloqué à l'entrepôt");
  Transition raise{1, kNow - hours(1), "raise", IncidentState::pending, IncidentState::open, "detector", ""};
  Transition worse{2,          kNow - minutes(30), "worse", IncidentState::open, IncidentState::open,
                   "detector", "theme:returns"};
  Notification owed;
  owed.id = "n1";
  owed.subject_kind = "incident";
  owed.subject_id = "00000000000000aa";
  owed.seq = 1;
  owed.purpose = "first";
  owed.endpoint = "on-call-mail";
  owed.created = owed.due = kNow;
  owed.document = "{}";
  keep(incident(IncidentState::open, {quote}), {raise, worse}, {owed});

  const std::string fr = get("/incidents/00000000000000aa", {{"lang", "fr"}}).body;

  EXPECT_THAT(fr, AllOf(HasSubstr("48\u00A0auteurs mécontents"), HasSubstr("7,4\u00A0(3 à 12 neuf fois sur dix)"),
                        HasSubstr("environ une fois tous les 33\u00A0ans"),
                        HasSubstr("80\u202F% (habituelle\u00A0: 18\u202F%)")));
  EXPECT_THAT(fr, AllOf(HasSubstr("entrepôt"), HasSubstr("30\u00A0fois, nouveau"), HasSubstr("tout est bloqué"),
                        HasSubstr("nouveau sujet\u00A0: retours"), HasSubstr("on-call-mail"),
                        HasSubstr("première alerte"), HasSubstr("à envoyer")));
}

TEST_F(ConsoleTest, GivesAStepNoReasonButItsOwn) {
  enter();
  keep(incident(IncidentState::open),
       {{1, kNow, "raise", IncidentState::pending, IncidentState::open, "detector", ""}});

  const std::string body = get("/incidents/00000000000000aa", {{"lang", "en"}}).body;

  EXPECT_THAT(body.substr(body.find("What happened")), Not(HasSubstr("expected")));
}

TEST_F(ConsoleTest, CountsUpdatesInsteadOfListingHundreds) {
  enter();
  std::vector<Transition> steps = {{1, kNow, "raise", IncidentState::pending, IncidentState::open, "detector", ""}};
  for (int i = 2; i < 300; ++i)
    steps.push_back({i, kNow, "update", IncidentState::open, IncidentState::open, "detector", ""});
  keep(incident(IncidentState::open), steps);

  EXPECT_THAT(get("/incidents/00000000000000aa", {{"lang", "en"}}).body,
              AllOf(HasSubstr("And 298 updates of the figures meanwhile."), Not(HasSubstr(">Update<"))));
}

TEST_F(ConsoleTest, SaysWhenThereIsNoSuchIncident) {
  enter();

  const ServerReply reply = get("/incidents/none", {{"lang", "en"}});

  EXPECT_EQ(reply.status, 404);
  EXPECT_THAT(reply.body, HasSubstr("Incident not found"));
}

TEST_F(ConsoleTest, LeavesNoCatalogueKeyOnAPage) {
  enter();
  keep(incident(IncidentState::open, {mention("1", Label::negative, "bloqué")}));

  for (const char* lang : {"fr", "en"}) {
    for (const char* path : {"/", "/incidents/00000000000000aa", "/nowhere", "/login"}) {
      const std::string body = get(path, {{"lang", lang}}).body;
      EXPECT_THAT(body,
                  Not(testing::ContainsRegex("(incident|status|source|login|refused|labels|states)\\.[a-z_]+[<\" ]")))
          << path << " " << lang;
      EXPECT_THAT(body, AllOf(Not(HasSubstr("{n}")), Not(HasSubstr("{{")))) << path << " " << lang;
    }
  }
}

TEST_F(ConsoleTest, MarksAnIncidentThatNobodyWasToldOf) {
  Incident tried = incident(IncidentState::open);
  tried.shadow = true;
  keep(tried);
  enter();

  const std::string overview = get("/").body, page = get("/incidents/00000000000000aa").body;

  for (const std::string& body : {overview, page}) EXPECT_THAT(body, HasSubstr("shadow: nobody was told"));
  EXPECT_THAT(overview, Not(HasSubstr("waits for someone"))) << "nobody was asked to do anything";
  EXPECT_THAT(page, HasSubstr("this rule is being tried out"));
  EXPECT_THAT(get("/", {{"lang", "fr"}}).body, HasSubstr("à l’essai\u00a0: personne n’a été prévenu"));
}

TEST_F(ConsoleTest, SaysWhatARuleCountedInItsOwnWords) {
  Incident word = incident(IncidentState::open);
  Signal& signal = word.evidence;
  signal.rule = "keyword";
  signal.measure = "mentions";
  signal.rule_name = "calls for a boycott";
  signal.observed = 3;
  signal.window = kDay;
  word.kind = signal.incident_kind = "boycott";
  keep(word);
  enter();

  const std::string page = get("/incidents/00000000000000aa").body;

  EXPECT_THAT(page, HasSubstr("“calls for a boycott”, 3 posts"));
  EXPECT_THAT(page, HasSubstr("this rule tells of the first one"));
  EXPECT_THAT(page, HasSubstr("48 mentions")) << "of its source";
  EXPECT_THAT(page, Not(HasSubstr("unhappy author")));
  EXPECT_THAT(page, Not(HasSubstr("By chance")));
}

TEST_F(ConsoleTest, ListsSilencesThatSomebodyMayEnd) {
  Silence silence;
  silence.brands = {"acme"};
  silence.starts = silence.created = kNow;
  silence.ends = kNow + hours(2);
  silence.author = "client-0042";
  silence.reason = "strike <announced>";
  const std::string id = std::to_string(store_->add_silence(silence).value());
  enter();

  const std::string page = get("/sending", {{"lang", "en"}}).body;
  EXPECT_THAT(page, AllOf(HasSubstr("Silence " + id), HasSubstr("brand: Acme"), HasSubstr("by client-0042: strike &lt;announced&gt;")));

  const ServerReply elsewhere = post("/silences/" + id + "/end", "lang=en", "https://elsewhere.example");
  EXPECT_EQ(elsewhere.status, 403);
  EXPECT_EQ(store_->silences(kNow).value().size(), 1u);
  const ServerReply ended = post("/silences/" + id + "/end", "lang=en");
  EXPECT_EQ(ended.status, 303);
  EXPECT_EQ(header_of(ended, "Location"), "/sending?lang=en#silences");
  EXPECT_TRUE(store_->silences(kNow).value().empty());
  EXPECT_EQ(store_->silence(1).value()->ended_by, "console");
  EXPECT_THAT(get("/sending", {{"lang", "en"}}).body, HasSubstr("No silence is in force or to come."));
  EXPECT_EQ(post("/silences/x/end", "lang=en").status, 400);
}

TEST_F(ConsoleTest, ShowsWhatBecameOfTheWeeklyTests) {
  settings_.alerting.drill = {{0x7f, 0, 24 * 60}};
  EndpointSettings endpoint;
  endpoint.id = "care-chat";
  endpoint.time_zone = "Europe/Paris";
  settings_.endpoints = {endpoint};
  enter();
  EXPECT_THAT(get("/sending", {{"lang", "en"}}).body, AllOf(HasSubstr("Weekly tests"), HasSubstr("none yet")));

  Notification last_week;
  last_week.id = drills(endpoint, kNow, 2).value()[1].id;
  last_week.subject_kind = "test";
  last_week.subject_id = "drill";
  last_week.purpose = "test";
  last_week.endpoint = "care-chat";
  last_week.state = NotificationState::dead;
  last_week.last_error = "404: no such hook";
  last_week.created = last_week.due = kNow - 7 * kDay;
  ASSERT_TRUE(store_->add_notifications({last_week}));

  EXPECT_THAT(get("/sending", {{"lang", "en"}}).body, AllOf(HasSubstr("did not arrive ("), HasSubstr("404: no such hook")));
}

TEST_F(ConsoleTest, ListsDeadMessagesThatSomebodyMaySendAgainOrDiscard) {
  std::vector<Notification> dead(2);
  for (std::size_t i = 0; i < dead.size(); ++i) {
    dead[i].id = "dead-" + std::to_string(i);
    dead[i].subject_kind = "incident";
    dead[i].subject_id = "incident-" + std::to_string(i);
    dead[i].purpose = "first";
    dead[i].endpoint = "care-chat";
    dead[i].state = NotificationState::dead;
    dead[i].last_error = "404: no such hook <b>";
    dead[i].created = dead[i].due = kNow - hours(1);
  }
  ASSERT_TRUE(store_->add_notifications(dead));
  enter();

  EXPECT_THAT(get("/sending", {{"lang", "en"}}).body,
              AllOf(HasSubstr("care-chat"), HasSubstr("404: no such hook &lt;b&gt;"), HasSubstr("/incidents/incident-1?lang=en")));
  EXPECT_EQ(post("/messages/dead-0/act", "act=retry&lang=en").status, 303);
  EXPECT_EQ(post("/messages/dead-1/act", "act=discard&reason=&lang=en").status, 400) << "a reason is owed";
  EXPECT_EQ(post("/messages/dead-1/act", "act=discard&reason=told+by+telephone&lang=en").status, 303);
  EXPECT_EQ(post("/messages/none/act", "act=retry&lang=en").status, 404);

  EXPECT_EQ(store_->notification("dead-0").value()->state, NotificationState::ready);
  EXPECT_EQ(store_->notification("dead-1").value()->state, NotificationState::cancelled);
  EXPECT_EQ(store_->outbox_acts("dead-1").value().at(0).reason, "told by telephone");
  EXPECT_THAT(get("/sending", {{"lang", "en"}}).body, HasSubstr("None: every message arrived"));
}

TEST_F(ConsoleTest, ShowsWhatHoldsMessagesBackToNobodyWhoIsNotSignedIn) {
  EXPECT_EQ(get("/sending").status, 401);
  EXPECT_EQ(post("/silences/1/end", "").status, 401);
  EXPECT_EQ(post("/messages/x/act", "act=retry").status, 401);
}

}  // namespace vigie
