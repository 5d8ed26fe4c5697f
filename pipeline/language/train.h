// Training of the language model: multinomial logistic regression over hashed features, AdaGrad, one thread, the same
// bytes from the same rows.
//
// AdaGrad: Duchi, Hazan and Singer, 2011. Rows are read in pieces of a few words, so that a text of three words is as
// familiar as one of thirty.

#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/language/model.h"

namespace vigie::language {

struct Row {
  std::string set;  // what stands before the first ':' of its id
  std::string lang;
  std::string text;
  float weight = 1;
};

// Lines "ID TAB LANG TAB DOMAIN TAB LABEL TAB TEXT", of which domain and label are not read. bad_data names the line.
Result<std::vector<Row>> read_rows(std::istream& lines, std::string_view name);

// What a set's rows weigh: "assur=0.2" or "mozetic:en=0"; 0 leaves them out.
struct SetRule {
  std::string set, lang;  // lang "" = any
  float weight = 1;
};
Result<SetRule> parse_set_rule(std::string_view text);
void apply_rules(const std::vector<SetRule>& rules, std::vector<Row>& rows);

struct TrainOptions {
  unsigned bits = 16;  // 2^bits rows of weights, kTongues bytes each
  int epochs = 3;
  double rate = 0.03;  // AdaGrad's step
  std::uint64_t seed = 1;
};

using Progress = std::function<void(const std::string&)>;

// bad_data when one of the six languages has no rows.
Result<ModelParts> train(const std::vector<Row>& rows, const TrainOptions& options, const Progress& progress);

}  // namespace vigie::language
