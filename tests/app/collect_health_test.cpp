// What becomes of a source that is refused, throttled, moved, silent or out of money: its state, its words, its next
// poll.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/collect.h"
#include "app/ingest.h"
#include "base/wording.h"
#include "console/source_line.h"
#include "tests/support/fake_http.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Time kStart = parse_rfc3339("2026-11-21T12:00:00Z").value();

constexpr std::string_view kFeed =
    "<rss version=\"2.0\"><channel><title>f</title><item><guid "
    "isPermaLink=\"false\">1</guid><title>Acme</title></item></channel></rss>";

constexpr std::string_view kPaidNetwork = R"(
[source]
id = "paid"
version = 1
name = "A network that charges"
kind = "post"
params = { base = "url" }
secrets = ["token"]
[auth]
style = "bearer"
token = "{secret.token}"
[request]
url = "{base}/search"
[since]
style = "full"
[limits]
rate = "60/1m"
every = ["1m", "1h"]
spend = { unit = "items", max = 10, per = "month" }
[items]
at = "posts"
[map]
id = "id"
text = "text"
)";

// Stores at once what is published, as the memory bus with its ingest does.
class StoringBus final : public Bus {
 public:
  explicit StoringBus(Store& store) : store_(store) {}
  Result<void> publish(Batch batch) override {
    JudgedBatch judged;
    judged.source = batch.source;
    judged.ingested = batch.ingested;
    judged.gone = std::move(batch.gone);
    for (Mention& mention : batch.mentions) {
      Judged one;
      one.content = mention.text.size();
      one.mention = std::move(mention);
      judged.mentions.push_back(std::move(one));
    }
    TRY(store_.commit(judged));
    return {};
  }
  std::optional<Delivery> take(Duration) override { return std::nullopt; }
  void close() override {}
  bool drained() const override { return true; }

 private:
  Store& store_;
};

class CollectHealthTest : public testing::Test {
 protected:
  void SetUp() override {
    store = open_sqlite_store("sqlite::memory:").value();
    bus = std::make_unique<StoringBus>(*store);
    settings.http.host_pause = Duration::zero();
    add_feed("blog");
  }

  void add_feed(const std::string& id) {
    SourceSettings source;
    source.id = id;
    source.kind = "feed";
    source.url = concat("https://", id, ".example.org/feed");
    source.own_pace = true;
    source.every_min = source.every_max = minutes(10);
    settings.sources.push_back(source);
  }

  void only_paid(int subscriptions) {
    settings.sources.clear();
    for (int i = 0; i < subscriptions; ++i) {
      SourceSettings source;
      source.id = concat("paid-", std::to_string(i));
      source.kind = dir.write("paid.toml", kPaidNetwork);
      source.params = {{"base", "https://api.example.org"}};
      source.secrets = {{"token", "secret-token-1"}};
      settings.sources.push_back(source);
    }
  }

  void open() {
    loop = std::make_unique<Collect>(settings, *store, *bus, http, clock, rng, metrics);
    const Result<void> opened = loop->open();
    ASSERT_TRUE(opened) << opened.error().what;
  }

  // Lets time pass in steps, as the loop would see it.
  void live(Duration span, Duration step = minutes(1)) {
    for (Duration passed{}; passed < span; passed += step) {
      loop->tick(Duration::zero());
      loop->tick(Duration::zero());
      clock.advance(step);
    }
    loop->tick(Duration::zero());
  }

  SourceHealth health(std::size_t index = 0) { return store->sources().value().at(index); }
  // With plain spaces, as a terminal shows them.
  std::string line(const std::string& language = "en", std::size_t index = 0) {
    std::string text = source_line(health(index), Wording::load("console", language).value(), clock.now());
    for (std::size_t at; (at = text.find("\u00A0")) != std::string::npos;) text.replace(at, 2, " ");
    return text;
  }

