// Which mentions a rule looks at: the query, themes and types of its settings.

#pragma once

#include <optional>
#include <string>

#include "config/settings.h"
#include "model/stored.h"
#include "pipeline/query.h"
#include "pipeline/words.h"

namespace vigie {

// One mention's text, split into words when the first rule asks for them.
class LazyText {
 public:
  explicit LazyText(const StoredMention& mention) : mention_(mention) {}
  const QueryText& get();

 private:
  const StoredMention& mention_;
  std::string written_;
  std::optional<Words> words_;
  std::optional<QueryText> text_;
};

class RuleFilter {
 public:
  // A query that cannot be read fits nothing; the settings were checked.
  explicit RuleFilter(const RuleSettings& rule);

  bool fits(const StoredMention& mention, LazyText& text) const;

 private:
  bool about_its_themes(const Judgement& judgement) const;

  const RuleSettings& rule_;
  std::optional<Query> query_;
};

}  // namespace vigie
