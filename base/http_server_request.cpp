#include "base/http_server_request.h"

#include "base/text.h"

namespace vigie {
namespace {

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool has_broken_percent(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return true;
  }
  return false;
}

// Proxies are free to send "GET http://host/path" (RFC 9112, 3.2.2).
std::string_view without_origin(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const std::size_t path = target.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

std::vector<Header> read_pairs(std::string_view text) {
  std::vector<Header> pairs;
  for (const std::string_view pair : split(text, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    pairs.emplace_back(to_valid_utf8(url_decode(pair.substr(0, equals), true)), to_valid_utf8(url_decode(value, true)));
  }
  return pairs;
}

std::string_view find(const std::vector<Header>& pairs, std::string_view name) {
  for (const Header& pair : pairs) {
    if (pair.first == name) return pair.second;
  }
  return "";
}

// "1.2.3.4", "1.2.3.4:5678", "2001:db8::1", "[2001:db8::1]:443".
std::optional<IpAddress> parse_forwarded(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    return close == std::string_view::npos ? std::nullopt : parse_ip(text.substr(1, close - 1));
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && colon == text.rfind(':')) text = text.substr(0, colon);
  return parse_ip(text);
}

// Several headers of one name are one list (RFC 9110, 5.3).
std::string whole_list(const std::vector<Header>& headers, std::string_view name) {
  std::string list;
  for (const Header& header : headers) {
    if (iequals(header.first, name)) list += concat(list.empty() ? "" : ",", header.second);
  }
  return list;
}

}  // namespace

std::string_view ServerRequest::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (iequals(header.first, name)) return header.second;
  }
  return "";
}

std::string_view ServerRequest::param(std::string_view name) const { return find(query, name); }

std::string ServerRequest::form(std::string_view name) const {
  const std::string_view type = header("content-type");
  if (!iequals(trim(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded")) return "";
  return std::string(find(read_pairs(body), name));
}

std::string_view ServerRequest::cookie(std::string_view name) const {
  for (const Header& header : headers) {
    if (!iequals(header.first, "cookie")) continue;
    for (const std::string_view pair : split(header.second, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && trim(pair.substr(0, equals)) == name)
        return trim(pair.substr(equals + 1));
    }
  }
  return "";
}

Result<void> read_target(std::string_view target, ServerRequest& request) {
  const auto refuse = [](std::string_view why) { return fail(ErrorKind::bad_data, std::string(why)); };
  target = without_origin(target);
  const std::size_t mark = target.find('?');
  const std::string_view raw_path = target.substr(0, mark);
  if (has_broken_percent(raw_path)) return refuse("broken percent sequence in the path");

  std::string path = url_decode(raw_path, false);
  if (path.empty() && mark == 0) path = "/";  // "http://host?query"
  if (!path.starts_with('/')) return refuse("the target is not a path");
  if (!is_valid_utf8(path)) return refuse("the path is not UTF-8");
  if (std::any_of(path.begin(), path.end(), is_control)) return refuse("control character in the path");
  for (const std::string_view step : split(path, '/')) {
    if (step == "." || step == "..") return refuse("dots in the path");
  }
  request.path = std::move(path);
  request.query = mark == std::string_view::npos ? std::vector<Header>{} : read_pairs(target.substr(mark + 1));
  return {};
}

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& entries) {
  TrustedProxies proxies;
  for (const std::string& entry : entries) {
    const std::optional<IpRange> range = parse_ip_range(trim(entry));
    if (!range) {
      return fail(
          ErrorKind::bad_config,
          concat("trusted_proxies: expected an address or CIDR such as 10.0.0.2 or 10.0.0.0/24, found ", entry));
    }
    proxies.ranges_.push_back(*range);
  }
  return proxies;
}

bool TrustedProxies::trusts(const IpAddress& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const IpRange& range) { return range.contains(address); });
}

void TrustedProxies::identify(const std::optional<IpAddress>& peer, ServerRequest& request) const {
  if (!peer) return;
  request.remote = peer->text();
  if (!trusts(*peer)) return;

  const std::string chain = whole_list(request.headers, "x-forwarded-for");
  const std::vector<std::string_view> hops = split(chain, ',');
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const std::optional<IpAddress> address = parse_forwarded(*hop);
    if (!address) break;
    request.remote = address->text();
    if (!trusts(*address)) break;
  }
  const std::string schemes = whole_list(request.headers, "x-forwarded-proto");
  const std::size_t comma = schemes.rfind(',');
  request.secure = iequals(trim(std::string_view(schemes).substr(comma == std::string::npos ? 0 : comma + 1)), "https");
}

}  // namespace vigie
