// How a rewritten text is cut into words before the vocabulary cuts those: the "pre_tokenizer" of a tokenizer file.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace vigie::tokenizer {

using Pieces = std::vector<std::string>;
using Split = std::function<Pieces(Pieces)>;

// The steps in their order; none when the file has none. bad_data names a step that is not known here.
Result<std::vector<Split>> read_splitter(const json::Value& pre_tokenizer);

}  // namespace vigie::tokenizer
