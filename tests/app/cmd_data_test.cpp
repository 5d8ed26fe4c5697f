#include "app/cmd_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "app/import_file.h"
#include "collectors/mention_csv.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Outcome {
  int status = -1;
  std::string out, err;
};

class DataCommandsTest : public testing::Test {
 protected:
  void SetUp() override { config = installation("a"); }

  std::string installation(const std::string& name) {
    return dir.write(name + ".toml", concat("data = \"", dir.file(name),
                                            "\"\n[[brand]]\nid = \"acme\"\nname = \"Acme\"\n[[source]]\nid = \"x\"\n"
                                            "kind = \"feed\"\nurl = \"https://example.org/\"\n"));
  }
  Outcome import(const std::string& file, std::vector<std::string> map = {}) {
    std::istringstream in;
    std::ostringstream out, err;
    const int status = cmd_import({config, file, std::move(map)}, in, out, err);
    return {status, out.str(), err.str()};
  }
  Outcome write_out(const std::string& target) {
    std::ostringstream out, err;
    const int status = cmd_export({config, target}, out, err);
    return {status, out.str(), err.str()};
  }

  test::TempDir dir;
  std::string config;
};

TEST_F(DataCommandsTest, ATableWithColumnsOfItsOwnIsTakenByTheirNames) {
  const std::string table = dir.write("t.csv", "Commentaire;Note\nAcme est nul;1\n\"Acme,\ntrès bien\";5\n");

  const Outcome done = import(table, {"text=commentaire", "rating.value=NOTE"});
  const Outcome again = import(table, {"text=Commentaire", "rating.value=Note"});

  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("new 2,"));
  EXPECT_THAT(again.out, HasSubstr("already known 2,"));
  EXPECT_THAT(write_out("-").out,
              AllOf(HasSubstr("\"text\":\"Acme,\\ntrès bien\""), HasSubstr("\"value\":5,\"min\":1,\"max\":5")));
}

TEST_F(DataCommandsTest, AColumnThatIsNotThereIsNamed) {
  const std::string table = dir.write("t.csv", "text;title\nAcme est nul;x\n");

  const Outcome done = import(table, {"author.name=Auteur"});

  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, AllOf(HasSubstr("expected a column named \"Auteur\""), HasSubstr("text;title")));
}

TEST_F(DataCommandsTest, AFieldThatIsNoneIsNamed) {
  EXPECT_THAT(import(dir.write("t.csv", "a;b\n"), {"txt=Commentaire"}).err, HasSubstr("found \"txt\""));
}

TEST_F(DataCommandsTest, WhatIsExportedAsATableComesBackAsItWas) {
  import(
      dir.write("in.jsonl",
                "{\"source\":\"shop\",\"id\":\"1\",\"text\":\"=HYPERLINK(\\\"http://x\\\") "
                "Acme\",\"author\":{\"name\":\"+client-0042\"}}\n"
                "{\"source\":\"shop\",\"id\":\"2\",\"text\":\"'=already "
                "quoted\",\"rating\":{\"value\":-2,\"min\":-5,\"max\":5}}\n"
                "{\"source\":\"shop\",\"id\":\"3\",\"text\":\"a; \\\"b\\\",\\nc\",\"likes\":7,\"verified\":true}\n"));
  const std::string before = write_out("-").out;

  ASSERT_EQ(write_out(dir.file("out.csv")).status, 0);
  const std::string table = test::read_bytes(dir.file("out.csv"));
  config = installation("b");
  const Outcome back = import(dir.file("out.csv"));

  EXPECT_THAT(table, AllOf(HasSubstr("\"'=HYPERLINK(\"\"http://x\"\") Acme\""), HasSubstr("'+client-0042")));
  EXPECT_EQ(back.status, 0) << back.err;
  EXPECT_EQ(write_out("-").out, before);
}

TEST_F(DataCommandsTest, AnExportThatWasInterruptedGoesOn) {
  std::string lines;
  for (int i = 0; i < 2500; ++i)
    lines += concat("{\"source\":\"shop\",\"id\":\"", std::to_string(i), "\",\"text\":\"Acme number ",
                    std::to_string(i), "\"}\n");
  import(dir.write("in.jsonl", lines));
  const std::string whole = write_out("-").out;
  // As a kill leaves it: two pages known to be whole, and a torn line behind them.
  std::size_t end = 0;
  for (int i = 0; i < 2000; ++i) end = whole.find('\n', end) + 1;
  dir.write("out.jsonl.part", whole.substr(0, end) + "{\"source\":\"sh");
  dir.write("out.jsonl.part.place", concat("2000 ", std::to_string(end), "\n"));

  const Outcome done = write_out(dir.file("out.jsonl"));

  EXPECT_THAT(done.err, HasSubstr("exported 500 mentions"));
  EXPECT_EQ(test::read_bytes(dir.file("out.jsonl")), whole);
  EXPECT_FALSE(std::ifstream(dir.file("out.jsonl.part")));
}

TEST(ImportFile, GoesOnBehindAnyRecordItHandedOut) {
  const std::string table = "id,text\n1,\"a\nb\"\n2,c\n3,\"d\n\ne\"\n4,f\n";
  std::istringstream first(table);
  ImportFile begun(first, {}, {});
  Batch some;
  ASSERT_TRUE(begun.next(3, some).value());

  const ImportPlace place = import_place_from(to_json(begun.place()));
  std::istringstream second(table.substr(place.offset));
  ImportFile resumed(second, place, {});
  Batch rest;
  EXPECT_FALSE(resumed.next(100, rest).value());

  ASSERT_EQ(some.mentions.size(), 3u);
  EXPECT_EQ(some.mentions[2].text, "d\n\ne");
  ASSERT_EQ(rest.mentions.size(), 1u);
  EXPECT_EQ(rest.mentions[0].id, "4");
}

TEST(SpreadsheetCells, AreSafeAndComeBackAsTheyWere) {
  for (const std::string text : {"=1+1", "+33", "-5", "@x", "'=1", "''=1", "'tis", "plain", "", "\t=x"}) {
    EXPECT_EQ(plain_cell(safe_cell(text)), text);
    EXPECT_EQ(std::string("=+-@\t\r").find(safe_cell(text).append("x")[0]), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace vigie
