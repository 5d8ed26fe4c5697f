// Texts to ids. The expected ids were computed once by Hugging Face's `tokenizers` 0.23 from the same files.

#include "pipeline/tokenizer/tokenizer.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/tokenizer/byte_level.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Ids = std::vector<tokenizer::Id>;

constexpr std::size_t kPlenty = 128;

Tokenizer shipped(const std::string& name) {
  auto loaded = Tokenizer::load(test::source_path("tests/pipeline/data/tokenizers/" + name).string());
  EXPECT_TRUE(loaded) << loaded.error().what;
  return *std::move(loaded);
}

struct Known {
  const char* text;
  Ids ids;
};

void expect_all(const std::string& name, const std::vector<Known>& all) {
  const Tokenizer tokenizer = shipped(name);
  for (const Known& known : all) EXPECT_EQ(tokenizer.encode(known.text, kPlenty), known.ids) << known.text;
}

TEST(Tokenizer, CutsAsBertDoes) {
  expect_all("word_piece.json",
             {
                 {"The parcel was late!", {2, 74, 185, 148, 84, 79, 5, 3}},
                 {"LE COLIS EST ARRIVÉ EN RETARD", {2, 88, 177, 96, 193, 82, 122, 133, 78, 58, 98, 45, 3}},
                 {"été e\u0301te\u0301", {2, 112, 46, 112, 46, 3}},
                 {"  two   blanks\tand\na line ", {2, 35, 66, 41, 17, 62, 90, 61, 56, 127, 16, 231, 99, 3}},
                 {"ﬁne ½ ① Ａ", {2, 1, 1, 1, 1, 3}},
                 {"don't they'll it's 2026", {2, 209, 6, 35, 171, 6, 232, 136, 6, 34, 190, 51, 52, 3}},
                 {"日本 great", {2, 1, 1, 218, 153, 3}},
                 {"😀 👍🏽 ok", {2, 1, 1, 30, 61, 3}},
                 {"zero\u200bwidth", {2, 1, 3}},
             });
}

TEST(Tokenizer, CutsAsSentencePieceDoes) {
  expect_all(
      "unigram.json",
      {
          {"The parcel was late!", {0, 34, 69, 10, 32, 12, 120, 9, 46, 116, 153, 2}},
          {"LE COLIS EST ARRIVÉ EN RETARD",
           {0, 42, 3, 4, 157, 162, 185, 191, 3, 4, 3, 190, 4, 3, 182, 182, 191, 3, 4, 3, 4, 182, 3, 190, 3, 182, 3, 2}},
          {"été e\u0301te\u0301", {0, 4, 20, 8, 20, 4, 20, 8, 20, 2}},
          {"  two   blanks\tand\na line ", {0, 109, 192, 54, 37, 12, 48, 30, 9, 4, 59, 19, 62, 115, 4, 2}},
          {"ﬁne ½ ① Ａ", {0, 141, 115, 76, 3, 67, 76, 4, 3, 2}},
          {"don't they'll it's 2026", {0, 27, 17, 13, 8, 16, 14, 13, 12, 12, 70, 8, 13, 9, 110, 161, 67, 156, 2}},
          {"日本 great", {0, 4, 3, 4, 189, 28, 137, 2}},
          {"😀 👍🏽 ok", {0, 4, 3, 4, 3, 4, 54, 30, 2}},
          {"zero\u200bwidth", {0, 4, 3, 5, 52, 66, 23, 24, 8, 136, 2}},
      });
}

TEST(Tokenizer, CutsAsRobertaDoes) {
  expect_all(
      "byte_pairs.json",
      {
          {"The parcel was late!", {0, 296, 391, 377, 333, 276, 4, 2}},
          {"été e\u0301te\u0301", {0, 271, 87, 271, 279, 140, 227, 276, 140, 227, 2}},
          {"  two   blanks\tand\na line ",
           {0, 224, 262, 90, 82, 224, 224, 277, 79, 289, 78, 86, 201, 289, 71, 202, 68, 269, 76, 274, 224, 2}},
          {"don't they'll it's 2026", {0, 71, 263, 340, 280, 92, 392, 79, 361, 87, 10, 86, 359, 393, 25, 2}},
          {"日本 great", {0, 166, 249, 102, 166, 254, 109, 224, 74, 270, 314, 2}},
          {"😀 👍🏽 ok", {0, 176, 257, 250, 226, 224, 176, 257, 243, 239, 176, 257, 241, 125, 224, 82, 78, 2}},
          {"zero\u200bwidth", {0, 93, 260, 82, 162, 226, 237, 90, 76, 71, 87, 75, 2}},
      });
}

TEST(Tokenizer, CutsWordsWithTheBlankBeforeThem) {
  EXPECT_THAT(tokenizer::words_of("we've  seen 42 ok!!  "),
              ElementsAre("we", "'ve", " ", " seen", " 42", " ok", "!!", "  "));
}

TEST(Tokenizer, KeepsTheSignsAtBothEndsOfALongText) {
  const Tokenizer tokenizer = shipped("word_piece.json");
  std::string text;
  for (int i = 0; i < 100; ++i) text += "late ";

  const Ids ids = tokenizer.encode(text, 16);

  EXPECT_THAT(ids, SizeIs(16));
  EXPECT_EQ(ids.front(), 2);
  EXPECT_EQ(ids.back(), 3);
}

TEST(Tokenizer, ReadsAMegabyteAsFarAsItCounts) {
  const std::string text(1u << 20, 'a');
  for (const char* name : {"word_piece.json", "unigram.json", "byte_pairs.json"}) {
    EXPECT_LE(shipped(name).encode(text, kPlenty).size(), kPlenty) << name;
  }
}

