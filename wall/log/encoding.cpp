#include "wall/log/encoding.h"

#include <algorithm>

#include "base/number.h"
#include "base/secret.h"

namespace vigie::tlog {

std::optional<Hash> hash_from_bytes(std::string_view bytes) {
  Hash hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::transform(bytes.begin(), bytes.end(), hash.begin(), [](char c) { return static_cast<unsigned char>(c); });
  return hash;
}

std::optional<std::string> from_strict_base64(std::string_view text) {
  Result<std::string> bytes = from_base64(text);
  if (!bytes || vigie::to_base64(*bytes) != text) return std::nullopt;
  return *std::move(bytes);
}

std::optional<std::string> from_padded_base64(std::string_view text) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t last = text.find_last_not_of('=');
  if (last == std::string_view::npos) return std::nullopt;
  const std::size_t value = kAlphabet.find(text[last]), beyond = (last + 1) % 4;
  if (value == std::string_view::npos || beyond == 1) return std::nullopt;
  const std::size_t filled = beyond == 0 ? 0 : beyond == 2 ? 0xf : 0x3;  // bits that belong to no byte
  std::string cleared(text);
  cleared[last] = kAlphabet[value & ~filled];
  return from_strict_base64(cleared);
}

std::string to_base64(const Hash& hash) { return vigie::to_base64(bytes_of(hash)); }

std::optional<Hash> hash_from_base64(std::string_view text) {
  const std::optional<std::string> bytes = from_strict_base64(text);
  return bytes ? hash_from_bytes(*bytes) : std::nullopt;
}

std::optional<std::string> from_strict_base64url(std::string_view text) {
  Result<std::string> bytes = from_base64(text);
  if (!bytes || to_base64url(*bytes) != text) return std::nullopt;
  return *std::move(bytes);
}

std::optional<std::int64_t> from_strict_decimal(std::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || !digits || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  return whole_number(text);
}

std::string big_endian(std::uint64_t value, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (std::size_t i = bytes; i > 0; --i, value >>= 8) out[i - 1] = static_cast<char>(value & 0xff);
  return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::optional<std::string_view> take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace vigie::tlog
