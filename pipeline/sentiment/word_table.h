// What is known of words beyond the labelled texts: a few numbers a word and language, from lexicons and from larger
// models, so that a word no training text holds still weighs, and which words are of one class.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie::sentiment {

// What sets the words of one language apart; "" for signs that all languages share. Taken once a text.
std::uint64_t language_salt(std::string_view lang);

// Key of a word, or of two words that follow each other, in the language of the salt.
inline std::uint64_t word_key(std::uint64_t token_hash, std::uint64_t salt) {
  return (token_hash ^ salt) * 0x9E3779B97F4A7C15ull;
}
inline std::uint64_t phrase_key(std::uint64_t first_hash, std::uint64_t second_hash, std::uint64_t salt) {
  return word_key(first_hash * 0xD6E8FEB86659FD93ull + second_hash, salt);
}

// A hash table in two flat arrays, as it stands in the model file: `keys` (0 = empty slot, linear probing, a power of
// two; kTagBits that tell words apart, and above them the number of the word's class, 0 for none) and kMostColumns
// values a slot, the first `columns` in use, -127..127 for -1..1. A view: who owns the bytes must outlive it.
class WordTable {
 public:
  static constexpr std::size_t kMostColumns = 8;

  static constexpr std::size_t kPhraseWords = 512;  // of 64 bits, in the set of phrases
  static constexpr unsigned kTagBits = 22;
  static constexpr std::uint32_t kMostClasses = (1u << (32 - kTagBits)) - 1;

  WordTable() = default;
  WordTable(std::span<const std::uint32_t> keys, std::span<const std::int8_t> values,
            std::span<const std::uint64_t> phrases, std::size_t columns)
      : keys_(keys), values_(values), phrases_(phrases), columns_(columns) {}

  std::size_t columns() const { return columns_; }
  std::size_t slots() const { return keys_.size(); }
  std::span<const std::uint32_t> keys() const { return keys_; }
  std::span<const std::int8_t> values() const { return values_; }
  std::span<const std::uint64_t> phrases() const { return phrases_; }

  // The word's kMostColumns values, or null.
  const std::int8_t* find(std::uint64_t key) const {
    if (keys_.empty()) return nullptr;
    const std::size_t mask = keys_.size() - 1;
    const std::uint32_t tag = tag_of(key);
    for (std::size_t at = (key >> 32) & mask, tries = 0; tries <= kProbes; at = (at + 1) & mask, ++tries) {
      if ((keys_[at] & kTags) == tag) return values_.data() + at * kMostColumns;
      if (keys_[at] == 0) return nullptr;
    }
    return nullptr;
  }

  // Of a word that find() gave.
  std::uint32_t class_of(const std::int8_t* values) const {
    return keys_[static_cast<std::size_t>(values - values_.data()) / kMostColumns] >> kTagBits;
  }

  // As find(), of a phrase. Few pairs of words are phrases: a small set in the fastest memory rules nearly all others
  // out.
  const std::int8_t* find_phrase(std::uint64_t key) const {
    const std::size_t bit = phrase_bit(key);
    return phrases_.empty() || (phrases_[bit / 64] >> (bit % 64) & 1) == 0 ? nullptr : find(key);
  }

 private:
  friend class WordTableBuilder;
  static constexpr std::uint32_t kTags = (1u << kTagBits) - 1;
  static constexpr std::size_t kProbes = 512;  // bounds the search in a table that is not ours
  static std::size_t phrase_bit(std::uint64_t key) { return key >> 49; }
  static std::uint32_t tag_of(std::uint64_t key) {
    const std::uint32_t tag = static_cast<std::uint32_t>(key) & kTags;
    return tag == 0 ? 1 : tag;
  }

  std::span<const std::uint32_t> keys_;
  std::span<const std::int8_t> values_;
  std::span<const std::uint64_t> phrases_;
  std::size_t columns_ = 0;
};

// Builds the two arrays from text.
class WordTableBuilder {
 public:
  // Lines "WORD TAB V1 TAB V2 ...", each value -1..1; WORD of one or two words as people write them. All lines of all
  // files have the same number of values. bad_data names the line.
  Result<void> add_lines(std::istream& lines, std::string_view lang, std::string_view name);

  // Lines "WORD TAB CLASS", a number from 1 to WordTable::kMostClasses; a WORD that is two to the model is left out.
  // bad_data names the line.
  Result<void> add_classes(std::istream& lines, std::string_view lang, std::string_view name);

  // The same input in the same order gives the same bytes.
  void finish();
  // In place of finish(): the values stand behind those of `known`, for the words it holds; others are left out, and
  // words without lines have 0 there. Returns how many words were found. bad_data when there are too many columns.
  Result<std::size_t> finish_behind(const WordTable& known);
  // In place of finish(): `known` with the classes added, in place of those it had; of spellings that fold to one word
  // the first counts. Words that `known` does not hold are put in without values. Returns how many words have a class.
  // bad_data when there is no room for them.
  Result<std::size_t> finish_classes(const WordTable& known);
  WordTable table() const { return {keys_, values_, phrases_, columns_}; }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::array<std::int8_t, WordTable::kMostColumns> values{};
  };

  struct Classed {
    std::uint64_t key = 0;
    std::uint32_t of_class = 0;
  };

  Result<void> add_line(std::string_view line, std::uint64_t salt);
  Result<void> add_class(std::string_view line, std::uint64_t salt);
  void keep_strongest();
  bool place(std::size_t slots);

  std::vector<Entry> entries_;
  std::vector<Classed> classed_;
  std::size_t columns_ = 0;
  std::vector<std::uint32_t> keys_;
  std::vector<std::int8_t> values_;
  std::vector<std::uint64_t> phrases_ = std::vector<std::uint64_t>(WordTable::kPhraseWords);
};

}  // namespace vigie::sentiment
