// Words as GPT-2's family cuts them, each byte of them as a visible character.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vigie::tokenizer {

struct ByteLevel {
  bool prefix_space = true;  // a blank before a text that has none
  bool words = true;         // cut into words; else only the bytes are made visible

  std::vector<std::string> operator()(const std::vector<std::string>& pieces) const;
};

// Contractions ('s 't 're 've 'm 'll 'd), runs of letters, of numbers and of signs, each with the blank before it, and
// runs of blanks; of a run of blanks before a word the last one is the word's.
std::vector<std::string_view> words_of(std::string_view text);

}  // namespace vigie::tokenizer
