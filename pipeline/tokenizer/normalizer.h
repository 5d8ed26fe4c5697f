// How a text is rewritten before it is cut: the "normalizer" of a tokenizer file.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace vigie::tokenizer {

using Rewrite = std::function<std::string(std::string)>;

// The steps in their order; none when the file has none. bad_data names a step that is not known here.
Result<std::vector<Rewrite>> read_normalizer(const json::Value& normalizer);

}  // namespace vigie::tokenizer
