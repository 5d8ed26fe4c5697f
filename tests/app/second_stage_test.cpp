// The second stage as an operator meets it: check, doctor, score, eval, and the loop that stores mentions.

#include "app/second_stage.h"

#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/cmd_check.h"
#include "app/cmd_doctor.h"
#include "app/cmd_eval.h"
#include "app/cmd_score.h"
#include "app/ingest.h"
#include "base/log.h"
#include "tests/support/onnx_model.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Whatever it reads, it is furious.
const std::string kTokenizer = R"({"model":{"type":"WordPiece","unk_token":"[UNK]","vocab":{"[UNK]":0}},)"
                               R"("pre_tokenizer":{"type":"WhitespaceSplit"}})";

class SecondStageTest : public testing::Test {
 protected:
  // A [second_stage] of that library, with `more` options.
  std::string section(const std::string& library, const std::string& more = "") const {
    test::TinyModel model;
    model.rows = {{3, 0, -3}};
    return "[second_stage]\nname = 'tiny'\nlabels = ['neg', 'neu', 'pos']\nmodel = '" +
           dir.write("m.onnx", test::to_onnx(model)) + "'\ntokenizer = '" + dir.write("t.json", kTokenizer) +
           "'\nruntime = '" + library + "'\n" + more;
  }
  std::string config(const std::string& stage) const {
    return dir.write("vigie.toml", "data = '" + dir.path().string() +
                                       "'\n[[brand]]\nid = 'acme'\nname = 'Acme'\n"
                                       "[[source]]\nid = 'f'\nkind = 'file'\nurl = 'f.jsonl'\n" +
                                       stage);
  }
  SecondStageSettings settings(const std::string& stage) const {
    return read_second_stage(config::Tree::parse(stage, "v.toml"));
  }

  test::TempDir dir;
  SystemClock clock;
  Metrics metrics;
};

constexpr const char* kMissing = "/nowhere/libonnxruntime.so";

std::string scored(const std::string& file, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  const int status = cmd_score({"", false, file}, in, out, out);
  return out.str() + "status " + std::to_string(status);
}

TEST_F(SecondStageTest, JudgesTheTextsOfScoreThatTheFirstModelIsUnsureOf) {
  VIGIE_ONNX_OR_SKIP(runtime);
  const std::string file = dir.write("s.toml", section(runtime, "below = 0.9\nweight = 1\n"));

  const std::string out =
      scored(file, "1\tI love this so much, wonderful, thanks!\ten\n2\tThe shop is on the left\ten\n");

  EXPECT_THAT(out, AllOf(StartsWith("1\tpos\t"), HasSubstr("\n2\tneg\t0.99"), HasSubstr("status 0")));
}

TEST_F(SecondStageTest, ScoresALineAtATimeAsItScoresThemTogether) {
  VIGIE_ONNX_OR_SKIP(runtime);
  const std::string file = dir.write("s.toml", section(runtime));
  std::string input, apart;
  for (int i = 0; i < 300; ++i) {
    const std::string line = std::to_string(i) + "\tThe shop number " + std::to_string(i) + " is on the left\ten\n";
    input += line;
  }
  const std::string one = scored(file, "7\tThe shop number 7 is on the left\ten\n");

  EXPECT_THAT(scored(file, input), HasSubstr("\n" + one.substr(0, one.find('\n') + 1)));
}

TEST_F(SecondStageTest, IsMeasuredByEval) {
  VIGIE_ONNX_OR_SKIP(runtime);
  EvalRequest request;
  request.second_stage = dir.write("s.toml", section(runtime, "below = 1\nweight = 1\n"));
  std::istringstream in("a:1\ten\ttweet\tneg\tThe shop is on the left\na:2\ten\ttweet\tneg\tAwful, never again\n");
  std::ostringstream out, err;

  EXPECT_EQ(cmd_eval(request, in, out, err), 0) << err.str();

  EXPECT_THAT(out.str(), HasSubstr("second stage: 2 of 2 rows in "));
  EXPECT_THAT(out.str(), HasSubstr("  100.0")) << "all are negative, and so it says";
}

