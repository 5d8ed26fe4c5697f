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
        ASSERT_EQ(1, copies.original_of({2, 0, 0, near, kNoon, kNoon})) << a << " " << b << " " << c;
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

Judged article(const std::string& source, const std::string& id, const std::string& url) {
  Judged j = judged(id, concat("written by ", source));
  j.mention.source = source;
  j.mention.kind = "article";
  j.mention.url = url;
  return j;
}

TEST(Copies, OfAnArticleInTenFeedsPointToTheFirst) {
  const auto store = open_store();
  const char* links[] = {"https://news.example/2026/acme",
                         "http://news.example/2026/acme/",
                         "https://www.news.example/2026/acme?utm_source=feed2",
                         "https://news.example/2026/acme#more",
                         "https://news.example/2026/acme?fbclid=xyz",
                         "https://news.example/2026/acme/amp",
                         "https://www.google.com/amp/s/news.example/2026/acme",
                         "https://m.news.example/2026/acme",
                         "https://news-example.cdn.ampproject.org/c/s/news.example/2026/acme",
                         "https://news.example/2026/acme?gclid=1&utm_campaign=x"};

  int number = 0;
  for (const char* link : links) {
    ++number;
    commit(*store,
           batch_of({article(concat("feed-", std::to_string(number)), concat("guid", std::to_string(number)), link)}));
  }

  for (std::int64_t seq = 2; seq <= 10; ++seq) EXPECT_EQ(original(*store, seq), 1) << links[seq - 1];
}

TEST(Copies, AreNotTwoItemsThatOneFeedPutsAtOneAddress) {
  const auto store = open_store();
  Judged second = article("feed-1", "b", "https://acme.example/changes#v2");
  second.exact = 7;

  commit(*store, batch_of({article("feed-1", "a", "https://acme.example/changes#v1"), second}));

  EXPECT_EQ(original(*store, 2), 0);
}

TEST(Copies, AreNotTheReviewsBelowOneProduct) {
  const auto store = open_store();
  Judged first = review(judged("1", "parfait"), 5), second = review(judged("2", "nul"), 1);
  first.mention.url = second.mention.url = "https://shop.example/lamp";
  second.mention.source = "other-shop";

  commit(*store, batch_of({first, second}));

  EXPECT_EQ(original(*store, 2), 0);
}

TEST(Copies, OfAnArticleAreKnownAfterARestart) {
  const TempDir dir;
  const std::string url = concat("sqlite:", dir.file("vigie.db"));
  commit(*open_store(url), batch_of({article("feed-1", "a", "https://news.example/2026/acme")}));
  const auto store = open_store(url);

  commit(*store, batch_of({article("feed-2", "b", "https://news.example/2026/acme?utm_source=x")}));

  EXPECT_EQ(original(*store, 2), 1);
}

TEST(Copies, StayCopiesWhenTheirTextIsEdited) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "colis perdu"), judged("2", "colis perdu")}));
  Judged edited = judged("2", "colis perdu puis retrouvé");

  const CommitSummary summary = commit(*store, batch_of({edited}));
  commit(*store, batch_of({judged("3", "colis perdu puis retrouvé"), judged("4", "colis perdu")}));

  EXPECT_EQ(summary.edited, 1);
  EXPECT_EQ(original(*store, 2), 1);
  EXPECT_EQ(original(*store, 3), 0);  // known by the texts first seen: an edit starts no group
  EXPECT_EQ(original(*store, 4), 1);
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

// The ring's rows are packed and chained by place: what a plain list of the last texts would answer.
TEST(Copies, AgreeWithAPlainListOfTheLastTexts) {
  BrandCopies copies;
  std::vector<SeenText> list;
  SeededRng rng(11);
  int found = 0;
  for (std::int64_t seq = 1; seq <= 12'000; ++seq) {
    SeenText text;
    text.seq = text.root = seq;
    text.exact = 1 + rng.below(6000);
    text.event = text.ingested = kNoon + minutes(4 * seq);

    // Only among the last: the window is 5,040 texts long, longer than the ring.
    std::int64_t expected = 0;
    for (auto it = list.rbegin(); it != list.rend() && expected == 0; ++it) {
      if (it->seq + static_cast<std::int64_t>(BrandCopies::kMost) < seq) break;
      if (it->exact == text.exact) expected = it->root;
    }
    ASSERT_EQ(copies.original_of(text), expected) << seq;
    found += expected != 0;

    if (expected != 0) text.root = expected;
    copies.remember(text);
    list.push_back(text);
  }
  EXPECT_GT(found, 1000);
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
  EXPECT_EQ(find(40'000 - BrandCopies::kMost), 0);
  EXPECT_EQ(find(40'001 - BrandCopies::kMost), 40'001 - static_cast<std::int64_t>(BrandCopies::kMost));
  EXPECT_EQ(find(40'000), 40'000);
}

}  // namespace
}  // namespace vigie
