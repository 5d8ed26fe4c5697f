#include "pipeline/sentiment/adapter.h"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/sentiment/adapting.h"
#include "pipeline/sentiment/scorer.h"
#include "tests/pipeline/small_model.h"
#include "tests/support/temp_dir.h"

namespace vigie::sentiment {
namespace {

using namespace test;
using testing::HasSubstr;

const std::shared_ptr<const Model>& base() {
  static const auto model = model_of(trained(small_corpus()));
  return model;
}

LabelledText said(std::string text, Label label, std::string lang = "en") {
  return {{std::move(text), std::move(lang), "tweet"}, label};
}

// Here "gribbly" is a complaint; the model never saw the word.
std::vector<LabelledText> corrections(int number) {
  const std::vector<std::string> things = {"parcel", "shop", "train", "lamp", "app", "bread", "hotel"};
  std::vector<LabelledText> out;
  for (int i = 0; i < number; ++i) {
    const std::string thing = things[static_cast<std::size_t>(i) % things.size()] + " number " + std::to_string(i);
    out.push_back(i % 2 == 0 ? said("the " + thing + " is gribbly", Label::negative)
                             : said("the " + thing + " is lovely", Label::positive));
  }
  return out;
}

AdapterParts learnt(int number = 240) {
  AdapterParts parts = learn_adapter(base(), corrections(number));
  parts.number = 3;
  parts.before = 2;
  return parts;
}

double pull_of(const Judgement& judged, std::string_view word) {
  for (const DrivingWord& driver : judged.drivers) {
    if (driver.word == word) return driver.weight;
  }
  ADD_FAILURE() << word << " is no driver";
  return 0;
}

TEST(Adapter, LearnsWhatAWordMeansHereAndNamesIt) {
  const auto before = make_scorer(base())->score("the coat is gribbly", "en", "tweet", std::nullopt);
  const auto after =
      make_scorer(base(), Adapter::of(learnt(), *base()))->score("the coat is gribbly", "en", "tweet", std::nullopt);

  EXPECT_NE(before.label, Label::negative);
  EXPECT_EQ(after.label, Label::negative);
  EXPECT_EQ(after.model, "sentiment+a3");
  EXPECT_LT(pull_of(after, "gribbly"), pull_of(before, "gribbly") - 0.2);
}

TEST(Adapter, ChangesNothingInALanguageThatNobodyCorrected) {
  const auto before = make_scorer(base());
  const auto after = make_scorer(base(), Adapter::of(learnt(), *base()));

  for (const char* text : {"gribbly", "the lamp is gribbly", "lovely"}) {
    EXPECT_DOUBLE_EQ(after->score(text, "fr", "tweet", std::nullopt).p_neg,
                     before->score(text, "fr", "tweet", std::nullopt).p_neg)
        << text;
  }
}

TEST(Adapter, IsNotTalkedOutOfAWordByAFewLabels) {
  std::vector<LabelledText> few;
  for (const char* thing : {"parcel", "shop", "train", "lamp"})
    few.push_back(said(concat("the ", thing, " is lovely"), Label::negative));

  const auto scorer = make_scorer(base(), Adapter::of(learn_adapter(base(), few), *base()));

  EXPECT_EQ(scorer->score("the coat is lovely", "en", "tweet", std::nullopt).label, Label::positive);
}

TEST(Adapter, GivesTheSameBytesFromTheSameLabels) { EXPECT_EQ(to_bytes(learnt()), to_bytes(learnt())); }

TEST(Adapter, JudgesTheSameOnEveryThread) {
  const auto scorer = make_scorer(base(), Adapter::of(learnt(), *base()));
  const auto ask = [&] { return scorer->score("the gribbly lamp is late", "en", "tweet", std::nullopt).p_neg; };
  const double here = ask();

  std::vector<double> there(4);
  {
    std::vector<std::jthread> threads;
    for (double& p : there) threads.emplace_back([&] { p = ask(); });
  }

  EXPECT_THAT(there, testing::Each(here));
}

TEST(Adapter, NeverTurnsAComplaintIntoPraiseForAnExclamation) {
  const auto scorer = make_scorer(base(), Adapter::of(learnt(), *base()));

  for (const std::string text : {"a gribbly coat", "the shop is awful", "a lovely lamp", "the train is square"}) {
    const Judgement calm = scorer->score(text, "en", "tweet", std::nullopt);
    const Judgement loud = scorer->score(text + "!!!", "en", "tweet", std::nullopt);
    EXPECT_EQ(calm.p_pos > calm.p_neg, loud.p_pos > loud.p_neg) << text;
  }
}

TEST(AdapterFile, IsReadBackAsItWasWritten) {
  const vigie::test::TempDir dir;
  const std::string path = dir.file("a3.vsa");
  std::ofstream(path, std::ios::binary) << to_bytes(learnt());

  const auto adapter = Adapter::open(path, *base());

  ASSERT_TRUE(adapter) << adapter.error().what;
  EXPECT_EQ((*adapter)->parts().before, 2u);
  EXPECT_EQ((*adapter)->parts().labels, 240u);
  EXPECT_EQ(to_bytes((*adapter)->parts()), to_bytes(learnt()));
  EXPECT_LT(to_bytes(learnt()).size(), 50'000u) << "no copy of the model";
}

TEST(AdapterFile, RefusesEveryDamage) {
  const std::string whole = to_bytes(learnt());

  for (std::size_t length = 0; length < whole.size(); length += 1 + length / 16)
    EXPECT_FALSE(Adapter::read(whole.substr(0, length), *base())) << length;
  EXPECT_FALSE(Adapter::read(whole + "x", *base()));
  for (std::size_t at = 0; at < whole.size(); at += 1 + at / 32) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    EXPECT_FALSE(Adapter::read(damaged, *base())) << at;
  }
}

// Whoever can write the file can also compute its checksum.
TEST(AdapterFile, RefusesNumbersThatNoLearningGives) {
  const auto refused = [](const std::function<void(AdapterParts&)>& spoil) {
    AdapterParts parts = learnt();
    spoil(parts);
    const auto adapter = Adapter::read(to_bytes(parts), *base());
    return adapter ? "" : adapter.error().what;
  };

  EXPECT_EQ(refused([](AdapterParts&) {}), "");
  EXPECT_THAT(refused([](AdapterParts& p) { p.weights[0].polarity = NAN; }),
              HasSubstr("numbers that no learning gives"));
  EXPECT_THAT(refused([](AdapterParts& p) { std::swap(p.weights[0], p.weights[1]); }), HasSubstr("numbers that no"));
  EXPECT_THAT(refused([](AdapterParts& p) { p.slots[0].choice[1] = 0; }), HasSubstr("numbers that no learning gives"));
  EXPECT_THAT(refused([](AdapterParts& p) { p.slots.pop_back(); }), HasSubstr("numbers that no learning gives"));
}

TEST(AdapterFile, RefusesTheAdapterOfAnotherModel) {
  const auto adapter = Adapter::read(to_bytes(learnt()), *Model::shipped());

  ASSERT_FALSE(adapter);
  EXPECT_EQ(adapter.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(adapter.error().what, HasSubstr("made for another model than sentiment-5"));
}

TEST(AdapterFile, SaysWhatToDoWithOneOfAnEarlierVersion) {
  const auto adapter = Adapter::read("vigieva1 and so on", *Model::shipped());

  ASSERT_FALSE(adapter);
  EXPECT_THAT(adapter.error().what, HasSubstr("by an earlier version; vigie adapt learns one that fits"));
}

TEST(HeldOutLabels, AreOneInThreeAndTheSameForCopies) {
  int out = 0;
  for (int i = 0; i < 3000; ++i) out += held_out(words_key("text number " + std::to_string(i))) ? 1 : 0;

  EXPECT_NEAR(out, 1000, 100);
  EXPECT_EQ(words_key("Late AGAIN, @shop! https://a.example/1"), words_key("late again @other https://b.example/2"));
  EXPECT_NE(words_key("late again"), words_key("again late"));
}

}  // namespace
}  // namespace vigie::sentiment
