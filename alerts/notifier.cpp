#include "alerts/notifier.h"

#include <algorithm>
#include <cmath>

#include "alerts/notifier_kind.h"
#include "base/log.h"

namespace vigie {
namespace {

constexpr Duration kRetryBase = seconds(2);
constexpr Duration kRetryCap = minutes(15);

}  // namespace

// Full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015): uniform between nothing
// and the doubling bound, so that notifications that failed together do not come back together.
Duration retry_after(int attempts, const Error& error, double unit_random) {
  const double doubled = static_cast<double>(kRetryBase.count()) * std::exp2(std::clamp(attempts - 1, 0, 30));
  const double bound = std::min(doubled, static_cast<double>(kRetryCap.count()));
  const Duration jittered(static_cast<std::int64_t>(bound * std::clamp(unit_random, 0.0, 1.0)));
  return std::max(jittered, error.retry_in.value_or(Duration::zero()));
}

std::string without_secrets(std::string text, const std::vector<std::string_view>& secrets) {
  for (const std::string_view secret : secrets) {
    if (secret.size() < 4) continue;  // so short, it would tear words apart and hide nothing
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
      text.replace(at, secret.size(), "[secret]");
      at += 8;
    }
  }
  return log::redact(text);
}

Result<std::string> Notifier::render_letter(const CustomerLetter&, const Outgoing& out) {
  return fail(ErrorKind::bad_config, concat(out.endpoint.kind, " ", out.endpoint.id,
                                            ": writes to no customers; use an endpoint of kind email, ovh or twilio"));
}

}  // namespace vigie
