#include "pipeline/language/train.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie::language {
namespace {

using testing::HasSubstr;

constexpr std::string_view kLines =
    "set:en:1\ten\ttweet\tneg\tthe parcel never came and nobody answers\n"
    "set:en:2\ten\ttweet\tpos\tthank you, this is what we want\n"
    "set:fr:1\tfr\ttweet\tneg\tle colis n'est jamais venu et personne ne répond\n"
    "set:de:1\tde\ttweet\tneg\tdas paket kam nie an und niemand antwortet\n"
    "set:es:1\tes\ttweet\tneg\tel paquete nunca llegó y nadie contesta\n"
    "set:it:1\tit\ttweet\tneg\til pacco non è mai arrivato e nessuno risponde\n"
    "set:pt:1\tpt\ttweet\tneg\to pacote nunca chegou e ninguém responde\n"
    "more:nl:1\tnl\tui\t-\thet pakket is nooit aangekomen en niemand antwoordt\n";

std::vector<LabelledRow> rows(std::string_view lines = kLines) {
  std::istringstream in{std::string(lines)};
  auto read = read_labelled_rows(in, "rows.tsv", LabelOf::language);
  EXPECT_TRUE(read) << (read ? "" : read.error().what);
  return read.value_or(std::vector<LabelledRow>{});
}

TrainOptions small() {
  TrainOptions options;
  options.bits = 12;
  options.epochs = 10;
  return options;
}

std::string trained(const std::vector<LabelledRow>& rows, const TrainOptions& options = small()) {
  const auto parts = train(rows, options, [](const std::string&) {});
  EXPECT_TRUE(parts) << (parts ? "" : parts.error().what);
  return parts ? to_bytes(*parts) : "";
}

std::string_view best(const Model& model, std::string_view text) {
  std::array<std::int32_t, kTongues> sums = model.bias();
  const Words words = split_words(text);
  Features features;
  for (std::size_t i = 0; i < words.size(); ++i) {
    read_features(words.written(i), words.folded(i), features);
    const Sums said = model.sums_of(features);
    for (std::size_t t = 0; t < kTongues; ++t) sums[t] += said[t];
  }
  return kCodes[static_cast<std::size_t>(std::max_element(sums.begin(), sums.end()) - sums.begin())];
}

std::string refusal(std::string_view bytes) {
  const auto model = Model::over(bytes);
  return model ? "" : model.error().what;
}

TEST(LanguageTraining, LearnsToTellItsRowsApart) {
  const std::string bytes = trained(rows());
  const auto model = Model::over(bytes);

  ASSERT_TRUE(model) << model.error().what;
  for (const LabelledRow& row : rows()) EXPECT_EQ(best(**model, row.text), row.lang) << row.text;
}

TEST(LanguageTraining, GivesTheSameBytesFromTheSameRows) {
  EXPECT_EQ(trained(rows()), trained(rows()));
  TrainOptions other = small();
  other.seed = 2;
  EXPECT_NE(trained(rows()), trained(rows(), other));
}

TEST(LanguageTraining, KeepsInTheFileWhatItLearntFrom) {
  std::vector<LabelledRow> some = rows();
  weigh({*parse_set_rule("more:nl=0")}, some);
  const std::string bytes = trained(some);
  const auto model = Model::over(bytes);

  ASSERT_TRUE(model);
  EXPECT_THAT((*model)->provenance(), HasSubstr("set en: 2 rows"));
  EXPECT_THAT((*model)->provenance(), testing::Not(HasSubstr("more nl")));
}

TEST(LanguageTraining, RefusesRowsThatLackALanguage) {
  std::vector<LabelledRow> some = rows();
  weigh({*parse_set_rule("set:de=0")}, some);
  const auto parts = train(some, small(), [](const std::string&) {});

  ASSERT_FALSE(parts);
  EXPECT_THAT(parts.error().what, HasSubstr("\"de\""));
}

TEST(LanguageModel, RefusesADamagedFile) {
  const std::string bytes = trained(rows());
  ASSERT_EQ(refusal(bytes), "");

  EXPECT_THAT(refusal(""), HasSubstr("shorter"));
  EXPECT_THAT(refusal("vigiesm1" + bytes.substr(8)), HasSubstr("vigielm1"));
  EXPECT_THAT(refusal(std::string_view(bytes).substr(0, bytes.size() - 1)), HasSubstr("length"));
  EXPECT_THAT(refusal(bytes + "x"), HasSubstr("length"));
  for (std::size_t at = 0; at < bytes.size(); at += at < 128 ? 1 : 997) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    EXPECT_NE(refusal(damaged), "") << "byte " << at;
  }
}

TEST(LanguageModel, ReadsWordsInLowerCaseWithTheirAccents) {
  Features features, same, plain;
  read_features("ÉTÉ", "ete", features);
  read_features("été", "ete", same);
  read_features("ete", "ete", plain);
  const auto hashes = [](const Features& f) {
    return std::vector(f.hashes.begin(), f.hashes.begin() + static_cast<std::ptrdiff_t>(f.size));
  };

  EXPECT_EQ(hashes(features), hashes(same));
  EXPECT_NE(hashes(features), hashes(plain));
}

TEST(LanguageModel, ReadsNothingInNumbersAndOtherScripts) {
  Features features;
  read_features("2026", "2026", features);
  EXPECT_EQ(features.size, 0u);
  read_features("посылка", "посылка", features);
  EXPECT_EQ(features.size, 0u);
  EXPECT_EQ(features.foreign, 7);
  EXPECT_EQ(features.latin, 0);
}

TEST(LanguageModel, HasRoomForTheLongestWord) {
  const std::string word = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
  Features features;
  read_features(word, word, features);
  EXPECT_GT(features.size, 100u);
  EXPECT_LE(features.size, kMostFeatures);
}

}  // namespace
}  // namespace vigie::language
