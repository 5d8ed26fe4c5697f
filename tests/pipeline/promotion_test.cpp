#include "pipeline/sentiment/promotion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "pipeline/sentiment/scorer.h"
#include "tests/pipeline/small_model.h"

namespace vigie::sentiment {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;

const std::shared_ptr<const Model>& base() {
  static const auto model = model_of(trained(small_corpus()));
  return model;
}

// A trade with words of its own: "wooden" and "weekly" are complaints here, "square" is praise; the rest means what it
// means everywhere.
struct Word {
  std::string word;
  Label label;
};
const std::vector<Word> kTrade = {{"wooden", Label::negative}, {"weekly", Label::negative}, {"square", Label::positive},
                                  {"awful", Label::negative},  {"lovely", Label::positive}, {"rude", Label::negative},
                                  {"quick", Label::positive},  {"blue", Label::neutral}};

LabelledText text_of(std::size_t i) {
  const std::vector<std::string> things = {"parcel", "shop", "train", "lamp", "app", "bread", "hotel", "phone"};
  const Word& said = kTrade[i % kTrade.size()];
  return {{"my " + things[i / kTrade.size() % things.size()] + " of order " + std::to_string(i) + " is " + said.word,
           "en", "tweet"},
          said.label};
}

Evidence evidence_of(const std::function<Label(Label)>& told, std::size_t number = 240) {
  std::vector<LabelledText> labels;
  for (std::size_t i = 0; i < number; ++i) {
    labels.push_back(text_of(i));
    labels.back().label = told(labels.back().label);
  }
  Evidence evidence = split_labels(labels);
  // Nobody complained of what means the same here as everywhere.
  for (std::size_t i = 1000; i < 1400; ++i) {
    if (i % kTrade.size() > 2) evidence.stored.push_back(text_of(i).asked);
  }
  evidence.anchors = {{{"it is superb", "en", "tweet"}, Label::positive},
                      {{"it is broken", "en", "tweet"}, Label::negative}};
  return evidence;
}

Label as_meant(Label label) { return label; }
Label turned(Label label) {
  return label == Label::negative ? Label::positive : label == Label::positive ? Label::negative : label;
}

TEST(Promotion, TakesAnAdapterThatIsBetterOnLabelsItNeverSaw) {
  const Attempt made = attempt(base(), nullptr, evidence_of(as_meant));

  EXPECT_TRUE(made.decision.promote) << made.decision.why;
  EXPECT_GT(made.decision.gain.after.macro_f1, made.decision.gain.before.macro_f1 + 0.05);
  EXPECT_EQ(made.trained + made.held_out, 240u);
  EXPECT_NEAR(static_cast<double>(made.held_out), 80, 25);
  EXPECT_EQ(made.decision.guards.anchors, 2u);
  EXPECT_EQ(made.decision.guards.anchors_lost, 0u);
}

TEST(Promotion, RefusesLabelsTheWrongWayRoundThoughTheyAgreeWithThemselves) {
  const Attempt made = attempt(base(), nullptr, evidence_of(turned));

  EXPECT_FALSE(made.decision.promote);
  EXPECT_THAT(made.decision.why, HasSubstr("say the opposite"));
  EXPECT_GT(made.decision.gain.after.macro_f1, made.decision.gain.before.macro_f1) << "held-out labels alone would err";
}

TEST(Promotion, RefusesLabelsAtRandom) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRng random(seed);
    const Evidence evidence = evidence_of([&](Label) { return static_cast<Label>(random.below(3)); });
    EXPECT_FALSE(attempt(base(), nullptr, evidence).decision.promote) << seed;
  }
}

TEST(Promotion, RefusesOneLabelForEverything) {
  const Attempt made = attempt(base(), nullptr, evidence_of([](Label) { return Label::positive; }));

  EXPECT_FALSE(made.decision.promote);
  EXPECT_THAT(made.decision.why, HasSubstr("of each of two kinds"));
}

TEST(Promotion, RefusesWhatTheModelKnowsAlready) {
  std::vector<LabelledText> labels;
  for (std::size_t i = 0; i < 240; ++i) {
    if (i % 8 > 2) labels.push_back(text_of(i));
  }

  const Attempt made = attempt(base(), nullptr, split_labels(labels));

  EXPECT_FALSE(made.decision.promote);
  EXPECT_THAT(made.decision.why, HasSubstr("not better on the held-out labels: macro F1 100.0 before, 100.0 after"));
}

TEST(Promotion, RefusesWhatTheRunningAdapterKnowsAlready) {
  const Evidence evidence = evidence_of(as_meant);
  AdapterParts parts = attempt(base(), nullptr, evidence).parts;
  const auto running = Adapter::of(std::move(parts), *base());

  const Attempt again = attempt(base(), running, evidence);

  EXPECT_FALSE(again.decision.promote) << again.decision.why;
  EXPECT_EQ(again.decision.gain.better + again.decision.gain.worse, 0u);
}

