#include "app/refused_addresses.h"

#include <algorithm>

#include "app/http_place.h"
#include "base/address_guard.h"
#include "base/text.h"

namespace vigie {
namespace {

using Verdict = AddressGuard::Verdict;

// "" when it may be called.
std::string why_refused(std::string_view url, const Settings& settings) {
  const std::optional<HttpPlace> place = http_place_of(url);
  if (!place) return "";
  const AddressGuard guard(settings.http.allow_private, {});
  const bool here = ascii_lower(place->host) == "localhost";
  const std::optional<IpAddress> address = parse_ip(here ? "127.0.0.1" : place->host);
  if (!address) {
    const std::string port = concat(":", std::to_string(place->port));
    const auto& entries = settings.http.allow_private;
    const bool named =
        std::any_of(entries.begin(), entries.end(), [&](const std::string& e) { return e.ends_with(port); });
    if (named || guard.check(*parse_ip("192.0.9.1"), place->port) == Verdict::allowed) return "";
    return concat("port ", std::to_string(place->port),
                  " is called only where [http] allow_private names it: add the host's address there, such as "
                  "\"192.0.2.7:",
                  std::to_string(place->port), "\"");
  }
  const Verdict verdict = guard.check(*address, place->port);
  if (verdict == Verdict::allowed) return "";
  const std::string add = concat("add \"", private_entry(*address, place->port), "\" to [http] allow_private");
  if (verdict == Verdict::private_address) return concat(address->text(), " is no public address: ", add);
  return concat("port ", std::to_string(place->port), " is called only where it is named: ", add);
}

}  // namespace

std::vector<std::string> refused_addresses(const config::Node& root, const Settings& settings) {
  std::vector<std::string> found;
  const auto look = [&](const config::Node& at, const std::string& url) {
    if (const std::string why = why_refused(url, settings); !why.empty())
      found.push_back(concat(at.where(), ": ", why));
  };
  const std::vector<config::Node> endpoints = root.children("endpoint");
  for (std::size_t i = 0; i < std::min(endpoints.size(), settings.endpoints.size()); ++i)
    look(endpoints[i].child("url"), settings.endpoints[i].url);
  look(root.child("alerting").child("heartbeat_url"), settings.alerting.heartbeat_url);
  return found;
}

}  // namespace vigie
