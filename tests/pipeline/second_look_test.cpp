#include "pipeline/second_look.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Time kNow = from_epoch(1762732800);
const SecondOpinion kFurious{{0.9, 0.08, 0.02}};

Judgement judged(double p_neg, double p_neu, double p_pos, Label label) {
  Judgement out;
  out.lang = "en";
  out.p_neg = p_neg;
  out.p_neu = p_neu;
  out.p_pos = p_pos;
  out.label = label;
  out.model = "first";
  return out;
}

Judgement doubtful() { return judged(0.40, 0.45, 0.15, Label::neutral); }

// Answers from a script, one text at a time, each taking as long as it is told.
class Scripted final : public SecondStage {
 public:
  Scripted(ManualClock& clock, std::vector<std::string>& asked) : clock_(clock), asked_(asked) {}

  const std::string& name() const override { return name_; }
  Result<std::vector<std::optional<SecondOpinion>>> answer(std::span<const Question> questions, Time until) override {
    ++calls;
    if (broken) return fail(ErrorKind::bad_data, "the model failed");
    std::vector<std::optional<SecondOpinion>> out;
    while (out.size() < questions.size() && (out.empty() || clock_.now() < until)) {
      asked_.emplace_back(questions[out.size()].text);
      out.push_back(answers_nothing ? std::nullopt : std::optional(kFurious));
      clock_.advance(each);
    }
    return out;
  }

  Duration each = milliseconds(100);
  bool broken = false, answers_nothing = false;
  int calls = 0;

 private:
  const std::string name_ = "second";
  ManualClock& clock_;
  std::vector<std::string>& asked_;
};

class SecondLookTest : public testing::Test {
 protected:
  void SetUp() override {
    log::set_sink([this](std::string_view line) { lines.emplace_back(line); });
  }
  void TearDown() override { log::set_sink({}); }

  SecondLook look(const SecondLookRules& rules = {}) {
    auto made = std::make_unique<Scripted>(clock, asked);
    stage = made.get();
    return {std::move(made), rules, clock, metrics};
  }
  static Judged mention(const std::string& text, Judgement judgement = doubtful(),
                        std::vector<std::string> brands = {"acme"}) {
    Judged out;
    out.mention.text = text;
    out.judgement = std::move(judgement);
    out.brands = std::move(brands);
    return out;
  }
  double texts(const char* result) const {
    return metrics.value("vigie_second_stage_texts_total", {{"result", result}});
  }

  ManualClock clock{kNow};
  Metrics metrics;
  std::vector<std::string> asked, lines;
  Scripted* stage = nullptr;
};

TEST_F(SecondLookTest, AsksAboutMatchedMentionsThatTheFirstModelIsUnsureOf) {
  SecondLook second = look();
  Judged corrected = mention("corrected");
  corrected.judgement.human = Label::positive;
  std::vector<Judged> batch = {mention("sure", judged(0.1, 0.1, 0.8, Label::positive)), mention("doubtful"),
                               mention("unmatched", doubtful(), {}), corrected, mention("")};

  second.look(batch);

  EXPECT_THAT(asked, ElementsAre("doubtful"));
  EXPECT_EQ(batch[1].judgement.label, Label::negative);
  EXPECT_EQ(batch[1].judgement.model, "first+second");
  EXPECT_EQ(batch[0].judgement.model, "first");
  EXPECT_EQ(texts("answered"), 1);
  EXPECT_EQ(metrics.value("vigie_second_stage_changed_total"), 1);
}

TEST_F(SecondLookTest, AsksAboutTheLeastCertainFirstAndLeavesTheRestWhenTimeIsUp) {
  SecondLookRules rules;
  rules.budget = milliseconds(150);
  SecondLook second = look(rules);
  std::vector<Judged> batch = {mention("third", judged(0.2, 0.55, 0.25, Label::neutral)),
                               mention("first", judged(0.3, 0.36, 0.34, Label::neutral)), mention("second")};

  second.look(batch);

  EXPECT_THAT(asked, ElementsAre("first", "second"));
  EXPECT_EQ(batch[0].judgement.model, "first");
  EXPECT_EQ(batch[0].judgement.p_neu, 0.55);
  EXPECT_EQ(texts("answered"), 2);
  EXPECT_EQ(texts("late"), 1);
}

TEST_F(SecondLookTest, LeavesOtherLanguagesAlone) {
  SecondLookRules rules;
  rules.languages = {"fr"};
  SecondLook second = look(rules);
  std::vector<Judged> batch = {mention("english"), mention("français")};
  batch[1].judgement.lang = "fr";

  second.look(batch);

  EXPECT_THAT(asked, ElementsAre("français"));
}

TEST_F(SecondLookTest, KeepsTheFirstAnswersWhenTheStageFailsAndTellsOnce) {
  SecondLook second = look();
  stage->broken = true;
  for (int i = 0; i < SecondLook::kMostFailures + 5; ++i) {
    std::vector<Judged> batch = {mention("a"), mention("b")};
    second.look(batch);
    EXPECT_EQ(batch[0].judgement.model, "first");
  }

  EXPECT_EQ(stage->calls, SecondLook::kMostFailures);
  EXPECT_EQ(texts("failed"), 2 * SecondLook::kMostFailures);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], HasSubstr("the model failed"));
  EXPECT_THAT(lines[1], HasSubstr("is not asked any more"));
}

