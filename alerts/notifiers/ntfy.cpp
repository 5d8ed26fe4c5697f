// A phone that follows a topic of ntfy. The whole message goes to the server's root as JSON, so that its text needs no
// header. A message longer than 4,096 bytes would become a file. Facts: ALERTS.md 2.9; https://docs.ntfy.sh/publish/

#include <algorithm>

#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/push_text.h"
#include "base/json.h"

namespace vigie {
namespace {

constexpr std::size_t kMessageBytes = 3800;
constexpr std::size_t kBodyBytes = 12u << 10;
constexpr std::size_t kActions = 3;
constexpr std::int64_t kDailyQuota = 42908;  // spent until midnight UTC

int priority(int severity) {
  switch (severity_of(severity)) {
    case Severity::info: return 2;
    case Severity::warning: return 3;
    case Severity::high: return 4;
    case Severity::critical: return 5;
  }
  return 3;
}

// Names of emoji that ntfy shows before the title.
std::string_view tag(Story::Tone tone) {
  switch (tone) {
    case Story::Tone::good: return "white_check_mark";
    case Story::Tone::high:
    case Story::Tone::critical: return "rotating_light";
    case Story::Tone::warning: return "warning";
    default: return "speech_balloon";
  }
}

std::string written(const Story& story, const PushText& push, const std::string& topic) {
  json::Writer out;
  out.begin_object().member("topic", topic).member("title", push.title).member("message", push.text);
  out.key("priority").integer(story.tone == Story::Tone::good ? 3 : priority(story.severity));
  out.key("tags").begin_array().string(tag(story.tone)).end_array();
  out.member_if("click", opens(push));
  out.key("actions").begin_array();
  std::vector<Story::Link> shown = push.links;
  // To say that it is none tells the detector more than a second way to be left alone.
  if (shown.size() > kActions) std::erase_if(shown, [](const Story::Link& one) { return one.kind == "mute_until_morning"; });
  for (std::size_t i = 0; i < std::min(shown.size(), kActions); ++i) {
    const Story::Link& one = shown[i];
    out.begin_object().member("action", "view").member("label", one.label).member("url", one.url).end_object();
  }
  out.end_array();
  return out.end_object().take();
}

class Ntfy final : public Notifier {
 public:
  explicit Ntfy(const NotifierContext& context) : http_(context.http), clock_(context.clock) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    const std::string& topic = out.endpoint.to;
    if (topic.empty()) return fail(ErrorKind::bad_config, "no topic: set `to` of this endpoint");
    // The tag says what the mark says.
    Story plain = story;
    plain.mark.clear();
    const PushText push = push_text(plain, out.endpoint, [&](const PushText& one) {
      return one.text.size() <= kMessageBytes && written(plain, one, topic).size() <= kBodyBytes;
    });
    return written(plain, push, topic);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    // On a public server who knows the topic may read it.
    EndpointSettings hidden = out.endpoint;
    hidden.old_secrets.push_back(hidden.to);
    return named("ntfy", hidden, deliver(payload, out.endpoint), UrlIs::known);
  }

 private:
  Result<Sent> deliver(const std::string& payload, const EndpointSettings& endpoint) {
    Post message{.url = endpoint.url, .body = payload};
    if (!endpoint.secret.empty()) message.secret_headers = {{"Authorization", concat("Bearer ", endpoint.secret)}};
    TRY(const HttpReply reply, post(http_, std::move(message)));
    const auto answer = json::parse(reply.body);
    if (auto judged = judge_status(reply); !judged) {
      Error error = std::move(judged.error());
      if (answer && answer->root().integer_or("code", 0) == kDailyQuota) {
        const Duration today = clock_.now().time_since_epoch() % kDay;
        error.retry_in = kDay - today;
      }
      return fail(std::move(error));
    }
    std::string id = answer ? answer->root().text_or("id", "") : "";
    if (id.empty()) return fail(not_understood(reply));
    return Sent{std::move(id), true};
  }

  HttpClient& http_;
  const Clock& clock_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Ntfy>(context); }

}  // namespace

// A server as it is installed lets 60 messages through at once, then one every five seconds.
NotifierKind ntfy_notifier() { return {"ntfy", make, {false, {{60, minutes(5)}}, kDay}}; }

}  // namespace vigie
