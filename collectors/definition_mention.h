// One item of an answer as a mention.

#pragma once

#include "collectors/definition_model.h"
#include "model/mention.h"

namespace vigie::definition {

// bad_data naming the field: `created: expected seconds since 1970, found "soon"`.
// `answer`: the whole of it, where side tables stand.
Result<Mention> to_mention(const Definition& definition, const json::Value& item, const json::Value& answer,
                           const Params& params);

// The item's id alone, as to_mention would give it; "" when it has none.
std::string id_of(const Definition& definition, const json::Value& item, const json::Value& answer,
                  const Params& params);

// What makes two readings of an item the same: id, title, text, rating and the brand's reply.
std::string content_of(const Mention& mention);

}  // namespace vigie::definition
