#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/text.h"

namespace vigie::json {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using namespace std::string_literals;

std::string again(std::string_view text) {
  const auto document = parse(text);
  if (!document) return document.error().what;
  return Writer().value(document->root()).take();
}

std::string why(std::string_view text, std::size_t depth = limits::kJsonDepth) {
  const auto document = parse(text, depth);
  return document ? "accepted" : document.error().what;
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(Json, ReadsEveryKindOfValue) {
  const auto document =
      parse(R"( {"s":"é\n\u00e9","n":-1.5e3,"t":true,"f":false,"z":null,"a":[1,[],{}],"o":{"k":"v"}} )");

  ASSERT_TRUE(document) << document.error().what;
  const Value root = document->root();
  EXPECT_EQ(root.type(), Type::object);
  EXPECT_EQ(root.size(), 7u);
  EXPECT_EQ(*root.text("s"), "é\né");
  EXPECT_EQ(*root.number("n"), -1500);
  EXPECT_EQ(root.find("n").raw(), "-1.5e3");
  EXPECT_TRUE(*root.boolean("t"));
  EXPECT_FALSE(*root.boolean("f"));
  EXPECT_TRUE(root.at("z"));
  EXPECT_TRUE(root.at("z").is_null());
  EXPECT_EQ(root.at("a").size(), 3u);
  EXPECT_EQ(root.at("a.1").size(), 0u);
  EXPECT_EQ(*root.text("o.k"), "v");
  EXPECT_EQ(root.key_at(1), "n");
}

TEST(Json, ReadsADocumentThatIsOneScalar) {
  EXPECT_EQ(parse(" \"a\\\"b\" ")->root().raw(), "a\"b");
  EXPECT_EQ(parse("12")->root().raw(), "12");
  EXPECT_EQ(parse("\t-0.5e+7\n")->root().raw(), "-0.5e+7");
  EXPECT_EQ(parse("true")->root().type(), Type::boolean);
  EXPECT_TRUE(parse("null")->root().is_null());
  EXPECT_TRUE(parse("null")->root());
}

TEST(Json, KeepsNumbersTooLargeForAnyType) {
  const auto document =
      parse(R"({"id":123456789012345678901234567890,"huge":1e999,"tiny":1e-999,"top":18446744073709551615})");

  ASSERT_TRUE(document);
  const Value root = document->root();
  EXPECT_EQ(*root.scalar("id"), "123456789012345678901234567890");
  EXPECT_FALSE(root.integer("id"));
  EXPECT_FALSE(root.integer("top"));
  EXPECT_FALSE(root.number("huge"));
  EXPECT_EQ(*root.number("tiny"), 0);
  EXPECT_EQ(*root.number("top"), 18446744073709551615.0);
}

TEST(Json, ReadsWholeNumbersExactly) {
  const auto document = parse("[9223372036854775807,-9223372036854775808,9223372036854775808,4.0,1e3,4.5,-0]");
  const Value list = document->root();

  EXPECT_EQ(*list.integer("0"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(*list.integer("1"), std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(list.integer("2"));
  EXPECT_EQ(*list.integer("3"), 4);
  EXPECT_EQ(*list.integer("4"), 1000);
  EXPECT_FALSE(list.integer("5"));
  EXPECT_EQ(*list.integer("6"), 0);
}

TEST(Json, DecodesEscapesAndMendsLoneSurrogates) {
  EXPECT_EQ(parse(R"("\"\\\/\b\f\n\r\t\u0041\u20ac\ud83d\ude00")")->root().raw(), "\"\\/\b\f\n\r\tA€😀");
  EXPECT_EQ(parse(R"("\ud83d")")->root().raw(), "\uFFFD");
  EXPECT_EQ(parse(R"("\ude00x")")->root().raw(), "\uFFFDx");
  EXPECT_EQ(parse(R"("\ud83d\ud83d\ude00")")->root().raw(), "\uFFFD😀");
  EXPECT_EQ(parse(R"("\ud83d\u0041")")->root().raw(), "\uFFFDA");
  EXPECT_EQ(parse(R"({"\u006bey":1})")->root().integer("key"), 1);
  EXPECT_EQ(parse(R"("a\u0000b")")->root().raw(), "a\0b"s);
}

TEST(Json, FindsFieldsInAnyOrderAndAnyNumberOfTimes) {
  const auto document = parse(R"({"b":2,"a":1})");

  EXPECT_EQ(document->root().integer("a"), 1);
  EXPECT_EQ(document->root().integer("b"), 2);
  EXPECT_EQ(document->root().integer("a"), 1);
}

TEST(Json, KeepsTheLastOfADuplicateKeyAndCountsIt) {
  const auto document = parse(R"({"a":1,"b":2,"a":{"x":1,"x":2},"b":3})");

  ASSERT_TRUE(document);
  EXPECT_EQ(document->duplicate_keys(), 3u);
  EXPECT_EQ(Writer().value(document->root()).text(), R"({"a":{"x":2},"b":3})");
}

TEST(Json, CountsDuplicatesInLargeObjectsToo) {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i)
    text += concat(i == 0 ? "" : ",", "\"k", std::to_string(i % 1000), "\":", std::to_string(i));
  text += "}";

  const auto document = parse(text);

  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().size(), 1000u);
  EXPECT_EQ(document->duplicate_keys(), 4000u);
  EXPECT_EQ(document->root().integer("k7"), 4007);
}

TEST(Json, SkipsAByteOrderMarkAndRepairsUtf8) {
  EXPECT_EQ(again("\xEF\xBB\xBF{\"a\":1}"), R"({"a":1})");
  EXPECT_EQ(parse("{\"a\":\"caf\xE9\"}")->root().text_or("a", ""), "caf\uFFFD");
  EXPECT_EQ(again("[\"\xED\xA0\x80\"]"), "[\"\uFFFD\uFFFD\uFFFD\"]");
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const std::string& text : {""s,
                                  " "s,
                                  "\xEF\xBB\xBF"s,
                                  "\0"s,
                                  "[1]\0"s,
                                  "[\0]"s,
                                  "nul"s,
                                  "nulll"s,
                                  "True"s,
                                  "tru"s,
                                  "NaN"s,
                                  "Infinity"s,
                                  "-"s,
                                  "+1"s,
                                  "01"s,
                                  "-01"s,
                                  "1."s,
                                  ".5"s,
                                  "1.e3"s,
                                  "1e"s,
                                  "1e+"s,
                                  "0x1"s,
                                  "1 2"s,
                                  "1,"s,
                                  "--1"s,
                                  "1a"s,
                                  "[1a]"s,
                                  "[-]"s,
                                  "[1.]"s,
                                  "[.1]"s,
                                  "[0e]"s,
                                  "[1e+]"s,
                                  "[012]"s,
                                  "[1_0]"s,
                                  "\""s,
                                  "\"a"s,
                                  "\"\\\""s,
                                  "\"\\x\""s,
                                  "\"\\u12\""s,
                                  "\"\\u12G4\""s,
                                  "\"\\\n\""s,
                                  "\"a\nb\""s,
                                  "\"a\x01\""s,
                                  "\"\t\""s,
                                  "'a'"s,
                                  "\"a\"b"s,
                                  "\"a\" \"b\""s,
                                  "["s,
                                  "]"s,
                                  "[1"s,
                                  "[1,"s,
                                  "[1,]"s,
                                  "[,1]"s,
                                  "[,]"s,
                                  "[1 2]"s,
                                  "[1]]"s,
                                  "[1][2]"s,
                                  "[1] x"s,
                                  "[\"a\" \"b\"]"s,
                                  "[1}"s,
                                  "[[1]"s,
                                  "[[]"s,
                                  "[\"a]"s,
                                  "{"s,
                                  "}"s,
                                  "{]"s,
                                  "{\"a\"}"s,
                                  "{\"a\":}"s,
                                  "{\"a\":1,}"s,
                                  "{,\"a\":1}"s,
                                  "{\"a\" 1}"s,
                                  "{\"a\":1 \"b\":2}"s,
                                  "{a:1}"s,
                                  "{1:1}"s,
                                  "{null:1}"s,
                                  "{\"a\":1}}"s,
                                  "{\"a\":1}{"s,
                                  "{\"a\":1},"s,
                                  "{\"a\"::1}"s,
                                  "{\"a\",\"b\"}"s,
                                  "{\"a\":1]"s,
                                  "{\"a\":{\"b\":1}"s,
                                  "{\"a\":[1}"s,
                                  "[{]}"s,
                                  "{\"a\":1}//x"s,
                                  "/*x*/1"s,
                                  "[1]//"s,
                                  "#"s,
                                  "<html></html>"s,
                                  "{\"a\\x\":1}"s,
                                  "{\"\\uZZZZ\":1}"s,
                                  "[1:2]"s,
                                  "[tru]"s,
                                  "[truex]"s,
                                  "[nul]"s,
                                  ":"s,
                                  ","s,
                                  "{\"a\":tru}"s,
                                  "{\"a\":1:2}"s,
                                  "[1\f]"s,
                                  "\v1"s,
                                  "\u00a01"s,
                                  "[\u2028]"s,
                                  "{\"a\":\"b\"\"c\"}"s,
                                  "[\"\xFF\"\0]"s,
                                  "\\"s,
                                  "[\\u0020]"s,
                                  "{\"\"}"s,
                                  "{\"a\":1,,\"b\":2}"s}) {
    const auto document = parse(text);

    ASSERT_FALSE(document) << testing::PrintToString(text);
    EXPECT_EQ(document.error().kind, ErrorKind::bad_data);
    EXPECT_THAT(document.error().what, StartsWith("not JSON at byte ")) << text;
  }
}

TEST(Json, RefusesEveryTruncationOfADocument) {
  const std::string whole = R"({"a":[1,-2.5e7,"x\u00e9\"y",{"b":null,"c":[true,false,[[]]]}],"d":{},"e":"€"})";
  ASSERT_TRUE(parse(whole));

  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse(std::string_view(whole).substr(0, size))) << size;
  }
}

