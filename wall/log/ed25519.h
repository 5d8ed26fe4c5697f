// Ed25519 (RFC 8032): deterministic, so the same key signs the same bytes alike.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie::tlog {

inline constexpr std::size_t kEd25519Key = 32;  // public key, and the seed of a private one
inline constexpr std::size_t kEd25519Signature = 64;

Result<std::string> ed25519_public(std::string_view seed);
Result<std::string> ed25519_sign(std::string_view seed, std::string_view message);
bool ed25519_verifies(std::string_view public_key, std::string_view message, std::string_view signature);

}  // namespace vigie::tlog
