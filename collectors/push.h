// Mentions that others send us: a signed request to /in/{source}. Reading is pure; app/push_in answers.
//
// The signature is checked on the raw body, in constant time, before anything of it is parsed. Two forms:
//   Standard Webhooks (https://www.standardwebhooks.com): webhook-id, webhook-timestamp, webhook-signature
//   X-Signature: sha256=HEX, the HMAC of the body; of "TIMESTAMP.BODY" when X-Timestamp (seconds) is sent
// A timestamp more than five minutes off is refused. The body: JSON (one mention, a list, or lines), CSV with a header,
// or a mail (message/rfc822). What has a `map` is read by it, as a definition's items are.

#pragma once

#include <memory>

#include "base/http_server.h"
#include "config/settings.h"
#include "model/batch.h"

namespace vigie {

class Push {
 public:
  virtual ~Push() = default;
  // denied: not signed, wrongly or too late. bad_data: not one record of it could be read; says why.
  virtual Result<Batch> read(const ServerRequest& request, Time now) const = 0;
};

// params: content?, items?, map.*?; secret: secret. bad_config `param: expected ...`.
Result<std::unique_ptr<Push>> open_push(const SourceSettings& settings);

// Whether `request` carries a signature of its body by `secret`, now. denied says what is wrong, never what was
// expected.
Result<void> check_signature(const ServerRequest& request, std::string_view secret, Time now);

}  // namespace vigie
