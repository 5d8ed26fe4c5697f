// Hashes, signatures, random bytes and encodings that secrets need (OpenSSL).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

std::string sha256(std::string_view bytes);                             // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes
// By "sha1", "sha256", "sha384" or "sha512"; nothing for another name. For what others sign, not for what we do.
std::optional<std::string> hmac_by_name(std::string_view algorithm, std::string_view key, std::string_view bytes);
bool equal_constant_time(std::string_view a, std::string_view b);
std::string random_bytes(std::size_t count);  // from the system; aborts if it cannot

std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);        // no padding
Result<std::string> from_base64(std::string_view text);  // either alphabet, padding optional

int base64_digit(char c);  // 0..63 in either alphabet, -1 for another

std::uint64_t hash64(std::string_view bytes);  // xxHash64: in process only, never shown

}  // namespace vigie