TEST_F(SecondLookTest, GoesOnAfterAFailureThatPasses) {
  SecondLook second = look();
  for (int i = 0; i < 3 * SecondLook::kMostFailures; ++i) {
    stage->broken = i % 2 == 0;
    std::vector<Judged> batch = {mention("a")};
    second.look(batch);
  }

  EXPECT_EQ(stage->calls, 3 * SecondLook::kMostFailures);
}

TEST_F(SecondLookTest, KeepsTheFirstAnswerWhereTheStageHasNoNumber) {
  SecondLook second = look();
  stage->answers_nothing = true;
  std::vector<Judged> batch = {mention("a"), mention("b")};

  second.look(batch);

  EXPECT_EQ(batch[0].judgement.p_neu, doubtful().p_neu);
  EXPECT_EQ(texts("failed"), 2);
  EXPECT_THAT(lines, SizeIs(1));
}

TEST_F(SecondLookTest, FindsTheThemeOtherAnew) {
  SecondLook second = look();
  Judged plain = mention("plain"), themed = mention("themed");
  themed.judgement.themes = {"price"};
  std::vector<Judged> batch = {plain, themed};

  second.look(batch);

  EXPECT_THAT(batch[0].judgement.themes, ElementsAre("other"));
  EXPECT_THAT(batch[1].judgement.themes, ElementsAre("price"));
}

TEST_F(SecondLookTest, GivesTheSameWhateverTheOrderOfABatch) {
  SecondLookRules rules;
  rules.share = 0.5;
  std::map<std::string, double> forwards, backwards;
  for (auto* into : {&forwards, &backwards}) {
    SecondLook second = look(rules);
    for (int batch_number = 0; batch_number < 5; ++batch_number) {
      std::vector<Judged> batch;
      for (int i = 0; i < 50; ++i) {
        const double p = 0.34 + 0.01 * i;
        batch.push_back(
            mention(std::to_string(batch_number * 100 + i), judged((1 - p) / 2, p, (1 - p) / 2, Label::neutral)));
      }
      if (into == &backwards) std::reverse(batch.begin(), batch.end());
      second.look(batch);
      for (const Judged& one : batch) (*into)[one.mention.text] = one.judgement.p_neg;
    }
  }

  EXPECT_EQ(forwards, backwards);
}

TEST(CertaintyBar, IsWhatTheShareLiesUnder) {
  CertaintyBar bar;
  for (int i = 0; i < 99; ++i) bar.saw(0.5);
  EXPECT_EQ(bar.bar(0.3, 0.6), 0.6) << "too few to tell";

  for (int i = 0; i < static_cast<int>(CertaintyBar::kWindow); ++i) bar.saw(0.001 * ((i * 7) % 1000));

  EXPECT_NEAR(bar.bar(0.3, 0.6), 0.3, 0.002);
  EXPECT_EQ(bar.bar(0, 0.6), 0.6) << "no share asked for";
  EXPECT_NEAR(bar.bar(1, 0.6), 0.999, 0.002);
}

TEST(Blend, IsTheGeometricMean) {
  Judgement judgement = judged(0.2, 0.3, 0.5, Label::positive);

  blend(judgement, {{0.8, 0.1, 0.1}}, 0.5, "second");

  // sqrt(0.16), sqrt(0.03), sqrt(0.05), divided by their sum.
  EXPECT_NEAR(judgement.p_neg, 0.50200, 1e-4);
  EXPECT_NEAR(judgement.p_neu, 0.21737, 1e-4);
  EXPECT_NEAR(judgement.p_pos, 0.28063, 1e-4);
  EXPECT_NEAR(judgement.p_neg + judgement.p_neu + judgement.p_pos, 1, 1e-12);
  EXPECT_EQ(judgement.label, Label::negative);
  EXPECT_FALSE(judgement.unsure);
}

TEST(Blend, IsTheSecondOpinionAloneWithAllTheWeight) {
  Judgement judgement = judged(0.2, 0.3, 0.5, Label::positive);

  blend(judgement, {{0.7, 0.2, 0.1}}, 1, "second");

  EXPECT_NEAR(judgement.p_neg, 0.7, 1e-12);
  EXPECT_FALSE(judgement.unsure);
}

TEST(Blend, LeavesNeutralToTheFirstWhereTheSecondDoesNotKnowIt) {
  Judgement judgement = judged(0.3, 0.4, 0.3, Label::neutral);

  blend(judgement, {{0.8, 0, 0.2}, false}, 0.5, "second");

  EXPECT_DOUBLE_EQ(judgement.p_neu, 0.4);
  EXPECT_NEAR(judgement.p_neg / judgement.p_pos, 2, 1e-9) << "the root of four to one";
}

TEST(Blend, KeepsTheAdvantageOfALabelThatIsRare) {
  Judgement judgement = judged(0.45, 0.40, 0.15, Label::neutral);

  blend(judgement, {{1. / 3, 1. / 3, 1. / 3}}, 0.5, "second");
  EXPECT_EQ(judgement.label, Label::neutral) << "an opinion of nothing changes nothing";

  Judgement turned = judged(0.45, 0.40, 0.15, Label::neutral);
  blend(turned, kFurious, 0.5, "second");
  EXPECT_EQ(turned.label, Label::negative);
}

TEST(Blend, TakesCertaintyAsFarAsItGoes) {
  Judgement judgement = judged(1, 0, 0, Label::negative);

  blend(judgement, {{0, 0, 1}}, 0.5, "second");

  EXPECT_NEAR(judgement.p_neg, judgement.p_pos, 1e-9);
  EXPECT_EQ(judgement.label, Label::negative) << "a draw stays as it was";
}

}  // namespace
}  // namespace vigie
