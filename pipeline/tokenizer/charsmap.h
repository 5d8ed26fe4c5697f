// SentencePiece's own table of how characters are rewritten (NFKC with its exceptions), as a tokenizer file carries it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie::tokenizer {

class Charsmap {
 public:
  // `base64`: four bytes of length, a double-array trie of that many bytes, then texts that end with NUL. bad_data when
  // it is not that.
  static Result<Charsmap> read(std::string_view base64);

  // Character by character as people see them: a short one (under six bytes) is looked up whole, the code points of
  // others one by one.
  std::string rewrite(std::string_view text) const;

 private:
  // What the shortest beginning of `text` in the table becomes; null: it is not there.
  const char* find(std::string_view text) const;

  std::vector<std::uint32_t> trie_;
  std::string texts_;  // ends with NUL
};

}  // namespace vigie::tokenizer
