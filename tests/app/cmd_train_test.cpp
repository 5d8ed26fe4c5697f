#include "app/cmd_train.h"

#include <filesystem>
#include <functional>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/exit.h"
#include "base/result.h"
#include "pipeline/sentiment/model.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using sentiment::Model;
using testing::HasSubstr;

std::string rows() {
  std::string out;
  const std::array<std::pair<std::string_view, std::string_view>, 3> kinds = {
      {{"neg", "broken and late"}, {"neu", "square and blue"}, {"pos", "lovely and quick"}}};
  for (int i = 0; i < 120; ++i) {
    const auto& [label, text] = kinds[static_cast<std::size_t>(i % 3)];
    const std::string number = std::to_string(i);
    out += concat("a:en:", number, "\ten\ttweet\t", label, "\tparcel ", number, " is ", text, "\n");
  }
  return out;
}

class Train : public testing::Test {
 protected:
  TrainRequest request() {
    TrainRequest out;
    out.data = {dir_.write("rows.tsv", rows())};
    out.words = {concat("en=", dir_.write("words.tsv", "lovely\t0.9\nbroken\t-0.9\n"))};
    out.out = dir_.file("own.vsm");
    out.bits = 12;
    out.trainings = 1;
    out.curve = false;
    return out;
  }
  int run(const TrainRequest& request) { return cmd_train(request, out_, err_); }

  test::TempDir dir_;
  std::ostringstream out_, err_;
};

TEST_F(Train, WritesTheSameModelEachTime) {
  ASSERT_EQ(run(request()), kDone) << err_.str();
  const std::string first = test::read_bytes(dir_.file("own.vsm"));
  ASSERT_EQ(run(request()), kDone) << err_.str();

  EXPECT_EQ(test::read_bytes(dir_.file("own.vsm")), first);
  const auto model = Model::open(dir_.file("own.vsm"));
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ((*model)->words().columns(), 1u);
  EXPECT_THAT(out_.str(), HasSubstr("120 rows"));
}

TEST_F(Train, PutsMoreValuesAndClassesBesideTheWords) {
  TrainRequest more = request();
  more.more_words = {concat("en=", dir_.write("more.tsv", "lovely\t0.1\t0.2\n"))};
  more.classes = {concat("en=", dir_.write("classes.tsv", "lovely\t7\nbroken\t8\nsquare\t9\n"))};

  ASSERT_EQ(run(more), kDone) << err_.str();

  EXPECT_THAT(out_.str(), HasSubstr("1 known words have more values\n3 words have a class\n"));
  const auto model = Model::open(dir_.file("own.vsm"));
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ((*model)->words().columns(), 3u);
  std::vector<unsigned> classes;
  for (const std::uint32_t key : (*model)->words().keys()) {
    if (key != 0) classes.push_back(key >> sentiment::WordTable::kTagBits);
  }
  EXPECT_THAT(classes, testing::UnorderedElementsAre(7u, 8u, 9u));
}

TEST_F(Train, NamesWhatIsWrong) {
  const auto refused = [&](const std::function<void(TrainRequest&)>& spoil) {
    TrainRequest spoilt = request();
    spoil(spoilt);
    err_.str("");
    EXPECT_EQ(run(spoilt), kBadInput) << err_.str();
    EXPECT_FALSE(std::filesystem::exists(dir_.file("own.vsm"))) << err_.str();
    return err_.str();
  };
  const std::string bad = dir_.write("bad.tsv", "lovely\t7\nbroken\tgreat\n");

  EXPECT_THAT(refused([&](TrainRequest& r) { r.classes = {concat("en=", bad)}; }),
              HasSubstr("bad.tsv:2: expected a word, a tab and a class from 1 to 1023, found \"broken\tgreat\""));
  EXPECT_THAT(refused([&](TrainRequest& r) { r.classes = {bad}; }), HasSubstr("--classes: expected LANG=FILE, found"));
  EXPECT_THAT(refused([&](TrainRequest& r) { r.classes = {"en=" + dir_.file("absent.tsv")}; }),
              HasSubstr("absent.tsv: cannot be read"));
  EXPECT_THAT(refused([&](TrainRequest& r) { r.words = {concat("en=", bad)}; }),
              HasSubstr("bad.tsv:1: expected -1 to 1, found \"7\""));
  EXPECT_THAT(refused([&](TrainRequest& r) { r.data = {dir_.file("none.tsv")}; }), HasSubstr("none.tsv"));
}

}  // namespace
}  // namespace vigie
