#include "collectors/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Batch read_all(std::string_view bytes, std::size_t cut = std::string_view::npos) {
  MentionReader reader("import");
  Batch batch;
  for (std::size_t at = 0; at < bytes.size(); at += cut) {
    reader.feed(bytes.substr(at, cut), false, batch);
    if (cut == std::string_view::npos) break;
  }
  reader.feed("", true, batch);
  return batch;
}

std::vector<std::string> ids(const Batch& batch) {
  std::vector<std::string> ids;
  for (const Mention& mention : batch.mentions) ids.push_back(mention.id);
  return ids;
}

std::vector<std::string> reasons(const Batch& batch) {
  std::vector<std::string> reasons;
  for (const Rejected& rejected : batch.rejected) reasons.push_back(rejected.reason);
  return reasons;
}

std::string line(int n) { return "{\"id\":\"" + std::to_string(n) + "\",\"text\":\"t\"}\n"; }

TEST(MentionReader, ReadsJsonLines) {
  const Batch batch = read_all(
      "{\"id\":\"1\",\"text\":\"a\"}\n\n{\"id\":2,\"source\":\"own\",\"title\":\"b\"}\r\n{\"id\":\"3\",\"text\":"
      "\"c\"}");

  EXPECT_THAT(ids(batch), ElementsAre("1", "2", "3"));
  EXPECT_EQ(batch.mentions[0].source, "import");
  EXPECT_EQ(batch.mentions[1].source, "own");
  EXPECT_THAT(reasons(batch), IsEmpty());
}

TEST(MentionReader, KeepsABadLineAsideWithItsNumber) {
  const Batch batch = read_all(line(1) + "{\"id\":\n" + "[1]\n" + "{\"text\":\"no id\"}\n" + line(5));

  EXPECT_THAT(ids(batch), ElementsAre("1", "5"));
  ASSERT_EQ(batch.rejected.size(), 3u);
  EXPECT_THAT(batch.rejected[0].reason, HasSubstr("line 2: "));
  EXPECT_EQ(batch.rejected[0].bytes, "{\"id\":");
  EXPECT_EQ(batch.rejected[1].reason, "line 3: expected an object, found an array");
  EXPECT_THAT(batch.rejected[2].reason, HasSubstr("line 4: id: expected a string, found nothing"));
}

TEST(MentionReader, RejectsALineOverTheCapAndTakesTheNext) {
  const Batch batch = read_all(line(1) + std::string(limits::kImportLine + 10, 'x') + "\n" + line(3), 1u << 20);

  EXPECT_THAT(ids(batch), ElementsAre("1", "3"));
  EXPECT_THAT(reasons(batch), ElementsAre("line 2: expected a mention, found a line longer than 4 MiB"));
  EXPECT_LE(batch.rejected[0].bytes.size(), 64u << 10);
}

TEST(MentionReader, ReadsCsvWithAHeaderOfTheSameNames) {
  const Batch batch = read_all(
      "\xEF\xBB\xBFid,author.name,rating.value,rating.min,rating.max,text,verified,likes,created,unknown\r\n"
      "7,client-0042,4,1,5,\"Slow, \"\"very\"\" slow\r\nand late\",TRUE,3,2026-11-21T10:00:00Z,x\r\n"
      "8,,,,,plain,,,,\r\n");

  ASSERT_THAT(ids(batch), ElementsAre("7", "8"));
  const Mention& first = batch.mentions[0];
  EXPECT_EQ(first.author.name, "client-0042");
  EXPECT_EQ(first.text, "Slow, \"very\" slow\r\nand late");
  ASSERT_TRUE(first.rating);
  EXPECT_EQ(first.rating->value, 4);
  EXPECT_EQ(first.verified, true);
  EXPECT_EQ(first.likes, 3);
  EXPECT_EQ(format_rfc3339(*first.created), "2026-11-21T10:00:00Z");
  EXPECT_FALSE(batch.mentions[1].rating);
  EXPECT_FALSE(batch.mentions[1].likes);
}

TEST(MentionReader, ReadsASpreadsheetThatSeparatesBySemicolons) {
  const Batch batch = read_all("id;text;rating.value;rating.min;rating.max\n1;a, b;4.5;1;5\n");

  ASSERT_THAT(ids(batch), ElementsAre("1"));
  EXPECT_EQ(batch.mentions[0].text, "a, b");
  EXPECT_EQ(batch.mentions[0].rating->value, 4.5);
}

TEST(MentionReader, NamesTheFirstLineOfABadCsvRecord) {
  const Batch batch = read_all("id,text,likes\n1,\"two\nlines\",2\n2,ok,many\n3,only two\n4,\"a\"b,1\n5,ok,1\n");

  EXPECT_THAT(ids(batch), ElementsAre("1", "5"));
  ASSERT_EQ(batch.rejected.size(), 3u);
  EXPECT_EQ(batch.rejected[0].reason, "line 4: likes: expected a whole number, found \"many\"");
  EXPECT_EQ(batch.rejected[1].reason, "line 5: expected 3 cells as in the header, found 2");
  EXPECT_EQ(batch.rejected[2].reason, "line 6: expected a separator after a closing quote, found text");
}

TEST(MentionReader, LosesOneLineToAQuoteThatIsNeverClosed) {
  const Batch batch = read_all("id,text\n1,a\n2,\"never closed\n3,b\n4,c\n");

  EXPECT_THAT(ids(batch), ElementsAre("1", "3", "4"));
  EXPECT_THAT(reasons(batch), ElementsAre("line 3: expected a mention, found a quote that is never closed"));
}

