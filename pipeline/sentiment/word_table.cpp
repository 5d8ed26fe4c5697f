#include "pipeline/sentiment/word_table.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/number.h"
#include "base/text.h"
#include "pipeline/sentiment/tokens.h"
#include "pipeline/words.h"

namespace vigie::sentiment {

namespace {

template <class Add>
Result<void> each_line(std::istream& lines, std::string_view name, const Add& add) {
  std::string line;
  for (std::int64_t number = 1; std::getline(lines, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const Result<void> added = is_valid_utf8(line)
                                   ? add(line)
                                   : fail(ErrorKind::bad_data, "expected UTF-8, found bytes that are not");
    if (!added) return fail(ErrorKind::bad_data, fmt::format("{}:{}: {}", name, number, added.error().what));
  }
  return {};
}

}  // namespace

std::uint64_t language_salt(std::string_view lang) { return XXH3_64bits(lang.data(), lang.size()); }

Result<void> WordTableBuilder::add_lines(std::istream& lines, std::string_view lang, std::string_view name) {
  const std::uint64_t salt = language_salt(lang);
  return each_line(lines, name, [&](std::string_view line) { return add_line(line, salt); });
}

Result<void> WordTableBuilder::add_classes(std::istream& lines, std::string_view lang, std::string_view name) {
  const std::uint64_t salt = language_salt(lang);
  return each_line(lines, name, [&](std::string_view line) { return add_class(line, salt); });
}

Result<void> WordTableBuilder::add_class(std::string_view line, std::uint64_t salt) {
  const std::vector<std::string_view> fields = split(line, '\t');
  const auto number = fields.size() == 2 ? whole_number(fields[1]) : std::nullopt;
  if (!number || *number < 1 || *number > WordTable::kMostClasses) {
    return fail(ErrorKind::bad_data, fmt::format("expected a word, a tab and a class from 1 to {}, found \"{}\"",
                                                 WordTable::kMostClasses, line));
  }
  const Words words = split_words(fields[0]);
  std::vector<Token> tokens;
  read_tokens(words, tokens);
  if (tokens.size() == 1) classed_.push_back({word_key(tokens[0].hash, salt), static_cast<std::uint32_t>(*number)});
  return {};
}

Result<void> WordTableBuilder::add_line(std::string_view line, std::uint64_t salt) {
  const std::vector<std::string_view> fields = split(line, '\t');
  const std::size_t values = fields.size() - 1;
  if (values == 0 || values > WordTable::kMostColumns) {
    return fail(ErrorKind::bad_data,
                fmt::format("expected a word and 1 to {} values, found {} values", WordTable::kMostColumns, values));
  }
  if (columns_ == 0) columns_ = values;
  if (values != columns_)
    return fail(ErrorKind::bad_data, fmt::format("expected {} values as before, found {}", columns_, values));

  Entry entry;
  for (std::size_t i = 0; i < values; ++i) {
    const auto value = real_number(fields[i + 1]);
    if (!value || std::abs(*value) > 1)
      return fail(ErrorKind::bad_data, fmt::format("expected -1 to 1, found \"{}\"", fields[i + 1]));
    entry.values[i] = static_cast<std::int8_t>(std::lround(*value * 127));
  }
  const Words words = split_words(fields[0]);
  std::vector<Token> tokens;
  read_tokens(words, tokens);
  // Words that fall apart further ("aujourd'hui" gives two, "jusqu'à ce que" four) are kept up to two.
  if (tokens.empty() || tokens.size() > 2) return {};
  entry.key = tokens.size() == 1 ? word_key(tokens[0].hash, salt) : phrase_key(tokens[0].hash, tokens[1].hash, salt);
  if (tokens.size() == 2) {
    const std::size_t bit = WordTable::phrase_bit(entry.key);
    phrases_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  entries_.push_back(entry);
  return {};
}

bool WordTableBuilder::place(std::size_t slots) {
  keys_.assign(slots, 0);
  values_.assign(slots * WordTable::kMostColumns, 0);
  for (const Entry& entry : entries_) {
    const std::uint32_t tag = WordTable::tag_of(entry.key);
    std::size_t at = (entry.key >> 32) & (slots - 1);
    std::size_t tries = 0;
    while (keys_[at] != 0 && keys_[at] != tag) {
      if (++tries >= WordTable::kProbes) return false;
      at = (at + 1) & (slots - 1);
    }
    keys_[at] = tag;
    std::copy(entry.values.begin(), entry.values.end(),
              values_.begin() + static_cast<std::ptrdiff_t>(at * WordTable::kMostColumns));
  }
  return true;
}

void WordTableBuilder::keep_strongest() {
  // Of spellings that fold to the same ("casse", "cassé") the one that says most stands; of equals the first.
  const auto says = [](const Entry& entry) {
    int sum = 0;
    for (const std::int8_t value : entry.values) sum += value < 0 ? -value : value;
    return sum;
  };
  std::unordered_map<std::uint64_t, std::size_t> first;
  std::vector<Entry> kept;
  for (const Entry& entry : entries_) {
    const auto [at, is_new] = first.emplace(entry.key, kept.size());
    if (is_new) {
      kept.push_back(entry);
    } else if (says(entry) > says(kept[at->second])) {
      kept[at->second] = entry;
    }
  }
  entries_ = std::move(kept);
}

void WordTableBuilder::finish() {
  keep_strongest();
  if (entries_.empty()) return;
  std::size_t slots = 1024;
  while (slots < entries_.size() * 8 / 7) slots *= 2;
  while (!place(slots)) slots *= 2;
}

Result<std::size_t> WordTableBuilder::finish_behind(const WordTable& known) {
  if (known.columns() + columns_ > WordTable::kMostColumns) {
    return fail(ErrorKind::bad_data,
                fmt::format("expected at most {} values a word, found {} known ones and {} more: leave some out",
                            WordTable::kMostColumns, known.columns(), columns_));
  }
  keep_strongest();
  keys_.assign(known.keys().begin(), known.keys().end());
  values_.assign(known.values().begin(), known.values().end());
  phrases_.assign(known.phrases().begin(), known.phrases().end());
  std::size_t found = 0;
  for (const Entry& entry : entries_) {
    const std::int8_t* const at = known.find(entry.key);
    if (at == nullptr) continue;
    ++found;
    std::copy_n(entry.values.begin(), columns_,
                values_.begin() + (at - known.values().data()) + static_cast<std::ptrdiff_t>(known.columns()));
  }
  columns_ += known.columns();
  return found;
}

Result<std::size_t> WordTableBuilder::finish_classes(const WordTable& known) {
  keys_.assign(known.keys().begin(), known.keys().end());
  values_.assign(known.values().begin(), known.values().end());
  phrases_.assign(known.phrases().begin(), known.phrases().end());
  columns_ = known.columns();
  for (std::uint32_t& key : keys_) key &= WordTable::kTags;
  std::size_t words = 0;
  for (const Classed& word : classed_) {
    const std::uint32_t tag = WordTable::tag_of(word.key);
    std::size_t at = 0, tries = 0;
    for (; tries < WordTable::kProbes && !keys_.empty(); ++tries) {
      at = ((word.key >> 32) + tries) & (keys_.size() - 1);
      if (keys_[at] == 0 || (keys_[at] & WordTable::kTags) == tag) break;
    }
    if (keys_.empty() || tries == WordTable::kProbes) {
      return fail(ErrorKind::bad_data, fmt::format("the {} places of the word table have no room for the classes of {} "
                                                   "words: give fewer, or more words with values",
                                                   keys_.size(), classed_.size()));
    }
    if (keys_[at] >> WordTable::kTagBits != 0) continue;
    keys_[at] = tag | word.of_class << WordTable::kTagBits;
    ++words;
  }
  return words;
}

}  // namespace vigie::sentiment
