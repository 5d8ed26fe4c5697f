// One mention as a brand query sees it: its words in order, its language, and the fields of its source.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/mention.h"
#include "pipeline/words.h"

namespace vigie {

// Lends what it is made of. Belongs to one thread: the tokens are listed when first asked for.
class QueryText {
 public:
  // `lang`: as found by pipeline/language, not as declared.
  QueryText(const Words& words, const Mention& mention, std::string_view lang)
      : words_(words), mention_(mention), lang_(lang) {}

  std::string_view folded() const { return words_.folded(); }
  const Mention& mention() const { return mention_; }
  std::string_view lang() const { return lang_; }

  // The folded words, links left out: a word's position is its place here.
  const std::vector<std::string_view>& tokens() const;

 private:
  const Words& words_;
  const Mention& mention_;
  std::string_view lang_;
  mutable std::vector<std::string_view> tokens_;
};

// What a query is asked of: the title, then the text.
std::string title_and_text(const Mention& mention);

}  // namespace vigie
