// A handler's reply as bytes for the wire; no socket.

#pragma once

#include "base/http_server.h"

namespace vigie {

struct WireReply {
  int status = 0;
  std::string head;  // status line to empty line
  std::string body;  // empty for HEAD
};

struct ReplyTerms {
  std::string_view listener;  // for the log
  std::string_view method;
  std::string_view path;
  bool gzip = false;  // the client takes it
  bool keep_alive = true;
};

// Adds what every reply owes (HttpServer in base/http_server.h), compresses where it pays. A status out of 200..599, or
// a header that would break out of its line, makes it a 500 and a line in the log: it is a fault of ours or an attack.
WireReply to_wire(ServerReply reply, const ReplyTerms& terms, Time now);

// A short plain-text reply: "404 Not Found".
ServerReply plain_reply(int status);

// "Not Found"; "Status" for a number without a name.
std::string_view reason_phrase(int status);

}  // namespace vigie
