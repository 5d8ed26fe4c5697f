// Ingest, watch and notify together on a real store: what one mention sets in motion, and what a crash must not undo.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/ingest.h"
#include "app/notify.h"
#include "app/watch.h"
#include "base/clock.h"
#include "tests/support/fake_http.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const Time kMonday = from_epoch(1762732800);  // 2025-11-10 00:00Z

class LoopsTest : public testing::Test {
 protected:
  void SetUp() override {
    BrandSettings brand;
    brand.id = "acme";
    brand.name = "Acme";
    brand.match = "\"Acme\"";
    brand.language = "en";
    settings.brands = {brand};
    EndpointSettings endpoint;
    endpoint.id = "folder";
    endpoint.kind = "file";
    endpoint.folder = dir.path().string() + "/messages";
    endpoint.language = "en";
    endpoint.time_zone = "UTC";
    settings.endpoints = {endpoint};
    RouteSettings route;
    route.to = {"folder"};
    settings.routes = {route};
    settings.alerting.group = settings.alerting.update = Duration::zero();  // each step is told at once
    pipeline = Pipeline::make(settings.brands, settings.sources).value();
    bus = make_memory_bus();
    ingest_store = open();
    watch_store = open();
    notify_store = open();
    ingesting = std::jthread([this] {
      Ingest ingest(*bus, *pipeline, *ingest_store, metrics, committed, 2);
      ingest.run();
    });
  }

  void TearDown() override { bus->close(); }

  std::unique_ptr<Store> open() {
    auto store = open_sqlite_store("sqlite:" + dir.path().string() + "/vigie.db");
    EXPECT_TRUE(store) << store.error().what;
    return std::move(*store);
  }

  void publish(const std::string& text, Time at, const std::string& author) {
    Batch batch;
    batch.source = "forum";
    batch.ingested = at;
    Mention mention;
    mention.source = "forum";
    mention.id = std::to_string(++ids);
    mention.kind = "post";
    mention.text = text;
    mention.author.handle = author;
    mention.created = at;
    mention.url = "https://forum.example.org/" + mention.id;
    batch.mentions.push_back(mention);
    clock.set(at);
    const Result<void> done = bus->publish(std::move(batch));
    ASSERT_TRUE(done) << done.error().what;
  }

  // Ten days of a quiet brand: a friendly word every 20 minutes, a complaint every five hours.
  void quiet_days(int days) {
    for (int i = 0; i < days * 72; ++i) {
      const bool complaint = i % 15 == 7;
      publish(complaint ? "Acme was a little slow to answer, disappointing" : "Acme opened a new shop in town number " + std::to_string(i),
              kMonday + i * minutes(20), "client-" + std::to_string(i));
    }
  }

  void storm(Time from, int count) {
    for (int i = 0; i < count; ++i) {
      publish("Acme lost my parcel, terrible delivery, I am furious, order " + std::to_string(1000 + i) + " never arrived", from + i * minutes(2),
              "angry-" + std::to_string(i));
    }
  }

  Settings settings;
  test::TempDir dir;
  ManualClock clock{kMonday};
  Metrics metrics;
  Pulse committed, owed;
  std::unique_ptr<Pipeline> pipeline;
  std::unique_ptr<Bus> bus;
  std::unique_ptr<Store> ingest_store, watch_store, notify_store;
  std::jthread ingesting;
  int ids = 0;
};

void drain(Watch& watch) {
  for (Result<bool> more = true; more && *more;) {
    more = watch.tick();
    ASSERT_TRUE(more) << more.error().what;
  }
}

