#include "base/secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <xxhash.h>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace vigie {
namespace {

constexpr std::size_t kSha256Bytes = 32;
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// A machine that cannot hash or draw random bytes must not go on: what it would sign or hide is not safe.
[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "vigie: OpenSSL: %s failed\n", what);
  std::abort();
}

std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6;) out.push_back(alphabet[(buffer >> (bits -= 6)) & 63u]);
  }
  if (bits > 0) out.push_back(alphabet[(buffer << (6 - bits)) & 63u]);
  return out;
}

}  // namespace

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

std::string sha256(std::string_view bytes) {
  std::string digest(kSha256Bytes, '\0');
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), bytes_of(digest), &size, EVP_sha256(), nullptr) != 1) give_up("SHA-256");
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string code(kSha256Bytes, '\0');
  unsigned size = 0;
  // A null key would mean "the key of last time" to OpenSSL.
  const char* const key_bytes = key.data() == nullptr ? "" : key.data();
  if (HMAC(EVP_sha256(), key_bytes, static_cast<int>(key.size()), bytes_of(bytes), bytes.size(), bytes_of(code),
           &size) == nullptr) {
    give_up("HMAC");
  }
  return code;
}

std::optional<std::string> hmac_by_name(std::string_view algorithm, std::string_view key, std::string_view bytes) {
  const EVP_MD* const digest = algorithm == "sha1"     ? EVP_sha1()
                               : algorithm == "sha256" ? EVP_sha256()
                               : algorithm == "sha384" ? EVP_sha384()
                               : algorithm == "sha512" ? EVP_sha512()
                                                       : nullptr;
  if (digest == nullptr) return std::nullopt;
  std::string code(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  const char* const key_bytes = key.data() == nullptr ? "" : key.data();
  if (HMAC(digest, key_bytes, static_cast<int>(key.size()), bytes_of(bytes), bytes.size(), bytes_of(code), &size) ==
      nullptr) {
    give_up("HMAC");
  }
  code.resize(size);
  return code;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(bytes_of(bytes), static_cast<int>(count)) != 1) give_up("random bytes");
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
    out.push_back(kHex[static_cast<unsigned char>(c) & 15u]);
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out = encode(bytes, kBase64);
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::string to_base64url(std::string_view bytes) { return encode(bytes, kBase64Url); }

Result<std::string> from_base64(std::string_view text) {
  const std::size_t padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  text.remove_suffix(padding);
  if (padding > 2 || text.size() % 4 == 1 || (padding > 0 && (text.size() + padding) % 4 != 0)) {
    return fail(ErrorKind::bad_data, "not base64: wrong length");
  }
  std::string out;
  out.reserve(text.size() * 3 / 4);
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = base64_digit(c);
    if (value < 0) return fail(ErrorKind::bad_data, "not base64: a character outside the alphabet");
    buffer = (buffer << 6) | static_cast<unsigned>(value);
    if ((bits += 6) >= 8) out.push_back(static_cast<char>((buffer >> (bits -= 8)) & 0xFFu));
  }
  // One text for one value: left-over bits must be zero, or a signature could be written in several ways.
  if ((buffer & ((1u << bits) - 1)) != 0) return fail(ErrorKind::bad_data, "not base64: trailing bits");
  return out;
}

std::uint64_t hash64(std::string_view bytes) { return XXH64(bytes.data(), bytes.size(), 0); }

}  // namespace vigie