TEST(MentionReader, TakesAFirstLineThatIsNeitherForABadJsonLine) {
  const Batch batch = read_all("hello, world\n" + line(2));

  EXPECT_THAT(ids(batch), ElementsAre("2"));
  EXPECT_THAT(batch.rejected.at(0).reason, HasSubstr("line 1: "));
}

TEST(MentionReader, GivesTheSameHoweverTheBytesAreCut) {
  const std::string json = line(1) + "broken\n" + line(3) + "\r\n" + line(5);
  const std::string csv = "id,text\r\n1,\"a\r\nb\"\"c\"\r\n2,d\r\n\"3\",e";

  for (const std::string& bytes : {json, csv}) {
    const Batch whole = read_all(bytes);
    for (const std::size_t cut : {1u, 2u, 3u, 7u}) {
      const Batch pieces = read_all(bytes, cut);
      EXPECT_EQ(ids(pieces), ids(whole)) << "cut every " << cut;
      EXPECT_EQ(reasons(pieces), reasons(whole)) << "cut every " << cut;
    }
  }
}

class FileSource : public testing::Test {
 protected:
  std::unique_ptr<LocalSource> open() {
    SourceSettings settings;
    settings.id = "survey";
    settings.kind = "file";
    settings.url = path_;
    return *open_file(settings);
  }
  void append(std::string_view bytes) { std::ofstream(path_, std::ios::binary | std::ios::app) << bytes; }
  // Everything there is to read now, each batch by a source opened anew.
  std::vector<std::string> poll() {
    std::vector<std::string> found;
    for (bool more = true; more;) {
      Result<Batch> batch = open()->read(cursor_, Time{});
      if (!batch) {
        ADD_FAILURE() << batch.error().what;
        break;
      }
      EXPECT_LE(batch->mentions.size(), 500u);
      for (std::string& id : ids(*batch)) found.push_back(std::move(id));
      for (std::string& reason : reasons(*batch)) found.push_back(std::move(reason));
      cursor_ = batch->next;
      more = batch->more;
    }
    return found;
  }

  test::TempDir folder_;
  const std::string path_ = folder_.file("mentions.jsonl");
  Cursor cursor_;
};

TEST_F(FileSource, FollowsAFileThatGrowsWithoutRepeatingALine) {
  append(line(1) + line(2));
  EXPECT_THAT(poll(), ElementsAre("1", "2"));
  EXPECT_THAT(poll(), IsEmpty());

  append(line(3));

  EXPECT_THAT(poll(), ElementsAre("3"));
}

TEST_F(FileSource, WaitsForTheRestOfALineThatIsStillBeingWritten) {
  append(line(1) + "{\"id\":\"2\",\"te");
  EXPECT_THAT(poll(), ElementsAre("1"));

  append("xt\":\"t\"}\n");

  EXPECT_THAT(poll(), ElementsAre("2"));
}

TEST_F(FileSource, TakesALastLineWithoutAnEnd) {
  append(line(1) + "{\"id\":\"2\",\"text\":\"t\"}");

  EXPECT_THAT(poll(), ElementsAre("1", "2"));
}

TEST_F(FileSource, GivesUpOnHalfALineThatNobodyFinishes) {
  append(line(1) + "{\"id\":\"2\"");
  EXPECT_THAT(poll(), ElementsAre("1"));

  EXPECT_THAT(poll(), ElementsAre(HasSubstr("line 2: ")));
  EXPECT_THAT(poll(), IsEmpty());
}

TEST_F(FileSource, ReadsALargeFileInBatches) {
  std::string bytes;
  for (int n = 1; n <= 1234; ++n) bytes += line(n);
  append(bytes);

  const std::vector<std::string> found = poll();

  ASSERT_EQ(found.size(), 1234u);
  EXPECT_EQ(found.back(), "1234");
}

TEST_F(FileSource, ResumesInTheMiddleOfACsvFile) {
  append("id;text\n");
  for (int n = 1; n <= 700; ++n) append(std::to_string(n) + ";\"a\nb\"\n");
  EXPECT_EQ(poll().size(), 700u);

  append("701;c\nbad;d;e\n");

  EXPECT_THAT(poll(), ElementsAre("701", "line 1403: expected 2 cells as in the header, found 3"));
}

TEST_F(FileSource, StartsOverWhenTheFileIsAnotherOne) {
  append(line(1) + line(2));
  poll();

  std::filesystem::rename(path_, path_ + ".old");
  append(line(8));

  EXPECT_THAT(poll(), ElementsAre("8"));
}

TEST_F(FileSource, StartsOverWhenTheFileWasEmptied) {
  append(line(1) + line(2));
  poll();

  std::filesystem::resize_file(path_, 0);
  append(line(3));

  EXPECT_THAT(poll(), ElementsAre("3"));
}

TEST_F(FileSource, BacksOffWhileTheFileIsMissing) {
  const Result<Batch> batch = open()->read({}, Time{});

  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().kind, ErrorKind::transient);
  EXPECT_THAT(batch.error().what, HasSubstr("mentions.jsonl: cannot be read (No such file or directory)"));
}

TEST_F(FileSource, RefusesAFolder) {
  std::filesystem::create_directory(path_);

  EXPECT_EQ(open()->read({}, Time{}).error().kind, ErrorKind::denied);
}

}  // namespace
}  // namespace vigie
