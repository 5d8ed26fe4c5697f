// One mail to one recipient over SMTP (libcurl), and what the server's answer means.

#pragma once

#include <string>

#include "base/result.h"
#include "config/settings.h"

namespace vigie {

// Blocks until the server has answered, at most limits::kNotification. `from` and `to` are bare addresses, `bytes` a
// whole mail.
//   transient  4yz, no connection, broken off, too slow; retry_in 5 min for "mailbox busy" and greylists; maybe_done
//              when the whole mail went out and no answer came
//   denied     530, 534, 535, 538: credentials or TLS; a certificate that is not valid; no STARTTLS where it is
//   required bad_data   any other 5yz: this mail or this recipient will never be taken bad_config tls "none" to another
//   machine
Result<void> send_smtp(const MailSettings& settings, const std::string& from, const std::string& to,
                       std::string_view bytes);

// The kind for a reply code of a server that refused; pure.
Error refused_by_smtp(long code, std::string what);

}  // namespace vigie
