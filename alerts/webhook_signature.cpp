#include "alerts/webhook_signature.h"

#include "base/secret.h"

namespace vigie {

Result<std::string> sign_webhook(std::string_view secret, std::string_view id, Time timestamp, std::string_view body) {
  constexpr std::string_view kPrefix = "whsec_";
  const auto wrong = [] {
    return fail(ErrorKind::bad_config, "webhook secret: expected whsec_ and the base64 of 24 to 64 random bytes");
  };
  if (!secret.starts_with(kPrefix)) return wrong();
  const Result<std::string> key = from_base64(secret.substr(kPrefix.size()));
  if (!key || key->size() < 24 || key->size() > 64) return wrong();
  return concat("v1,", to_base64(hmac_sha256(*key, concat(id, ".", std::to_string(to_epoch(timestamp)), ".", body))));
}

}  // namespace vigie
