// Bytes that anybody can close and one key can open: libsodium's sealed boxes (X25519, XSalsa20, Poly1305). Who closed
// one cannot open it again.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

struct BoxKeys {
  std::string open_with, close_with;  // secret, public: 32 bytes each
};

BoxKeys make_box_keys();
// The public half that belongs to a secret one. bad_data when it has not 32 bytes.
Result<std::string> closing_half(std::string_view open_with);

// bad_data when the key has not 32 bytes.
Result<std::string> seal_box(std::string_view bytes, std::string_view close_with);
// bad_data: it was closed for another key, or changed.
Result<std::string> open_box(std::string_view box, std::string_view open_with);

}  // namespace vigie
