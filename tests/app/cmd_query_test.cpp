#include "app/cmd_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "app/cmd_data.h"
#include "base/result.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Told {
  int status;
  std::string out, err;
};

// A store with a few mentions, taken in by the ordinary way.
class QueryTryTest : public testing::Test {
 protected:
  QueryTryTest() {
    const std::string mentions = folder_.write(
        "mentions.jsonl",
        R"({"source":"hn","id":"1","text":"Acme lost my parcel","created":"2026-11-20T10:00:00Z","author":{"handle":"client-0001"}})"
        "\n"
        R"({"source":"hn","id":"2","text":"The Acme bank lost my money","created":"2026-11-20T11:00:00Z"})"
        "\n"
        R"({"source":"hn","id":"3","text":"Acme bank again","created":"2026-11-20T12:00:00Z"})"
        "\n"
        R"({"source":"hn","id":"4","text":"Something lost","created":"2026-11-20T13:00:00Z"})"
        "\n");
    config_ = folder_.write("vigie.toml",
                            concat("data = '", folder_.file("data"), "'\n[[brand]]\nid = 'acme'\nname = 'Acme'\n",
                                   "[[source]]\nid = 'hn'\nkind = 'hackernews'\nquery = 'acme'\n"));
    std::istringstream nothing;
    std::ostringstream out, err;
    EXPECT_EQ(cmd_import({config_, mentions, {}}, nothing, out, err), 0) << err.str();
  }

  Told ask(const std::string& query, int limit = 10, int newest = 100) const {
    std::ostringstream out, err;
    const int status = cmd_query_try({query, config_, limit, newest}, out, err);
    return {status, out.str(), err.str()};
  }

  const test::TempDir folder_;
  std::string config_;
};

TEST_F(QueryTryTest, ShowsWhatMatches) {
  const Told told = ask("acme NOT bank");

  EXPECT_EQ(told.status, 0) << told.err;
  EXPECT_THAT(told.out,
              HasSubstr("1 of 4 mentions match\n  2026-11-20T10:00:00Z  hn  client-0001\n      Acme lost my parcel\n"));
}

TEST_F(QueryTryTest, SaysWhatWouldHaveToChangeForThoseItMisses) {
  const Told told = ask("acme AND lost NOT bank");

  EXPECT_THAT(told.out, HasSubstr("2 miss by one part\n"));
  EXPECT_THAT(
      told.out,
      HasSubstr("1 would match without: NOT bank\n  2026-11-20T11:00:00Z  hn\n      The Acme bank lost my money\n"));
  EXPECT_THAT(told.out, HasSubstr("1 would match with: acme\n"));
  EXPECT_THAT(told.out, Not(HasSubstr("Acme bank again")));  // lacks two parts
}

TEST_F(QueryTryTest, ShowsNoMoreThanItWasAskedFor) {
  const Told told = ask("acme", 1, 3);

  EXPECT_THAT(told.out, HasSubstr("2 of the newest 3 mentions match (4 are stored; --newest N looks at more)\n"));
  EXPECT_THAT(told.out, Not(HasSubstr("The Acme bank lost my money")));
}

TEST_F(QueryTryTest, EndsWithOneWhenNothingMatches) {
  const Told told = ask("acme AND refund");

  EXPECT_EQ(told.status, 1);
  EXPECT_THAT(told.out, HasSubstr("0 of 4 mentions match\n"));
  EXPECT_THAT(told.out, HasSubstr("3 would match with: refund\n"));
}

TEST_F(QueryTryTest, PointsAtAMistake) {
  const Told told = ask("acme NEAR shop");

  EXPECT_EQ(told.status, 2);
  EXPECT_THAT(told.err, HasSubstr("vigie query: column 6: expected a distance from 1 to 100 words"));
  EXPECT_THAT(told.err, HasSubstr("acme NEAR shop\n     ^\n"));
}

TEST_F(QueryTryTest, SaysWhenTheConfigurationCannotBeRead) {
  std::ostringstream out, err;

  EXPECT_EQ(cmd_query_try({"acme", "no/such.toml"}, out, err), 2);
  EXPECT_THAT(err.str(), HasSubstr("no/such.toml"));
}

}  // namespace
}  // namespace vigie
