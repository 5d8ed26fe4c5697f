// Any program that takes a signed POST. Body: a CloudEvents 1.0 event in structured JSON whose `type`, `timestamp` and
// `data` also are Standard Webhooks' own; signature: Standard Webhooks 1.0. `webhook-id` is the notification's id, the
// same on every try: a receiver that saw it already may drop the repetition. Facts: ALERTS.md 2.2.

#include <algorithm>

#include "alerts/facts.h"
#include "alerts/notifier_kind.h"
#include "alerts/webhook_signature.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kReplyBytes = 64u << 10;
constexpr std::size_t kReplyShown = 120;

std::string_view event_name(std::string_view purpose) {
  if (purpose == "first") return "opened";
  if (purpose == "worse") return "updated";
  if (purpose == "acked") return "acknowledged";
  return purpose;  // resolved, reopened
}

// CloudEvents' `sequence` extension is text that sorts: ten digits outlive any incident.
std::string sequence(std::int64_t seq) {
  const std::string digits = std::to_string(std::max<std::int64_t>(seq, 0));
  return std::string(10 - std::min<std::size_t>(10, digits.size()), '0') + digits;
}

Result<std::string> make_body(const Notification& notification) {
  TRY(const json::Document document, json::parse(notification.document));
  TRY(const Facts facts, read_document(notification.document));
  const std::string time = format_rfc3339(facts.now);
  json::Writer out;
  out.begin_object();
  out.member("specversion", "1.0")
      .member("id", notification.id)
      .member("source", concat("/vigie/", url_encode(facts.brand)));
  out.member("type", concat("org.vigie.incident.", event_name(notification.purpose), ".v1"));
  out.member("subject", facts.incident).member("time", time).member("timestamp", time);
  out.member("sequence", sequence(notification.seq)).member("datacontenttype", "application/json");
  out.key("data").value(document.root());
  return out.end_object().take();
}

Error refusal(ErrorKind kind, std::string what, std::optional<Duration> retry_in = std::nullopt) {
  return Error{kind, std::move(what), retry_in};
}

std::optional<Duration> polite(const HttpReply& reply) {
  if (!reply.retry_after) return std::nullopt;
  return std::clamp<Duration>(*reply.retry_after, seconds(1), hours(1));
}

Result<Sent> judge(const HttpReply& reply, const std::string& id) {
  const int status = reply.status;
  if (status >= 200 && status < 300) return Sent{id, true};
  const std::string answered = concat("answered ", std::to_string(status));
  switch (status) {
    case 401:
    case 403: return fail(refusal(ErrorKind::denied, answered + ": check the secret on both sides"));
    case 408:
    case 425: return fail(refusal(ErrorKind::transient, answered, polite(reply)));
    case 410: return fail(refusal(ErrorKind::gone, answered + ": the receiver is gone, take this endpoint out"));
    case 429:
      return fail(refusal(ErrorKind::rate_limited, answered + ": too many", polite(reply).value_or(seconds(1))));
    case 301:
    case 308:
      return fail(
          refusal(ErrorKind::bad_data, answered + ": it moved, and redirects are not followed; set the new address"));
    default: break;
  }
  if (status >= 500) return fail(refusal(ErrorKind::transient, answered, polite(reply)));
  if (status >= 300 && status < 400)
    return fail(refusal(ErrorKind::transient, answered + ": redirects are not followed"));
  return fail(refusal(ErrorKind::bad_data, answered));
}

class Webhook final : public Notifier {
 public:
  explicit Webhook(const NotifierContext& context) : http_(context.http), clock_(context.clock) {}

  Result<std::string> render(const Story&, const Outgoing& out) override { return make_body(out.notification); }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    auto sent = post(payload, out.notification, out.endpoint);
    if (sent) return sent;
    Error error = std::move(sent.error());
    error.what = concat("webhook ", out.endpoint.id, ": ", hidden(std::move(error.what), out.endpoint));
    return fail(std::move(error));
  }

 private:
  Result<Sent> post(const std::string& payload, const Notification& notification, const EndpointSettings& endpoint) {
    HttpRequest request;
    request.body = payload;
    const Time now = clock_.now();
    TRY(std::string signature, sign_webhook(endpoint.secret, notification.id, now, request.body));
    request.method = "POST";
    request.url = endpoint.url;
    request.headers = {{"Content-Type", "application/cloudevents+json; charset=utf-8"},
                       {"webhook-id", notification.id},
                       {"webhook-timestamp", std::to_string(to_epoch(now))}};
    request.secret_headers = {{"webhook-signature", std::move(signature)}};
    request.max_bytes = kReplyBytes;
    request.timeout = limits::kNotification;
    request.follow_redirects = false;
    TRY(const HttpReply reply, fetch(http_, std::move(request)));
    auto judged = judge(reply, notification.id);
    if (judged || reply.body.empty()) return judged;
    Error error = std::move(judged.error());
    error.what.append(", saying: ").append(shorten(squeeze_spaces(to_valid_utf8(reply.body)), kReplyShown));
    return fail(std::move(error));
  }

  // Hooks carry their password in the path: neither the address nor its parts may reach a log or a page.
  static std::string hidden(std::string text, const EndpointSettings& endpoint) {
    const std::string_view url = endpoint.url;
    const std::size_t path =
        url.find('/', std::min(url.size(), url.find("://") == std::string_view::npos ? 0 : url.find("://") + 3));
    const std::string_view tail = path == std::string_view::npos ? std::string_view() : url.substr(path);
    const std::size_t prefix = std::min<std::size_t>(6, endpoint.secret.size());
    return without_secrets(std::move(text),
                           {url, tail, endpoint.secret, std::string_view(endpoint.secret).substr(prefix)});
  }

  HttpClient& http_;
  const Clock& clock_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Webhook>(context); }

}  // namespace

NotifierKind webhook_notifier() { return {"webhook", make, {true, {}, 3 * kDay}}; }

}  // namespace vigie
