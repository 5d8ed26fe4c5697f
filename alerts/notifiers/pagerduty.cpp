// A PagerDuty service, by the Events API v2: vigie's incident is PagerDuty's, and ends there when it ends here. The
// key joins them for one opening; a reopened incident is another one there. Facts: ALERTS.md 2.10;
// https://developer.pagerduty.com/docs/send-alert-event

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "base/json.h"

namespace vigie {
namespace {

constexpr std::string_view kApi = "https://events.pagerduty.com/v2/enqueue";
constexpr std::size_t kSummary = 120;  // characters people read, of 1,024
constexpr std::size_t kBodyBytes = 100u << 10;

std::string_view action(const Story& story) {
  if (story.purpose == "acked") return "acknowledge";
  if (story.purpose == "resolved" || story.purpose == "over") return "resolve";
  return "trigger";
}

std::string_view severity(const Story& story) {
  switch (severity_of(story.severity)) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::high: return "error";
    case Severity::critical: return "critical";
  }
  return "error";
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : "\n").append(line);
  return out;
}

std::string written(const Story& story, std::string_view key, const std::string& public_url) {
  const ChatLines lines = lines_of(story, Markup::plain);
  json::Writer out;
  out.begin_object().member("event_action", action(story)).member("dedup_key", key);
  out.member("client", "vigie").member_if("client_url", web_link(public_url));
  out.key("links").begin_array();
  for (const Story::Link* one : buttons(story, 6))
    out.begin_object().member("href", one->url).member("text", one->label).end_object();
  out.end_array();
  out.key("payload").begin_object();
  const std::string summary = cut(story.title.empty() ? story.reference : story.title, kSummary);
  out.member("summary", summary.empty() ? "vigie" : summary);
  out.member("source", story.brand.empty() ? "vigie" : story.brand).member("severity", severity(story));
  out.member("timestamp", format_rfc3339(story.now));
  out.member_if("component", story.brand_name).member_if("class", story.kind).member("group", "vigie");
  out.key("custom_details").begin_object();
  out.member_if("figures", lines.summary).member_if("state", lines.badge).member_if("changed", lines.changed);
  out.member_if("late", lines.late).member_if("rising", lines.rising).member_if("quotes", joined(lines.quotes));
  out.member_if("details", joined(lines.rows)).member_if("next_step", lines.next);
  out.member_if("reference", story.reference).end_object();
  return out.end_object().end_object().take();
}

class PagerDuty final : public Notifier {
 public:
  explicit PagerDuty(const NotifierContext& context) : context_(context) {}

  // Without the routing key: it is a secret, and joins the event when it leaves.
  Result<std::string> render(const Story& story, const Outgoing& out) override {
    if (story.incident.empty() && story.purpose != "test")
      return fail(ErrorKind::bad_config,
                  concat("pagerduty: a message of the kind \"", story.purpose,
                         "\" is no incident: lead it to another endpoint, such as the person's mail"));
    const std::string key = story.incident.empty() ? concat("vigie-test-", out.endpoint.id)
                                                   : concat("vigie-", story.incident, "-", std::to_string(story.epoch));
    const auto text = [&](const Story& one) { return written(one, key, context_.public_url); };
    return text(fitted(story, [&](const Story& one) { return text(one).size() <= kBodyBytes; }));
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("pagerduty", out.endpoint, deliver(payload, out), UrlIs::known);
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    if (!payload.starts_with('{')) return fail(ErrorKind::bug, "a message that is no event");
    json::Writer key;
    key.begin_object().member("routing_key", out.endpoint.secret);
    const std::string& url = out.endpoint.url;
    TRY(const HttpReply reply, post(context_.http, {.url = url.empty() ? std::string(kApi) : url,
                                                    .body = concat(key.text(), ",", payload.substr(1))}));
    TRY(judge_status(reply, {.denied = "check the integration key"}));
    const auto answer = json::parse(reply.body);
    if (!answer || answer->root().text_or("status", "") != "success") return fail(not_understood(reply));
    return Sent{answer->root().text_or("dedup_key", out.notification.id), true};
  }

  const NotifierContext context_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<PagerDuty>(context); }

}  // namespace

NotifierKind pagerduty_notifier() { return {"pagerduty", make, {true, {}, kDay}}; }

}  // namespace vigie
