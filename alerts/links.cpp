#include "alerts/links.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr char kParting = '|';  // stands in no id
constexpr std::size_t kSignature = 16;
constexpr std::size_t kLongestToken = 1024;
constexpr std::size_t kShortId = 12;  // of the notification: enough to tell the messages about one incident apart

constexpr std::string_view kUnsubscribe = "unsubscribe";

// A short token, 18 bytes: 6 of the message's id, 3 of action and end, 9 (72 bits) of signature.
constexpr std::array<std::string_view, 4> kShortActions = {"ack", "mute", "mute_until_morning", "false_alarm"};
constexpr std::size_t kShortPayload = kShortId / 2 + 3, kShortSignature = 9, kShortToken = 24;
constexpr std::int64_t kHour = 3'600, kLastHour = (1 << 20) - 1;  // 20 bits of hours since 1970 last until 2089

// "" when `hex` is none.
std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    if (error != std::errc() || end != hex.data() + i + 2) return "";
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Error not_ours() { return {ErrorKind::bad_data, "the link is not one of ours, or it was changed on its way"}; }

}  // namespace

std::string Links::sign(std::string_view payload) const {
  return hmac_sha256(key_, concat("vigie action link 1\n", payload)).substr(0, kSignature);
}

std::string Links::url(const ActionLink& link) const {
  const std::string_view parting(&kParting, 1);
  const std::string payload =
      concat(link.action, parting, link.subject, parting, link.endpoint, parting, link.person, parting,
             std::string_view(link.notification).substr(0, kShortId), parting, std::to_string(to_epoch(link.expires)));
  std::string_view base = public_url_;
  while (base.ends_with('/')) base.remove_suffix(1);
  return concat(base, link.action == kUnsubscribe ? "/u/" : "/a/", to_base64url(concat(payload, sign(payload))));
}

std::string Links::short_url(const ActionLink& link) const {
  const auto action = std::find(kShortActions.begin(), kShortActions.end(), link.action);
  std::string payload = from_hex(std::string_view(link.notification).substr(0, kShortId));
  const std::int64_t hour = (to_epoch(link.expires) + kHour - 1) / kHour;
  if (action == kShortActions.end() || payload.size() != kShortId / 2 || hour < 0 || hour > kLastHour) return "";
  const std::int64_t packed = (action - kShortActions.begin()) << 20 | hour;
  for (const int shift : {16, 8, 0}) payload.push_back(static_cast<char>(packed >> shift & 0xff));
  std::string_view base = public_url_;
  while (base.ends_with('/')) base.remove_suffix(1);
  return concat(base, "/a/", to_base64url(concat(payload, sign(concat("short\n", payload)).substr(0, kShortSignature))));
}

Result<ActionLink> Links::read_short(std::string_view bytes, Time now) const {
  const std::string_view payload = bytes.substr(0, kShortPayload), signature = bytes.substr(kShortPayload);
  if (!equal_constant_time(signature, sign(concat("short\n", payload)).substr(0, kShortSignature)))
    return fail(not_ours());
  std::int64_t packed = 0;
  for (const char byte : payload.substr(kShortId / 2)) packed = packed << 8 | static_cast<unsigned char>(byte);
  const auto action = static_cast<std::size_t>(packed >> 20);
  if (action >= kShortActions.size()) return fail(not_ours());
  ActionLink link;
  link.action = kShortActions[action];
  link.notification = to_hex(payload.substr(0, kShortId / 2));
  link.expires = from_epoch((packed & kLastHour) * kHour);
  if (now >= link.expires)
    return fail(ErrorKind::gone, concat("this link has been out of date since ", format_rfc3339(link.expires)));
  return link;
}

Result<ActionLink> Links::read(std::string_view token, Time now) const {
  if (token.size() > kLongestToken) return fail(not_ours());
  const Result<std::string> bytes = from_base64(token);
  if (bytes && token.size() == kShortToken && bytes->size() == kShortPayload + kShortSignature)
    return read_short(*bytes, now);
  if (!bytes || bytes->size() <= kSignature) return fail(not_ours());
  const std::string_view payload = std::string_view(*bytes).substr(0, bytes->size() - kSignature);
  const std::string_view signature = std::string_view(*bytes).substr(payload.size());
  if (!equal_constant_time(signature, sign(payload))) return fail(not_ours());
  const std::vector<std::string_view> parts = split(payload, kParting);
  if (parts.size() != 6) return fail(not_ours());
  std::int64_t expires = 0;
  std::from_chars(parts[5].data(), parts[5].data() + parts[5].size(), expires);
  ActionLink link;
  link.action = parts[0];
  link.subject = parts[1];
  link.endpoint = parts[2];
  link.person = parts[3];
  link.notification = parts[4];
  link.expires = from_epoch(expires);
  if (now >= link.expires && link.action != kUnsubscribe) {  // who wants to leave may do so at any time
    return fail(ErrorKind::gone, concat("this link has been out of date since ", format_rfc3339(link.expires)));
  }
  return link;
}

std::vector<std::pair<std::string, std::string>> actions_for(const Notification& notification, const Links& links,
                                                             Time expires, bool brief) {
  std::vector<std::pair<std::string, std::string>> actions;
  if (notification.subject_kind == "digest" && notification.purpose == "digest") {
    actions.emplace_back(kUnsubscribe,
                         links.url({std::string(kUnsubscribe), std::string(kDigests), notification.endpoint,
                                    notification.recipient, notification.id, expires}));
  }
  if (notification.subject_kind != "incident") return actions;
  const auto add = [&](std::string_view action) {
    const ActionLink link{std::string(action),    notification.subject_id, notification.endpoint,
                          notification.recipient, notification.id,         expires};
    std::string url = brief ? links.short_url(link) : "";
    actions.emplace_back(action, url.empty() ? links.url(link) : std::move(url));
  };
  const bool goes_on =
      one_of(notification.purpose, {"first", "worse", "reopened", "escalate", "repeat", "assigned", "blind"});
  if (goes_on) add("ack");
  if (goes_on || notification.purpose == "acked") {
    add("mute");
    add("mute_until_morning");
  }
  add("false_alarm");
  add(kUnsubscribe);
  return actions;
}

std::string act_id(const ActionLink& link) {
  return to_hex(sha256(concat("link|", link.action, "|", link.subject, "|", link.endpoint, "|", link.person, "|",
                              link.notification)))
      .substr(0, 32);
}

}  // namespace vigie
