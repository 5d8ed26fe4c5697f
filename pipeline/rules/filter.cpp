#include "pipeline/rules/filter.h"

#include <algorithm>

namespace vigie {
namespace {

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const QueryText& LazyText::get() {
  if (!text_) {
    written_ = title_and_text(mention_.mention);
    words_ = split_words(written_);
    text_.emplace(*words_, mention_.mention, mention_.judgement.lang);
  }
  return *text_;
}

RuleFilter::RuleFilter(const RuleSettings& rule) : rule_(rule) {
  if (rule.match.empty()) return;
  if (auto query = Query::parse(rule.match)) query_ = *std::move(query);
}

// What a text praises in passing is not what a rule that counts complaints is about.
bool RuleFilter::about_its_themes(const Judgement& judgement) const {
  const bool complaints = rule_.measure == Measure::negatives || rule_.measure == Measure::share;
  return std::any_of(judgement.themes.begin(), judgement.themes.end(), [&](const std::string& theme) {
    return among(rule_.themes, theme) && (!complaints || judgement.complains_of(theme));
  });
}

bool RuleFilter::fits(const StoredMention& mention, LazyText& text) const {
  if (!rule_.types.empty() && !among(rule_.types, mention.mention.kind)) return false;
  if (!rule_.themes.empty() && !about_its_themes(mention.judgement)) return false;
  if (rule_.match.empty()) return true;
  return query_ && query_->matches(text.get());
}

}  // namespace vigie
