// A person's or a group's phones, through Pushover. Not its emergency priority: it would ring until somebody
// acknowledges there, and vigie's own escalation would not know. Facts: ALERTS.md 2.9; https://pushover.net/api

#include "alerts/form.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/push_text.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kApi = "https://api.pushover.net/1/messages.json";
constexpr std::size_t kMessage = 1000;  // characters, of 1,024
constexpr std::size_t kUrlBytes = 512;

std::string_view priority(const Story& story) {
  if (story.tone == Story::Tone::good) return "0";
  switch (severity_of(story.severity)) {
    case Severity::info: return "-1";
    case Severity::warning: return "0";
    case Severity::high:
    case Severity::critical: return "1";
  }
  return "0";
}

class Pushover final : public Notifier {
 public:
  explicit Pushover(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    const PushText push =
        push_text(story, out.endpoint, [](const PushText& one) { return count_code_points(one.text) <= kMessage; });
    const std::string url = opens(push);
    const bool linked = !url.empty() && url.size() <= kUrlBytes;
    std::string label;
    for (const Story::Link& one : push.links) {
      if (one.url == url && label.empty()) label = one.label;  // at most 40 characters, of 100
    }
    return form({{"title", push.title},
                 {"message", push.text},
                 {"url", linked ? url : ""},
                 {"url_title", linked ? label : ""},
                 {"priority", priority(story)},
                 {"timestamp", std::to_string(to_epoch(story.now))}});
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    EndpointSettings hidden = out.endpoint;
    hidden.old_secrets.push_back(hidden.to);  // who has the user's key and any token may send to this person
    return named("pushover", hidden, deliver(payload, out.endpoint), UrlIs::known);
  }

 private:
  Result<Sent> deliver(const std::string& payload, const EndpointSettings& endpoint) {
    TRY(const HttpReply reply,
        post(http_, {.url = endpoint.url.empty() ? std::string(kApi) : endpoint.url,
                     .body = concat(payload, "&", form({{"token", endpoint.secret}, {"user", endpoint.to}})),
                     .content_type = std::string(kFormType)}));
    const auto answer = json::parse(reply.body);
    const json::Value root = answer ? answer->root() : json::Value();
    if (root.text_or("token", "") == "invalid")
      return fail(ErrorKind::denied, concat("answered ", std::to_string(reply.status),
                                            ": it does not know the application's token; check the secret"));
    if (auto judged = judge_status(reply); !judged) {
      Error error = std::move(judged.error());
      // The month's messages are spent: nothing to hope for within seconds.
      if (error.kind == ErrorKind::rate_limited) error.retry_in = hours(1);
      return fail(std::move(error));
    }
    if (root.integer_or("status", 0) != 1) return fail(not_understood(reply));
    return Sent{root.text_or("request", "accepted"), true};
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Pushover>(context); }

}  // namespace

NotifierKind pushover_notifier() { return {"pushover", make}; }

}  // namespace vigie
