#include "wall/survey_token.h"

#include "base/result.h"
#include "base/secret.h"

namespace vigie {
namespace {

constexpr std::size_t kTokenBytes = 16, kTokenLetters = 22, kPrintedLetters = 26, kGroup = 5;
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int crockford_digit(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const std::size_t at = kCrockford.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// 26 digits are 130 bits: the two in front are 0.
std::optional<std::string> from_crockford(std::string_view text) {
  std::string bytes;
  unsigned held = 0;
  int bits = -2, digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    const int digit = crockford_digit(c);
    if (digit < 0 || ++digits > static_cast<int>(kPrintedLetters)) return std::nullopt;
    held = (held << 5) | static_cast<unsigned>(digit);
    bits += 5;
    if (bits == 3 && held > 7) return std::nullopt;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>((held >> bits) & 0xff));
    held &= (1u << bits) - 1;
  }
  if (bytes.size() != kTokenBytes) return std::nullopt;
  return bytes;
}

}  // namespace

std::string SurveyTokens::derive(std::string_view purpose, std::string_view of) const {
  return hmac_sha256(secret_, concat(purpose, std::string_view("\0", 1), of));
}

std::string SurveyTokens::token(std::string_view seed) const {
  return to_base64url(derive("survey token", seed).substr(0, kTokenBytes));
}

std::string SurveyTokens::receipt(std::string_view token) const {
  return to_base64url(derive("survey receipt", token).substr(0, kTokenBytes));
}

std::string SurveyTokens::address_key(std::string_view address) const { return derive("survey address", address); }

std::string SurveyTokens::reference_key(std::string_view brand, std::string_view reference) const {
  return derive("survey reference", concat(brand, std::string_view("\0", 1), reference));
}

std::string SurveyTokens::event_key(std::string_view what) const {
  return to_hex(derive("survey event", what).substr(0, kTokenBytes));
}

std::string SurveyTokens::place_key(std::string_view survey, std::string_view place) const {
  return to_base64url(derive("survey place", concat(survey, std::string_view("\0", 1), place)).substr(0, 6));
}

std::optional<std::string> read_survey_token(std::string_view text) {
  if (text.size() == kTokenLetters) {
    const auto bytes = from_base64(text);
    // Bits that say nothing must be 0: a token has one spelling.
    if (!bytes || bytes->size() != kTokenBytes || to_base64url(*bytes) != text) return std::nullopt;
    return std::string(text);
  }
  if (text.size() < kPrintedLetters || text.size() > 2 * kPrintedLetters) return std::nullopt;
  const auto bytes = from_crockford(text);
  return bytes ? std::optional(to_base64url(*bytes)) : std::nullopt;
}

std::string printed_token(std::string_view token) {
  const auto bytes = from_base64(token);
  if (!bytes) return "";
  std::string digits;
  unsigned held = 0;
  int bits = 2;  // two zeros in front
  for (const char c : *bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      digits.push_back(kCrockford[(held >> bits) & 31]);
      held &= (1u << bits) - 1;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % kGroup == 0 && i < kPrintedLetters - 1) out.push_back('-');
    out.push_back(digits[i]);
  }
  return out;
}

}  // namespace vigie
