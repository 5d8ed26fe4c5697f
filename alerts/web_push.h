// Web Push: a message that only the subscribed browser can read (RFC 8291, over RFC 8188's aes128gcm), and who sends it
// (VAPID, RFC 8292). Keys are of the curve P-256.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace vigie {

struct PushSubscription {
  std::string endpoint;    // of the push service; who knows it may push, so it is a secret
  std::string public_key;  // 65 bytes: 4, x, y
  std::string auth;        // 16 bytes
};

// What pushManager.subscribe() gave, as JSON. bad_config otherwise, without showing it.
Result<PushSubscription> read_subscription(std::string_view json);

struct PushKey {
  std::string pem;         // the private key
  std::string public_key;  // 65 bytes
};

// From PEM, or from 32 bytes in base64url. bad_config otherwise, without showing it.
Result<PushKey> read_push_key(std::string_view text);
// From the private number, 32 bytes.
Result<PushKey> push_key_of(std::string_view number);

// What the push service is given: salt, record size, our key, and the plain text sealed in one record. `key` and `salt`
// (16 bytes) are of this message alone. bad_data for more than 3,993 bytes of plain text.
Result<std::string> seal_push(std::string_view plain, const PushSubscription& to, const PushKey& key,
                              std::string_view salt);
// The same with a key and a salt drawn for it.
Result<std::string> seal_push(std::string_view plain, const PushSubscription& to);

// The value of the Authorization header: a token for this push service, good for twelve hours, and the public key.
// sender: a mailto: or https: address.
Result<std::string> vapid(const PushSubscription& to, const PushKey& key, std::string_view sender, Time now);

}  // namespace vigie
