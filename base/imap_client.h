// The one guarded door to mailboxes: libcurl's IMAP on a multi handle, TLS verified, bytes and time capped, the same
// address guard as for HTTP, ports 143 and 993 beside its own.
//
// A request is one command in one mailbox: libcurl connects, logs in and selects it first; fetches share a connection.
// Reading a mail marks it as seen: libcurl asks for BODY[], not BODY.PEEK[].

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_client.h"
#include "base/metrics.h"

namespace vigie {

enum class ImapTls {
  tls,       // from the first byte, port 993
  starttls,  // asked for on port 143; without it nothing is sent
  none,
};

struct ImapAccount {
  std::string host;
  int port = 993;
  ImapTls tls = ImapTls::tls;
  std::string user, password;     // the password is never logged
  std::string mailbox = "INBOX";  // as the server writes it: modified UTF-7
};

struct ImapRequest {
  ImapAccount account;
  std::string command{};  // sent as it is ("UID SEARCH UID 5:9"), on a connection of its own; "" = fetch `uid`
  std::uint32_t uid = 0;
  std::uint32_t uid_validity = 0;              // of fetch: another one at the server is an error
  std::size_t max_bytes = limits::kMailBytes;  // of fetch: asked for, and let in
  Duration timeout = limits::kFetch;
  bool fresh = false;  // of fetch: on a new connection. One that selected the mailbox earlier may not know newer mails
  bool last = false;   // of fetch: the connection is closed behind it
};

struct ImapReply {
  std::vector<std::string> lines;  // what the server said, line by line
  std::string body;                // of fetch: the mail, as far as max_bytes
};

using OnImapReply = std::function<void(Result<ImapReply>)>;

// As HttpClient: side by side on the thread that calls poll(), callbacks from inside it. Errors:
//   transient  DNS, connect, time-out, a connection broken off
//   denied     wrong user or password, no such mailbox, certificate not valid, refused by the guard, no TLS offered
//   gone       the mail asked for is not there, or the mailbox was numbered anew
//   bad_data   larger than asked for, or no IMAP
class ImapClient {
 public:
  virtual ~ImapClient() = default;
  virtual void start(ImapRequest request, OnImapReply on_reply) = 0;
  virtual std::size_t poll(Duration max_wait) = 0;
  virtual void wake() = 0;  // the one call allowed from another thread
};

// Of `options`: allow_private, extra_ports and ca_file.
std::unique_ptr<ImapClient> make_imap_client(HttpOptions options, Metrics& metrics);

}  // namespace vigie
