#include "collectors/websub.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr Duration kWish = 10 * kDay;
constexpr Duration kShortestLease = minutes(5), kLongestLease = 30 * kDay;
constexpr Duration kUnanswered = hours(1);
constexpr Duration kAfterDenial = kDay;
constexpr std::string_view kStates[] = {"pending", "active", "denied"};

bool is_web(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

bool has_word(std::string_view list, std::string_view word) {
  for (const std::string_view each : split(list, ' ')) {
    if (iequals(each, word)) return true;
  }
  return false;
}

// `<url>; rel="hub"; x=y`, at the start of `text`, which is moved behind it.
struct Link {
  std::string_view url, rel;
};
std::optional<Link> next_link(std::string_view& text) {
  const std::size_t open = text.find('<');
  const std::size_t close = text.find('>', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  Link link{text.substr(open + 1, close - open - 1), ""};
  bool quoted = false;
  std::size_t end = close + 1;
  while (end < text.size() && (quoted || text[end] != ',')) quoted ^= text[end++] == '"';
  for (std::string_view parameter : split(text.substr(close + 1, end - close - 1), ';')) {
    parameter = trim(parameter);
    if (parameter.size() < 4 || !iequals(parameter.substr(0, 4), "rel=")) continue;
    link.rel = parameter.substr(4);
    if (link.rel.starts_with('"')) link.rel = link.rel.substr(1, link.rel.find('"', 1) - 1);
    break;
  }
  text.remove_prefix(std::min(text.size(), end + 1));
  return link;
}

std::string form(const std::vector<Header>& fields) {
  std::string out;
  for (const auto& [name, value] : fields)
    out += concat(out.empty() ? "" : "&", url_encode(name), "=", url_encode(value));
  return out;
}

}  // namespace

HubOffer offer_in_headers(const std::vector<Header>& headers, std::string_view base) {
  HubOffer offer;
  for (const auto& [name, value] : headers) {
    if (!iequals(name, "Link")) continue;
    std::string_view text = value;
    while (const std::optional<Link> link = next_link(text)) {
      const std::string url = resolve_url(base, trim(link->url));
      if (!is_web(url)) continue;
      if (offer.hub.empty() && has_word(link->rel, "hub")) offer.hub = url;
      if (offer.topic.empty() && has_word(link->rel, "self")) offer.topic = url;
    }
  }
  return offer;
}

std::string to_json(const HubSubscription& s) {
  json::Writer out;
  out.begin_object()
      .member("id", s.id)
      .member("secret", s.secret)
      .member("hub", s.offer.hub)
      .member("topic", s.offer.topic);
  out.member("state", kStates[static_cast<int>(s.state)]).key("again").boolean(s.asked_again);
  out.key("asked").integer(to_epoch_micros(s.asked)).key("until").integer(to_epoch_micros(s.until));
  out.key("lease").integer(s.lease.count()).end_object();
  return out.take();
}

std::optional<HubSubscription> subscription_from(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return std::nullopt;
  const json::Value root = document->root();
  HubSubscription s;
  s.id = root.text_or("id", "");
  s.secret = root.text_or("secret", "");
  s.offer = {root.text_or("hub", ""), root.text_or("topic", "")};
  const auto state = std::find(std::begin(kStates), std::end(kStates), root.text_or("state", ""));
  if (s.id.empty() || s.secret.empty() || state == std::end(kStates)) return std::nullopt;
  s.state = static_cast<HubSubscription::State>(state - std::begin(kStates));
  s.asked_again = root.boolean_or("again", false);
  s.asked = from_epoch_micros(root.integer_or("asked", 0));
  s.until = from_epoch_micros(root.integer_or("until", 0));
  s.lease = Duration(root.integer_or("lease", 0));
  return s;
}

bool is_due(const HubSubscription& s, Time now) {
  if (s.state == HubSubscription::State::denied) return now - s.asked >= kAfterDenial;
  const bool unanswered = now - s.asked >= kUnanswered;
  if (s.state == HubSubscription::State::pending) return unanswered;
  return now >= s.until - s.lease / 5 && (!s.asked_again || unanswered);
}

HttpRequest subscribe_request(const HubSubscription& s, std::string_view public_url) {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  HttpRequest request;
  request.method = "POST";
  request.url = s.offer.hub;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = form({{"hub.mode", "subscribe"},
                       {"hub.topic", s.offer.topic},
                       {"hub.callback", concat(public_url, "/websub/", s.id)},
                       {"hub.secret", s.secret},
                       {"hub.lease_seconds", std::to_string(std::chrono::duration_cast<seconds>(kWish).count())}});
  request.max_bytes = 64u << 10;
  return request;
}

bool confirm(HubSubscription& s, std::string_view mode, std::string_view topic, std::string_view lease_seconds, Time now) {
  const bool waits = s.state == HubSubscription::State::pending || s.asked_again;
  if (!waits || topic != s.offer.topic) return false;
  if (mode == "denied") {
    s.state = HubSubscription::State::denied;
    s.asked_again = false;
    return true;
  }
  if (mode != "subscribe") return false;
  const std::int64_t wished = whole_number(lease_seconds).value_or(0);
  const bool known = wished > 0 && wished < 1'000'000'000;
  s.lease = std::clamp<Duration>(known ? Duration(seconds(wished)) : Duration(kWish), kShortestLease, kLongestLease);
  s.until = now + s.lease;
  s.state = HubSubscription::State::active;
  s.asked_again = false;
  return true;
}

bool is_signed(std::string_view header, std::string_view secret, std::string_view body) {
  header = trim(header);
  const std::size_t equals = header.find('=');
  if (equals == std::string_view::npos) return false;
  const std::optional<std::string> expected = hmac_by_name(ascii_lower(header.substr(0, equals)), secret, body);
  return expected && equal_constant_time(ascii_lower(header.substr(equals + 1)), to_hex(*expected));
}

}  // namespace vigie
