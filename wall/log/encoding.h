// How the C2SP formats write numbers, bytes and hashes: one spelling each, so that what was read is what was signed.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigie::tlog {

using Hash = std::array<unsigned char, 32>;  // SHA-256

inline std::string_view bytes_of(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }
std::optional<Hash> hash_from_bytes(std::string_view bytes);  // nothing unless there are 32

// Standard base64 with its padding; nothing for any other spelling of the same bytes.
std::optional<std::string> from_strict_base64(std::string_view text);
// The same, but the bits that fill up the last character may be set: signers that write them are about, and Go reads
// them.
std::optional<std::string> from_padded_base64(std::string_view text);
std::string to_base64(const Hash& hash);
std::optional<Hash> hash_from_base64(std::string_view text);

// base64url without padding, as leaves write bytes; nothing for any other spelling.
std::optional<std::string> from_strict_base64url(std::string_view text);

// 0 to 2^63 - 1, no sign, no leading zero.
std::optional<std::int64_t> from_strict_decimal(std::string_view text);

std::string big_endian(std::uint64_t value, std::size_t bytes);
std::uint64_t from_big_endian(std::string_view bytes);  // at most 8

// The text up to the next newline, taken away from `rest` with it; nothing when no newline is left.
std::optional<std::string_view> take_line(std::string_view& rest);

}  // namespace vigie::tlog
