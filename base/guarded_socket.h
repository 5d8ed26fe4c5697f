// The socket a libcurl transfer may have: opened only towards an address the guard lets through. Asked after DNS, so
// that no name can lead elsewhere than what was checked.

#pragma once

#include <curl/curl.h>

#include <string>

#include "base/address_guard.h"

namespace vigie {

// What a guard says in an error: "10.1.2.3 is not a public address; list it in allow_private if it is meant".
std::string refusal_of(AddressGuard::Verdict verdict, const IpAddress& address, int port, std::string_view usual_ports);

// A new socket, or CURL_SOCKET_BAD with the reason in `refused`.
curl_socket_t open_guarded_socket(const AddressGuard& guard, const curl_sockaddr& address, std::string_view usual_ports,
                                  std::string& refused);

}  // namespace vigie
