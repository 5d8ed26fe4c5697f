#include "config/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "base/log.h"

namespace vigie::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Tree parse(std::string_view text) { return Tree::parse(text, "t.toml"); }

std::vector<std::string> lines(const Tree& tree) {
  std::vector<std::string> lines;
  for (const Problem& problem : tree.problems()) lines.push_back(problem.text());
  return lines;
}

TEST(Node, ReadsEveryTypeOfValue) {
  const Tree tree = parse("name = 'Acme'\nport = 25\nshare = 0.5\nwall = true\nevery = '1h30m'\ntags = ['a', 'b']\n");
  const Node root = tree.root();

  EXPECT_EQ(root.text("name"), "Acme");
  EXPECT_EQ(root.integer("port", 1, 1, 100), 25);
  EXPECT_EQ(root.number("share", 0, 0, 1), 0.5);
  EXPECT_EQ(root.number("port", 0, 0, 100), 25.0);
  EXPECT_TRUE(root.boolean("wall", false));
  EXPECT_EQ(root.duration("every", seconds(1)), minutes(90));
  EXPECT_THAT(root.list("tags"), ElementsAre("a", "b"));
  EXPECT_THAT(lines(tree), IsEmpty());
}

TEST(Node, FallsBackSilentlyWhereNothingIsWritten) {
  const Tree tree = parse("x = 1\n");
  const Node absent = tree.root().child("mail");

  EXPECT_FALSE(absent);
  EXPECT_EQ(absent.text("host"), "");
  EXPECT_EQ(absent.child("deeper").integer("port", 587, 1, 65535), 587);
  EXPECT_THAT(absent.children("list"), IsEmpty());
  EXPECT_THAT(lines(tree), IsEmpty());
}

TEST(Node, NamesPlaceAndPathOfEveryProblemInTheOrderOfTheFile) {
  const Tree tree = parse("[[source]]\nid = 'a'\n[[source]]\n  hashtag = 5\n");

  const std::vector<Node> sources = tree.root().children("source");
  sources[1].text("id");
  sources[1].text("hashtag");
  sources[0].text("hashtag");

  EXPECT_THAT(lines(tree), ElementsAre("t.toml:1:1: source[0].hashtag: expected text, found nothing",
                                       "t.toml:3:1: source[1].id: expected text, found nothing",
                                       "t.toml:4:13: source[1].hashtag: expected text, found integer"));
}

TEST(Node, TellsTheSameProblemOnce) {
  const Tree tree = parse("a = 1\n");

  tree.root().text("a");
  tree.root().text("a");

  EXPECT_EQ(tree.problems().size(), 1u);
}

TEST(Node, SuggestsTheNearestKey) {
  const Tree tree = parse("hastag = 'x'\nzzz = 1\n");

  tree.root().only({"hashtag", "query"});

  EXPECT_THAT(lines(tree),
              ElementsAre("t.toml:1:1: hastag: expected a known key, found \"hastag\"; did you mean \"hashtag\"?",
                          "t.toml:2:1: zzz: expected a known key, found \"zzz\""));
}

TEST(Node, KeepsKeysInTheOrderWritten) {
  const Tree tree = parse("z = 1\na = 2\nm.b = 3\n");

  EXPECT_THAT(tree.root().keys(), ElementsAre("z", "a", "m"));
  EXPECT_EQ(tree.root().child("m").integer("b", 0, 0, 9), 3);
}

TEST(Node, RefusesNumbersThatAreNone) {
  const Tree tree = parse("a = nan\nb = inf\n");

  EXPECT_EQ(tree.root().number("a", 7, 0, 10), 7);
  EXPECT_EQ(tree.root().number("b", 7, 0, 10), 7);

  EXPECT_THAT(lines(tree),
              ElementsAre("t.toml:1:5: a: expected a number, found nan", "t.toml:2:5: b: expected 0 to 10, found inf"));
}

TEST(Node, CountsColumnsInCharactersNotBytes) {
  const Tree tree = parse("\"é\" = { b = 5 }\n");

  tree.root().child("é").text("b");

  EXPECT_THAT(lines(tree), ElementsAre("t.toml:1:13: é.b: expected text, found integer"));
}

TEST(Node, TakesASecretFromTheEnvironmentAndHidesItFromTheLog) {
  ::setenv("VIGIE_NODE_TEST", "correct horse battery", 1);
  const Tree tree = parse("password = { env = 'VIGIE_NODE_TEST' }\n");

  EXPECT_EQ(tree.root().secret("password"), "correct horse battery");

  EXPECT_THAT(log::redact("it said correct horse battery"), Not(HasSubstr("horse")));
  ::unsetenv("VIGIE_NODE_TEST");
}

TEST(Node, TakesASecretFromAFileWithoutItsLineEnd) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "vigie_node_secret";
  std::ofstream(path) << "from a file\n";
  const Tree tree = parse("password = { file = '" + path.string() + "' }\n");

  EXPECT_EQ(tree.root().secret("password"), "from a file");
  EXPECT_THAT(lines(tree), IsEmpty());
  std::filesystem::remove(path);
}

TEST(Node, RefusesALiteralSecretWithoutShowingIt) {
  const Tree tree = parse("password = 'hunter2hunter2'\n");

  EXPECT_EQ(tree.root().secret("password"), "");

  EXPECT_THAT(
      lines(tree),
      ElementsAre("t.toml:1:12: password: expected a table { env = \"NAME\" } or { file = \"PATH\" }, found text: "
                  "secrets stay out of this file"));
}

TEST(Node, DoesNotShowASecretPutWhereTheNameOfAVariableBelongs) {
  const Tree tree = parse("password = { env = 'hunter2-hunter2' }\n");

  tree.root().secret("password");

  EXPECT_THAT(
      lines(tree),
      ElementsAre("t.toml:1:20: password.env: expected an environment variable that is set, found none of that name"));
}

TEST(Tree, ReportsASyntaxErrorAlone) {
  const Tree tree = parse("a = 1\nb = \nc = [\n");

  EXPECT_FALSE(tree.root());
  EXPECT_THAT(lines(tree), ElementsAre("t.toml:2:5: syntax: expected value, found '\\n' (in a key-value pair)"));
}

TEST(Tree, SaysThatAFileIsEmptyOrNotText) {
  EXPECT_THAT(lines(parse(" \n\n")), ElementsAre("t.toml:1:1: file: expected settings in TOML, found an empty file"));
  EXPECT_THAT(lines(parse("# ok\na = '\xff'\n")),
              ElementsAre("t.toml:2:6: file: expected UTF-8 text, found a byte that is not"));
}

TEST(Tree, SaysWhyAFileCannotBeRead) {
  const std::string folder = testing::TempDir();

  EXPECT_THAT(lines(Tree::load("no/such.toml")),
              ElementsAre("no/such.toml:1:1: file: expected a readable file, found no such file"));
  EXPECT_THAT(lines(Tree::load(folder)), ElementsAre(folder + ":1:1: file: expected a readable file, found a folder"));
}

TEST(Tree, SurvivesDeepNesting) {
  const Tree tree = parse("a = " + std::string(100'000, '['));

  EXPECT_EQ(tree.problems().size(), 1u);
}

}  // namespace
}  // namespace vigie::config
