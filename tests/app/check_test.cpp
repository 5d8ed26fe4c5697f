#include "app/cmd_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/result.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::HasSubstr;

struct Checked {
  int status;
  std::string out;
};

Checked check(const std::string& path) {
  std::ostringstream out;
  const int status = cmd_check(path, out);
  return {status, out.str()};
}

const std::string kBrand = "[[brand]]\nid = 'acme'\nname = 'Acme'\n";

TEST(Check, SaysNothingAboutAConfigurationThatIsWell) {
  const test::TempDir folder;
  const std::string path =
      folder.write("vigie.toml", kBrand + "[[source]]\nid = 'hn'\nkind = 'hackernews'\nquery = 'acme'\n");

  const auto [status, out] = check(path);

  EXPECT_EQ(status, 0);
  EXPECT_EQ(out, "");
}

TEST(Check, TellsEveryProblemAndExitsWithTwo) {
  const test::TempDir folder;
  const std::string path =
      folder.write("vigie.toml", kBrand + "[[source]]\nid = 'hn'\nkind = 'hackernew'\n[detect]\nbudget = 0\n");

  const auto [status, out] = check(path);

  EXPECT_EQ(status, 2);
  EXPECT_THAT(out, HasSubstr(concat(path, ":6:8: source[0].kind: expected ")));
  EXPECT_THAT(out, HasSubstr(concat(path, ":8:10: detect.budget: expected more than 0 and at most 100, found 0\n")));
}

TEST(Check, KnowsTheLanguageOfBrandQueries) {
  const test::TempDir folder;
  const std::string path = folder.write(
      "vigie.toml",
      "[[brand]]\nid = 'a'\nname = 'A'\nmatch = '(acme'\n[[source]]\nid = 'f'\nkind = 'file'\nurl = 'x'\n");

  EXPECT_THAT(check(path).out, HasSubstr("brand[0].match: expected a brand query, found a mistake: "));
}

TEST(Check, ReadsTheDefinitionsThatAConfigurationNamesByPath) {
  const test::TempDir folder;
  const std::string definition = folder.write("forum.toml", "[source]\nid = 'forum'\nname = 'Forum'\nkind = 'pst'\n");
  const std::string path = folder.write("vigie.toml", kBrand + "[[source]]\nid = 'f'\nkind = '" + definition + "'\n");

  const auto [status, out] = check(path);

  EXPECT_EQ(status, 2);
  EXPECT_THAT(out, HasSubstr(concat(definition, ":4:8: source.kind: expected one of post, ")));
  EXPECT_THAT(out, HasSubstr(concat(definition, ":1:1: map: expected a table headed [map], found none\n")));
}

TEST(Check, SaysThatThereIsNoFile) {
  EXPECT_EQ(check("no/such.toml").status, 2);
  EXPECT_EQ(check("no/such.toml").out, "no/such.toml:1:1: file: expected a readable file, found no such file\n");
}

}  // namespace
}  // namespace vigie
