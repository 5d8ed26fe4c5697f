// What a leaf says of a review without telling it: commitments that can be opened field by field, a lock that only the
// author can open, a mark that spends an invitation once.

#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "wall/log/encoding.h"

namespace vigie::tlog {

// In the order in which they are committed.
inline constexpr std::array<std::string_view, 6> kFields = {"text", "author", "when", "place", "order", "media"};
inline constexpr std::size_t kFieldKey = 32, kSecretBytes = 32, kNullifierBytes = 16;

// One field as it is shown: opened (value and key) or closed (its digest alone: masked, or never published).
struct Field {
  std::string value{};
  std::string key{};             // 32 random bytes; "" when closed
  std::optional<Hash> digest{};  // when closed
};
using Fields = std::array<Field, kFields.size()>;

// HMAC-SHA256(key, name || 0x00 || value)
Hash field_digest(std::string_view name, std::string_view key, std::string_view value);
Hash digest_of(std::size_t field, const Field& shown);
// SHA-256("vigie-c1" || digests); an absent field is the empty value, under a key of its own like the others.
Hash commitment(const Fields& fields);

// All six with fresh keys; destroying value and key later leaves digests that say nothing.
Fields seal(const std::array<std::string, kFields.size()>& values);
Field closed(std::size_t field, const Field& opened);

// {"text":{"key":"...","value":"..."},"author":{"digest":"..."},...}: bytes in base64url. All six must be there.
std::string to_json(const Fields& fields);
Result<Fields> read_fields(const json::Value& object);

std::string secret_lock(std::string_view secret);  // w = SHA-256(x)
std::string nullifier(std::string_view token);     // k = SHA-256("vigie-k1" || token), 16 bytes

}  // namespace vigie::tlog
