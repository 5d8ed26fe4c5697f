// What happens to each mention, in order: clean, language, match, fingerprint, sentiment, themes. Pure: the same
// mention gives the same judgement on any thread.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "model/stored.h"
#include "pipeline/sentiment.h"

namespace vigie {

class Pipeline {
 public:
  // bad_config when a brand query or a file of themes cannot be read. `scorer`: null = the shipped model.
  static Result<std::unique_ptr<Pipeline>> make(const std::vector<BrandSettings>& brands,
                                                const std::vector<SourceSettings>& sources,
                                                const std::vector<std::string>& theme_files = {},
                                                std::shared_ptr<const Scorer> scorer = nullptr);
  virtual ~Pipeline() = default;
  virtual Judged judge(Mention mention) const = 0;  // safe from several threads
};

// What kind of text a mention is to the scorer: "review" with a rating or when it answers a survey, else "tweet".
std::string_view domain_of(const Mention& mention);

// "" when the query of a brand is well formed, else `column 12: expected ")"`.
std::string check_query(std::string_view query);

}  // namespace vigie
