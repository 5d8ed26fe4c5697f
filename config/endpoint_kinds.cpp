#include "config/endpoint_kinds.h"

#include <array>

namespace vigie::config {
namespace {

constexpr EndpointKey must(std::string_view what) { return {EndpointKey::Need::must, what}; }
constexpr EndpointKey may(std::string_view what) { return {EndpointKey::Need::may, what}; }

constexpr EndpointSecret kPushSecrets[] = {
    {"subscription", must("what the browser's pushManager.subscribe() gave, as JSON")},
    {"vapid", must("the sender's private key on the curve P-256, PEM or base64url")},
};
constexpr EndpointSecret kOvhSecrets[] = {
    {"app_key", must("the application's key")},
    {"app_secret", must("the application's secret")},
    {"consumer_key", must("the consumer key that may send")},
};

constexpr std::array kKinds = {
    EndpointKind{.name = "email",
                 .about = "A mail, through [mail]",
                 .to = must("the address"),
                 .reply_to = may("where an answer goes, such as the team's own address; by default to the sender")},
    EndpointKind{.name = "webhook",
                 .about = "A signed POST: Standard Webhooks and CloudEvents",
                 .url = must("the address of the receiver"),
                 .secret = must("the secret that receivers check signatures by, whsec_ and base64"),
                 .old_secrets = true,
                 .own_words = true},
    EndpointKind{.name = "alertmanager",
                 .about = "Alerts for a Prometheus Alertmanager (API v2)",
                 .url = must("the address of Alertmanager, without /api"),
                 .account = may("the user of HTTP basic authentication"),
                 .secret = may("the password of that user")},
    EndpointKind{.name = "alertmanager_webhook",
                 .about = "The webhook of Alertmanager (version 4), for receivers that know it",
                 .url = must("the address of the receiver")},
    EndpointKind{
        .name = "slack",
        .about = "A Slack channel: by `url` alone, or by `secret` and `to`, which keeps an incident in one thread",
        .url = may("the address of an incoming webhook; beside a token, another API than https://slack.com/api"),
        .to = may("the channel's id, such as C0123456789"),
        .secret = may("the bot's token, xoxb-"),
        .own_words = true},
    EndpointKind{.name = "teams",
                 .about = "A Microsoft Teams channel or chat, through Workflows",
                 .url = must("the address that the workflow shows"),
                 .own_words = true},
    EndpointKind{.name = "mattermost",
                 .about = "A Mattermost channel",
                 .url = must("the address of an incoming webhook"),
                 .to = may("another channel than the webhook's own"),
                 .own_words = true},
    EndpointKind{.name = "discord",
                 .about = "A Discord channel",
                 .url = must("the address of the webhook"),
                 .to = may("the id of a thread in the channel"),
                 .own_words = true},
    EndpointKind{
        .name = "telegram",
        .about = "A Telegram chat",
        .url = may("the address of a bot API server of your own"),
        .to = must("the chat's id, such as -1001234567890, or @channel; with :7 behind it, a topic of the group"),
        .secret = must("the bot's token"),
        .own_words = true},
    EndpointKind{.name = "matrix",
                 .about = "A Matrix room that is not encrypted",
                 .url = must("the address of the home server"),
                 .to = must("the room's id, such as !abc:example.org"),
                 .secret = must("the account's access token"),
                 .own_words = true},
    EndpointKind{.name = "googlechat",
                 .about = "A Google Chat space",
                 .url = must("the address of the webhook"),
                 .own_words = true},
    EndpointKind{.name = "rocketchat",
                 .about = "A Rocket.Chat channel",
                 .url = must("the address of an incoming webhook"),
                 .own_words = true},
    EndpointKind{.name = "ntfy",
                 .about = "A topic of ntfy",
                 .url = must("the address of the server, such as https://ntfy.sh"),
                 .to = must("the topic"),
                 .secret = may("an access token, tk_"),
                 .own_words = true},
    EndpointKind{.name = "gotify",
                 .about = "An application of Gotify",
                 .url = must("the address of the server"),
                 .secret = must("the application's token"),
                 .own_words = true},
    EndpointKind{
        .name = "pagerduty",
        .about = "A PagerDuty service (Events API v2)",
        .url = may("another address than https://events.pagerduty.com/v2/enqueue, for the EU's service region"),
        .secret = must("the integration key of the service, 32 characters")},
    EndpointKind{.name = "pushover",
                 .about = "A person's or a group's phones, through Pushover",
                 .url = may("another address than https://api.pushover.net/1/messages.json"),
                 .to = must("the user's or the group's key"),
                 .secret = must("the application's token"),
                 .own_words = true},
    EndpointKind{.name = "webpush",
                 .about = "A browser that subscribed (RFC 8291 and 8292)",
                 .from = may("the mail address push services may write to; by default the public address stands in"),
                 .own_words = true,
                 .secrets = kPushSecrets},
    EndpointKind{.name = "ovh",
                 .about = "A text message through OVHcloud",
                 .url = may("another address than https://eu.api.ovh.com/1.0"),
                 .to = must("the number, such as +33612345678"),
                 .account = must("the name of the SMS service, such as sms-ab12345-1"),
                 .from = may("a sender that OVHcloud approved; by default a number that can be answered"),
                 .own_words = true,
                 .secrets = kOvhSecrets},
    EndpointKind{.name = "twilio",
                 .about = "A text message through Twilio",
                 .url = may("another address than https://api.twilio.com"),
                 .to = must("the number, such as +33612345678"),
                 .account = must("the account's SID, AC and 32 characters"),
                 .from = must("the sender's number, or the SID of a messaging service, MG and 32 characters"),
                 .secret = must("the account's auth token"),
                 .own_words = true},
    EndpointKind{.name = "file",
                 .about = "A file a message, for trying things out",
                 .folder = must("the folder that messages are written to")},
};

}  // namespace

std::span<const EndpointKind> endpoint_kinds() { return kKinds; }

const EndpointKind* endpoint_kind(std::string_view name) {
  for (const EndpointKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

EndpointKey key_of(const EndpointKind& kind, std::string_view name) {
  if (name == "url") return kind.url;
  if (name == "to") return kind.to;
  if (name == "account") return kind.account;
  if (name == "from") return kind.from;
  if (name == "secret") return kind.secret;
  if (name == "folder") return kind.folder;
  if (name == "reply_to") return kind.reply_to;
  return {};
}

}  // namespace vigie::config
