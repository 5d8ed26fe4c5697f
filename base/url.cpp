#include "base/url.h"

#include <curl/curl.h>

#include "base/http.h"
#include "base/text.h"

namespace vigie {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_scheme(std::string_view text) {
  if (text.empty() || !is_alpha(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; });
}

// RFC 3986, 5.2.4.
std::string remove_dot_steps(std::string_view path) {
  std::vector<std::string_view> kept;
  const std::vector<std::string_view> steps = split(path, '/');
  for (std::size_t i = 1; i < steps.size(); ++i) {
    const bool last = i + 1 == steps.size();
    const bool dots = steps[i] == "." || steps[i] == "..";
    if (steps[i] == ".." && !kept.empty()) kept.pop_back();
    if (!dots) kept.push_back(steps[i]);
    if (dots && last) kept.emplace_back();
  }
  std::string out;
  for (const std::string_view step : kept) out += concat("/", step);
  return out;
}

std::string join(std::string_view scheme, std::string_view authority, std::string_view path, const UrlParts& tail) {
  std::string out = concat(scheme, "://", authority, path);
  if (tail.query) out += concat("?", *tail.query);
  if (tail.fragment) out += concat("#", *tail.fragment);
  return out;
}

// RFC 3986, 5.2.3: the base's path up to its last slash, then the reference.
std::string merge_paths(std::string_view base, std::string_view reference) {
  const std::size_t slash = base.rfind('/');
  return slash == std::string_view::npos ? concat("/", reference) : concat(base.substr(0, slash + 1), reference);
}

// Keys whose value is a credential somewhere among the services we know; compared without case, "-" and "_".
bool names_a_secret(std::string_view key) {
  static constexpr std::string_view kSecretKeys[] = {"key",
                                                     "apikey",
                                                     "apitoken",
                                                     "accesstoken",
                                                     "token",
                                                     "utoken",
                                                     "passkey",
                                                     "clientsecret",
                                                     "sig",
                                                     "signature",
                                                     "refreshtoken",
                                                     "auth",
                                                     "authtoken",
                                                     "secret",
                                                     "password",
                                                     "passwd",
                                                     "pwd",
                                                     "jwt",
                                                     "appsecret",
                                                     "appsecretproof",
                                                     "hmac",
                                                     "accesskey",
                                                     "xamzsignature",
                                                     "xamzsecuritytoken",
                                                     "xgoogsignature",
                                                     "hub.verifytoken",
                                                     "sessionkey",
                                                     "sessiontoken",
                                                     "privatetoken"};
  std::string bare = ascii_lower(url_decode(key, true));
  std::erase_if(bare, [](char c) { return c == '-' || c == '_'; });
  return std::find(std::begin(kSecretKeys), std::end(kSecretKeys), bare) != std::end(kSecretKeys);
}

// key=value&... with the values of secret keys replaced.
std::string redact_pairs(std::string_view pairs) {
  std::string out;
  while (true) {
    const std::size_t end = pairs.find_first_of("&;");
    const std::string_view pair = pairs.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && names_a_secret(pair.substr(0, equals))) {
      out += concat(pair.substr(0, equals), "=[secret]");
    } else {
      out += pair;
    }
    if (end == std::string_view::npos) return out;
    out += pairs[end];
    pairs.remove_prefix(end + 1);
  }
}

// Services that put the credential into the path: Telegram (/bot123:TOKEN/...), Slack (/services/T/B/TOKEN), Discord
// (/api/webhooks/ID/TOKEN).
std::string redact_path(std::string_view path) {
  std::vector<std::string_view> steps = split(path, '/');
  for (std::size_t i = 1; i < steps.size(); ++i) {
    const std::string_view step = steps[i];
    if (step.starts_with("bot") && step.size() > 3 && is_digit(step[3]) &&
        url_decode(step, false).find(':') != std::string::npos) {
      steps[i] = "bot[secret]";
    }
    const bool slack = i >= 3 && steps[i - 3] == "services" && steps[i - 2].starts_with('T');
    const bool discord =
        i >= 2 && steps[i - 2] == "webhooks" && !steps[i - 1].empty() && is_digit(steps[i - 1].front());
    if (slack || discord) steps[i] = "[secret]";
  }
  std::string out;
  for (std::size_t i = 0; i < steps.size(); ++i) out += concat(i == 0 ? "" : "/", steps[i]);
  return out;
}

