#include "pipeline/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "pipeline/detect.h"

namespace vigie {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> terms(std::string_view text) { return terms_of(telling_words(text, "acme")); }

TEST(Terms, AreTheTellingWordsAndTheirPairs) {
  EXPECT_THAT(terms("The warehouse strike at Acme"), ElementsAre("strike", "warehouse", "warehouse strike"));
}

TEST(Terms, KeepAFunctionWordThatHoldsAPairTogether) {
  EXPECT_THAT(terms("fuite de données"), Contains("fuite de donnees"));
}

TEST(Terms, DoNotPairAcrossTheEndOfAClauseOrAWordLeftOut) {
  EXPECT_THAT(terms("late parcel. Depot closed"), Not(Contains("parcel depot")));
  EXPECT_THAT(terms("parcel acme depot"), Not(Contains("parcel depot")));
}

TEST(Terms, LeaveOutNumbersLinksAndTheBrand) {
  EXPECT_THAT(terms("Acme 2026 https://example.org/depot @acme"), IsEmpty());
}

TEST(TermCounts, StayBoundedAndKeepWhatIsUsual) {
  TermCounts counts;
  for (int i = 0; i < 20'000; ++i) counts.learn({"late parcel", "once only " + std::to_string(i)});

  EXPECT_NEAR(counts.count("late parcel") / counts.texts(), 1, 0.05);
  EXPECT_EQ(counts.count("once only 3"), 0) << "forgotten";
  ByteWriter out;
  counts.save(out);
  EXPECT_LE(out.take().size(), TermCounts::kMost * 8 + 16);
}

TEST(TermCounts, AreTheSameAfterTheyWereSaved) {
  TermCounts counts, again;
  for (int i = 0; i < 500; ++i) counts.learn({"a", "b" + std::to_string(i % 50)});
  ByteWriter out;
  counts.save(out);
  const std::string bytes = out.take();

  ByteReader in(bytes);
  again.restore(in);

  ASSERT_TRUE(in.done());
  ByteWriter twice;
  again.save(twice);
  EXPECT_EQ(twice.take(), bytes);
  EXPECT_EQ(again.count("b7"), counts.count("b7"));
}

TEST(RiseOf, IsNoughtWhereNothingRose) { EXPECT_NEAR(rise_of({10, 100, 100, 1000}), 0, 0.05); }

TEST(RiseOf, GrowsWithWhatIsNewAndWithHowOftenItIsSaid) {
  EXPECT_GT(rise_of({8, 10, 0, 100}), rise_of({3, 10, 0, 100})) << "said more often";
  EXPECT_GT(rise_of({5, 10, 0, 100}), rise_of({5, 10, 30, 100})) << "less usual";
  EXPECT_GT(rise_of({5, 10, 0, 1000}), rise_of({5, 10, 0, 10})) << "more is known of what is usual";
  EXPECT_LT(rise_of({1, 10, 50, 100}), 0) << "gone down";
}

// Two weeks of a brand's ordinary complaints, then a day on which two in three are about what no theme foresees.
class PlantedTopic : public testing::TestWithParam<std::uint64_t> {};

std::string one_of(Rng& rng, const std::vector<std::string>& texts) { return texts[rng.below(texts.size())]; }

TEST_P(PlantedTopic, IsNamedFirst) {
  SeededRng rng(GetParam());
  const std::vector<std::string> usual = {"parcel late again",
                                          "charged twice this month",
                                          "rude answer from the hotline",
                                          "the screen broke after a week",
                                          "prices went up again",
                                          "app keeps crashing"};
  const std::vector<std::string> planted = {"their new recipe tastes of soap", "what happened to it, soap taste",
                                            "awful soap taste since monday", "the new recipe is a disgrace, soap"};
  const auto detector = make_detector(1);
  std::vector<Signal> signals;
  std::string text;
  std::int64_t seq = 0;
  const auto say = [&](double hour, bool negative, const std::string& said) {
    text = said;
    Observation one;
    one.seq = ++seq;
    one.brand = "acme";
    one.event = one.ingested = from_epoch_micros(static_cast<std::int64_t>((1767571200 + hour * 3600) * 1e6));
    one.author = 0x9E3779B97F4A7C15u * static_cast<std::uint64_t>(seq);
    one.p_neg = negative ? 0.9 : 0.1;
    one.source = "posts";
    one.text = text;
    detector->observe(one, signals);
  };

  for (int i = 0; i < 14 * 24 * 4; ++i) say(i / 4.0, rng.below(10) == 0, one_of(rng, usual));
  signals.clear();
  for (int i = 0; i < 60; ++i) say(14 * 24 + i / 10.0, true, one_of(rng, rng.below(3) == 0 ? usual : planted));

  ASSERT_THAT(signals, Not(IsEmpty()));
  const std::vector<TermCount>& named = signals.back().terms;
  ASSERT_THAT(named, Not(IsEmpty()));
  EXPECT_THAT(named.front().term,
              testing::AnyOf("soap", "soap taste", "recipe", "new recipe", "tastes of soap", "taste"));
  EXPECT_LT(named.front().expected, named.front().observed / 5.0);
  EXPECT_THAT(named, Not(Contains(Field(&TermCount::term, "parcel late"))));
}

INSTANTIATE_TEST_SUITE_P(Seeds, PlantedTopic, testing::Range<std::uint64_t>(1, 11));

}  // namespace
}  // namespace vigie
