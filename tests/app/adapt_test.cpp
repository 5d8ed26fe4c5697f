#include "app/cmd_adapt.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/adapter_files.h"
#include "app/backends.h"
#include "app/cmd_correct.h"
#include "app/cmd_score.h"
#include "app/own_scorer.h"
#include "pipeline/pipeline.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A trade with a word of its own: what is "gribbly" is broken, and the machine cannot know. Four words of everybody's
// beside it.
struct Saying {
  const char *says, *label;
};
constexpr Saying kSayings[] = {{"is gribbly", "neg"},           {"gribbly again", "neg"},
                               {"is a horrible mess", "neg"},   {"is wonderful, thank you", "pos"},
                               {"opens at nine", "neu"},        {"still gribbly today", "neg"},
                               {"is excellent, love it", "pos"}};
constexpr std::size_t kTexts = 420, kLabelled = 300;

std::string turned(const std::string& label) { return label == "neg" ? "pos" : label == "pos" ? "neg" : label; }

class AdaptTest : public testing::Test {
 protected:
  AdaptTest() {
    std::ofstream(config()) << "data = \"" << folder_.file("data")
                            << "\"\n[[brand]]\nid = \"acme\"\nname = \"Acme\"\nmatch = \"acme\"\n"
                               "[[source]]\nid = \"forum\"\nkind = \"feed\"\nurl = \"https://forum.example/feed\"\n";
    settings_.data = folder_.file("data");
  }

  std::string config() const { return folder_.file("vigie.toml"); }

  void store_texts() {
    const auto pipeline = Pipeline::make({{"acme", "Acme", "acme", "en"}}, {}).value();
    JudgedBatch batch;
    batch.source = "forum";
    batch.ingested = from_epoch(1795262400);
    const char* const things[] = {"counter", "parcel desk", "lift", "help line", "car park", "ticket machine"};
    for (std::size_t i = 0; i < kTexts; ++i) {
      Mention mention;
      mention.source = "forum";
      mention.id = std::to_string(i);
      mention.lang = "en";
      mention.author.id = "client-" + std::to_string(i);
      // What nobody labels is plain: guards look at it.
      const Saying& saying = kSayings[i < kLabelled ? i % 7 : 2 + i % 2];
      mention.text = concat("The Acme ", things[i / 7 % 6], " number ", std::to_string(i), " ", saying.says);
      batch.mentions.push_back(pipeline->judge(std::move(mention)));
    }
    ASSERT_TRUE(open_store(settings_).value()->commit(batch));
  }

  void label(const std::function<std::string(std::string)>& told) {
    std::ostringstream lines;
    for (std::size_t i = 0; i < kLabelled; ++i) lines << "forum\t" << i << "\t" << told(kSayings[i % 7].label) << "\n";
    std::istringstream in(lines.str());
    EXPECT_EQ(cmd_correct({config(), "", "", "-", "marie"}, in, out_, err_), 0) << err_.str();
  }

  int adapt(AdaptRequest request = {}) {
    request.config = config();
    out_.str("");
    err_.str("");
    return cmd_adapt(request, out_, err_);
  }
  std::string said() const { return out_.str(); }

  Label judged_now(OwnScorer& scorer) {
    return scorer.score("The counter is gribbly", "en", "tweet", std::nullopt).label;
  }

  test::TempDir folder_;
  Settings settings_;
  std::ostringstream out_, err_;
};

