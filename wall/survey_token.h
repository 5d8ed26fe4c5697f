// The tokens of invitations, and what else is derived from this installation's own secret so that it need not be
// stored: the tokens themselves (the store has their SHA-256), the receipt's address, the marks by which addresses are
// known again.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vigie {

class SurveyTokens {
 public:
  explicit SurveyTokens(std::string secret) : secret_(std::move(secret)) {}  // 32 random bytes

  // 128 bits in 22 letters of base64url, from a seed of 16 random bytes: whoever reads the database has no token.
  std::string token(std::string_view seed) const;
  // Of the private page of the answer to that invitation: the same however often it is answered.
  std::string receipt(std::string_view token) const;
  // 32 bytes by which an address, or a customer's number with one brand, is known again without being kept.
  std::string address_key(std::string_view address) const;
  std::string reference_key(std::string_view brand, std::string_view reference) const;
  // What an event is called in the store: orders and customers are not told.
  std::string event_key(std::string_view what) const;
  // Of a poster: short enough for its address.
  std::string place_key(std::string_view survey, std::string_view place) const;

 private:
  std::string derive(std::string_view purpose, std::string_view of) const;
  std::string secret_;
};

// The 22 letters that either form stands for: those themselves, or 26 of Crockford's base32, in which O is 0, I and L
// are 1, letters may be small, and hyphens do not count. Nothing when it is neither.
std::optional<std::string> read_survey_token(std::string_view text);

// For paper and text messages: "4QK8Z-2M7RT-...", five and the rest with hyphens.
std::string printed_token(std::string_view token);

}  // namespace vigie
