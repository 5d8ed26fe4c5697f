#include "collectors/source.h"

#include "collectors/definition.h"
#include "collectors/feed.h"
#include "collectors/file.h"

namespace vigie {
namespace {

Error status_error(ErrorKind kind, const HttpReply& reply, std::string_view meaning) {
  return {kind, concat("answered ", std::to_string(reply.status), ": ", meaning), reply.retry_after};
}

}  // namespace

Result<void> check_status(const HttpReply& reply) {
  const int status = reply.status;
  if ((status >= 200 && status < 300) || status == 304) return {};
  // Not a matter of credentials: the site wants to see a browser, and we do not pretend to be one.
  if (!reply.header("cf-mitigated").empty())
    return fail(status_error(ErrorKind::denied, reply, "blocked by the site's protection against programs"));
  switch (status) {
    case 401:
      return fail(status_error(ErrorKind::denied, reply, "it wants a credential, or does not accept the one it got"));
    case 403:
      return fail(
          status_error(ErrorKind::denied, reply, "it refuses this reader; check the credential and its permissions"));
    case 404: return fail(status_error(ErrorKind::bad_data, reply, "nothing is there; check the address"));
    case 410: return fail(status_error(ErrorKind::gone, reply, "it is gone for good"));
    case 408:
    case 425: return fail(status_error(ErrorKind::transient, reply, "not now"));
    case 429: return fail(status_error(ErrorKind::rate_limited, reply, "too many requests"));
    default: break;
  }
  if (status >= 500) return fail(status_error(ErrorKind::transient, reply, "the server has a fault of its own"));
  if (status >= 300 && status < 400)
    return fail(status_error(ErrorKind::bad_data, reply, "a redirect that leads nowhere"));
  return fail(status_error(ErrorKind::bad_data, reply, "it does not accept the request"));
}

Result<OpenedSource> open_source(const SourceSettings& settings) {
  OpenedSource out;
  if (settings.kind == "file") {
    TRY(out.local, open_file(settings));
  } else if (settings.kind == "feed") {
    TRY(out.http, open_feed(settings));
  } else {
    TRY(out, open_defined(settings));
  }
  return out;
}

}  // namespace vigie
