// The trie's units are those of Darts-clone (https://github.com/s-yata/darts-clone): bit 31 a leaf's value, bit 8 "has
// a leaf", bits 0-7 the label, bits 10-30 the offset, in steps of 256 when bit 9 is set.

#include "pipeline/tokenizer/charsmap.h"

#include <openssl/evp.h>
#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <cstring>
#include <memory>

#include "pipeline/tokenizer/characters.h"

namespace vigie::tokenizer {
namespace {

constexpr std::size_t kShortCharacter = 6;  // bytes
constexpr std::size_t kMostBytes = 8u << 20;

bool has_leaf(std::uint32_t unit) { return (unit >> 8 & 1u) != 0; }
std::uint32_t value_of(std::uint32_t unit) { return unit & 0x7FFFFFFFu; }
std::uint32_t label_of(std::uint32_t unit) { return unit & (0x80000000u | 0xFFu); }
std::uint32_t offset_of(std::uint32_t unit) { return (unit >> 10) << ((unit & 1u << 9) >> 6); }

Result<std::string> decode(std::string_view base64) {
  if (base64.empty() || base64.size() > kMostBytes || base64.size() % 4 != 0)
    return fail(ErrorKind::bad_data, "precompiled_charsmap: expected base64 of at most 8 MiB");
  std::string bytes(base64.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
  if (length < 0) return fail(ErrorKind::bad_data, "precompiled_charsmap: expected base64, found another character");
  bytes.resize(static_cast<std::size_t>(length));
  return bytes;
}

}  // namespace

Result<Charsmap> Charsmap::read(std::string_view base64) {
  TRY(const std::string bytes, decode(base64));
  std::uint32_t trie_bytes = 0;
  if (bytes.size() < sizeof trie_bytes) return fail(ErrorKind::bad_data, "precompiled_charsmap: expected a length");
  std::memcpy(&trie_bytes, bytes.data(), sizeof trie_bytes);
  if (trie_bytes == 0 || trie_bytes % sizeof(std::uint32_t) != 0 || trie_bytes > bytes.size() - sizeof trie_bytes)
    return fail(ErrorKind::bad_data, "precompiled_charsmap: its length does not fit its bytes");
  Charsmap map;
  map.trie_.resize(trie_bytes / sizeof(std::uint32_t));
  std::memcpy(map.trie_.data(), bytes.data() + sizeof trie_bytes, trie_bytes);
  map.texts_ = bytes.substr(sizeof trie_bytes + trie_bytes);
  map.texts_.push_back('\0');
  return map;
}

const char* Charsmap::find(std::string_view text) const {
  std::size_t node = offset_of(trie_[0]);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    node ^= byte;
    if (byte == 0 || node >= trie_.size() || label_of(trie_[node]) != byte) return nullptr;
    const std::uint32_t unit = trie_[node];
    node ^= offset_of(unit);
    if (!has_leaf(unit)) continue;
    if (node >= trie_.size() || value_of(trie_[node]) >= texts_.size()) return nullptr;
    return texts_.c_str() + value_of(trie_[node]);
  }
  return nullptr;
}

std::string Charsmap::rewrite(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  const auto add = [&](std::string_view character) {
    if (const char* known = character.size() < kShortCharacter ? find(character) : nullptr) {
      out += known;
      return;
    }
    for_each_character(character, [&](UChar32, std::string_view bytes) {
      if (const char* known = find(bytes)) {
        out += known;
      } else {
        out += bytes;
      }
    });
  };

  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  UText* const opened = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status);
  if (iterator == nullptr || U_FAILURE(status)) {  // out of memory: code points are nearly as good
    utext_close(opened);
    add(text);
    return out;
  }
  iterator->setText(opened, status);
  for (std::int32_t begin = 0, end = iterator->next(); end != icu::BreakIterator::DONE; end = iterator->next()) {
    add(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
    begin = end;
  }
  utext_close(opened);
  return out;
}

}  // namespace vigie::tokenizer
