// One item of an answer as a mention.

#pragma once

#include "collectors/definition_model.h"
#include "model/mention.h"

namespace vigie::definition {

// bad_data naming the field: `created: expected seconds since 1970, found "soon"`.
Result<Mention> to_mention(const Definition& definition, const json::Value& item, const Params& params);

}  // namespace vigie::definition
