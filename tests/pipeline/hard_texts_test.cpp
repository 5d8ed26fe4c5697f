// Sarcasm, comparisons with another brand, praise and complaint in one text: what is read, and what is not. The model
// card tells the same figures.

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "pipeline/pipeline.h"

namespace vigie {
namespace {

struct HardText {
  std::string kind, lang, domain, label, text;
};

std::vector<HardText> hard_texts(std::string_view kind) {
  std::ifstream file(VIGIE_SOURCE_DIR "/tests/pipeline/data/hard.tsv");
  std::vector<HardText> texts;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string_view> fields = split(line, '\t');
    if (fields.size() != 5 || !fields[0].starts_with(kind)) continue;
    texts.push_back({std::string(kind), std::string(fields[1]), std::string(fields[2]), std::string(fields[3]),
                     std::string(fields[4])});
  }
  return texts;
}

Judgement judged(const HardText& hard) {
  static const auto pipeline =
      Pipeline::make({{"acme", "Acme", "acme", "en"}, {"globex", "Globex", "globex", "en"}}, {}).value();
  Mention m;
  m.source = "posts";
  m.id = "1";
  m.kind = hard.domain == "review" ? "review" : "post";
  m.text = hard.text;
  m.lang = hard.lang;
  return pipeline->judge(m).judgement;
}

TEST(HardTexts, ComparisonsAreReadForTheBrandTheyNameItself) {
  int all = 0, right = 0;
  for (const HardText& hard : hard_texts("comparison")) {
    if (hard.text.find("Acme") == std::string::npos) continue;
    ++all;
    const bool is_right = to_text(judged(hard).effective_for("acme")) == hard.label;
    right += is_right ? 1 : 0;
    if (!is_right) RecordProperty("missed_" + std::to_string(all), hard.text);
  }
  RecordProperty("right", right);
  EXPECT_EQ(all, 8);
  EXPECT_GE(right, 6);
}

TEST(HardTexts, PraiseAndComplaintOfTwoThemesAreToldApart) {
  int all = 0, apart = 0;
  for (const HardText& hard : hard_texts("mixed")) {
    bool praised = false, blamed = false;
    for (const Aspect& aspect : judged(hard).aspects) {
      praised = praised || aspect.label == Label::positive;
      blamed = blamed || aspect.label == Label::negative;
    }
    ++all;
    apart += praised && blamed ? 1 : 0;
    if (!(praised && blamed)) RecordProperty("missed_" + std::to_string(all), hard.text);
  }
  RecordProperty("apart", apart);
  EXPECT_EQ(all, 12);
  EXPECT_GE(apart, 4);
}

TEST(HardTexts, SincerePraiseIsNotTakenForSarcasm) {
  int all = 0, right = 0, sarcasm = 0;
  for (const HardText& hard : hard_texts("sincere")) {
    ++all;
    right += to_text(judged(hard).label) == hard.label ? 1 : 0;
  }
  for (const HardText& hard : hard_texts("sarcasm")) sarcasm += to_text(judged(hard).label) == hard.label ? 1 : 0;
  RecordProperty("right", right);
  RecordProperty("sarcasm", sarcasm);
  EXPECT_EQ(all, 20);
  EXPECT_GE(right, 14);
}

}  // namespace
}  // namespace vigie
