#include "model/mention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::HasSubstr;

constexpr std::string_view kWhole =
    R"({"source":"hn-acme","id":"123456789012345678901","url":"https://news.example/item?id=1","kind":"comment",)"
    R"("author":{"id":"u1","name":"client-0042","handle":"@client-0042","followers":7},"title":"Late again","text":"Le colis n'est \"jamais\" arrivé 😀\n",)"
    R"("rating":{"value":1.5,"min":1,"max":5},"lang":"fr","created":"2026-11-21T10:00:00.250000Z","updated":"2026-11-21T11:00:00Z",)"
    R"("likes":-3,"shares":0,"replies":2,"parent":"p1","thread":"t1","reply":{"text":"Sorry","created":"2026-11-22T09:00:00Z"},)"
    R"("verified":true,"place":"Lyon","version":"1.2"})";

Result<Mention> read(std::string_view text, std::string_view source = "") {
  const auto document = json::parse(text);
  if (!document) return fail(document.error());
  return mention_from_json(document->root(), source);
}

std::string why(std::string_view text) {
  const auto mention = read(text);
  return mention ? "accepted" : mention.error().what;
}

TEST(Mention, ComesBackFromJsonByteForByte) {
  const auto mention = read(kWhole);

  ASSERT_TRUE(mention) << mention.error().what;
  EXPECT_EQ(to_json(*mention), kWhole);
  EXPECT_EQ(mention->author.followers, 7);
  EXPECT_EQ(mention->rating->fraction(), 0.125);
  EXPECT_EQ(format_rfc3339(*mention->created), "2026-11-21T10:00:00.250000Z");
  EXPECT_EQ(mention->verified, true);
  EXPECT_FALSE(mention->late_zone);
}

TEST(Mention, LeavesAbsentFieldsOut) {
  const auto mention =
      read(R"({"source":"s","id":"1","text":"x","likes":null,"author":null,"rating":null,"title":"","reply":null})");

  ASSERT_TRUE(mention) << mention.error().what;
  EXPECT_EQ(to_json(*mention), R"({"source":"s","id":"1","text":"x"})");
  EXPECT_FALSE(mention->likes);
  EXPECT_FALSE(mention->created);
}

TEST(Mention, TakesIdsWrittenAsNumbersAndIgnoresUnknownFields) {
  const auto mention =
      read(R"({"id":12345678901234567890123,"parent":5,"version":1.2,"text":"x","mood":["odd"]})", "import");

  ASSERT_TRUE(mention) << mention.error().what;
  EXPECT_EQ(to_json(*mention),
            R"({"source":"import","id":"12345678901234567890123","text":"x","parent":"5","version":"1.2"})");
}

TEST(Mention, PrefersItsOwnSourceToTheDefault) {
  EXPECT_EQ(read(R"({"source":"own","id":"1","text":"x"})", "import")->source, "own");
}

TEST(Mention, RemembersThatAZoneWasAssumed) {
  EXPECT_TRUE(read(R"({"source":"s","id":"1","text":"x","created":"2026-11-21 10:00:00"})")->late_zone);
  EXPECT_FALSE(read(R"({"source":"s","id":"1","text":"x","created":1795255200})")->late_zone);
}

TEST(Mention, NeedsSomethingThatWasSaid) {
  EXPECT_EQ(why(R"({"source":"s","id":"1","title":"x"})"), "accepted");
  EXPECT_EQ(why(R"({"source":"s","id":"1","rating":{"value":1,"min":1,"max":5}})"), "accepted");
  EXPECT_EQ(why(R"({"source":"s","id":"1"})"), "text: expected a title, a text or a rating, found none of them");
  EXPECT_EQ(why(R"({"source":"s","id":"1","text":"\u0000"})"),
            "text: expected a title, a text or a rating, found none of them");
}

TEST(Mention, NamesTheFieldThatIsWrong) {
  const auto with = [](std::string_view field) {
    return why(concat(R"({"source":"s","id":"1","text":"x",)", field, "}"));
  };

  EXPECT_EQ(with(R"("author":{"followers":"many"})"), "author.followers: expected a whole number, found \"many\"");
  EXPECT_EQ(with(R"("author":"client-0042")"), "author: expected an object, found a string");
  EXPECT_EQ(with(R"("author":{"name":{}})"), "author.name: expected a string, found an object");
  EXPECT_EQ(with(R"("title":7)"), "title: expected a string, found a number");
  EXPECT_EQ(with(R"("likes":1.5)"), "likes: expected a whole number, found 1.5");
  EXPECT_EQ(with(R"("verified":"yes")"), "verified: expected true or false, found \"yes\"");
  EXPECT_EQ(with(R"("rating":4)"), "rating: expected an object, found a number");
  EXPECT_EQ(with(R"("rating":{"value":4})"), "rating.min: expected a number, found nothing");
  EXPECT_EQ(with(R"("rating":{"value":9,"min":1,"max":5})"), "rating.value: expected 1 to 5, found 9");
  EXPECT_EQ(with(R"("rating":{"value":1,"min":1,"max":1})"), "rating.max: expected more than 1, found 1");
  EXPECT_THAT(with(R"("created":"30000-01-01T00:00:00Z")"), HasSubstr("created: expected a date"));
  EXPECT_THAT(with(R"("reply":{"created":"soon"})"), HasSubstr("reply.created: expected a date, found \"soon\""));
}

TEST(Mention, NeedsASourceAndAnId) {
  EXPECT_EQ(why(R"({"id":"1","text":"x"})"), "source: expected a string, found nothing");
  EXPECT_EQ(why(R"({"source":"s","text":"x"})"), "id: expected a string, found nothing");
  EXPECT_EQ(why(R"({"source":"s","id":"","text":"x"})"), "id: expected a string, found nothing");
  EXPECT_EQ(why(R"([1])"), "value: expected an object, found an array");
  EXPECT_EQ(why("null"), "value: expected an object, found null");
}

TEST(Mention, IsOneLineOfValidJsonWhateverItsText) {
  Mention mention;
  mention.source = "s";
  mention.id = "1";
  mention.text = std::string("a\nb\r\xFF\0</script>\xE2\x80\xA8", 18);

  const std::string line = to_json(mention);

  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(json::parse(line)) << line;
  EXPECT_THAT(line, testing::Not(HasSubstr("</script>")));
}

}  // namespace
}  // namespace vigie