TEST_F(LoopsTest, AStormOfComplaintsBecomesOneIncidentAndOneMessage) {
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  test::FakeHttp http([](const HttpRequest&) { return test::reply(500, ""); });
  SeededRng rng(1);
  Notify notify(settings, *notify_store, http, clock, clock, rng, metrics);

  quiet_days(10);
  drain(watch);
  storm(kMonday + kDay * 10, 30);
  drain(watch);
  while (notify.tick().value()) {
  }

  const std::vector<Incident> incidents = watch_store->incidents("", false, 10).value();
  ASSERT_THAT(incidents, SizeIs(1));
  EXPECT_EQ(incidents[0].brand, "acme");
  EXPECT_GT(incidents[0].evidence.observed, incidents[0].evidence.expected_high);
  EXPECT_THAT(incidents[0].themes, testing::Contains("delivery"));
  EXPECT_THAT(watch_store->hurried(clock.now()).value(), testing::Contains("forum"));
  int mails = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path().string() + "/messages")) mails += entry.path().extension() == ".eml";
  EXPECT_GE(mails, 1);
  const std::vector<Notification> owed_all = watch_store->notifications("", 100).value();
  for (const Notification& notification : owed_all) EXPECT_EQ(notification.state, NotificationState::sent);
}

TEST_F(LoopsTest, AWatchThatDiesAtAnyMentionTellsTheSameStory) {
  quiet_days(10);
  storm(kMonday + kDay * 10, 30);
  // One watch goes through in one piece; the other is made anew for every page, as after a kill, from what the store kept.
  std::filesystem::copy(dir.path().string() + "/vigie.db", dir.path().string() + "/other.db");
  for (const char* part : {"-wal", "-shm"}) std::filesystem::copy(dir.path().string() + "/vigie.db" + part, dir.path().string() + "/other.db" + part);
  Watch whole(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(whole.open());
  drain(whole);

  auto other = open_sqlite_store("sqlite:" + dir.path().string() + "/other.db");
  ASSERT_TRUE(other) << other.error().what;
  for (bool more = true; more;) {
    Watch part(settings, **other, clock, metrics, owed);
    ASSERT_TRUE(part.open());
    more = part.tick().value();
  }

  const std::vector<Incident> one = watch_store->incidents("", false, 10).value();
  const std::vector<Incident> two = (*other)->incidents("", false, 10).value();
  ASSERT_THAT(one, SizeIs(1));
  ASSERT_THAT(two, SizeIs(1));
  EXPECT_EQ(to_json(one[0]), to_json(two[0]));
}

TEST_F(LoopsTest, AnIncidentCalledFalseEndsOnceAndForThatReason) {
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  quiet_days(10);
  storm(kMonday + kDay * 10, 30);
  drain(watch);
  const Incident before = watch_store->incidents("", true, 10).value().at(0);

  clock.advance(minutes(1));
  ASSERT_TRUE(watch_store->add_verdict({0, before.id, clock.now(), "marie", VerdictWord::false_alarm}));
  drain(watch);
  Watch again(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(again.open());
  drain(again);

  const Incident after = watch_store->incident(before.id).value().value();
  EXPECT_EQ(after.state, IncidentState::resolved);
  EXPECT_EQ(after.resolve_reason, kFalsePositive);
  const std::vector<Transition> history = watch_store->transitions(before.id).value();
  EXPECT_EQ(history.back().actor, "marie");
  EXPECT_EQ(std::count_if(history.begin(), history.end(), [](const Transition& t) { return t.event == "resolve"; }), 1);
}

TEST_F(LoopsTest, AnIncidentCalledTheNewNormalEndsAndStaysQuietAtThatLevel) {
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  quiet_days(10);
  storm(kMonday + kDay * 10, 30);
  drain(watch);
  const Incident before = watch_store->incidents("", true, 10).value().at(0);

  clock.advance(minutes(1));
  ASSERT_TRUE(watch_store->add_verdict({0, before.id, clock.now(), "marie", VerdictWord::normal}));
  drain(watch);
  storm(kMonday + kDay * 10 + hours(1), 30);
  drain(watch);

  EXPECT_EQ(watch_store->incidents("", false, 10).value().size(), 1u) << "the same level is no news any more";
  EXPECT_NE(watch_store->incident(before.id).value().value().state, IncidentState::open);
}

TEST_F(LoopsTest, AnIncidentDoesNotEndWhileASourceThatBroughtMuchOfItIsDead) {
  SourceSettings source;
  source.id = "forum";
  source.every_min = minutes(2);
  settings.sources = {source};
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  quiet_days(10);
  storm(kMonday + kDay * 10, 30);
  drain(watch);
  Incident calming = watch_store->incidents("", true, 10).value().at(0);
  calming.recovering_from = calming.state;
  calming.state = IncidentState::recovering;
  calming.hold_until = clock.now() + hours(2);
  WatchCommit commit;
  const WatchState kept = watch_store->watch_state().value().value();
  commit.incidents = {calming};
  commit.offset = kept.offset;
  commit.state = kept.state;
  ASSERT_TRUE(watch_store->commit_watch(commit));
  SourceHealth health;
  health.source = "forum";
  health.failing_since = clock.now();
  ASSERT_TRUE(watch_store->save_health(health));
  const auto later = [&](Duration wait) {
    clock.advance(wait);
    Watch next(settings, *watch_store, clock, metrics, owed);
    EXPECT_TRUE(next.open());
    drain(next);
    return watch_store->incident(calming.id).value().value();
  };

  EXPECT_FALSE(later(minutes(50)).blind) << "an hour of patience";
  EXPECT_TRUE(later(minutes(11)).blind);
  EXPECT_EQ(later(hours(1)).state, IncidentState::recovering) << "not over: nobody can see";

  health.failing_since.reset();
  ASSERT_TRUE(watch_store->save_health(health));
  EXPECT_FALSE(later(minutes(1)).blind);
  EXPECT_EQ(later(minutes(1)).state, IncidentState::recovering) << "calm counts from when it is seen again";
  EXPECT_EQ(later(hours(2)).state, IncidentState::resolved);
  EXPECT_EQ(watch_store->transitions(calming.id).value().back().event, "timer");
}

TEST_F(LoopsTest, AStateOfAnotherVersionIsLearntAnewWithoutTellingThePastAgain) {
  quiet_days(10);
  storm(kMonday + kDay * 10, 30);
  Watch first(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(first.open());
  drain(first);
  const std::vector<Notification> told = watch_store->notifications("", 100).value();
  const std::vector<Incident> incidents = watch_store->incidents("", false, 10).value();
  WatchCommit foreign;
  foreign.offset = watch_store->watch_state().value()->offset;
  foreign.state = "of another version";
  ASSERT_TRUE(watch_store->commit_watch(foreign));

  Watch second(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(second.open());
  drain(second);

  EXPECT_EQ(watch_store->notifications("", 100).value().size(), told.size());
  EXPECT_EQ(to_json(watch_store->incidents("", false, 10).value().at(0)), to_json(incidents.at(0)));
  EXPECT_NE(watch_store->watch_state().value()->state, "of another version");
}

TEST_F(LoopsTest, HistoryIsStoredButNeverAlertedOn) {
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  quiet_days(10);
  drain(watch);

  Batch batch;
  batch.source = "forum";
  batch.ingested = clock.now();
  batch.history = true;
  for (int i = 0; i < 50; ++i) {
    Mention mention;
    mention.source = "forum";
    mention.id = "old-" + std::to_string(i);
    mention.text = "Acme is horrible, worst service ever, number " + std::to_string(i);
    mention.author.handle = "old-" + std::to_string(i);
    mention.created = clock.now() - minutes(i);
    batch.mentions.push_back(mention);
  }
  ASSERT_TRUE(bus->publish(batch));
  drain(watch);

  EXPECT_THAT(watch_store->incidents("", false, 10).value(), SizeIs(0));
  EXPECT_EQ(watch_store->count_mentions().value(), 770);
}

RuleSettings keyword(bool shadow) {
  RuleSettings rule;
  rule.id = shadow ? "tried-out" : "boycott";
  rule.name = "calls for a boycott";
  rule.kind = RuleSettings::Kind::keyword;
  rule.measure = Measure::mentions;
  rule.match = "boycott*";
  rule.window = kDay;
  rule.severity = 4;
  rule.shadow = shadow;
  return rule;
}

TEST_F(LoopsTest, AKeywordIsToldAtOnceAndAShadowTellsNobody) {
  settings.rules = {keyword(false), keyword(true)};
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  publish("I call on everybody to boycott Acme", kMonday, "client-0042");
  clock.advance(minutes(2));
  drain(watch);

  const std::vector<Incident> incidents = watch_store->incidents("acme", false, 10).value();
  ASSERT_THAT(incidents, SizeIs(2));
  for (const Incident& incident : incidents) {
    EXPECT_EQ(incident.state, IncidentState::open) << incident.kind;
    EXPECT_EQ(incident.severity, 4);
    EXPECT_EQ(incident.shadow, incident.kind == "tried-out");
    const auto messages = watch_store->notifications(incident.id, 10).value();
    EXPECT_THAT(messages, SizeIs(incident.shadow ? 0 : 1)) << incident.kind;
    if (!incident.shadow) {
      EXPECT_THAT(messages.at(0).document, HasSubstr("calls for a boycott"));
      EXPECT_THAT(messages.at(0).document, HasSubstr("everybody to boycott Acme"));
    }
  }

  clock.advance(kDay + hours(1));
  drain(watch);
  clock.advance(hours(1));
  drain(watch);
  const std::vector<Incident> later = watch_store->incidents("acme", false, 10).value();
  for (const Incident& incident : later) {
    EXPECT_EQ(incident.state, IncidentState::resolved) << incident.kind;
    EXPECT_THAT(watch_store->notifications(incident.id, 10).value(), SizeIs(incident.shadow ? 0 : 2));
  }
}

class ChainTest : public LoopsTest {
 protected:
  void SetUp() override {
    LoopsTest::SetUp();
    settings.rules = {keyword(false)};
    PersonSettings ana;
    ana.id = "ana";
    ana.name = "Ana Example";
    settings.people = {ana};
    settings.endpoints[0].person = "ana";
    EndpointSettings second = settings.endpoints[0];
    second.id = "second";
    settings.endpoints.push_back(second);
    ChainSettings chain;
    chain.id = "up";
    chain.steps = {{minutes(15), minutes(5), {"second"}}};
    settings.chains = {chain};
    settings.routes[0].chain = "up";
  }

  // What went out, or was to, at `minutes` after the post.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    const std::vector<Notification> rows = watch_store->notifications("", 100).value();
    for (const Notification& one : rows) all.push_back(one.purpose);
    std::reverse(all.begin(), all.end());
    return all;
  }
  void at(Watch& watch, Notify& notify, Duration since) {
    clock.set(kMonday + since);
    drain(watch);
    while (notify.tick().value()) {
    }
  }
};

TEST_F(ChainTest, GoesOnFromWhereItStoodWhenASilenceEnds) {
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  test::FakeHttp http([](const HttpRequest&) { return test::reply(500, ""); });
  SeededRng rng(1);
  Notify notify(settings, *notify_store, http, clock, clock, rng, metrics);
  Silence silence;
  silence.brands = {"acme"};
  silence.starts = silence.created = kMonday;
  silence.ends = kMonday + hours(8);
  silence.author = "client-0042";
  silence.reason = "strike announced";
  const std::int64_t id = watch_store->add_silence(silence).value();
  publish("I call on everybody to boycott Acme", kMonday, "client-0042");
  const Duration first = minutes(2);

  at(watch, notify, first);
  const Notification opening = watch_store->notifications("", 1).value().at(0);
  for (int minute = 3; minute <= 120; ++minute) at(watch, notify, minutes(minute));
  EXPECT_THAT(told(), testing::ElementsAre("first"));
  EXPECT_THAT(opening.document, testing::Not(HasSubstr("\"next\""))) << "a deadline would have passed when it is read";

  ASSERT_TRUE(watch_store->end_silence(id, "client-0043", clock.now()).value());
  at(watch, notify, minutes(121));
  at(watch, notify, minutes(135));
  EXPECT_THAT(told(), testing::ElementsAre("first"));
  at(watch, notify, minutes(136));
  EXPECT_THAT(told(), testing::ElementsAre("first", "escalate"));
}

TEST_F(ChainTest, NamesWhomItReachedBeforeTheNextStep) {
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  test::FakeHttp http([](const HttpRequest&) { return test::reply(500, ""); });
  SeededRng rng(1);
  Notify notify(settings, *notify_store, http, clock, clock, rng, metrics);
  publish("I call on everybody to boycott Acme", kMonday, "client-0042");
  at(watch, notify, minutes(2));
  at(watch, notify, minutes(18));

  const Notification step = watch_store->notifications("", 1).value().at(0);
  EXPECT_EQ(step.purpose, "escalate");
  EXPECT_THAT(step.document, HasSubstr(R"("because":"no_ack","told":["Ana Example"])"));
}

TEST_F(ChainTest, BlamesNobodyWhomItHadNoTimeToTell) {
  Watch before(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(before.open());
  test::FakeHttp http([](const HttpRequest&) { return test::reply(500, ""); });
  SeededRng rng(1);
  publish("I call on everybody to boycott Acme", kMonday, "client-0042");
  clock.set(kMonday + minutes(2));
  drain(before);  // and vigie is switched off before the message goes

  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  Notify notify(settings, *notify_store, http, clock, clock, rng, metrics);
  at(watch, notify, hours(2));
  EXPECT_THAT(told(), testing::ElementsAre("first"));
  at(watch, notify, hours(2) + minutes(14));
  EXPECT_THAT(told(), testing::ElementsAre("first"));
  at(watch, notify, hours(2) + minutes(16));
  EXPECT_THAT(told(), testing::ElementsAre("first", "escalate"));
}

TEST_F(LoopsTest, AReplySeenAtTheSourceEndsTheWait) {
  RuleSettings rule;
  rule.id = rule.name = "answers";
  rule.kind = RuleSettings::Kind::unanswered;
  rule.measure = Measure::mentions;
  rule.types = {"post"};
  rule.window = kDay;
  settings.rules = {rule};
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  publish("Acme, where is my parcel?", kMonday, "client-0042");
  drain(watch);
  clock.set(kMonday + kDay + minutes(2));
  drain(watch);
  ASSERT_THAT(watch_store->incidents("acme", true, 10).value(), SizeIs(1));

  Batch again;
  again.source = "forum";
  again.ingested = clock.now();
  Mention answered;
  answered.source = "forum";
  answered.id = "1";
  answered.kind = "post";
  answered.text = "Acme, where is my parcel?";
  answered.author.handle = "client-0042";
  answered.created = kMonday;
  answered.reply = OwnReply{"It is on its way.", clock.now()};
  again.mentions = {answered};
  ASSERT_TRUE(bus->publish(again));
  for (int i = 0; i < 5; ++i) {
    clock.advance(minutes(20));
    drain(watch);
  }

  const std::vector<Incident> incidents = watch_store->incidents("acme", false, 10).value();
  ASSERT_THAT(incidents, SizeIs(1));
  EXPECT_EQ(incidents[0].state, IncidentState::resolved);
}

TEST_F(LoopsTest, ANotificationThatFailsForNowIsTriedAgainLater) {
  settings.endpoints[0].kind = "webhook";
  settings.endpoints[0].url = "https://hooks.example.org/x";
  settings.endpoints[0].secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  int calls = 0;
  test::FakeHttp http([&calls](const HttpRequest&) { return ++calls == 1 ? test::reply(503, "busy") : test::reply(200, "ok"); });
  SeededRng rng(1);
  Notify notify(settings, *notify_store, http, clock, clock, rng, metrics);
  Watch watch(settings, *watch_store, clock, metrics, owed);
  ASSERT_TRUE(watch.open());
  quiet_days(10);
  drain(watch);
  storm(kMonday + kDay * 10, 12);
  drain(watch);

  ASSERT_TRUE(notify.tick().value());
  const bool at_once = notify.tick().value();
  clock.advance(hours(1));
  const bool later = notify.tick().value();

  EXPECT_FALSE(at_once) << "a message waits its turn behind the one that failed";
  EXPECT_TRUE(later);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace vigie
