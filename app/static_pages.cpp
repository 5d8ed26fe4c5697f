#include "app/static_pages.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kIndex = "index.html";
// Parameters that make a page of their own; `lang` besides.
constexpr std::string_view kPages[] = {"page", "review", "version", "policy", "wall", "after"};
constexpr std::string_view kLinkAttributes[] = {"href", "src", "action", "value", "content"};

bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string unescaped(std::string_view text) {
  std::string out(text);
  for (std::size_t at = out.find("&amp;"); at != std::string::npos; at = out.find("&amp;", at + 1))
    out.erase(at + 1, 4);
  return out;
}

bool has_extension(std::string_view path) {
  return path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
}

// What of the public paths can be files.
bool is_page(std::string_view path) {
  if (path == "/" || path == "/verify" || path == "/sitemap.xml" || path == "/robots.txt") return true;
  if (path.starts_with("/assets/") || path.starts_with("/widget-") || path.starts_with("/badge/")) return true;
  constexpr std::string_view kWall = "/wall/";
  if (!path.starts_with(kWall)) return false;
  path.remove_prefix(kWall.size());
  const std::size_t slash = path.find('/');
  if (!is_plain(path.substr(0, slash))) return false;
  if (slash == std::string_view::npos) return true;
  const std::string_view below = path.substr(slash + 1);
  return below == "method" || below == "feed.atom" || below == "improvements" || below == "verify" ||
         below == "embed" || below == "numbers.json" || below.starts_with("log/");
}

std::string in_folder(std::string path, std::string_view lang, const std::vector<std::string>& parts) {
  if (!lang.empty()) path += concat("/", lang);
  for (const std::string& part : parts) path += concat("/", part);
  while (path.starts_with('/')) path.erase(0, 1);
  return concat(path, path.empty() ? "" : "/", kIndex);
}

std::string with_names(std::string path, std::string_view lang, const std::vector<std::string>& parts) {
  const std::size_t dot = path.rfind('.');
  std::string names;
  for (const std::string& part : parts) names += concat(".", part);
  if (!lang.empty()) names += concat(".", lang);
  path.insert(dot, names);
  return path.substr(1);
}

// From the folder `file` stands in.
std::string relative_to(std::string_view file, std::string_view address) {
  std::string up;
  std::string_view folder = file.substr(0, file.rfind('/') == std::string_view::npos ? 0 : file.rfind('/') + 1);
  while (!folder.empty() && !address.starts_with(folder)) {
    folder.remove_suffix(1);
    const std::size_t slash = folder.rfind('/');
    folder = folder.substr(0, slash == std::string_view::npos ? 0 : slash + 1);
    up += "../";
  }
  const std::string link = concat(up, address.substr(folder.size()));
  return link.empty() ? "./" : link;
}

// Each link of a page: where its address stands, and the address.
struct Link {
  std::size_t at = 0, size = 0;
  std::string address;
};

void find_attributes(std::string_view page, std::string_view public_url, std::vector<Link>& links) {
  for (const std::string_view name : kLinkAttributes) {
    const std::string start = concat(" ", name, "=\"");
    for (std::size_t at = page.find(start); at != std::string_view::npos; at = page.find(start, at)) {
      at += start.size();
      const std::size_t end = std::min(page.find('"', at), page.size());
      const std::string_view value = page.substr(at, end - at);
      const bool own = (value.starts_with('/') && !value.starts_with("//")) || value == public_url ||
                       value.starts_with(concat(public_url, "/"));
      // Only links of a page's head have their address in `content`; a number stands in `value`.
      if (own) links.push_back({at, value.size(), unescaped(value)});
    }
  }
}

void find_locations(std::string_view page, std::string_view public_url, std::vector<Link>& links) {
  constexpr std::string_view kStart = "<loc>";
  for (std::size_t at = page.find(kStart); at != std::string_view::npos; at = page.find(kStart, at)) {
    at += kStart.size();
    const std::string_view value = page.substr(at, std::min(page.find('<', at), page.size()) - at);
    if (value.starts_with(public_url)) links.push_back({at, value.size(), unescaped(value)});
  }
}

