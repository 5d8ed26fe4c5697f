#include "collectors/definition_limits.h"

#include <algorithm>

#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/zone.h"

namespace vigie::definition {
namespace {

constexpr Duration kDefaultWait = minutes(1);
constexpr Duration kLongestWait = kDay;  // as for Retry-After

// "a:1;b:2" -> the value of b.
std::string_view member_of(std::string_view list, std::string_view name) {
  for (const std::string_view pair : split(list, ';')) {
    const std::size_t colon = std::min(pair.find_first_of(":="), pair.size());
    if (iequals(trim(pair.substr(0, colon)), name)) return trim(pair.substr(std::min(colon + 1, pair.size())));
  }
  return "";
}

std::string text_at(const Definition::Place& place, const HttpReply& reply, const json::Value& body) {
  if (place.body) {
    const json::Value found = place.body->find(body);
    return found.is_null() ? "" : std::string(found.raw());
  }
  if (place.header.empty()) return "";
  const std::string_view value = trim(reply.header(place.header));
  return std::string(place.member.empty() ? value : member_of(value, place.member));
}

Duration of_seconds(double count) { return Duration(static_cast<std::int64_t>(std::clamp(count, 0.0, 86400.0) * 1e6)); }

// A reset that cannot be read, lies behind us or beyond a day says nothing.
std::optional<Duration> until_reset(const std::string& as, const std::string& text, Time now) {
  std::optional<Time> at;
  if (as == "iso") {
    const Result<LooseTime> read = parse_loose_time(text);
    if (read) at = read->time;
  } else if (const std::optional<double> value = real_number(text)) {
    if (as == "epoch" || as == "epoch_ms") {
      at = from_epoch(static_cast<std::int64_t>(std::clamp(as == "epoch" ? *value : *value / 1000, 0.0, 7e9)));
    } else {
      at = now + of_seconds(as == "minutes" ? *value * 60 : *value);
    }
  }
  if (!at || *at <= now || *at - now > kLongestWait) return std::nullopt;
  return *at - now;
}

Duration until_midnight(const std::string& zone, Time now) {
  const Result<LocalTime> local = to_local(now, zone);
  if (!local) return kDefaultWait;
  const Duration today = hours(local->hour) + minutes(local->minute) + seconds(local->second);
  return kDay - today;
}

}  // namespace

std::optional<Duration> rest_after(const Definition::Limits& limits, const HttpReply& reply, const json::Value& body,
                                   Time now) {
  std::optional<Duration> rest;
  const auto at_least = [&](Duration duration) { rest = std::max(rest.value_or(Duration::zero()), duration); };
  if (limits.wait.defined()) {
    if (const std::optional<double> told = real_number(text_at(limits.wait, reply, body)); told && *told > 0)
      at_least(of_seconds(*told));
  }
  const std::optional<double> left = real_number(text_at(limits.remaining, reply, body));
  if (left && *left < 1) {
    const std::optional<Duration> reset = until_reset(limits.reset_as, text_at(limits.reset, reply, body), now);
    at_least(reset.value_or(limits.per > Duration::zero() ? limits.per : Duration(kDefaultWait)));
  }
  return rest;
}

Duration wait_of(const Definition::ErrorRule& rule, const HttpReply& reply, const json::Value& body, Time now) {
  Duration wait = reply.retry_after.value_or(rule.wait.value_or(kDefaultWait));
  if (!rule.wait_zone.empty()) wait = until_midnight(rule.wait_zone, now);
  if (rule.wait_at) {
    const json::Value told = rule.wait_at->find(body);
    const std::optional<double> count = told.is_null() ? std::nullopt : real_number(told.raw());
    if (count && *count > 0) wait = of_seconds(rule.wait_in_ms ? *count / 1000 : *count);
  }
  return std::min(wait, kLongestWait);
}

SourceLimits limits_of(const Definition& definition, const SourceSettings& settings) {
  const Definition::Limits& limits = definition.limits;
  SourceLimits made;
  made.requests = limits.requests;
  made.per = limits.per;
  made.parallel = limits.parallel;
  made.every_min = limits.every_min;
  made.every_max = limits.every_max;
  made.spend = limits.spend;
  made.spend_per = limits.spend_per;
  // Whoever uses the same credential shares its allowance; without one the service counts by address.
  std::string credential;
  for (const auto& [name, value] : settings.secrets) credential += concat(name, "\n", value, "\n");
  std::string where;  // each instance counts for itself
  for (const Definition::Param& param : definition.params) {
    const auto value = settings.params.find(param.name);
    const bool place = param.type == "host" || param.type == "url";
    if (place && value != settings.params.end()) where += concat("@", value->second);
  }
  made.bucket = concat(definition.id, where);
  if (!credential.empty()) made.bucket += concat("/", to_hex(sha256(credential)).substr(0, 8));
  return made;
}

SourceTerms terms_of(const Definition& definition) {
  SourceTerms made;
  made.keep_text = definition.terms.keep_text;
  if (definition.terms.keep_days) made.keep_for = *definition.terms.keep_days * kDay;
  made.attribution = definition.terms.attribution;
  made.delete_within = definition.terms.delete_within;
  return made;
}

}  // namespace vigie::definition
