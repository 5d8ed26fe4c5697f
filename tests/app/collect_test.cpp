#include "app/collect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/support/fake_http.h"

namespace vigie {
namespace {

using test::FakeHttp;
using testing::HasSubstr;

const Time kStart = from_epoch(1763719200);

// Keeps what was published; refuses when told to.
class RecordingBus final : public Bus {
 public:
  Result<void> publish(Batch batch) override {
    if (refuse) return fail(ErrorKind::transient, "the store is busy");
    batches.push_back(std::move(batch));
    return {};
  }
  std::optional<Delivery> take(Duration) override { return std::nullopt; }
  void close() override {}
  bool drained() const override { return true; }

  std::vector<Batch> batches;
  bool refuse = false;
};

std::string feed_of(const std::vector<std::string>& ids) {
  std::string items;
  for (const std::string& id : ids)
    items += "<item><guid isPermaLink=\"false\">" + id + "</guid><title>t " + id + "</title></item>";
  return "<rss version=\"2.0\"><channel><title>f</title>" + items + "</channel></rss>";
}

class CollectTest : public testing::Test {
 protected:
  void SetUp() override {
    SourceSettings source;
    source.id = "blog";
    source.kind = "feed";
    source.url = "https://blog.example.org/feed";
    source.every_min = minutes(2);
    source.every_max = hours(6);
    settings.sources = {source};
    auto opened = open_sqlite_store("sqlite::memory:");
    ASSERT_TRUE(opened) << opened.error().what;
    store = std::move(*opened);
  }

  std::unique_ptr<Collect> collect() {
    auto made = std::make_unique<Collect>(settings, *store, bus, http, clock, rng, metrics);
    const Result<void> opened = made->open();
    EXPECT_TRUE(opened) << opened.error().what;
    return made;
  }

  SourceHealth health() { return store->sources().value().at(0); }

  Settings settings;
  ManualClock clock{kStart};
  SeededRng rng{1};
  Metrics metrics;
  RecordingBus bus;
  FakeHttp::Answer answer = [](const HttpRequest&) { return test::reply(200, feed_of({"a", "b"})); };
  FakeHttp http{[this](const HttpRequest& request) { return answer(request); }};
  std::unique_ptr<Store> store;
};

TEST_F(CollectTest, PublishesAPageThenSavesItsBookmark) {
  const auto loop = collect();

  loop->tick(seconds(0));

  ASSERT_EQ(bus.batches.size(), 1u);
  EXPECT_EQ(bus.batches[0].mentions.size(), 2u);
  EXPECT_EQ(bus.batches[0].source, "blog");
  EXPECT_EQ(bus.batches[0].ingested, kStart);
  EXPECT_NE(store->cursor("blog").value().value, "");
  EXPECT_EQ(health().state, "ok");
}

TEST_F(CollectTest, KeepsTheOldBookmarkWhenTheBatchMayBeLost) {
  bus.refuse = true;
  const auto loop = collect();

  loop->tick(seconds(0));

  EXPECT_EQ(store->cursor("blog").value().value, "");
  EXPECT_EQ(health().state, "failing");
}

TEST_F(CollectTest, WaitsUntilTheSourceIsDueAgain) {
  const auto loop = collect();
  loop->tick(seconds(0));

  clock.advance(minutes(1));
  loop->tick(seconds(0));
  const std::size_t too_early = http.asked.size();
  clock.advance(hours(7));
  loop->tick(seconds(0));

  EXPECT_EQ(too_early, 1u);
  EXPECT_EQ(http.asked.size(), 2u);
}

TEST_F(CollectTest, HonoursRetryAfter) {
  answer = [](const HttpRequest&) {
    auto busy = test::reply(429, "slow down");
    busy->retry_after = hours(1);
    return busy;
  };
  const auto loop = collect();
  loop->tick(seconds(0));

  clock.advance(minutes(59));
  loop->tick(seconds(0));

  EXPECT_EQ(http.asked.size(), 1u);
  EXPECT_GE(*health().next_try, kStart + hours(1));
}

TEST_F(CollectTest, SuspendsASourceThatNeedsAPersonAndSaysWhy) {
  answer = [](const HttpRequest&) { return test::reply(403, "no"); };
  const auto loop = collect();

  loop->tick(seconds(0));

  EXPECT_EQ(health().state, "suspended");
  EXPECT_THAT(health().error, HasSubstr("403"));
}

TEST_F(CollectTest, NeverAsksAgainWhatIsGone) {
  answer = [](const HttpRequest&) { return test::reply(410, ""); };
  const auto loop = collect();
  loop->tick(seconds(0));

  clock.advance(kDay * 30);
  loop->tick(seconds(0));

  EXPECT_EQ(http.asked.size(), 1u);
  EXPECT_FALSE(health().next_try);
}

TEST_F(CollectTest, OneBadSourceDoesNotHoldTheOthers) {
  SourceSettings other = settings.sources[0];
  other.id = "news";
  other.url = "https://news.example.org/feed";
  settings.sources.push_back(other);
  answer = [](const HttpRequest& request) {
    if (request.url.find("blog") != std::string::npos) return test::reply(200, "<html><body>maintenance</body></html>");
    return test::reply(200, feed_of({"x"}));
  };
  const auto loop = collect();

  loop->tick(seconds(0));
  clock.advance(seconds(1));
  loop->tick(seconds(0));

  ASSERT_EQ(bus.batches.size(), 1u);
  EXPECT_EQ(bus.batches[0].source, "news");
}

TEST_F(CollectTest, AsksOneHostOnceAtATime) {
  SourceSettings other = settings.sources[0];
  other.id = "blog-comments";
  other.url = "https://blog.example.org/comments";
  settings.sources.push_back(other);
  const auto loop = collect();
  clock.advance(seconds(1));

  loop->tick(seconds(0));
  const std::size_t at_first = http.asked.size();
  clock.advance(milliseconds(500));
  loop->tick(seconds(0));
  const std::size_t within_the_pause = http.asked.size();
  clock.advance(seconds(1));
  loop->tick(seconds(0));

  EXPECT_EQ(at_first, 1u);
  EXPECT_EQ(within_the_pause, 1u);
  EXPECT_EQ(http.asked.size(), 2u);
}

TEST_F(CollectTest, AThousandFeedsOfOneHostAreAllAskedOneByOne) {
  settings.http.host_pause = Duration::zero();
  const SourceSettings first = settings.sources[0];
  for (int i = 0; i < 1000; ++i) {
    SourceSettings other = first;
    other.id = concat("blog-", std::to_string(i));
    other.url = concat("https://blog.example.org/", std::to_string(i));
    settings.sources.push_back(other);
  }
  const auto loop = collect();
  clock.advance(minutes(2));
  std::size_t most = 0;

  for (int i = 0; i < 3000 && http.asked.size() < 1001; ++i) {
    loop->tick(seconds(0));
    most = std::max(most, loop->tick(seconds(0)));
  }

  EXPECT_EQ(http.asked.size(), 1001u);
  EXPECT_LE(most, 1u);
}

TEST_F(CollectTest, ARestartGoesOnFromTheBookmarkAndAsksNoSooner) {
  collect()->tick(seconds(0));
  clock.advance(seconds(30));

  const auto again = collect();
  again->tick(seconds(0));

  EXPECT_EQ(http.asked.size(), 1u);
}

}  // namespace
}  // namespace vigie
