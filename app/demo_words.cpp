#include "app/demo_words.h"

#include <algorithm>

#include "base/embedded.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kBrand = "Tilvane";

// Columns of each line that is not a comment; bad_data when a line has another number of them.
Result<std::vector<std::vector<std::string_view>>> read_rows(const std::string& path, std::size_t columns) {
  const auto bytes = embedded(path);
  if (!bytes) return fail(ErrorKind::bug, concat(path, ": not built into this program"));
  std::vector<std::vector<std::string_view>> rows;
  int line_number = 0;
  for (const std::string_view line : split(*bytes, '\n')) {
    ++line_number;
    if (line.empty() || line.front() == '#') continue;
    auto row = split(line, '\t');
    if (row.size() != columns) {
      return fail(ErrorKind::bad_data, concat(path, ":", std::to_string(line_number), ": expected ",
                                              std::to_string(columns), " columns, found ", std::to_string(row.size())));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

bool fits(const DemoTemplate& candidate, const std::vector<std::string_view>& forms, std::string_view label,
          std::string_view theme) {
  if (std::find(forms.begin(), forms.end(), candidate.form) == forms.end()) return false;
  if (!label.empty() && candidate.label != label) return false;
  return theme.empty() ? candidate.theme != "viral" : candidate.theme == theme;
}

}  // namespace

Result<DemoWords> DemoWords::load(std::string_view lang) {
  DemoWords words;
  TRY(const auto texts, read_rows(concat("config/demo/texts.", lang, ".tsv"), 4));
  for (const auto& row : texts) {
    words.templates_.push_back({std::string(row[0]), std::string(row[1]), std::string(row[2]), std::string(row[3])});
  }
  TRY(const auto lists, read_rows(concat("config/demo/words.", lang, ".tsv"), 2));
  for (const auto& row : lists) {
    DemoWordList list{std::string(row[0]), {}};
    for (const std::string_view word : split(row[1], '|')) list.words.emplace_back(word);
    words.lists_.push_back(std::move(list));
  }
  return words;
}

const DemoTemplate* DemoWords::pick(Rng& rng, const std::vector<std::string_view>& forms, std::string_view label,
                                    std::string_view theme) const {
  std::vector<const DemoTemplate*> candidates;
  for (const DemoTemplate& candidate : templates_) {
    if (fits(candidate, forms, label, theme)) candidates.push_back(&candidate);
  }
  return candidates.empty() ? nullptr : candidates[rng.below(candidates.size())];
}

std::string DemoWords::word(Rng& rng, std::string_view name) const {
  const DemoWordList* found = list(name);
  return found == nullptr ? "" : fill(rng, found->words[rng.below(found->words.size())]);
}

std::string DemoWords::fill(Rng& rng, std::string_view text) const {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    out += text.substr(0, open);
    out += slot(rng, text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  out += text;
  return out;
}

const DemoWordList* DemoWords::list(std::string_view name) const {
  const auto found = std::find_if(lists_.begin(), lists_.end(), [&](const DemoWordList& l) { return l.name == name; });
  return found == lists_.end() ? nullptr : &*found;
}

std::string DemoWords::slot(Rng& rng, std::string_view name) const {
  if (name == "brand") return std::string(kBrand);
  std::string filled = word(rng, ascii_lower(name));
  const bool capital = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
  // Every list that is used with a capital starts its words with an ASCII letter.
  if (capital && !filled.empty() && filled.front() >= 'a' && filled.front() <= 'z') {
    filled.front() = static_cast<char>(filled.front() - 'a' + 'A');
  }
  return filled;
}

}  // namespace vigie
