#include "base/canonical_url.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "base/url.h"

namespace vigie {
namespace {

// Added by who shares a link to know where readers came from; all beginning with utm_ besides.
constexpr std::array<std::string_view, 27> kTrackers = {
    "amp_js_v", "amp_gsa", "usqp",   "fbclid", "gclid",     "dclid",       "gbraid", "wbraid",      "msclkid",
    "yclid",    "twclid",  "ttclid", "igshid", "igsh",      "mc_cid",      "mc_eid", "_ga",         "_gl",
    "ref_src",  "ref_url", "cmpid",  "wt_mc",  "at_medium", "at_campaign", "xtor",   "ns_mchannel", "ns_campaign",
};

bool tracks(std::string_view pair) {
  const std::string key = ascii_lower(pair.substr(0, pair.find('=')));
  const bool amp = key == "amp" || ascii_lower(pair) == "outputtype=amp";
  return key.empty() || amp || key.starts_with("utm_") ||
         std::find(kTrackers.begin(), kTrackers.end(), key) != kTrackers.end();
}

std::string without_trackers(std::string_view query) {
  std::vector<std::string_view> kept;
  for (const std::string_view pair : split(query, '&')) {
    if (!tracks(pair)) kept.push_back(pair);
  }
  std::sort(kept.begin(), kept.end());
  std::string out;
  for (const std::string_view pair : kept) out += concat(out.empty() ? "?" : "&", pair);
  return out;
}

std::string host_of(std::string_view authority, std::string_view scheme) {
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  const std::string lower = ascii_lower(authority);
  std::string_view host = lower;
  const std::string_view port = scheme == "http" ? ":80" : ":443";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  for (const std::string_view prefix : {"www.", "amp.", "m."}) {
    // "m.com" is a name of its own.
    const bool more = host.find('.', prefix.size()) != std::string_view::npos;
    if (host.starts_with(prefix) && more) host.remove_prefix(prefix.size());
  }
  return std::string(host);
}

// The page behind an AMP cache's copy of it: .../c/s/example.org/page. "s": it is served over TLS.
std::string_view behind_amp_cache(std::string_view host, std::string_view path) {
  std::string_view rest;
  if (host.ends_with(".cdn.ampproject.org")) {
    for (const std::string_view start : {"/c/", "/v/"}) {
      if (path.starts_with(start)) rest = path.substr(start.size());
    }
  } else if (host.starts_with("google.") && path.starts_with("/amp/")) {
    rest = path.substr(5);
  }
  if (rest.starts_with("s/")) rest.remove_prefix(2);
  return rest.find('.') < rest.find('/') ? rest : std::string_view();
}

std::string_view without_amp(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  for (const std::string_view end : {"/amp", ".amp.html", ".amp"}) {
    if (path.ends_with(end)) return path.substr(0, path.size() - end.size());
  }
  return path;
}

}  // namespace

std::string canonical_url(std::string_view url) {
  const UrlParts parts = split_url(url);
  const std::string scheme = ascii_lower(parts.scheme.value_or(""));
  if ((scheme != "http" && scheme != "https") || !parts.authority) return "";
  std::string host = host_of(*parts.authority, scheme);
  std::string_view path = parts.path;
  if (const std::string_view page = behind_amp_cache(host, path); !page.empty()) {
    const std::size_t slash = std::min(page.find('/'), page.size());
    host = host_of(page.substr(0, slash), "https");
    path = page.substr(slash);
  }
  path = without_amp(path);
  const std::string query = without_trackers(parts.query.value_or(""));
  // A page that scripts choose by its fragment: "#!/article/7".
  const bool chosen_by_fragment = parts.fragment && parts.fragment->starts_with('!');
  if (host.empty() || (path.empty() && query.empty() && !chosen_by_fragment)) return "";
  return concat(host, path, query, chosen_by_fragment ? "#" : "", chosen_by_fragment ? *parts.fragment : "");
}

}  // namespace vigie