TEST(Json, SaysWhereItStopped) {
  EXPECT_THAT(why("{\"a\": flase}"), StartsWith("not JSON at byte 6: "));
  EXPECT_THAT(why("\xEF\xBB\xBF[1,x]"), StartsWith("not JSON at byte 6: "));
  EXPECT_THAT(why("[1, \"a\nb\"]"), StartsWith("not JSON at byte 6: "));
  EXPECT_THAT(why("[1, \"ab]"), StartsWith("not JSON at byte 4: "));
  EXPECT_EQ(why("[1] 2 "), "not JSON at byte 4: expected ] at the end");
  EXPECT_EQ(why("[1] [2]"), "not JSON at byte 4: something follows the end of the document");
  EXPECT_EQ(why("{\"a\":1"), "not JSON at byte 5: expected } at the end");
  EXPECT_EQ(why(R"(["\q"])"), "not JSON at byte 2: unknown escape in a string");
  EXPECT_EQ(why(""), "not JSON at byte 0: empty");
}

TEST(Json, StopsAtItsDepth) {
  EXPECT_EQ(why(nested(64)), "accepted");
  EXPECT_THAT(why(nested(65)), HasSubstr("nested deeper than 64 levels"));
  EXPECT_EQ(why("[[{}]]", 3), "accepted");
  EXPECT_THAT(why("[[{\"a\":[]}]]", 3), HasSubstr("nested deeper than 3 levels"));
  EXPECT_EQ(why("1", 0), "accepted");
  EXPECT_EQ(why(nested(1000), 5000), "accepted");
  EXPECT_THAT(why(nested(1001), 5000), HasSubstr("nested deeper than 1000 levels"));
}