std::vector<Link> find_links(std::string_view page, std::string_view public_url) {
  std::vector<Link> links;
  find_attributes(page, public_url, links);
  find_locations(page, public_url, links);
  std::sort(links.begin(), links.end(), [](const Link& a, const Link& b) { return a.at < b.at; });
  return links;
}

std::string_view path_of(std::string_view address, std::string_view public_url) {
  if (address.starts_with('/')) return address;
  address.remove_prefix(public_url.size());
  return address.empty() ? "/" : address;
}

}  // namespace

std::string StaticPlace::address() const {
  std::string_view path = file;
  if (path == kIndex) path = "";
  if (path.ends_with(concat("/", kIndex))) path.remove_suffix(kIndex.size());
  return concat(path, rest);
}

ServerRequest request_of(std::string_view address) {
  ServerRequest request;
  request.method = "GET";
  address = address.substr(0, address.find('#'));
  const std::size_t question = address.find('?');
  request.path = url_decode(address.substr(0, question), false);
  if (question == std::string_view::npos) return request;
  for (const std::string_view pair : split(address.substr(question + 1), '&')) {
    const std::size_t equals = pair.find('=');
    if (pair.empty() || equals == std::string_view::npos) continue;
    request.query.emplace_back(url_decode(pair.substr(0, equals), true), url_decode(pair.substr(equals + 1), true));
  }
  return request;
}

std::optional<StaticPlace> static_place(std::string_view address) {
  const ServerRequest request = request_of(address);
  if (!is_page(request.path) || request.path.find("..") != std::string::npos) return std::nullopt;
  std::string lang;
  std::vector<std::string> parts;
  StaticPlace place;
  const bool checks = request.path.ends_with("/verify");
  for (const auto& [name, value] : request.query) {
    if (name == "lang" && is_plain(value)) {
      lang = value;
    } else if (checks && name == "review" && is_plain(value)) {
      place.rest = concat("?review=", value);  // the page is one; its script reads this
    } else if (name == "fragment") {
      continue;  // the widget takes its part out of the whole
    } else if (is_plain(value) && std::find(std::begin(kPages), std::end(kPages), name) != std::end(kPages)) {
      parts.push_back(concat(name, "-", value));
    } else {
      return std::nullopt;
    }
  }
  if (const std::size_t hash = address.find('#'); hash != std::string_view::npos) place.rest += address.substr(hash);
  place.file = has_extension(request.path) ? with_names(request.path, lang, parts)
               : request.path.starts_with("/wall/") && request.path.find("/log/") != std::string::npos
                   ? request.path.substr(1)
                   : in_folder(request.path, lang, parts);
  return place;
}

std::vector<std::string> links_of(std::string_view page, std::string_view public_url) {
  std::set<std::string> found;
  for (const Link& link : find_links(page, public_url)) {
    const std::string_view path = path_of(link.address, public_url);
    found.emplace(path.substr(0, path.find('#')));
  }
  return {found.begin(), found.end()};
}

std::string rewritten(std::string_view page, std::string_view file, const StaticBase& base) {
  std::string out;
  std::size_t copied = 0;
  for (const Link& link : find_links(page, base.public_url)) {
    const std::string_view path = path_of(link.address, base.public_url);
    const auto place = static_place(path);
    const bool absolute = !link.address.starts_with('/');
    std::string to;
    if (!place) {
      to = concat(base.public_url, path);
    } else if (absolute) {
      to = base.base_url.empty() ? link.address : concat(base.base_url, "/", place->address());
    } else {
      to = relative_to(file, place->address());
    }
    out += page.substr(copied, link.at - copied);
    out += escape_html(to);
    copied = link.at + link.size;
  }
  out += page.substr(copied);
  return out;
}

}  // namespace vigie
