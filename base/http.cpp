#include "base/http.h"

#include <charconv>

#include "base/text.h"

namespace vigie {
namespace {

constexpr Duration kLongestWait = hours(24);
constexpr Duration kAbsurdWait = 30 * kDay;

std::optional<Duration> parse_wait(std::string_view value, Time now) {
  std::int64_t count = 0;
  const char* const last = value.data() + value.size();
  const auto [end, error] = std::from_chars(value.data(), last, count);
  if (error == std::errc{} && end == last) {
    // Checked before it becomes microseconds: a hostile count must not overflow.
    if (count < 0 || count > std::chrono::duration_cast<seconds>(kAbsurdWait).count()) return std::nullopt;
    return seconds(count);
  }
  const Result<Time> date = parse_http_date(value);
  if (!date) return std::nullopt;
  return *date - now;
}

}  // namespace

std::string_view HttpReply::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (iequals(header.first, name)) return header.second;
  }
  return "";
}

HttpRequest get(std::string_view url, const std::vector<Header>& query) {
  const std::size_t hash = url.find('#');
  std::string target(url.substr(0, hash));
  char separator = target.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    target += separator;
    target += concat(url_encode(name), "=", url_encode(value));
    separator = '&';
  }
  if (hash != std::string_view::npos) target += url.substr(hash);

  HttpRequest request;
  request.url = std::move(target);
  return request;
}

std::optional<Duration> parse_retry_after(std::string_view value, Time now) {
  const std::optional<Duration> wait = parse_wait(trim(value), now);
  if (!wait || *wait < Duration::zero() || *wait > kAbsurdWait) return std::nullopt;
  return std::min(*wait, kLongestWait);
}

}  // namespace vigie
