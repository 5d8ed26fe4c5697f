#include "collectors/path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/condition.h"

namespace vigie::definition {
namespace {

using testing::HasSubstr;

constexpr std::string_view kItem = R"({
  "id": 12345678901234567890, "title": "A &lt;b&gt; &amp; c", "empty": "", "nothing": null, "stars": "4", "up": true,
  "html": "<p>One</p><p>Two</p>", "seconds": 1795219200, "millis": "1795219200123", "ts": "1795219200.123456",
  "iso": "2026-11-21T01:00:00+01:00", "plain": "2026-11-21 00:00:00",
  "im:rating": {"label": "5"}, "a.b": "dotted", "tags": ["x", "y", null, "z"], "counts": [1, 2, 39],
  "users": [{"id": 7, "name": "seven"}, {"id": 8, "name": "eight"}], "by_key": {"k1": {"n": "one"}, "k2": {"n": "two"}},
  "author": {"uri": "https://host/users/id42", "name": null}
})";

class Found {
 public:
  explicit Found(std::string_view expression) : item_(*json::parse(kItem)) {
    Result<Expression> parsed = parse_expression(expression, {"country"});
    if (!parsed) {
      datum_ = fail(parsed.error());
      return;
    }
    datum_ = parsed->find({item_.root(), &params_});
  }
  Result<Datum> datum_ = Datum{};

  std::string text() const { return datum_ ? datum_->text : "error: " + datum_.error().what; }
  std::string error() const { return datum_ ? "no error: " + datum_->text : datum_.error().what; }

 private:
  json::Document item_;
  Params params_ = {{"country", "fr"}};
};

std::string text_of(std::string_view expression) { return Found(expression).text(); }
std::string error_of(std::string_view expression) { return Found(expression).error(); }

TEST(Path, FollowsNamesQuotesPositionsAndMembers) {
  EXPECT_EQ(text_of("author.uri"), "https://host/users/id42");
  EXPECT_EQ(text_of("'im:rating'.label"), "5");
  EXPECT_EQ(text_of("'a.b'"), "dotted");
  EXPECT_EQ(text_of("tags[0]"), "x");
  EXPECT_EQ(text_of("tags[-1]"), "z");
  EXPECT_EQ(text_of("tags.1"), "y");
  EXPECT_EQ(text_of("users[id='8'].name"), "eight");
}

TEST(Path, FindsNothingWhereNothingStands) {
  EXPECT_EQ(Found("author.name").datum_->kind, Datum::Kind::none);
  EXPECT_EQ(Found("no.such.thing").datum_->kind, Datum::Kind::none);
  EXPECT_EQ(Found("tags[9]").datum_->kind, Datum::Kind::none);
  EXPECT_EQ(Found("title.deeper").datum_->kind, Datum::Kind::none);
  EXPECT_EQ(Found("users[id='9'].name").datum_->kind, Datum::Kind::none);
}

TEST(Path, KeepsNumbersAsTheyAreWritten) { EXPECT_EQ(text_of("id"), "12345678901234567890"); }

TEST(Path, TakesTheFirstThatIsNeitherNullNorEmpty) {
  EXPECT_EQ(text_of("nothing ?? empty ?? absent ?? 'a.b' ?? title"), "dotted");
  EXPECT_EQ(Found("nothing ?? empty").datum_->text, "");
}

TEST(Path, FillsTemplatesAndParameters) {
  EXPECT_EQ(text_of("\"https://host/{country}/item?id={id}\""), "https://host/fr/item?id=12345678901234567890");
  EXPECT_EQ(text_of("{country}"), "fr");
  EXPECT_EQ(text_of("author.name ?? \"nobody\""), "nobody");
}

TEST(Path, MakesNoTemplateOfWhichAPartIsMissing) {
  EXPECT_EQ(Found("\"https://host/{nothing}\"").datum_->kind, Datum::Kind::none);
}

TEST(Path, TakesAllElementsWithAStar) {
  EXPECT_EQ(text_of("users.*.name | join \", \""), "seven, eight");
  EXPECT_EQ(text_of("by_key.*.n | join +"), "one+two");
  EXPECT_EQ(text_of("tags | join \"\""), "xyz");
  EXPECT_EQ(text_of("counts | sum"), "42");
}

TEST(Path, ReadsEachPipe) {
  EXPECT_EQ(text_of("html | html"), "One\n\nTwo");
  EXPECT_EQ(text_of("title | unescape"), "A <b> & c");
  EXPECT_EQ(text_of("author.uri | last id"), "42");
  EXPECT_EQ(text_of("author.uri | split / 3"), "users");
  EXPECT_EQ(text_of("author.uri | split \"/\" -1 | lower"), "id42");
  EXPECT_EQ(text_of("stars | enum {4=good, 5=best}"), "good");
  EXPECT_EQ(Found("id | string").datum_->kind, Datum::Kind::text);
  EXPECT_EQ(Found("stars | number").datum_->kind, Datum::Kind::number);
}

TEST(Path, ReadsTimesOfEveryForm) {
  const auto time_of = [](std::string_view expression) {
    const Found found(expression);
    return found.datum_ ? format_rfc3339(found.datum_->time) : found.error();
  };

  EXPECT_EQ(time_of("seconds | time epoch"), "2026-11-21T00:00:00Z");
  EXPECT_EQ(time_of("millis | time epoch_ms"), "2026-11-21T00:00:00.123000Z");
  EXPECT_EQ(time_of("ts | time epoch"), "2026-11-21T00:00:00.123456Z");
  EXPECT_EQ(time_of("iso | time iso"), "2026-11-21T00:00:00Z");
  EXPECT_EQ(time_of("plain | time \"%Y-%m-%d %H:%M:%S\""), "2026-11-21T00:00:00Z");
}

