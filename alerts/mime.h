// A mail as bytes (RFC 5322, 2045-2047): text and HTML as alternatives, quoted-printable, the HTML's pictures beside it
// (RFC 2387), lines far under the 998 bytes a server may cut at. Nothing that comes in can add a header or a recipient.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace vigie {

// "Vigie <vigie@example.org>" or "vigie@example.org".
struct MailAddress {
  std::string name, address;
};

// bad_data: no address, or one with spaces, brackets, control characters or letters beyond ASCII (they need SMTPUTF8,
// which many servers lack).
Result<MailAddress> parse_mailbox(std::string_view text);

// A picture that the HTML shows by "cid:" and its id.
struct InlineImage {
  std::string id;    // "chart-1@example.org"
  std::string type;  // "image/png"
  std::string name;  // "chart.png"
  std::string bytes;
};

struct Mail {
  MailAddress from, to;  // to.address "" = "undisclosed-recipients:;"
  std::string subject;
  std::string date;        // RFC 5322
  std::string message_id;  // "<...>"
  std::vector<std::pair<std::string, std::string>>
      headers;  // further ones; values that are not ASCII become encoded-words
  std::string text, html;
  std::vector<InlineImage> images{};
};

// CRLF lines. bad_data names the header when a name or value holds CR, LF, NUL or another control character.
Result<std::string> to_mime(const Mail& mail);

// RFC 2047 encoded-words of at most 75 characters, never cut inside a character; plain printable ASCII as it is.
std::string encode_header(std::string_view text);
// RFC 2045 section 6.7, CRLF between lines of at most 76 characters.
std::string quoted_printable(std::string_view text);

}  // namespace vigie
