#include "alerts/trouble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/alerts/golden.h"
#include "tests/alerts/sample.h"

namespace vigie {
namespace {

using testing::HasSubstr, testing::Not;

Time at(const char* written) { return *parse_rfc3339(written); }

Trouble trouble_about(const std::string& what) {
  Trouble trouble;
  trouble.about = what == "disabled" ? "endpoint" : what == "duty_ahead" ? "duty" : what;
  trouble.disabled = what == "disabled";
  trouble.since = at("2026-11-21T17:40:00Z");
  trouble.now = at("2026-11-21T18:10:00Z");
  trouble.seq = 1;
  trouble.endpoint = "team-mail";
  if (what == "source") trouble.endpoint = "forum", trouble.reason = "https://forum.example.org/feed: answered 503";
  if (what == "store") trouble.endpoint = "store", trouble.reason = "vigie.db: database or disk is full";
  if (what == "outbox") trouble.endpoint = "outbox";
  if (what == "timers") trouble.endpoint = "c3155696cb036933";
  if (trouble.endpoint == "team-mail") trouble.reason = "mail server mail.example.org:25: refused with 550 5.1.1 no such user";
  if (trouble.about == "duty") {
    trouble.endpoint = "night";
    trouble.reason.clear();
    trouble.until = at("2026-11-23T08:00:00Z");
    if (what == "duty_ahead") trouble.since = at("2026-11-22T20:00:00Z");
  }
  return trouble;
}

class TroubleOf : public testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  static std::string written(const Trouble& trouble, const std::string& language) {
    const auto mail = test::read_mail(make_trouble(trouble), language);
    EXPECT_TRUE(mail) << mail.error().what;
    if (!mail) return "";
    EXPECT_LE(count_code_points(mail->subject), 60u);
    return concat("Subject: ", mail->subject, "\n\n", mail->text);
  }
};

TEST_P(TroubleOf, ReadsAsRecordedAndSoDoesItsEnd) {
  const auto& [about, language] = GetParam();
  Trouble trouble = trouble_about(about);

  const std::string begins = written(trouble, language);
  trouble.over = true;
  trouble.since = std::min(trouble.since, trouble.now);
  const std::string ends = written(trouble, language);

  test::expect_golden(concat("trouble.", about, ".", language, ".txt"), begins);
  test::expect_golden(concat("trouble.", about, ".over.", language, ".txt"), ends);
  for (const std::string& text : {begins, ends}) {
    EXPECT_THAT(text, Not(HasSubstr("{")));
    EXPECT_THAT(text, Not(HasSubstr("trouble.")));
    EXPECT_THAT(text, Not(HasSubstr("2026-11-"))) << "times as people write them";
  }
}

INSTANTIATE_TEST_SUITE_P(EachKindAndLanguage, TroubleOf,
                         testing::Combine(testing::Values("endpoint", "disabled", "lost", "source", "store", "outbox",
                                                          "timers", "duty", "duty_ahead"),
                                          testing::Values("fr", "en")),
                         [](const auto& chosen) {
                           return std::get<0>(chosen.param) + "_" + std::get<1>(chosen.param);
                         });

TEST(TroubleDocument, AboutSomethingUnknownIsRefused) {
  Trouble trouble = trouble_about("source");
  trouble.about = "weather";

  const auto story = tell(make_trouble(trouble), Audience{});

  ASSERT_FALSE(story);
  EXPECT_THAT(story.error().what, HasSubstr("nothing is written about \"weather\""));
}

}  // namespace
}  // namespace vigie
