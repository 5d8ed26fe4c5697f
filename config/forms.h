// What a well-formed id, URL, address or sender looks like.

#pragma once

#include <string>
#include <string_view>

#include "config/node.h"

namespace vigie::config {

// What a text of that type is expected to be, when it is not; "" when it is well formed.
std::string expected_form(Type type, std::string_view text);

std::string quoted(std::string_view text);  // "text", control characters out, cut when it is long

// The text as an error may show it: quoted, the password in a URL as "...".
std::string shown(Type type, std::string_view text);

bool is_mail_address(std::string_view text);
bool is_sender(std::string_view text);         // "Vigie <vigie@example.org>" or the address alone
bool is_loopback(std::string_view host);       // this machine
bool is_private_entry(std::string_view text);  // "10.1.2.0/24", "[::1]:8080", "127.0.0.1:25"

}  // namespace vigie::config
