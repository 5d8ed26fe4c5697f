#include "pipeline/query_text.h"

#include "base/result.h"

namespace vigie {

const std::vector<std::string_view>& QueryText::tokens() const {
  if (!tokens_.empty()) return tokens_;
  tokens_.reserve(words_.size());
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].length > 0) tokens_.push_back(words_.folded(i));
  }
  return tokens_;
}

std::string title_and_text(const Mention& mention) {
  if (mention.title.empty()) return mention.text;
  if (mention.text.empty()) return mention.title;
  return concat(mention.title, "\n", mention.text);
}

}  // namespace vigie
