// Opinion in a text: the interface that every model of it has.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/judgement.h"
#include "model/mention.h"
#include "pipeline/words.h"

namespace vigie {

class Scorer {
 public:
  virtual ~Scorer() = default;
  // Fills lang-independent parts of a Judgement: probabilities, label, unsure, drivers, model. `lang` as detected;
  // `domain` "tweet" or "review".
  virtual Judgement score(const Words& words, std::string_view lang, std::string_view domain,
                          const std::optional<Rating>& rating) const = 0;
  Judgement score(std::string_view text, std::string_view lang, std::string_view domain,
                  const std::optional<Rating>& rating) const {
    return score(split_words(text), lang, domain, rating);
  }
};

// ISO 639-1 of the text ("other" when it cannot tell); `declared` (BCP 47 or "") is a prior, not a truth.
std::string detect_language(std::string_view text, std::string_view declared);

}  // namespace vigie
