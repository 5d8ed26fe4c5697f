// The ONNX second stage against the real runtime, with tiny models built here.

#include "pipeline/onnx/classifier.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/files.h"
#include "tests/support/onnx_model.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using onnx::ClassifierFiles;
using onnx::open_classifier;
using testing::HasSubstr;
using testing::SizeIs;

const Time kNow = from_epoch(1762732800);

// Six words; "bad" is a complaint, "good" praise, "so" neither.
constexpr const char* kWords = R"({"model":{"type":"WordPiece","unk_token":"[UNK]",
  "vocab":{"[PAD]":0,"[UNK]":1,"bad":2,"so":3,"good":4,"void":5}},
  "pre_tokenizer":{"type":"WhitespaceSplit"},
  "added_tokens":[{"id":0,"content":"[PAD]","special":true}]})";

test::TinyModel three_classes() {
  test::TinyModel model;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  model.rows = {{9, -9, 9}, {0, 0, 0}, {1, 0, -1}, {0, 0.5, 0}, {-1, 0, 1}, {nan, 0, 0}};
  return model;
}

class Onnx : public testing::Test {
 protected:
  Result<std::unique_ptr<SecondStage>> open(const std::string& model_bytes) {
    files.model = dir.write("m.onnx", model_bytes);
    files.tokenizer = dir.write("t.json", kWords);
    return open_classifier(files, clock);
  }
  Result<std::unique_ptr<SecondStage>> open(const test::TinyModel& model) { return open(test::to_onnx(model)); }
  std::string refusal(const std::string& model_bytes) {
    const auto opened = open(model_bytes);
    return opened ? "opened" : opened.error().what;
  }
  std::string refusal(const test::TinyModel& model) { return refusal(test::to_onnx(model)); }

  std::vector<std::optional<SecondOpinion>> answers(SecondStage& stage, const std::vector<std::string>& texts) {
    std::vector<Question> questions;
    for (const std::string& text : texts) questions.push_back({text, "en", "tweet"});
    auto answered = stage.answer(questions, clock.now() + minutes(1));
    EXPECT_TRUE(answered) << answered.error().what;
    return answered ? *answered : std::vector<std::optional<SecondOpinion>>{};
  }

  test::TempDir dir;
  ManualClock clock{kNow};
  ClassifierFiles files{"tiny", "", "", "", {Label::negative, Label::neutral, Label::positive}};
};

// What softmax makes of three scores, to the digits that are kept.
sentiment::Probabilities softmax_of(double a, double b, double c) {
  const double sum = std::exp(a) + std::exp(b) + std::exp(c);
  const auto kept = [&](double score) { return std::round(std::exp(score) / sum * 1e4) / 1e4; };
  return {kept(a), kept(b), kept(c)};
}

TEST_F(Onnx, GivesTheProbabilitiesThatTheModelStandsFor) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  const auto stage = open(three_classes());
  ASSERT_TRUE(stage) << stage.error().what;

  const auto got = answers(**stage, {"bad", "so good", "bad so so", "unheard"});

  ASSERT_THAT(got, SizeIs(4));
  EXPECT_EQ(got[0]->p, softmax_of(2, 0, -2));
  EXPECT_EQ(got[1]->p, softmax_of(-1, 0.5, 1));
  EXPECT_EQ(got[2]->p, softmax_of(2. / 3, 2. / 3, -2. / 3));
  EXPECT_EQ(got[3]->p, softmax_of(0, 0, 0));
  EXPECT_EQ((*stage)->name(), "tiny");
}

TEST_F(Onnx, SaysTheSameOfATextInAnyCompany) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  files.batch = 8;
  const auto stage = open(three_classes());
  ASSERT_TRUE(stage) << stage.error().what;
  // Of unlike length, so that the short ones are filled up; more than go to the model at once.
  std::vector<std::string> texts;
  for (int i = 0; i < 21; ++i) {
    std::string text = i % 2 == 0 ? "bad" : "good";
    for (int j = 0; j < i; ++j) text += j % 3 == 0 ? " so" : " good";
    texts.push_back(text);
  }

  const auto together = answers(**stage, texts);

  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(together[i]->p, answers(**stage, {texts[i]})[0]->p) << texts[i];
  }
}

TEST_F(Onnx, StopsWhenItsTimeIsUpButAlwaysAnswersSome) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  files.batch = 2;
  const auto stage = open(three_classes());
  ASSERT_TRUE(stage) << stage.error().what;
  const std::vector<Question> questions(5, Question{"bad", "en", "tweet"});

  EXPECT_THAT((*stage)->answer(questions, kNow).value(), SizeIs(2));
  EXPECT_THAT((*stage)->answer(questions, kNow + seconds(1)).value(), SizeIs(5));
}

TEST_F(Onnx, HasNoNumberForATextThatTheModelHasNoneFor) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  files.batch = 4;
  const auto stage = open(three_classes());
  ASSERT_TRUE(stage) << stage.error().what;

  const auto got = answers(**stage, {"bad", "so void", "", "good"});

  EXPECT_TRUE(got[0] && got[3]);
  EXPECT_FALSE(got[1]) << "not a number";
  EXPECT_FALSE(got[2]) << "nothing to read: this tokenizer puts no signs around texts";
}

TEST_F(Onnx, TakesTextsOfAnyKind) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  const auto stage = open(three_classes());
  ASSERT_TRUE(stage) << stage.error().what;
  std::string megabyte;
  while (megabyte.size() < (1u << 20)) megabyte += "bad ";

  const auto got = answers(**stage, {megabyte, "bad \xff\xfe", std::string("\0bad", 4), " \t "});

  EXPECT_EQ(got[0]->p, softmax_of(2, 0, -2));
  EXPECT_TRUE(got[1]);
}