TEST(Path, SaysThatAZoneWasAssumed) {
  EXPECT_FALSE(Found("iso | time iso").datum_->zone_assumed);
  EXPECT_TRUE(Found("plain | time iso").datum_->zone_assumed);
}

TEST(Path, KeepsTheScaleOfARating) {
  const Datum stars = *Found("stars | scale 1 5").datum_;
  const Datum thumb = *Found("up | scale 0 1").datum_;

  EXPECT_EQ(stars.rating.value, 4);
  EXPECT_EQ(stars.rating.max, 5);
  EXPECT_EQ(thumb.rating.value, 1);
}

TEST(Path, SaysWhatAPipeExpectedOfTheData) {
  EXPECT_EQ(error_of("title | time epoch"), "expected seconds since 1970, found \"A &lt;b&gt; &amp; c\"");
  EXPECT_EQ(error_of("id | time epoch"), "expected seconds since 1970, found \"12345678901234567890\"");
  EXPECT_EQ(error_of("title | scale 1 5"), "expected 1 to 5, found \"A &lt;b&gt; &amp; c\"");
  EXPECT_EQ(error_of("id | scale 1 5"), "expected 1 to 5, found 12345678901234567890");
  EXPECT_EQ(error_of("stars | enum {ONE=1}"), "expected one of ONE, found \"4\"");
  EXPECT_EQ(error_of("tags | html"), "expected text, found an array");
  EXPECT_EQ(error_of("counts | sum | join x"), "expected a list, found 42");
}

TEST(Path, SaysWhereAnExpressionIsWrong) {
  EXPECT_EQ(error_of("title ?? | html"), "character 10: expected a name, found \"| html\"");
  EXPECT_EQ(error_of("tags[x]"),
            "character 7: expected a position such as [0] or [-1], or [name='value'], found \"]\"");
  EXPECT_EQ(error_of("title html"), "character 7: expected \"??\", \"|\" or the end, found \"html\"");
  EXPECT_EQ(error_of("\"https://x/{id\""), "expected a closing }, found the end of the template");
  EXPECT_EQ(error_of("'open"), "expected a closing ', found the end");
  EXPECT_EQ(error_of("title | htlm"), "expected a known pipe, found \"htlm\"; did you mean \"html\"?");
  EXPECT_EQ(error_of("title | scale 5 1"), "expected scale MIN MAX, found other arguments");
  EXPECT_THAT(error_of("title | time \"%Y\" Europe/Paris"), HasSubstr("in UTC, found other arguments"));
}

TEST(Path, RefusesWhatIsLongerThanAnyHonestPath) {
  std::string path = "a";
  for (int i = 0; i < 100; ++i) path.append(".a");

  EXPECT_THAT(error_of(path), HasSubstr("expected at most 16 steps"));
}

bool holds(std::string_view condition, std::string_view document = kItem) {
  const Result<Condition> parsed = parse_condition(condition);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().what);
  const json::Document json = *json::parse(document);
  return parsed && parsed->holds(json.root());
}

TEST(Condition, ComparesTextsNumbersTruthAndNull) {
  EXPECT_TRUE(holds("stars == 4"));
  EXPECT_TRUE(holds("stars == '4'"));
  EXPECT_TRUE(holds("stars >= 4 and stars < 5"));
  EXPECT_TRUE(holds("nothing == null"));
  EXPECT_TRUE(holds("absent == null"));
  EXPECT_TRUE(holds("up == true"));
  EXPECT_FALSE(holds("up == 'false'"));
  EXPECT_TRUE(holds("absent != 'x'"));
  EXPECT_FALSE(holds("absent > 1"));
}

TEST(Condition, TakesAPathAloneAsItsPresence) {
  EXPECT_TRUE(holds("'im:rating'"));
  EXPECT_TRUE(holds("not absent"));
  EXPECT_FALSE(holds("nothing"));
  EXPECT_FALSE(holds("empty"));
  EXPECT_FALSE(holds("deleted", R"({"deleted": false})"));
  EXPECT_TRUE(holds("null or deleted", "null"));
}

TEST(Condition, LooksIntoListsAndTexts) {
  EXPECT_TRUE(holds("stars in ['3', '4']"));
  EXPECT_FALSE(holds("stars in ['3']"));
  EXPECT_TRUE(holds("tags contains 'y'"));
  EXPECT_TRUE(holds("title contains '&amp;'"));
  EXPECT_FALSE(holds("counts contains 'x'"));
}

TEST(Condition, BindsAndCloserThanOr) {
  EXPECT_TRUE(holds("up or absent and absent"));
  EXPECT_FALSE(holds("(up or absent) and absent"));
  EXPECT_TRUE(holds("not (absent and up)"));
}

TEST(Condition, DoesNotTakeTheStartOfANameForAWord) {
  EXPECT_TRUE(holds("notes == 'x'", R"({"notes": "x"})"));
  EXPECT_TRUE(holds("a and order", R"({"a": 1, "order": 1})"));
}

TEST(Condition, SaysWhereItIsWrong) {
  const auto error = [](std::string_view text) { return parse_condition(text).error().what; };

  EXPECT_EQ(error("stars == "), "character 10: expected a 'text', a number, true, false or null, found the end");
  EXPECT_EQ(error("(stars"), "character 7: expected \")\", found the end");
  EXPECT_EQ(error("stars stars"), "character 7: expected \"and\", \"or\" or the end, found \"stars\"");
  std::string deep(100, '(');
  deep += 'a';
  EXPECT_THAT(error(deep), HasSubstr("expected fewer brackets inside each other"));
}

}  // namespace
}  // namespace vigie::definition