TEST(Tokenizer, TakesEmptyAndIllFormedTexts) {
  for (const char* name : {"word_piece.json", "unigram.json", "byte_pairs.json"}) {
    const Tokenizer tokenizer = shipped(name);
    EXPECT_THAT(tokenizer.encode("", kPlenty), SizeIs(2)) << name;
    EXPECT_GT(tokenizer.encode("late \xff\xc3 late \xe2\x82", kPlenty).size(), 4u) << name;
  }
}

TEST(Tokenizer, ReadsASignWrittenInATextAsWords) {
  const Ids ids = shipped("word_piece.json").encode("late [SEP] late", kPlenty);

  EXPECT_EQ(std::count(ids.begin(), ids.end(), 3), 1) << "only the one at the end";
}

// A tokenizer file of four words, with `parts` beside the model.
std::string file_with(const std::string& parts,
                      const std::string& model = R"({"type":"WordPiece","unk_token":"u","vocab":{"u":0,"a":1}})") {
  return R"({"model":)" + model + (parts.empty() ? "" : "," + parts) + "}";
}

std::string error_of(const std::string& bytes) {
  const auto read = Tokenizer::parse(bytes, "t.json");
  return read ? "" : read.error().what;
}

TEST(Tokenizer, NamesThePartItDoesNotSupport) {
  EXPECT_THAT(error_of(file_with(R"("normalizer":{"type":"Nmt"})")),
              HasSubstr("t.json: normalizer: \"Nmt\" is not supported"));
  EXPECT_THAT(error_of(file_with(R"("normalizer":{"type":"Replace","pattern":{"Regex":"a(?=b)c"},"content":""})")),
              HasSubstr("the pattern \"a(?=b)c\" is not supported"));
  EXPECT_THAT(error_of(file_with(R"("pre_tokenizer":{"type":"UnicodeScripts"})")),
              HasSubstr("pre_tokenizer: \"UnicodeScripts\""));
  EXPECT_THAT(error_of(file_with(R"("post_processor":{"type":"Odd"})")), HasSubstr("post_processor: \"Odd\""));
  EXPECT_THAT(error_of(file_with("", R"({"type":"WordLevel","vocab":{}})")), HasSubstr("model: \"WordLevel\""));
  EXPECT_THAT(error_of(file_with(R"("added_tokens":[{"id":9,"content":"shop","special":false}])")),
              HasSubstr("\"shop\""));
}

TEST(Tokenizer, RefusesFilesThatAreMalformed) {
  for (const std::string& bytes : {
           std::string(),
           std::string("[]"),
           std::string("{"),
           std::string(R"({"model":3})"),
           file_with("", R"({"type":"WordPiece","vocab":{}})"),
           file_with("", R"({"type":"WordPiece","vocab":{"a":"b"}})"),
           file_with("", R"({"type":"WordPiece","vocab":{"[UNK]":-1}})"),
           file_with("", R"({"type":"WordPiece","vocab":{"a":1}})"),
           file_with("", R"({"type":"Unigram","unk_id":5,"vocab":[["a",-1.0]]})"),
           file_with("", R"({"type":"Unigram","unk_id":0,"vocab":[["a"]]})"),
           file_with("", R"({"type":"BPE","vocab":{"a":0},"merges":[["a"]]})"),
           file_with(R"("normalizer":{"type":"Precompiled","precompiled_charsmap":"////AAAA"})"),
           file_with(R"("normalizer":{"type":"Precompiled","precompiled_charsmap":"*"})"),
           file_with(R"("post_processor":{"type":"TemplateProcessing","single":[],"special_tokens":{}})"),
           file_with(R"("normalizer":)" +
                     [] {
                       std::string deep;
                       for (int i = 0; i < 20; ++i) deep += R"({"type":"Sequence","normalizers":[)";
                       deep += R"({"type":"NFC"})";
                       for (int i = 0; i < 20; ++i) deep += "]}";
                       return deep;
                     }()),
       }) {
    EXPECT_THAT(error_of(bytes), HasSubstr("t.json: ")) << bytes;
  }
}

TEST(Tokenizer, RewritesAsTheFileSays) {
  const auto read = Tokenizer::parse(
      file_with(
          R"("normalizer":{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"},{"type":"Lowercase"},)"
          R"({"type":"Strip"},{"type":"Replace","pattern":{"String":"b."},"content":"a"},{"type":"Prepend","prepend":"a"}]},)"
          R"("pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Punctuation"},)"
          R"({"type":"Digits","individual_digits":true}]})",
          R"({"type":"WordPiece","unk_token":"u","vocab":{"u":0,"a":1,"##a":2,"##b":3,"!":4,"7":5}})"),
      "t.json");
  ASSERT_TRUE(read) << read.error().what;

  EXPECT_EQ(read->encode("  Áb. b! 77 ", kPlenty), (Ids{1, 2, 2, 0, 4, 5, 5}));
}

TEST(Tokenizer, SaysWhenItsFileCannotBeRead) {
  const auto absent = Tokenizer::load("/nowhere/tokenizer.json");

  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, ErrorKind::bad_config);
  EXPECT_THAT(absent.error().what, HasSubstr("/nowhere/tokenizer.json: expected a tokenizer.json, found no such file"));
}

TEST(Tokenizer, RefusesAFileThatIsTooLarge) {
  const test::TempDir dir;
  const auto path = dir.path() / "large.json";
  std::ofstream(path) << "{}";
  std::filesystem::resize_file(path, (64u << 20) + 1);

  EXPECT_THAT(Tokenizer::load(path.string()).error().what, HasSubstr("more than 65536 KiB"));
}

}  // namespace
}  // namespace vigie
