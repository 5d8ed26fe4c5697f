#include "app/cmd_incident.h"

#include <sstream>

#include "console/act_form.h"
#include "tests/app/alerting_store.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr, testing::IsEmpty, testing::SizeIs;

class IncidentCommand : public testing::Test {
 protected:
  IncidentCommand() { keep(*store_, open_incident("00aa")); }

  int resolve(const std::string& reason) {
    IncidentRequest request;
    request.what = "resolve";
    request.incident = "00aa";
    request.by = "ana";
    request.reason = reason;
    return incident(request, settings_, *store_, clock_, out_, err_);
  }

  Settings settings_ = two_people();
  std::unique_ptr<Store> store_ = alerting_store();
  ManualClock clock_{kSaturdayNoon};
  std::ostringstream out_, err_;
};

TEST_F(IncidentCommand, ResolvedAsAFalseAlarmIsAVerdict) {
  ASSERT_EQ(resolve("Fausse alerte"), 0) << err_.str();

  const auto verdicts = store_->verdicts("00aa").value();
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts[0].word, VerdictWord::false_alarm);
  EXPECT_EQ(verdicts[0].by, "ana");
  EXPECT_THAT(store_->acts_after(0).value(), IsEmpty()) << "the watch ends it by the verdict";
  EXPECT_THAT(out_.str(), HasSubstr("counted as a false alarm"));
}

TEST_F(IncidentCommand, ResolvedForAnotherReasonIsNone) {
  ASSERT_EQ(resolve("the carrier is back"), 0) << err_.str();

  EXPECT_THAT(store_->verdicts("00aa").value(), IsEmpty());
  EXPECT_THAT(store_->acts_after(0).value(), SizeIs(1));
}

TEST_F(IncidentCommand, OfAProgramSaysTheSame) {
  ServerRequest request;
  request.body = R"({"act": "resolve", "reason": "false_positive"})";

  const auto taken = take_act_in_json(request, "00aa", settings_, *store_, kSaturdayNoon);

  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_THAT(store_->verdicts("00aa").value(), SizeIs(1));
}

}  // namespace
}  // namespace vigie
