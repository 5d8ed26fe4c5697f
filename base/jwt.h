// Signed JSON Web Tokens (RFC 7519, 7515), as services ask for them in place of a password.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

// header.claims.signature in base64url, both given as JSON objects. `algorithm`: "ES256" or "RS256"; `pem`: the private
// key, PKCS#8 or the older forms. bad_config for a key that cannot be read or is of the other kind: the key is never
// part of the error.
Result<std::string> sign_jwt(std::string_view algorithm, std::string_view pem, std::string_view header,
                             std::string_view claims);

}  // namespace vigie
