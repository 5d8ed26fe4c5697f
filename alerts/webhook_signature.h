// Standard Webhooks 1.0, symmetric scheme: https://github.com/standard-webhooks/standard-webhooks
// (spec/standard-webhooks.md).

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace vigie {

// "v1,BASE64" over `id.seconds.body`. secret: "whsec_" and the base64 of 24 to 64 bytes; bad_config otherwise (without
// showing it).
Result<std::string> sign_webhook(std::string_view secret, std::string_view id, Time timestamp, std::string_view body);

}  // namespace vigie