TEST_F(AdaptTest, LetsWhatPeopleTaughtJudgeWithoutARestartAndRollsBack) {
  store_texts();
  label([](const std::string& told) { return told; });
  OwnScorer scorer(settings_);
  ASSERT_NE(judged_now(scorer), Label::negative);

  EXPECT_EQ(adapt(), 0) << said();

  EXPECT_THAT(said(), AllOf(HasSubstr("decision   promoted: better on the held-out labels: macro F1 "),
                            HasSubstr("judging    sentiment-5+a1")));
  EXPECT_NE(judged_now(scorer), Label::negative) << "not before the next batch";
  scorer.refresh();
  EXPECT_EQ(judged_now(scorer), Label::negative);
  EXPECT_EQ(scorer.score("fine", "en", "tweet", std::nullopt).model, "sentiment-5+a1");

  EXPECT_EQ(adapt({.roll_back = true}), 0);
  EXPECT_THAT(said(), HasSubstr("judging    sentiment-5 alone, no more sentiment-5+a1"));
  scorer.refresh();
  EXPECT_NE(judged_now(scorer), Label::negative);

  EXPECT_EQ(adapt({.list = true}), 0);
  EXPECT_THAT(said(), AllOf(HasSubstr("promoted"), HasSubstr("rolled back"),
                            HasSubstr("2 attempts; judging: sentiment-5 alone")));
  EXPECT_EQ(adapt({.roll_back = true}), 2) << "nothing is left to roll back";
}

TEST_F(AdaptTest, NamesItselfInWhatIsStoredAndSaysWhy) {
  store_texts();
  label([](const std::string& told) { return told; });
  ASSERT_EQ(adapt(), 0) << said();

  const auto pipeline =
      Pipeline::make({{"acme", "Acme", "acme", "en"}}, {}, {}, std::make_shared<OwnScorer>(settings_)).value();
  Mention mention;
  mention.source = "forum";
  mention.id = "new";
  mention.lang = "en";
  mention.text = "The Acme counter is gribbly";
  EXPECT_EQ(pipeline->judge(mention).judgement.model, "sentiment-5+a1");
  EXPECT_EQ((**open_store(settings_).value()->mention(1)).judgement.model, "sentiment-5") << "the past stays as it was";

  ScoreRequest request;
  request.why = true;
  request.adapter = folder_.file("data/adapter/a1.vsa");
  std::istringstream in("1\tThe counter is gribbly\ten\n");
  out_.str("");
  EXPECT_EQ(cmd_score(request, in, out_, err_), 0) << err_.str();
  EXPECT_THAT(said(), AllOf(testing::StartsWith("1\tneg\t"), HasSubstr("gribbly -")));
  request.adapter = config();
  EXPECT_EQ(cmd_score(request, in, out_, err_), 2);
  EXPECT_THAT(err_.str(), HasSubstr("vigie.toml: not an adapter"));
}

TEST_F(AdaptTest, RefusesInvertedLabelsAndKeepsWhatJudges) {
  store_texts();
  label([](const std::string& told) { return told; });
  ASSERT_EQ(adapt(), 0) << said();
  label(turned);

  EXPECT_EQ(adapt(), 1);

  EXPECT_THAT(said(), AllOf(HasSubstr("decision   refused: of "), HasSubstr("say the opposite"),
                            HasSubstr("judging    sentiment-5+a1")));
  EXPECT_EQ(adapt({.list = true}), 0);
  EXPECT_THAT(said(), HasSubstr("2 attempts; judging: sentiment-5+a1"));
}

TEST_F(AdaptTest, TriesWithoutChangingAnything) {
  store_texts();
  label([](const std::string& told) { return told; });

  EXPECT_EQ(adapt({.dry_run = true}), 0) << said();

  EXPECT_THAT(said(), HasSubstr("dry run    nothing was changed"));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("data/adapter")));
}

TEST_F(AdaptTest, SaysHowManyLabelsItNeeds) {
  store_texts();

  EXPECT_EQ(adapt(), 1);

  EXPECT_THAT(said(),
              AllOf(HasSubstr("too few labels to judge by: 0 labels"), HasSubstr("judging    sentiment-5 alone")));
}

TEST_F(AdaptTest, TriesOnFilesOfLabelledLines) {
  const std::string path = folder_.file("labels.tsv");
  std::ofstream lines(path);
  for (std::size_t i = 0; i < kLabelled; ++i) {
    lines << "own:en:" << i << "\ten\ttweet\t" << kSayings[i % 7].label << "\tThe desk number " << i << " "
          << kSayings[i % 7].says << "\n";
  }
  lines.close();

  EXPECT_EQ(adapt({.labels = {path}, .eval = path}), 0) << said() << err_.str();

  EXPECT_THAT(said(), HasSubstr("eval       300 rows: macro F1 "));
}