TEST(Json, SurvivesNestingAHundredThousandDeep) {
  constexpr std::size_t kDeep = 100'000;
  std::string objects;
  for (std::size_t i = 0; i < kDeep; ++i) objects += "{\"a\":";

  EXPECT_THAT(why(nested(kDeep)), HasSubstr("nested deeper"));
  EXPECT_THAT(why(std::string(kDeep, '[')), StartsWith("not JSON"));
  EXPECT_THAT(why(objects + "1" + std::string(kDeep, '}')), HasSubstr("nested deeper"));
  EXPECT_THAT(why(objects), StartsWith("not JSON"));
}

TEST(Json, ReadsAnotherDocumentAfterABadOne) {
  ASSERT_FALSE(parse("[1,[2,"));
  const auto first = parse("[1]");
  const auto second = parse("[2]");

  EXPECT_EQ(first->root().integer("0"), 1);
  EXPECT_EQ(second->root().integer("0"), 2);
}

TEST(Json, ReadsALargeDocument) {
  std::string text = "[";
  for (int i = 0; i < 200'000; ++i)
    text += concat(i == 0 ? "" : ",", R"({"id":)", std::to_string(i), R"(,"text":"line\n)", std::to_string(i), "\"}");
  text += "]";

  const auto document = parse(text);

  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().size(), 200'000u);
  EXPECT_EQ(document->root().text("[-1].text"), "line\n199999");
}

