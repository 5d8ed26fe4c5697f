#include "config/forms.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "base/http.h"
#include "base/ip_range.h"
#include "base/text.h"
#include "base/url.h"

namespace vigie::config {
namespace {

bool is_id(std::string_view text) {
  const auto inner = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 64 && text[0] != '-' && std::all_of(text.begin(), text.end(), inner);
}

bool is_host(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    return parse_ip(text.substr(1, text.size() - 2)).has_value();
  if (parse_ip(text)) return true;
  const auto inner = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
  };
  return !text.empty() && text.size() <= 253 && text[0] != '-' && text[0] != '.' &&
         std::all_of(text.begin(), text.end(), inner);
}

bool is_port(std::string_view text) {
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 0 && port <= 65535;
}

bool is_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return false;
  const std::string_view host = text.substr(0, colon);
  // "::1:80" could be read two ways: an IPv6 address stands in brackets.
  return is_host(host) && (host.front() == '[' || host.find(':') == std::string_view::npos);
}

// What is expected of it and not the case, or nothing.
std::string_view url_mistake(std::string_view text) {
  constexpr std::string_view kForm = "an address that starts with http:// or https://";
  const bool clean =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
  const std::string origin = origin_of(text);
  if (!clean || (!origin.starts_with("http://") && !origin.starts_with("https://"))) return kForm;
  const std::optional<std::string_view> authority = split_url(text).authority;
  if (!authority || authority->find('@') != std::string_view::npos) return "an address without user name and password";
  return "";
}

}  // namespace

std::string expected_form(Type type, std::string_view text) {
  switch (type) {
    case Type::id: return is_id(text) ? "" : "a name of a-z, 0-9 and -, at most 64 long";
    case Type::url: return std::string(url_mistake(text));
    case Type::host: return is_host(text) ? "" : "a host name or an IP address";
    case Type::address: return is_address(text) ? "" : R"(HOST:PORT such as "127.0.0.1:8080")";
    default: return trim(text).empty() ? "text" : "";
  }
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : shorten(text, 80)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return out + "\"";
}

std::string shown(Type type, std::string_view text) {
  if (type != Type::url) return quoted(text);
  std::string safe = redact_url(text);
  const std::optional<std::string_view> authority = split_url(text).authority;
  const std::size_t host = safe.find("//");
  if (authority && authority->find('@') != std::string_view::npos && host != std::string::npos)
    safe.insert(host + 2, "...@");
  return quoted(safe);
}

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '<' || c == '>' || c == ',' || c == '"';
  });
  return plain && text.size() <= 254 && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos;
}

bool is_sender(std::string_view text) {
  const std::size_t open = text.find('<');
  if (open == std::string_view::npos) return is_mail_address(text);
  const bool clean =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return clean && text.ends_with('>') && is_mail_address(text.substr(open + 1, text.size() - open - 2));
}

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::optional<IpAddress> address = parse_ip(host);
  return address && (parse_ip_range("127.0.0.0/8")->contains(*address) || parse_ip_range("::1")->contains(*address));
}

bool is_private_entry(std::string_view text) {
  if (parse_ip_range(text)) return true;
  std::string_view host = text, port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return false;
    host = text.substr(1, close - 1);
    port = text.substr(close + 1);
  } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (!parse_ip_range(host)) return false;
  return port.empty() || (port.starts_with(':') && expected_form(Type::address, concat("a", port)).empty());
}

}  // namespace vigie::config
