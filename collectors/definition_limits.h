// What an answer says of its source's allowance, and what a definition tells the loop beforehand.

#pragma once

#include "base/http.h"
#include "base/json.h"
#include "collectors/definition_model.h"
#include "config/settings.h"

namespace vigie::definition {

// How long no request of the same allowance may be made; nothing while there is some left. `body`: absent when the
// answer is no JSON.
std::optional<Duration> rest_after(const Definition::Limits& limits, const HttpReply& reply, const json::Value& body,
                                   Time now);

// The wait that an error rule asks for.
Duration wait_of(const Definition::ErrorRule& rule, const HttpReply& reply, const json::Value& body, Time now);

SourceLimits limits_of(const Definition& definition, const SourceSettings& settings);
SourceTerms terms_of(const Definition& definition);

}  // namespace vigie::definition