TEST(Promotion, SaysHowManyLabelsAreMissing) {
  const Attempt made = attempt(base(), nullptr, evidence_of(as_meant, 20));

  EXPECT_FALSE(made.decision.promote);
  EXPECT_THAT(made.decision.why,
              AllOf(HasSubstr("too few labels to judge by: 20 labels"), HasSubstr("correct or confirm about ")));
  EXPECT_TRUE(made.parts.weights.empty()) << "nothing is learnt";
}

// Scorers that say what the test wants of a text.
class Says final : public Scorer {
 public:
  explicit Says(std::function<Label(std::string_view)> label) : label_(std::move(label)) {}
  using Scorer::score;
  Judgement score(const Words& words, std::string_view, std::string_view, const std::optional<Rating>&) const override {
    Judgement out;
    out.label = label_(words.text());
    out.p_neg = out.label == Label::negative ? 0.9 : 0.05;
    out.p_neu = out.label == Label::neutral ? 0.9 : 0.05;
    out.p_pos = out.label == Label::positive ? 0.9 : 0.05;
    return out;
  }

 private:
  std::function<Label(std::string_view)> label_;
};

// The base errs on "here", the candidate does not; elsewhere it does what the test says.
Decision decide_with(const std::function<Label(std::string_view, Label)>& elsewhere, Evidence evidence = {}) {
  const auto plain = [](std::string_view text) {
    return text.find("good") != text.npos  ? Label::positive
           : text.find("bad") != text.npos ? Label::negative
                                           : Label::neutral;
  };
  const Says shipped(plain);
  const Says candidate([&](std::string_view text) {
    return text.find("here") != text.npos ? Label::negative : elsewhere(text, plain(text));
  });
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    evidence.held_out.push_back({{"here " + number, "en", "tweet"}, Label::negative});
    evidence.held_out.push_back({{"good " + number, "en", "tweet"}, Label::positive});
  }
  return decide(shipped, shipped, candidate, evidence);
}

TEST(Promotion, RefusesWhatTurnsMentionsRoundThatNobodyComplainedOf) {
  Evidence evidence;
  for (int i = 0; i < 100; ++i) evidence.stored.push_back({"bad " + std::to_string(i), "en", "tweet"});
  const auto turn_some = [](std::string_view text, Label label) {
    return text.ends_with("7") && text.starts_with("bad") ? Label::positive : label;
  };

  const Decision decision = decide_with(turn_some, evidence);

  EXPECT_FALSE(decision.promote);
  EXPECT_EQ(decision.guards.flipped, 10u);
  EXPECT_THAT(decision.why,
              HasSubstr("of 100 stored mentions that nobody corrected and the shipped model is sure of, 10 "
                        "would turn from neg to pos or back"));
  EXPECT_TRUE(decide_with([](std::string_view, Label label) { return label; }, evidence).promote);
}

TEST(Promotion, RefusesWhatContradictsStars) {
  Evidence evidence;
  for (int i = 0; i < 30; ++i)
    evidence.stored.push_back({"good " + std::to_string(i), "en", "review", Rating{5, 1, 5}});
  for (int i = 0; i < 970; ++i) evidence.stored.push_back({"news " + std::to_string(i), "en", "review"});

  const Decision decision =
      decide_with([](std::string_view text,
                     Label label) { return text.starts_with("good") && text.size() < 7 ? Label::neutral : label; },
                  evidence);

  EXPECT_FALSE(decision.promote);
  EXPECT_EQ(decision.guards.stars, 30u);
  EXPECT_THAT(decision.why, HasSubstr("of 30 texts with clear stars it would lose 10"));
}

TEST(Promotion, RefusesWhatUnlearnsPlainSpeech) {
  Evidence evidence;
  evidence.anchors = {{{"very good", "en", "tweet"}, Label::positive}, {{"odd", "en", "tweet"}, Label::positive}};

  const Decision decision = decide_with(
      [](std::string_view text, Label label) { return text == "very good" ? Label::neutral : label; }, evidence);

  EXPECT_FALSE(decision.promote);
  EXPECT_EQ(decision.guards.anchors, 1u) << "what the shipped model gets wrong binds nobody";
  EXPECT_THAT(decision.why, HasSubstr("such as \"very good\""));
}

TEST(Anchors, AreMostlyRightByTheShippedModelInSixLanguages) {
  const auto all = anchors();
  ASSERT_TRUE(all) << all.error().what;
  const auto scorer = make_scorer(Model::shipped(), 0);
  std::size_t right = 0;
  std::set<std::string> langs;
  for (const auto& [text, label] : *all) {
    langs.insert(text.lang);
    right += scorer->score(text.text, text.lang, text.domain, std::nullopt).label == label ? 1 : 0;
  }

  EXPECT_EQ(all->size(), 240u);
  EXPECT_EQ(langs.size(), 6u);
  EXPECT_GE(right, 215u);
}

TEST(SplitLabels, CountsCopiesOnceWithTheLabelGivenLast) {
  const Evidence evidence = split_labels({{{"Late again!", "en", "tweet"}, Label::neutral},
                                          {{"late again http://a.example", "en", "tweet"}, Label::negative}});

  std::vector<LabelledText> all = evidence.trained;
  all.insert(all.end(), evidence.held_out.begin(), evidence.held_out.end());
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].label, Label::negative);
}

}  // namespace
}  // namespace vigie::sentiment
