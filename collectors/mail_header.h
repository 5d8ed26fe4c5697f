// The headers of a mail or of one of its parts.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie::mail {

// As they stand, unfolded and undecoded.
using Headers = std::vector<std::pair<std::string, std::string>>;

// Headers and what follows the empty line; at most 64 KiB and 500 headers are read.
struct Split {
  Headers headers;
  std::string_view body;
};
Split split_headers(std::string_view bytes);

std::string_view find(const Headers& headers, std::string_view name);  // the first of that name, or ""

// Encoded words (RFC 2047) as text, also where the standard does not allow them; raw 8-bit bytes as UTF-8 or
// windows-1252. One line.
std::string decode_words(std::string_view value);

// `text/html; charset="utf-8"`: the value before the first semicolon, lower case, and a parameter by its name, also
// when it is cut into pieces (RFC 2231).
std::string main_value(std::string_view value);
std::string parameter(std::string_view value, std::string_view name);

struct Address {
  std::string name, address;
};
// The first address of `"Name" <a@b.example>, c@d.example`; `a@b.example (Name)` as well.
Address first_address(std::string_view value);

// `<id>` without brackets: the first of a list; a bare word is taken as it is.
std::string first_id(std::string_view value);

// Content-Transfer-Encoding, leniently: what is not in the alphabet is passed over.
std::string from_quoted_printable(std::string_view text, bool in_header);
std::string from_loose_base64(std::string_view text);

}  // namespace vigie::mail
