#include "app/http_place.h"

#include <netdb.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/result.h"
#include "base/text.h"
#include "base/url.h"

namespace vigie {

std::optional<HttpPlace> http_place_of(std::string_view url) {
  const UrlParts parts = split_url(url);
  if (!parts.scheme || !parts.authority) return std::nullopt;
  std::string_view host = *parts.authority;
  host.remove_prefix(std::min(host.rfind('@') + 1, host.size()));
  std::string_view port;
  const std::size_t colon = host.rfind(':');
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (colon != std::string_view::npos && !in_brackets) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  HttpPlace place{std::string(host), ascii_lower(*parts.scheme) == "https" ? 443 : 80};
  std::from_chars(port.data(), port.data() + port.size(), place.port);
  return place.host.empty() ? std::nullopt : std::optional(std::move(place));
}

std::string private_entry(const IpAddress& address, int port) {
  const std::string text = address.text();
  const bool brackets = text.find(':') != std::string::npos;
  return concat(brackets ? "[" : "", text, brackets ? "]:" : ":", std::to_string(port));
}

std::vector<std::string> typed_entries(std::string_view url) {
  const std::optional<HttpPlace> place = http_place_of(url);
  if (!place) return {};
  if (const auto literal = parse_ip(place->host)) return {private_entry(*literal, place->port)};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  // A name that is not found opens nothing; the request then says so itself.
  if (getaddrinfo(place->host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, freeaddrinfo);
  std::vector<std::string> entries;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (const auto address = parse_ip(text)) entries.push_back(private_entry(*address, place->port));
  }
  return entries;
}

}  // namespace vigie
