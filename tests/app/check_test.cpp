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

std::string checked_url(const std::string& url, const std::string& allowed) {
  const test::TempDir folder;
  const std::string source = "[[source]]\nid = 'hn'\nkind = 'hackernews'\nquery = 'acme'\n";
  const std::string endpoint = "[[endpoint]]\nid = 'chat'\nkind = 'mattermost'\nurl = '" + url + "'\n";
  const std::string path =
      folder.write("vigie.toml", kBrand + source + "[http]\nallow_private = [" + allowed + "]\n" + endpoint);
  const std::string out = check(path).out;
  return out.substr(std::min(out.size(), path.size()));
}

TEST(Check, NamesTheEndpointsThatItWouldRefuseToCall) {
  EXPECT_EQ(checked_url("http://127.0.0.1:9000/hooks/x", "'127.0.0.1'"),
            ":13:7: endpoint[0].url: port 9000 is called only where it is named: add \"127.0.0.1:9000\" to [http] allow_private\n");
  EXPECT_EQ(checked_url("http://[fd00::7]/x", ""),
            ":13:7: endpoint[0].url: fd00::7 is no public address: add \"[fd00::7]:80\" to [http] allow_private\n");
  EXPECT_THAT(checked_url("http://localhost:8065/x", ""), HasSubstr("127.0.0.1 is no public address"));
  EXPECT_THAT(checked_url("https://chat.example.org:9443/x", ""), HasSubstr("port 9443 is called only where"));
}

TEST(Check, LeavesAloneWhatMayBeCalled) {
  EXPECT_EQ(checked_url("http://127.0.0.1:9000/hooks/x", "'127.0.0.1:9000'"), "");
  EXPECT_EQ(checked_url("http://127.0.0.1:8065/hooks/x", "'127.0.0.1'"), "");
  EXPECT_EQ(checked_url("https://chat.example.org:8443/x", ""), "");
  EXPECT_EQ(checked_url("http://chat.example.org:9443/x", "'10.0.0.0/8:9443'"), "") << "what a name is, only the network knows";
}

TEST(Check, SaysThatThereIsNoFile) {
  EXPECT_EQ(check("no/such.toml").status, 2);
  EXPECT_EQ(check("no/such.toml").out, "no/such.toml:1:1: file: expected a readable file, found no such file\n");
}

}  // namespace
}  // namespace vigie
