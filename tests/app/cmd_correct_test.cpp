#include "app/cmd_correct.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Time kNoon = from_epoch(1795262400);

class CorrectTest : public testing::Test {
 protected:
  CorrectTest() {
    JudgedBatch batch;
    batch.source = "forum";
    batch.ingested = kNoon;
    for (const char* id : {"a", "b", "c"}) {
      Judged judged;
      judged.mention.source = "forum";
      judged.mention.id = id;
      judged.mention.text = concat("text ", id);
      judged.judgement.label = Label::negative;
      judged.judgement.model = "sentiment-1";
      batch.mentions.push_back(judged);
    }
    EXPECT_TRUE(store_->commit(batch));
  }

  int ask(const CorrectRequest& request, const std::string& lines = "") {
    std::istringstream in(lines);
    return correct(request, *store_, clock_, in, out_, err_);
  }
  std::optional<Label> human(std::int64_t seq) { return (**store_->mention(seq)).judgement.human; }

  struct Noon final : Clock {
    Time now() const override { return kNoon; }
  } clock_;
  std::unique_ptr<Store> store_ = open_sqlite_store("sqlite::memory:").value();
  std::ostringstream out_, err_;
};

TEST_F(CorrectTest, TakesOneLabel) {
  EXPECT_EQ(ask({.mention = "1", .label = "pos", .by = "marie"}), 0) << err_.str();
  EXPECT_EQ(human(1), Label::positive);

  EXPECT_EQ(ask({.mention = "1", .label = "none", .by = "marie"}), 0);
  EXPECT_EQ(human(1), std::nullopt);

  EXPECT_EQ(ask({.mention = "1", .label = "confirm", .by = "paul"}), 0);
  EXPECT_EQ(human(1), Label::negative);
  const auto history = store_->corrections(1).value();
  ASSERT_EQ(history.size(), 3u);
  EXPECT_EQ(history[2].by, "paul");
  EXPECT_EQ(history[2].at, kNoon);
  EXPECT_TRUE(history[2].confirms());
}

TEST_F(CorrectTest, TakesManyAndTellsTheLinesItCannot) {
  const std::string lines =
      "forum\ta\tpos\r\n\n{\"source\": \"forum\", \"id\": \"b\", \"label\": "
      "\"confirm\"}\nforum\tz\tpos\nforum\tc\tangry\n"
      "forum c pos\n{\"source\": \"forum\"}\n";

  EXPECT_EQ(ask({.file = "-", .by = "marie"}, lines), 2);

  EXPECT_EQ(human(1), Label::positive);
  EXPECT_EQ(human(2), Label::negative);
  EXPECT_EQ(human(3), std::nullopt);
  EXPECT_EQ(out_.str(), "2 labels taken, 4 lines refused\n");
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("line 4: there is no mention z of forum"),
                                HasSubstr("line 5: expected neg, neu, pos, confirm or none, found \"angry\""),
                                HasSubstr("line 6: expected SOURCE, ID and LABEL"), HasSubstr("line 7: ")));
}

TEST_F(CorrectTest, SaysWhatItExpects) {
  EXPECT_EQ(ask({.mention = "12", .label = "pos", .by = "marie"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("vigie correct: there is no mention 12"));
  for (const char* mention : {"", "x", "1x"}) {
    err_.str("");
    EXPECT_EQ(ask({.mention = mention, .label = "pos", .by = "marie"}), 2);
    EXPECT_THAT(err_.str(), HasSubstr("expected the number of a mention"));
  }
  EXPECT_EQ(ask({.mention = "1", .label = "great", .by = "marie"}), 2);
  EXPECT_EQ(ask({.file = "/nowhere.tsv", .by = "marie"}), 2);
}

}  // namespace
}  // namespace vigie