TEST(JsonPath, ReachesNamesIndexesAndQuotedNames) {
  const auto document = parse(
      R"({"author":{"name":"x"},"langs":["fr","en"],"im:rating":{"label":"5"},"a.b":{"c d":1},"items":[{"id":1},{"id":2}],"7":"seven","it's":2})");
  const Value root = document->root();

  EXPECT_EQ(root.text_or("author.name", ""), "x");
  EXPECT_EQ(root.text_or("langs.0", ""), "fr");
  EXPECT_EQ(root.text_or("langs[1]", ""), "en");
  EXPECT_EQ(root.text_or("'im:rating'.label", ""), "5");
  EXPECT_EQ(root.text_or("im:rating.label", ""), "5");
  EXPECT_EQ(root.integer("'a.b'.'c d'"), 1);
  EXPECT_EQ(root.integer("items[-1].id"), 2);
  EXPECT_EQ(root.integer("items.0.id"), 1);
  EXPECT_EQ(root.text_or("7", ""), "seven");
  EXPECT_EQ(root.at("").size(), root.size());
}

TEST(JsonPath, FindsNothingWhereThereIsNothing) {
  const auto document = parse(R"({"a":{"b":1},"list":[1,2]})");

  for (const std::string_view path :
       {"x", "a.x", "a.b.c", "list.2", "list[-3]", "list.x", "list[", "list[]", "list[9999999999999999999999]", "a[0]",
        "'", ".", "..", "a..b", "list.1e0", "[0]"}) {
    EXPECT_FALSE(document->root().at(path)) << path;
  }
  EXPECT_FALSE(Value().at("a"));
  EXPECT_FALSE(Value()[0]);
}

TEST(JsonErrors, NameTheFieldAndWhatWasFound) {
  const auto document = parse(R"({"author":{"name":5,"followers":"many"},"ok":[1],"when":null})");
  const Value root = document->root();

  EXPECT_EQ(root.text("author.name").error().what, "author.name: expected a string, found a number");
  EXPECT_EQ(root.text("title").error().what, "title: expected a string, found nothing");
  EXPECT_EQ(root.text("when").error().what, "when: expected a string, found null");
  EXPECT_EQ(root.integer("author.followers").error().what, "author.followers: expected a whole number, found \"many\"");
  EXPECT_EQ(root.number("ok").error().what, "ok: expected a number, found an array");
  EXPECT_EQ(root.boolean("author.name").error().what, "author.name: expected true or false, found 5");
  EXPECT_EQ(root.object("ok").error().what, "ok: expected an object, found an array");
  EXPECT_EQ(root.array("author").error().what, "author: expected an array, found an object");
  EXPECT_EQ(root.scalar("ok").error().what, "ok: expected a string, a number or a boolean, found an array");
  EXPECT_EQ(root.text("").error().what, "value: expected a string, found an object");
}

TEST(JsonDefaults, StandInForAbsentNullAndOtherTypes) {
  const auto document = parse(R"({"s":"x","n":3,"t":true,"z":null})");
  const Value root = document->root();

  EXPECT_EQ(root.text_or("z", "-"), "-");
  EXPECT_EQ(root.text_or("n", "-"), "-");
  EXPECT_EQ(root.scalar_or("n", "-"), "3");
  EXPECT_EQ(root.scalar_or("t", "-"), "true");
  EXPECT_EQ(root.scalar_or("z", "-"), "-");
  EXPECT_EQ(root.integer_or("s", 7), 7);
  EXPECT_EQ(root.number_or("n", 7), 3);
  EXPECT_EQ(root.boolean_or("s", true), true);
  EXPECT_EQ(Value().text_or("", "-"), "-");
}

TEST(JsonWriter, PlacesItsCommas) {
  Writer out;
  out.begin_object()
      .member("a", "x")
      .key("list")
      .begin_array()
      .integer(1)
      .null()
      .begin_object()
      .end_object()
      .end_array();
  out.member_if("empty", "").member_if("full", "y").key("raw").raw("[0]").end_object();

  EXPECT_EQ(out.text(), R"({"a":"x","list":[1,null,{}],"full":"y","raw":[0]})");
}

TEST(JsonWriter, EscapesForJsonAndForScripts) {
  EXPECT_EQ(Writer().string("\"\\/\b\f\n\r\t\x01\x7F").take(), "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\x7F\"");
  EXPECT_EQ(Writer().string("</script><!--").take(), "\"\\u003c/script>\\u003c!--\"");
  EXPECT_EQ(Writer().string("a\u2028b\u2029c€").take(), "\"a\\u2028b\\u2029c€\"");
  EXPECT_EQ(Writer().string("caf\xE9").take(), "\"caf\uFFFD\"");
  EXPECT_EQ(Writer().string("a\0b"s).take(), "\"a\\u0000b\"");
}

TEST(JsonWriter, WritesTheShortestNumberThatReadsBack) {
  EXPECT_EQ(Writer().number(0.1).take(), "0.1");
  EXPECT_EQ(Writer().number(3).take(), "3");
  EXPECT_EQ(Writer().number(1e300).take(), "1e+300");
  EXPECT_EQ(Writer().number(std::nan("")).take(), "null");
  EXPECT_EQ(Writer().number(std::numeric_limits<double>::infinity()).take(), "null");
  EXPECT_EQ(Writer().integer(std::numeric_limits<std::int64_t>::min()).take(), "-9223372036854775808");
}

std::string random_text(std::mt19937_64& random) {
  static constexpr std::string_view kPieces[] = {"a",  "\"",   "\\",     "<",      "é", "€",  "😀",
                                                 "\n", "\x01", "\u2028", "\u2027", "/", "\0z"};
  std::string text;
  for (auto count = random() % 6; count > 0; --count) text += kPieces[random() % std::size(kPieces)];
  return text;
}

void write_random(Writer& out, std::mt19937_64& random, int depth) {
  switch (random() % (depth > 5 ? 5 : 7)) {
    case 0: out.null(); return;
    case 1: out.boolean(random() % 2 == 0); return;
    case 2: out.integer(static_cast<std::int64_t>(random())); return;
    case 3: out.number(std::bit_cast<double>(random())); return;
    case 4: out.string(random_text(random)); return;
    case 5:
      out.begin_array();
      for (auto count = random() % 5; count > 0; --count) write_random(out, random, depth + 1);
      out.end_array();
      return;
    default:
      out.begin_object();
      for (auto count = random() % 5; count > 0; --count) {
        out.key(concat(std::to_string(count), random_text(random)));
        write_random(out, random, depth + 1);
      }
      out.end_object();
  }
}

TEST(Json, ReadsBackWhatItWrites) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 3000; ++round) {
    Writer out;
    write_random(out, random, 0);

    EXPECT_EQ(again(out.text()), out.text());
  }
}

TEST(Json, ReadsBackEveryNumberExactly) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 5000; ++round) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;

    EXPECT_EQ(*parse(Writer().number(value).take())->root().number(""), value);
  }
}

}  // namespace
}  // namespace vigie::json
