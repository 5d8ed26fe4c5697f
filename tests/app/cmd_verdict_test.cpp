#include "app/cmd_verdict.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class VerdictTest : public testing::Test {
 protected:
  VerdictTest() {
    WatchCommit commit;
    commit.incidents.resize(1);
    commit.incidents[0].id = "00aa";
    commit.incidents[0].brand = "acme";
    EXPECT_TRUE(store_->commit_watch(commit));
  }

  int give(const std::string& incident, const std::string& word, const std::string& by = "marie") {
    return verdict({"", incident, word, by}, *store_, clock_, out_, err_);
  }

  std::unique_ptr<Store> store_ = open_sqlite_store("sqlite::memory:").value();
  ManualClock clock_{from_epoch(1795262400)};
  std::ostringstream out_, err_;
};

TEST_F(VerdictTest, IsKeptWithWhoSaidItAndWhen) {
  EXPECT_EQ(give("00aa", "false"), 0) << err_.str();

  const Verdict kept = store_->standing_verdicts().value().at("00aa");
  EXPECT_EQ(kept.word, VerdictWord::false_alarm);
  EXPECT_EQ(kept.by, "marie");
  EXPECT_EQ(kept.at, clock_.now());
  EXPECT_THAT(out_.str(), HasSubstr("counted as a false alarm"));
}

TEST_F(VerdictTest, IsTakenBackWithNone) {
  give("00aa", "useful");

  EXPECT_EQ(give("00aa", "none"), 0) << err_.str();

  EXPECT_TRUE(store_->standing_verdicts().value().empty());
}

TEST_F(VerdictTest, SaysWhatItExpectedInsteadOfWhatItCannotTake) {
  EXPECT_EQ(give("00aa", "wrong"), 2);
  EXPECT_EQ(give("00bb", "false"), 2);
  EXPECT_EQ(give("00aa", "false", "  "), 2);

  EXPECT_THAT(err_.str(), AllOf(HasSubstr("expected useful, false, normal or none, found \"wrong\""),
                                HasSubstr("there is no incident 00bb"), HasSubstr("--by: expected who says so")));
}

}  // namespace
}  // namespace vigie
