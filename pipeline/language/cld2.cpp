#include "pipeline/language/cld2.h"

#include <cstdio>  // cld2's headers use it without saying so

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>

namespace vigie::language {
namespace {

constexpr int kBestEffort = 0x4000;  // kCLDFlagBestEffort
constexpr int kNearlyAll = 90;       // percent of the text

}  // namespace

Guess ask_cld2(std::string_view text) {
  const CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  std::array<double, 3> scores{};
  int bytes = 0;
  bool reliable = false;
  const CLD2::Language found =
      CLD2::ExtDetectLanguageSummary(text.data(), static_cast<int>(text.size()), true, &hints, kBestEffort,
                                     languages.data(), percents.data(), scores.data(), nullptr, &bytes, &reliable);
  if (found == CLD2::UNKNOWN_LANGUAGE) return {};
  std::string code = CLD2::LanguageCode(found);
  if (code == "un") return {};
  code.resize(std::min(code.find('-'), code.size()));
  if (code == "iw") code = "he";  // its older name
  return {std::move(code), reliable || percents[0] > kNearlyAll};
}

}  // namespace vigie::language