  Settings settings;
  test::TempDir dir;
  ManualClock clock{kStart};
  SeededRng rng{1};
  Metrics metrics;
  std::unique_ptr<Store> store;
  std::unique_ptr<Bus> bus;
  test::FakeHttp::Answer answer = [](const HttpRequest&) { return test::reply(200, std::string(kFeed)); };
  test::FakeHttp http{[this](const HttpRequest& request) { return answer(request); }};
  std::unique_ptr<Collect> loop;
};

TEST_F(CollectHealthTest, ARefusedTokenSuspendsAtOnceAndNamesWhatToRenew) {
  only_paid(1);
  answer = [](const HttpRequest&) { return test::reply(401, "{}"); };
  open();

  live(hours(2));

  EXPECT_EQ(health().state, "suspended");
  EXPECT_THAT(http.asked, SizeIs(1));
  EXPECT_THAT(line("en"), HasSubstr("token refused since 21 Nov 12:00: renew it under [source.secrets] token"));
  EXPECT_THAT(line("fr"), HasSubstr("jeton refusé depuis"));
  EXPECT_THAT(line("en"), testing::Not(HasSubstr("secret-token-1")));
}

TEST_F(CollectHealthTest, TooManyRequestsMakeEverySourceOfTheCredentialWait) {
  only_paid(2);
  answer = [](const HttpRequest&) {
    auto busy = test::reply(429, "{}");
    busy->retry_after = minutes(30);
    return busy;
  };
  open();

  live(minutes(29));

  EXPECT_THAT(http.asked, SizeIs(1));
  EXPECT_THAT(line(), HasSubstr("allowance is used up: continues on 21 Nov 12:30"));
}

TEST_F(CollectHealthTest, TheCeilingOfAMonthStopsTheSourceUntilTheNext) {
  only_paid(1);
  answer = [](const HttpRequest&) {
    return test::reply(
        200, R"({"posts":[{"id":"1","text":"a"},{"id":"2","text":"b"},{"id":"3","text":"c"},{"id":"4","text":"d"}]})");
  };
  open();

  live(hours(12), minutes(10));

  EXPECT_THAT(http.asked, SizeIs(3));
  EXPECT_THAT(line(), HasSubstr("the ceiling of 10 items a month is reached: continues on 1 Dec"));
  EXPECT_THAT(line("fr"), HasSubstr("le plafond de 10 éléments par mois est atteint"));
  clock.set(parse_rfc3339("2026-12-01T00:00:01Z").value());
  live(minutes(1));
  EXPECT_THAT(http.asked, SizeIs(4));
}

TEST_F(CollectHealthTest, WarnsBeforeTheCeilingIsReached) {
  only_paid(1);
  answer = [](const HttpRequest&) {
    return test::reply(
        200, R"({"posts":[{"id":"1","text":"a"},{"id":"2","text":"b"},{"id":"3","text":"c"},{"id":"4","text":"d"}]})");
  };
  open();

  for (int i = 0; i < 100 && http.asked.size() < 2; ++i) live(minutes(1));

  EXPECT_THAT(line(), HasSubstr("8 of 10 items a month are used"));
}

TEST_F(CollectHealthTest, NothingAtTheAddressForAWeekSuspends) {
  answer = [](const HttpRequest&) { return test::reply(404, ""); };
  open();

  live(6 * kDay, minutes(30));
  const std::string after_six_days = health().state;
  live(2 * kDay, minutes(30));

  EXPECT_EQ(after_six_days, "failing");
  EXPECT_EQ(health().state, "suspended");
  EXPECT_THAT(line(), HasSubstr("nothing at its address since 21 Nov 12:00"));
}

TEST_F(CollectHealthTest, TenUnreadableAnswersSuspend) {
  answer = [](const HttpRequest&) { return test::reply(200, "<html><body>maintenance</body></html>"); };
  open();

  live(5 * kDay, minutes(10));

  EXPECT_EQ(health().state, "suspended");
  EXPECT_THAT(line(), HasSubstr("answers in a row could not be read"));
}

