// Conditions of source definitions, over the paths of collectors/path.h:
//
//   kind == 't3' and not deleted          a path alone is true when something other than null, false and "" stands
//   there visibility in ['public', 'unlisted']  stars >= 4   note contains '#nobot'   error == null

#pragma once

#include <memory>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "collectors/path.h"

namespace vigie::definition {

class Condition {
 public:
  struct Term;

  // A comparison with what is not there is false, save for == null. {name} in a 'text' is a parameter.
  bool holds(const json::Value& value, const Params* params = nullptr) const;

 private:
  friend Result<Condition> parse_condition(std::string_view);
  std::shared_ptr<const Term> term_;
};

// bad_config: `character 9: expected "==" ..., found "t3"`.
Result<Condition> parse_condition(std::string_view text);

}  // namespace vigie::definition
