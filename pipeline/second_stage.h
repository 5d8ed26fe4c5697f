// A second, slower opinion of texts that the first model is unsure of: the interface that every kind of it has.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "pipeline/sentiment/model.h"

namespace vigie {

struct Question {
  std::string_view text;
  std::string_view lang, domain;  // as the first model was told
};

// What a model of two classes cannot say is absent: then `neutral` is left to the first model.
struct SecondOpinion {
  sentiment::Probabilities p{};
  bool knows_neutral = true;
};

class SecondStage {
 public:
  virtual ~SecondStage() = default;
  virtual const std::string& name() const = 0;

  // Opinions of the first questions, in their order; fewer than asked when it is `until` before the rest is reached,
  // but always some. Nothing in the place of a text that it has no number for. The same text gets the same opinion in
  // any company. Called from one thread at a time. An error: none was answered, and why.
  virtual Result<std::vector<std::optional<SecondOpinion>>> answer(std::span<const Question> questions, Time until) = 0;
};

}  // namespace vigie