TEST_F(CollectHealthTest, AMonthOfFaultsSuspends) {
  answer = [](const HttpRequest&) { return test::reply(503, ""); };
  open();

  live(29 * kDay, hours(2));
  const std::string before = health().state;
  live(3 * kDay, hours(2));

  EXPECT_EQ(before, "failing");
  EXPECT_EQ(health().state, "suspended");
}

TEST_F(CollectHealthTest, AClockThatIsOffIsTold) {
  answer = [this](const HttpRequest&) {
    return test::reply(200, std::string(kFeed), {{"Date", format_http_date(clock.now() - minutes(42))}});
  };
  open();

  live(minutes(1));

  EXPECT_THAT(line(), HasSubstr("differ by 42 min"));
}

TEST_F(CollectHealthTest, AnAddressMovedForGoodIsAskedAtItsNewPlaceAfterADay) {
  answer = [](const HttpRequest& request) {
    auto reply = test::reply(200, std::string(kFeed));
    reply->url = "https://new.example.org/feed";
    reply->moved_permanently = request.url != reply->url;
    return reply;
  };
  open();

  live(25 * hours(1), minutes(10));
  const std::string last = http.asked.back().url;
  open();
  live(minutes(20));

  EXPECT_EQ(http.asked.front().url, "https://blog.example.org/feed");
  EXPECT_EQ(last, "https://new.example.org/feed");
  EXPECT_EQ(http.asked.back().url, "https://new.example.org/feed");
  EXPECT_THAT(line(), HasSubstr("moved for good, asked at https://new.example.org/feed since"));
}

TEST_F(CollectHealthTest, ASourceThatFallsSilentAgainstItsHabitIsTold) {
  int day = 0;
  answer = [&day](const HttpRequest&) {
    const std::string n = std::to_string(std::min(day, 9));
    return test::reply(200, concat("<rss version=\"2.0\"><channel><title>f</title><item><guid isPermaLink=\"false\">",
                                   n, "</guid><title>Acme ", n, "</title></item></channel></rss>"));
  };
  settings.sources[0].every_min = settings.sources[0].every_max = hours(6);
  open();

  for (; day < 10; ++day) live(kDay, hours(1));
  const std::string before = line();
  for (; day < 16; ++day) live(kDay, hours(1));

  EXPECT_THAT(before, testing::Not(HasSubstr("brought nothing")));
  EXPECT_EQ(health().state, "ok");
  EXPECT_THAT(line(), HasSubstr("has brought nothing for"));
}

TEST_F(CollectHealthTest, IsAskedTwiceAsOftenWhileItsBrandIsTalkedAbout) {
  settings.sources[0].every_min = minutes(1);
  settings.sources[0].every_max = minutes(60);
  open();
  live(hours(10));
  const std::size_t before = http.asked.size();
  live(hours(10));
  const std::size_t calm = http.asked.size() - before;
  WatchCommit raised;
  raised.hurry = {{"blog", clock.now() + hours(10)}};
  ASSERT_TRUE(store->commit_watch(raised));

  live(hours(10));
  const std::size_t hurried = http.asked.size() - before - calm;

  EXPECT_NEAR(static_cast<double>(hurried) / static_cast<double>(calm), 2, 0.4);
}

TEST_F(CollectHealthTest, OverdueSourcesAreSpreadAfterARestart) {
  for (int i = 0; i < 50; ++i) add_feed(concat("feed-", std::to_string(i)));
  open();
  live(minutes(1), seconds(1));
  clock.advance(kDay);
  http.asked.clear();
  open();

  loop->tick(Duration::zero());
  const std::size_t at_once = http.asked.size();
  live(minutes(10), seconds(10));

  EXPECT_LT(at_once, 5u);
  EXPECT_GE(http.asked.size(), 51u);
}

}  // namespace
}  // namespace vigie
