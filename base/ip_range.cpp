#include "base/ip_range.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

namespace vigie {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<int> parse_bits(std::string_view text, int at_most) {
  int bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc{} || end != text.data() + text.size() || bits < 0 || bits > at_most) return std::nullopt;
  return bits;
}

}  // namespace

bool IpAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

std::string IpAddress::text() const {
  char out[INET6_ADDRSTRLEN] = {};
  const bool v4 = is_v4();
  inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data() + (v4 ? kMapped.size() : 0), out, sizeof out);
  return out;
}

IpAddress ip_from_v4(const std::uint8_t (&bytes)[4]) {
  IpAddress address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  std::copy(std::begin(bytes), std::end(bytes), address.bytes.begin() + kMapped.size());
  return address;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::strlen(terminated.c_str())) return std::nullopt;
  std::uint8_t v4[4];
  if (inet_pton(AF_INET, terminated.c_str(), v4) == 1) return ip_from_v4(v4);
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

bool IpRange::contains(const IpAddress& address) const {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(base.bytes.begin(), base.bytes.begin() + whole, address.bytes.begin())) return false;
  const int rest = bits % 8;
  return rest == 0 || ((base.bytes[whole] ^ address.bytes[whole]) >> (8 - rest)) == 0;
}

std::optional<IpRange> parse_ip_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> base = parse_ip(text.substr(0, slash));
  if (!base) return std::nullopt;
  if (slash == std::string_view::npos) return IpRange{*base, 128};

  // "::ffff:10.0.0.0/104" is written in IPv6 and counted so.
  const bool dotted = text.substr(0, slash).find(':') == std::string_view::npos;
  const std::optional<int> bits = parse_bits(text.substr(slash + 1), dotted ? 32 : 128);
  if (!bits) return std::nullopt;
  return IpRange{*base, dotted ? *bits + 96 : *bits};
}

}  // namespace vigie