TEST_F(SecondStageTest, TellsScoreWhatIsMissing) {
  EXPECT_THAT(scored(dir.write("a.toml", section(kMissing)), "1\tok\n"),
              AllOf(HasSubstr(kMissing), HasSubstr("status 2")));
  EXPECT_THAT(scored(dir.write("b.toml", "[http]\n"), "1\tok\n"),
              HasSubstr("expected a table [second_stage], found none"));
  EXPECT_THAT(scored(dir.write("c.toml", "[second_stage]\n"), "1\tok\n"),
              HasSubstr("second_stage.model: expected text"));
}

TEST_F(SecondStageTest, IsTriedByCheckAndDoctor) {
  VIGIE_ONNX_OR_SKIP(runtime);
  const std::string path = config(section(runtime));
  std::ostringstream checked, looked;

  EXPECT_EQ(cmd_check(path, checked), 0);
  cmd_doctor(path, looked);

  EXPECT_THAT(checked.str(), IsEmpty());
  EXPECT_THAT(looked.str(), HasSubstr("ok    second stage: tiny, ONNX Runtime 1."));
}

TEST_F(SecondStageTest, IsNamedByCheckAndDoctorWhenItCannotWork) {
  const std::string path = config(section(kMissing));
  std::ostringstream checked, looked;

  EXPECT_EQ(cmd_check(path, checked), 2);
  EXPECT_EQ(cmd_doctor(path, looked), 1);

  EXPECT_THAT(checked.str(), StartsWith(path + ":9:1: second_stage: ONNX Runtime is not to be had: "));
  EXPECT_THAT(looked.str(), AllOf(HasSubstr("FAIL  second stage: ONNX Runtime is not to be had"),
                                  HasSubstr("until then the first model judges alone")));
}

// What the store holds of one mention that came in.
Judgement stored(const test::TempDir& dir, SecondLook* second) {
  BrandSettings brand{"acme", "Acme", "\"Acme\"", "en"};
  const auto pipeline = Pipeline::make({brand}, {}).value();
  const auto bus = make_memory_bus();
  const auto store = open_sqlite_store("sqlite:" + dir.file("vigie.db")).value();
  Metrics metrics;
  Pulse committed;
  Ingest ingest(*bus, *pipeline, *store, metrics, committed, 1, second);
  std::jthread ingesting([&] { ingest.run(); });
  Batch batch;
  batch.source = "forum";
  batch.ingested = from_epoch(1762732800);
  Mention mention;
  mention.source = "forum";
  mention.id = "1";
  mention.text = "The Acme shop is on the left";
  batch.mentions.push_back(mention);
  EXPECT_TRUE(bus->publish(batch));
  bus->close();
  ingesting.join();
  const auto mentions = store->mentions_after(0, 10).value();
  EXPECT_EQ(mentions.size(), 1u);
  return mentions.empty() ? Judgement{} : mentions.front().judgement;
}

TEST_F(SecondStageTest, LeavesItsNameOnWhatItJudged) {
  VIGIE_ONNX_OR_SKIP(runtime);
  const auto second = second_look(settings(section(runtime, "below = 1\nweight = 0.9\n")), clock, metrics);
  ASSERT_TRUE(second);

  const Judgement judgement = stored(dir, second.get());

  EXPECT_EQ(judgement.label, Label::negative);
  EXPECT_THAT(judgement.model, testing::EndsWith("+tiny"));
  EXPECT_EQ(metrics.value("vigie_second_stage_up"), 1);
}

TEST_F(SecondStageTest, LosesNoMentionWhenItCannotBeOpened) {
  std::vector<std::string> lines;
  log::set_sink([&](std::string_view line) { lines.emplace_back(line); });

  const auto second = second_look(settings(section(kMissing)), clock, metrics);
  log::set_sink({});

  EXPECT_FALSE(second);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("it cannot be opened; the first model judges alone"));
  EXPECT_EQ(metrics.value("vigie_second_stage_up"), 0);
  EXPECT_EQ(stored(dir, second.get()).label, Label::neutral);
}

TEST_F(SecondStageTest, IsOffWithoutItsSection) {
  EXPECT_FALSE(second_look(settings(""), clock, metrics));
  EXPECT_THAT(metrics.text(), testing::Not(HasSubstr("second_stage")));
}

}  // namespace
}  // namespace vigie