// What a power cut or a careless hand may leave in the folder.
class AdapterFolder : public testing::Test {
 protected:
  AdapterFolder() { settings_.data = folder_.file("data"); }

  std::uint32_t promote() {
    sentiment::AdapterParts parts;
    const auto base = sentiment::Model::shipped();
    parts.base = base->checksum();
    parts.slots.assign(base->slots().begin(), base->slots().end());
    parts.shared = base->settings(sentiment::kNoSlot);
    return AdapterFiles(settings_).promote(std::move(parts)).value();
  }
  std::string model_name(OwnScorer& scorer) { return scorer.score("fine", "en", "tweet", std::nullopt).model; }
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_.file("data/adapter/" + name), std::ios::binary) << bytes;
  }

  test::TempDir folder_;
  Settings settings_;
};

TEST_F(AdapterFolder, KeepsEveryAdapterAndGoesBackOneByOne) {
  const AdapterFiles files(settings_);
  EXPECT_EQ(files.current().value(), 0u);
  EXPECT_EQ(promote(), 1u);
  EXPECT_EQ(promote(), 2u);

  EXPECT_EQ(files.roll_back(*sentiment::Model::shipped()).value(), 1u);
  EXPECT_EQ(promote(), 3u) << "no number is given twice";
  EXPECT_EQ(files.roll_back(*sentiment::Model::shipped()).value(), 1u);
  EXPECT_EQ(files.roll_back(*sentiment::Model::shipped()).value(), 0u);
}

TEST_F(AdapterFolder, JudgesOnWhenTheNextAdapterIsDamaged) {
  promote();
  OwnScorer scorer(settings_);
  ASSERT_EQ(model_name(scorer), "sentiment-5+a1");

  promote();
  write("a2.vsa", "vigieva2 cut sho");
  scorer.refresh();

  EXPECT_EQ(model_name(scorer), "sentiment-5+a1");
  OwnScorer restarted(settings_);
  EXPECT_EQ(model_name(restarted), "sentiment-5");
  EXPECT_EQ(AdapterFiles(settings_).roll_back(*sentiment::Model::shipped()).value(), 0u);
}

TEST_F(AdapterFolder, IsNotMovedByAPromotionKilledHalfway) {
  promote();
  const OwnScorer scorer(settings_);

  // Killed while the next one was written, and again before it was let judge.
  write("a2.vsa.part", "vigieva2");
  write("a2.vsa", "vigieva2");
  write("current.part", "2");

  EXPECT_EQ(AdapterFiles(settings_).current().value(), 1u);
  EXPECT_EQ(promote(), 3u);
}

TEST_F(AdapterFolder, RefusesACurrentThatIsNoNumber) {
  promote();
  for (const char* text : {"two", "-1", "99999999999", "1 2"}) {
    write("current", text);
    EXPECT_THAT(AdapterFiles(settings_).current().error().what, HasSubstr("expected the number of an adapter")) << text;
    OwnScorer scorer(settings_);
    EXPECT_EQ(model_name(scorer), "sentiment-5");
  }
}

TEST_F(AdapterFolder, ListsAttemptsAndPassesOverLinesItCannotRead) {
  const AdapterFiles files(settings_);
  AdaptRecord record;
  record.at = from_epoch(1795262400);
  record.decision = "refused";
  record.trained = 140;
  record.held_out = 60;
  record.f1_before = 0.6;
  record.f1_after = 0.55;
  record.why = "not \"better\"";
  ASSERT_TRUE(files.add(record));
  std::ofstream(folder_.file("data/adapter/attempts.jsonl"), std::ios::app) << "{\"time\": half a li";
  ASSERT_TRUE(files.add(record));

  const std::vector<AdaptRecord> records = files.records().value();

  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].at, record.at);
  EXPECT_EQ(records[0].why, "not \"better\"");
  EXPECT_EQ(records[0].held_out, 60u);
  EXPECT_DOUBLE_EQ(records[0].f1_after, 0.55);
}

}  // namespace
}  // namespace vigie
