#include "base/address_guard.h"

#include <charconv>

#include "base/http_client.h"
#include "base/log.h"
#include "base/text.h"

namespace vigie {
namespace {

// IANA special-purpose registries (RFC 6890 and its updates): what is not reached over the public internet.
constexpr std::string_view kNotPublic[] = {"0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",
                                           "169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",  "192.168.0.0/16",
                                           "198.18.0.0/15",  "224.0.0.0/4",    "240.0.0.0/4",   "::/128",
                                           "::1/128",        "64:ff9b:1::/48", "100::/64",      "fc00::/7",
                                           "fe80::/10",      "fec0::/10",      "ff00::/8"};

// Prefixes that carry an IPv4 address onward: the address inside decides.
struct Carrier {
  std::string_view range;
  std::size_t offset;  // of the four bytes
  std::uint8_t mask;   // Teredo writes its client's address inverted
};
constexpr Carrier kCarriers[] = {
    {"::/96", 12, 0},            // IPv4-compatible, RFC 4291 2.5.5.1
    {"::ffff:0:0:0/96", 12, 0},  // SIIT, RFC 2765
    {"64:ff9b::/96", 12, 0},     // NAT64, RFC 6052
    {"2002::/16", 2, 0},         // 6to4, RFC 3056
    {"2001::/32", 4, 0},         // Teredo: its server
    {"2001::/32", 12, 0xff},     // Teredo: its client
};

const std::vector<IpRange>& not_public() {
  static const std::vector<IpRange> ranges = [] {
    std::vector<IpRange> out;
    for (const std::string_view text : kNotPublic) out.push_back(*parse_ip_range(text));
    return out;
  }();
  return ranges;
}

bool listed(const IpAddress& address) {
  const auto holds = [&](const IpRange& range) { return range.contains(address); };
  return std::any_of(not_public().begin(), not_public().end(), holds);
}

IpAddress carried_by(const IpAddress& address, const Carrier& carrier) {
  std::uint8_t bytes[4];
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = address.bytes[carrier.offset + i] ^ carrier.mask;
  return ip_from_v4(bytes);
}

bool is_public(const IpAddress& address) {
  if (listed(address)) return false;
  return std::none_of(std::begin(kCarriers), std::end(kCarriers), [&](const Carrier& carrier) {
    return parse_ip_range(carrier.range)->contains(address) && listed(carried_by(address, carrier));
  });
}

bool usual_port(int port) { return port == 80 || port == 443 || (port >= 8000 && port <= 8999); }

}  // namespace

AddressGuard::AddressGuard(const std::vector<std::string>& allow_private, std::vector<int> extra_ports)
    : extra_ports_(std::move(extra_ports)) {
  for (const std::string& entry : allow_private) {
    if (const Result<Opening> opening = parse(entry)) {
      openings_.push_back(*opening);
    } else {
      log::error("http", opening.error().what);
    }
  }
}

// Forms: address, CIDR, either with :port; IPv6 in brackets when a port follows ("[::1]:8080", "[fd00::/8]:8080").
Result<AddressGuard::Opening> AddressGuard::parse(std::string_view entry) {
  const auto refuse = [&] {
    return fail(ErrorKind::bad_config,
                concat("allow_private: expected an address or CIDR with an optional port, such as 127.0.0.1:8080, "
                       "10.1.2.0/24 or [::1]:8080, found ",
                       entry));
  };
  std::string_view range = trim(entry);
  std::string_view port;
  if (range.starts_with('[')) {
    const std::size_t close = range.find(']');
    if (close == std::string_view::npos) return refuse();
    port = range.substr(close + 1);
    range = range.substr(1, close - 1);
  } else if (const std::size_t colon = range.find(':'); colon != std::string_view::npos && colon == range.rfind(':')) {
    port = range.substr(colon);
    range = range.substr(0, colon);
  }
  const std::optional<IpRange> parsed = parse_ip_range(range);
  if (!parsed) return refuse();
  if (port.empty()) return Opening{*parsed, std::nullopt};

  int number = 0;
  const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
  const bool whole = error == std::errc{} && end == port.data() + port.size();
  if (!port.starts_with(':') || !whole || number < 1 || number > 65535) return refuse();
  return Opening{*parsed, number};
}

AddressGuard::Verdict AddressGuard::check(const IpAddress& address, int port) const {
  bool opened = false;
  for (const Opening& opening : openings_) {
    if (!opening.range.contains(address)) continue;
    if (opening.port == port) return Verdict::allowed;
    opened = opened || !opening.port;
  }
  if (!opened && !is_public(address)) return Verdict::private_address;
  const bool extra = std::find(extra_ports_.begin(), extra_ports_.end(), port) != extra_ports_.end();
  return usual_port(port) || extra ? Verdict::allowed : Verdict::port;
}

bool address_allowed(std::string_view address, int port, const HttpOptions& options) {
  const std::optional<IpAddress> parsed = parse_ip(address);
  const AddressGuard guard(options.allow_private, options.extra_ports);
  return parsed && guard.check(*parsed, port) == AddressGuard::Verdict::allowed;
}

Result<void> check_allow_private(std::string_view entry) {
  TRY(AddressGuard::parse(entry));
  return {};
}

}  // namespace vigie
