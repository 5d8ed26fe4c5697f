#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "bus/bus.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Duration kLong = seconds(30);  // far beyond what any step needs: reached only when something is broken

Batch batch_of(const std::string& source) {
  Batch batch;
  batch.source = source;
  return batch;
}

std::future<Result<void>> publish_aside(Bus& bus, const std::string& source) {
  return std::async(std::launch::async, [&bus, source] { return bus.publish(batch_of(source)); });
}

TEST(MemoryBus, PublishReturnsOnlyOnceTheDeliveryIsDone) {
  const auto bus = make_memory_bus();
  auto published = publish_aside(*bus, "hn");

  const auto delivery = bus->take(kLong);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->batch.source, "hn");
  EXPECT_EQ(published.wait_for(seconds(0)), std::future_status::timeout);
  delivery->done({});

  EXPECT_TRUE(published.get());
}

TEST(MemoryBus, GivesAnErrorOfTheStoreBackToThePublisher) {
  const auto bus = make_memory_bus();
  auto published = publish_aside(*bus, "hn");

  bus->take(kLong)->done(fail(ErrorKind::transient, "vigie.db: disk full"));

  const auto result = published.get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "vigie.db: disk full");
}

TEST(MemoryBus, CountsADeliveryDroppedWithoutAnAnswerAsLost) {
  const auto bus = make_memory_bus();
  auto published = publish_aside(*bus, "hn");

  { const auto dropped = bus->take(kLong); }

  const auto result = published.get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::transient);
  EXPECT_THAT(result.error().what, HasSubstr("dropped"));
}

TEST(MemoryBus, KeepsTheFirstAnswer) {
  const auto bus = make_memory_bus();
  auto published = publish_aside(*bus, "hn");

  const auto delivery = bus->take(kLong);
  delivery->done({});
  delivery->done(fail(ErrorKind::bug, "too late"));

  EXPECT_TRUE(published.get());
}

TEST(MemoryBus, DeliversInOrderOfPublish) {
  const auto bus = make_memory_bus();
  std::vector<std::future<Result<void>>> published;
  std::vector<Delivery> taken;

  for (const char* source : {"a", "b", "c"}) {
    published.push_back(publish_aside(*bus, source));
    taken.push_back(*bus->take(kLong));
  }

  EXPECT_THAT((std::vector{taken[0].batch.source, taken[1].batch.source, taken[2].batch.source}),
              ElementsAre("a", "b", "c"));
  for (const Delivery& delivery : taken) delivery.done({});
  for (auto& result : published) EXPECT_TRUE(result.get());
}

TEST(MemoryBus, TakesNothingWhenNothingComes) {
  const auto bus = make_memory_bus();

  EXPECT_FALSE(bus->take(Duration(0)));
}

TEST(MemoryBus, DrainsWhatWaitsAfterClosing) {
  const auto bus = make_memory_bus();
  auto published = publish_aside(*bus, "hn");
  auto delivery = bus->take(kLong);

  bus->close();

  EXPECT_FALSE(bus->drained()) << "a batch is still in work";
  delivery->done({});
  EXPECT_TRUE(published.get());
  EXPECT_TRUE(bus->drained());
  EXPECT_FALSE(bus->take(kLong)) << "a closed and empty bus answers at once";
}

TEST(MemoryBus, RefusesToPublishAfterClosing) {
  const auto bus = make_memory_bus();
  bus->close();

  const auto result = bus->publish(batch_of("hn"));

  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().what, HasSubstr("closed"));
}

TEST(MemoryBus, FreesAPublisherThatWaitsForRoomWhenItCloses) {
  const auto bus = make_memory_bus(1);
  auto first = publish_aside(*bus, "a");
  auto second = publish_aside(*bus, "b");

  bus->close();

  // Whichever found room is still delivered; the other is told.
  while (const auto delivery = bus->take(Duration(0))) delivery->done({});
  (void)first.get();
  (void)second.get();
  EXPECT_TRUE(bus->drained());
}

TEST(MemoryBus, LosesNothingBetweenManyPublishersAndTakers) {
  constexpr int kPublishers = 8, kEach = 200;
  const auto bus = make_memory_bus(4);
  std::atomic<int> delivered = 0, accepted = 0;
  std::vector<std::thread> threads;
  threads.reserve(3);

  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!bus->drained()) {
        if (const auto delivery = bus->take(milliseconds(1))) {
          ++delivered;
          delivery->done({});
        }
      }
    });
  }
  {
    std::vector<std::jthread> publishers;
    publishers.reserve(kPublishers);
    for (int i = 0; i < kPublishers; ++i) {
      publishers.emplace_back([&] {
        for (int n = 0; n < kEach; ++n) accepted += bus->publish(batch_of("hn")).has_value();
      });
    }
  }
  bus->close();
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(accepted, kPublishers * kEach);
  EXPECT_EQ(delivered, kPublishers * kEach);
}

}  // namespace
}  // namespace vigie
