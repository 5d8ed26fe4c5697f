#include "app/cmd_eval.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/sentiment/metrics.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::DoubleEq;
using testing::DoubleNear;
using testing::HasSubstr;
using testing::Optional;

Judgement saying(Label label, double p_neg, double p_neu, double p_pos) {
  Judgement judgement;
  judgement.label = label;
  judgement.p_neg = p_neg;
  judgement.p_neu = p_neu;
  judgement.p_pos = p_pos;
  return judgement;
}

TEST(Tally, CountsWhatIsRightAndHowSureItWas) {
  sentiment::Tally tally;

  tally.add(Label::negative, saying(Label::negative, 0.9, 0.05, 0.05));
  tally.add(Label::negative, saying(Label::positive, 0.2, 0.2, 0.6));
  tally.add(Label::positive, saying(Label::positive, 0.2, 0.2, 0.6));

  const sentiment::Metrics m = tally.metrics();
  EXPECT_EQ(m.rows, 3u);
  EXPECT_DOUBLE_EQ(m.accuracy, 2.0 / 3);
  EXPECT_THAT(m.f1[0], Optional(DoubleEq(2.0 / 3)));
  EXPECT_FALSE(m.f1[1]) << "no row is neutral";
  EXPECT_DOUBLE_EQ(m.macro_recall, (0.5 + 1) / 2);
  EXPECT_THAT(m.calibration_error, DoubleNear((0.1 + 0.2) / 3, 1e-12))
      << "sure by 0.9, right 1 of 1; by 0.6, right 1 of 2";
  EXPECT_THAT(m.forced, Optional(DoubleEq(2.0 / 3)));
}

TEST(Tally, ForcesNothingWhereRowsAreNeutral) {
  sentiment::Tally tally;
  tally.add(Label::neutral, saying(Label::neutral, 0.1, 0.8, 0.1));

  EXPECT_FALSE(tally.metrics().forced);
}

TEST(EvalCommand, PrintsARowForEachSetAndLanguage) {
  std::istringstream in(
      "shop:en:1\ten\treview\tneg\tTerrible service, never again\nshop:fr:2\tfr\treview\tpos\tTrès satisfaite, je "
      "recommande\n");
  std::ostringstream out, err;

  EXPECT_EQ(cmd_eval({}, in, out, err), 0) << err.str();
  EXPECT_THAT(out.str(), AllOf(HasSubstr("shop/en "), HasSubstr("shop/fr "), HasSubstr("all "),
                               HasSubstr("mean macro F1 of 2 groups: 100.0")));
}

TEST(EvalCommand, NamesTheLineItCannotRead) {
  std::istringstream in("1\ten\ttweet\tgreat\tfine\n");
  std::ostringstream out, err;

  EXPECT_EQ(cmd_eval({}, in, out, err), 2);
  EXPECT_EQ(err.str(), "vigie eval: standard input:1: expected the label neg, neu or pos, found \"great\"\n");
}

}  // namespace
}  // namespace vigie
