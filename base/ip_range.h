// IP addresses and CIDR ranges, both families alike; pure.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigie {

// Sixteen bytes; IPv4 is held as ::ffff:a.b.c.d, so that a mapped address and its plain form are one and the same.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  bool is_v4() const;
  std::string text() const;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

IpAddress ip_from_v4(const std::uint8_t (&bytes)[4]);

// "127.0.0.1", "::1"; a zone ("%eth0") is refused.
std::optional<IpAddress> parse_ip(std::string_view text);

struct IpRange {
  IpAddress base;
  int bits = 128;  // counted from the front of the sixteen bytes: an IPv4 /24 is 120

  bool contains(const IpAddress& address) const;
};

// "10.0.0.0/8", "fd00::/8", or a single address.
std::optional<IpRange> parse_ip_range(std::string_view text);

}  // namespace vigie