// False for "user:p" of "https://user:p?ss@host/": what follows cannot be told from a password.
bool has_plain_port(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return true;
  const std::string_view port = host.substr(colon + 1);
  return std::all_of(port.begin(), port.end(), is_digit);
}

// One line, whatever the URL holds.
std::string without_controls(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_control(c)) {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string out = text;
  curl_free(text);
  return out;
}

}  // namespace

UrlParts split_url(std::string_view url) {
  UrlParts parts;
  if (const std::size_t hash = url.find('#'); hash != std::string_view::npos) {
    parts.fragment = url.substr(hash + 1);
    url = url.substr(0, hash);
  }
  if (const std::size_t mark = url.find('?'); mark != std::string_view::npos) {
    parts.query = url.substr(mark + 1);
    url = url.substr(0, mark);
  }
  if (const std::size_t colon = url.find(':'); colon != std::string_view::npos && is_scheme(url.substr(0, colon))) {
    parts.scheme = url.substr(0, colon);
    url.remove_prefix(colon + 1);
  }
  if (url.starts_with("//")) {
    url.remove_prefix(2);
    const std::size_t slash = url.find('/');
    parts.authority = url.substr(0, slash);
    url.remove_prefix(slash == std::string_view::npos ? url.size() : slash);
  }
  parts.path = url;
  return parts;
}

std::string resolve_url(std::string_view base, std::string_view reference) {
  const UrlParts from = split_url(trim(base));
  const std::string_view trimmed = trim(reference);
  const UrlParts to = split_url(trimmed);
  const bool parsable = from.scheme && from.authority && std::none_of(trimmed.begin(), trimmed.end(), is_control);
  if (!parsable || (to.scheme && !to.authority)) return std::string(reference);

  if (to.authority) return join(to.scheme.value_or(*from.scheme), *to.authority, remove_dot_steps(to.path), to);
  if (to.path.empty()) {
    const UrlParts tail{{}, {}, {}, to.query ? to.query : from.query, to.fragment};
    return join(*from.scheme, *from.authority, from.path, tail);
  }
  const std::string path = to.path.starts_with('/') ? std::string(to.path) : merge_paths(from.path, to.path);
  return join(*from.scheme, *from.authority, remove_dot_steps(path), to);
}

std::string redact_url(std::string_view url) {
  const UrlParts parts = split_url(url);
  std::string out;
  if (parts.scheme) out += concat(*parts.scheme, ":");
  if (parts.authority) {
    const std::string_view host = parts.authority->substr(parts.authority->rfind('@') + 1);  // npos + 1 is 0
    if (!has_plain_port(host)) return concat(out, "//[unreadable]");
    out += concat("//", host);
  } else if (parts.scheme != "mailto" &&
             parts.path.substr(0, parts.path.find('/')).find('@') != std::string_view::npos) {
    return "[unreadable]";  // "user:password@host": a URL that lost its scheme
  }
  out += redact_path(parts.path);
  if (parts.query) out += concat("?", redact_pairs(*parts.query));
  if (parts.fragment) out += concat("#", redact_pairs(*parts.fragment));
  return without_controls(out);
}

std::string origin_of(std::string_view url) {
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
  const std::string text(url);
  const unsigned lenient = CURLU_NON_SUPPORT_SCHEME | CURLU_ALLOW_SPACE;
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), lenient) != CURLUE_OK) return "";

  const std::string scheme = ascii_lower(part_of(parsed.get(), CURLUPART_SCHEME));
  const std::string host = ascii_lower(part_of(parsed.get(), CURLUPART_HOST));
  std::string port = part_of(parsed.get(), CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  if ((scheme == "ws" && port == "80") || (scheme == "wss" && port == "443")) port.clear();
  if (scheme.empty() || host.empty()) return "";
  return concat(scheme, "://", host, port.empty() ? "" : ":", port);
}

}  // namespace vigie
