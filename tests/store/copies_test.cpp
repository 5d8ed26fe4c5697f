#include "store/copies.h"

#include "base/rng.h"
#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;

constexpr std::uint64_t kNear = 0x0123456789abcdef;

std::int64_t original(Store& store, std::int64_t seq) { return (**store.mention(seq)).original; }

Judged with_near(Judged j, std::uint64_t near) {
  j.near = near;
  return j;
}

TEST(Copies, TheSameTextPointsToTheFirst) {
  const auto store = open_store();

  commit(*store, batch_of({judged("1", "colis perdu")}));
  const CommitSummary summary =
      commit(*store, batch_of({judged("2", "colis perdu"), judged("3", "colis perdu"), judged("4", "autre")}));

  EXPECT_EQ(summary.copies, 2);
  EXPECT_EQ(original(*store, 1), 0);
  EXPECT_EQ(original(*store, 2), 1);
  EXPECT_EQ(original(*store, 3), 1);
  EXPECT_EQ(original(*store, 4), 0);
}

TEST(Copies, ThreeBitsApartIsACopyAndFourIsNot) {
  const auto store = open_store();

  commit(*store,
         batch_of({with_near(judged("1", "a"), kNear), with_near(judged("2", "b"), kNear ^ 0x8000'0001'0000'0001),
                   with_near(judged("3", "c"), kNear ^ 0x0001'0001'0100'0100)}));

  EXPECT_EQ(original(*store, 2), 1);
  EXPECT_EQ(original(*store, 3), 0);
}

TEST(Copies, FindsEveryDistanceOfThreeBits) {
  BrandCopies copies;
  copies.remember({1, 1, 0, kNear, kNoon, kNoon});

  for (int a = 0; a < 64; ++a) {
    for (int b = 0; b < a; ++b) {
      for (int c = 0; c < b; ++c) {
        const std::uint64_t near = kNear ^ (1ull << a) ^ (1ull << b) ^ (1ull << c);
        ASSERT_TRUE(copies.original_of({2, 0, 0, near, kNoon, kNoon})) << a << " " << b << " " << c;
      }
    }
  }
}

TEST(Copies, OfAnotherBrandOrTooShortToTellAreNone) {
  const auto store = open_store();
  Judged elsewhere = judged("2", "colis perdu");
  elsewhere.brands = {"zenith"};
  Judged unknown = judged("3", "!");
  unknown.exact = 0;

  commit(*store, batch_of({judged("1", "colis perdu"), elsewhere, unknown, at(unknown, kNoon)}));

  EXPECT_EQ(original(*store, 2), 0);
  EXPECT_EQ(original(*store, 3), 0);
}

TEST(Copies, CountWithinFourteenDays) {
  const auto store = open_store();

  commit(*store, batch_of({judged("1", "colis perdu")}));
  const auto later = [](const char* id, Time when) { return batch_of({at(judged(id, "colis perdu"), when)}, when); };
  commit(*store, later("2", kNoon + 15 * kDay));
  commit(*store, later("3", kNoon + 28 * kDay));

  EXPECT_EQ(original(*store, 2), 0);
  EXPECT_EQ(original(*store, 3), 2);
}

TEST(Copies, OfADeletedMentionAreNone) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "colis perdu")}));
  JudgedBatch deletion = batch_of({});
  deletion.gone = {"1"};
  commit(*store, deletion);

  commit(*store, batch_of({judged("2", "colis perdu")}));

  EXPECT_EQ(original(*store, 2), 0);
}

TEST(Copies, AreKnownAfterARestart) {
  const TempDir dir;
  const std::string url = concat("sqlite:", dir.file("vigie.db"));
  {
    const auto before = open_store(url);
    for (int day = 0; day < 40; ++day) {
      commit(*before,
             batch_of({at(judged(std::to_string(day), concat("jour ", std::to_string(day))), kNoon + day * kDay)},
                      kNoon + day * kDay));
    }
  }
  const auto store = open_store(url);
  const Time now = kNoon + 39 * kDay;

  commit(*store, batch_of({at(judged("old", "jour 20"), now), at(judged("young", "jour 30"), now)}, now));

  EXPECT_EQ(original(*store, 41), 0);
  EXPECT_EQ(original(*store, 42), 31);
}

TEST(Copies, AreKnownAcrossTwoConnections) {
  const TempDir dir;
  const std::string url = concat("sqlite:", dir.file("vigie.db"));
  const auto one = open_store(url), other = open_store(url);
  commit(*one, batch_of({judged("1", "un")}));
  commit(*other, batch_of({judged("2", "colis perdu")}));

  commit(*one, batch_of({judged("3", "colis perdu")}));

  EXPECT_EQ(original(*one, 3), 2);
}

TEST(Copies, OfABatchThatWasRolledBackAreForgotten) {
  const auto store = open_store();
  Judged broken = judged("", "colis perdu");

  commit(*store, batch_of({broken, judged("2", "colis perdu")}));

  EXPECT_EQ(original(*store, 1), 0);
}

TEST(Copies, MemoryOfABrandIsBoundedAndKeepsTheNewest) {
  BrandCopies copies;
  SeededRng rng(7);
  std::vector<std::uint64_t> exact;
  exact.reserve(40'000);

  for (std::int64_t seq = 1; seq <= 40'000; ++seq) {
    exact.push_back(rng.next());
    copies.remember({seq, seq, exact.back(), rng.next(), kNoon, kNoon});
  }

  const auto find = [&](std::size_t seq) { return copies.original_of({0, 0, exact[seq - 1], 0, kNoon, kNoon}); };
  EXPECT_EQ(find(40'000 - BrandCopies::kMost), nullptr);
  ASSERT_NE(find(40'001 - BrandCopies::kMost), nullptr);
  EXPECT_EQ(find(40'000)->seq, 40'000);
}

}  // namespace
}  // namespace vigie
