#include "base/guarded_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace vigie {

std::string refusal_of(AddressGuard::Verdict verdict, const IpAddress& address, int port,
                       std::string_view usual_ports) {
  if (verdict == AddressGuard::Verdict::private_address)
    return concat(address.text(), " is not a public address; list it in allow_private if it is meant");
  return concat("port ", std::to_string(port), " is none of ", usual_ports,
                "; allow it in the configuration if it is meant");
}

curl_socket_t open_guarded_socket(const AddressGuard& guard, const curl_sockaddr& address, std::string_view usual_ports,
                                  std::string& refused) {
  IpAddress ip;
  int port = 0;
  if (address.family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address.addr, sizeof v4);
    std::uint8_t bytes[4];
    std::memcpy(bytes, &v4.sin_addr, sizeof bytes);
    ip = ip_from_v4(bytes);
    port = ntohs(v4.sin_port);
  } else if (address.family == AF_INET6 && address.addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    // curl_sockaddr is declared with a plain sockaddr but holds addrlen bytes of it.
    std::memcpy(&v6, static_cast<const void*>(&address.addr), sizeof v6);
    std::memcpy(ip.bytes.data(), &v6.sin6_addr, ip.bytes.size());
    port = ntohs(v6.sin6_port);
  } else {
    refused = "the address is neither IPv4 nor IPv6";
    return CURL_SOCKET_BAD;
  }
  if (const AddressGuard::Verdict verdict = guard.check(ip, port); verdict != AddressGuard::Verdict::allowed) {
    refused = refusal_of(verdict, ip, port, usual_ports);
    return CURL_SOCKET_BAD;
  }
  return socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
}

}  // namespace vigie