TEST_F(Onnx, FoldsTheClassesThatSayTheSame) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  files.labels = {Label::negative, Label::negative, Label::neutral, Label::positive, Label::positive};
  test::TinyModel stars;
  stars.rows = std::vector<std::vector<float>>(6, {0, 0, 0, 0, 0});
  stars.rows[2] = {1, 1, 0, 0, 0};
  const auto stage = open(stars);
  ASSERT_TRUE(stage) << stage.error().what;

  const double e2 = std::exp(2.0), sum = 2 * e2 + 3;

  const auto got = answers(**stage, {"bad"})[0];
  EXPECT_NEAR(got->p[0], 2 * e2 / sum, 1e-4);
  EXPECT_NEAR(got->p[1], 1 / sum, 1e-4);
  EXPECT_NEAR(got->p[2], 2 / sum, 1e-4);
  EXPECT_TRUE(got->knows_neutral);
}

TEST_F(Onnx, TakesModelsOfOtherForms) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  test::TinyModel types = three_classes(), fixed = three_classes(), single = three_classes(), silent = three_classes();
  types.with_types = true;
  fixed.words = 4;
  single.texts = 1;
  silent.classes_told = 0;
  silent.output = "score";
  for (const test::TinyModel& model : {types, fixed, single, silent}) {
    const auto stage = open(model);
    ASSERT_TRUE(stage) << stage.error().what;

    const auto got = answers(**stage, {"bad", "so good"});

    EXPECT_EQ(got[0]->p, softmax_of(2, 0, -2));
    EXPECT_EQ(got[1]->p, softmax_of(-1, 0.5, 1));
  }
}

TEST_F(Onnx, SaysWhyAModelCannotBeUsed) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  test::TinyModel extra = three_classes(), narrow = three_classes(), newer = three_classes(), small = three_classes(),
                  empty = three_classes(), nameless = three_classes();
  nameless.ids = "token_type_ids";
  extra.extra_input = "pixel_values";
  narrow.ids_type = 6;
  newer.opset = 99;
  empty.rows[1] = empty.rows[5];
  small.rows.resize(1);  // the tokenizer's ids run past its table

  EXPECT_THAT(refusal(extra), HasSubstr("asks for an input \"pixel_values\""));
  EXPECT_THAT(refusal(nameless), HasSubstr("has no input called input_ids"));
  EXPECT_THAT(refusal(narrow), HasSubstr("the input input_ids should be 64-bit whole numbers"));
  EXPECT_THAT(refusal(newer), HasSubstr("cannot be used as a model by ONNX Runtime"));
  EXPECT_THAT(refusal(small), HasSubstr("does not answer a probe text, perhaps the tokenizer is another model's"));
  EXPECT_THAT(refusal(empty), HasSubstr("answers a probe text with something that is not a number"));
  EXPECT_THAT(refusal("not a model"), HasSubstr("cannot be used as a model"));
  EXPECT_THAT(refusal(""), HasSubstr("cannot be used as a model"));
  files.labels.pop_back();
  EXPECT_THAT(refusal(three_classes()), HasSubstr("has 3 classes, `labels` names 2"));
}

TEST_F(Onnx, RefusesEveryBrokenCopyOfAModelWithoutHarm) {
  VIGIE_ONNX_OR_SKIP(runtime);
  files.runtime = runtime;
  const std::string whole = test::to_onnx(three_classes());
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    EXPECT_THAT(refusal(whole.substr(0, length)), testing::Not(testing::IsEmpty())) << length;
  }
}

TEST_F(Onnx, SaysWhenAFileOrTheLibraryIsMissing) {
  files.tokenizer = dir.write("t.json", kWords);
  files.runtime = "/nowhere/libonnxruntime.so.1";

  const auto library = open_classifier(files, clock);
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(library.error().what, HasSubstr("/nowhere/libonnxruntime.so.1"));
  EXPECT_THAT(library.error().what, HasSubstr("set `runtime` to the path"));

  files.runtime = "libm.so.6";
  EXPECT_THAT(open_classifier(files, clock).error().what, HasSubstr("not a library of ONNX Runtime"));

  files.tokenizer = dir.file("absent.json");
  EXPECT_THAT(open_classifier(files, clock).error().what,
              HasSubstr("absent.json: expected a tokenizer.json, found no such file"));
}

TEST(FoldedScores, AreTakenAsTheyAreWhenTheyAreProbabilities) {
  const std::vector<Label> labels = {Label::positive, Label::negative};
  const std::vector<float> scores = {0.75F, 0.25F};

  const auto opinion = onnx::folded(scores, labels, true);

  EXPECT_EQ(opinion->p, (sentiment::Probabilities{0.25, 0, 0.75}));
  EXPECT_FALSE(opinion->knows_neutral);
}

TEST(FoldedScores, AreNothingWhenOneIsNotANumber) {
  const std::vector<Label> labels = {Label::positive, Label::negative};
  const float infinite = std::numeric_limits<float>::infinity();

  EXPECT_FALSE(onnx::folded(std::vector<float>{0, infinite}, labels, false));
  EXPECT_FALSE(onnx::folded(std::vector<float>{0, 0}, labels, true)) << "no probability at all";
  EXPECT_TRUE(onnx::folded(std::vector<float>{-3e38F, 3e38F}, labels, false));
}

}  // namespace
}  // namespace vigie
