// A text message through Twilio. 201 means that it stands in their queue. Facts: ALERTS.md 2.11;
// https://www.twilio.com/docs/messaging/api/message-resource

#include "alerts/form.h"
#include "alerts/http_channel.h"
#include "alerts/letter.h"
#include "alerts/notifier_kind.h"
#include "alerts/text_message.h"
#include "base/json.h"
#include "base/secret.h"

namespace vigie {
namespace {

constexpr std::string_view kApi = "https://api.twilio.com";
constexpr std::string_view kValidSeconds = "14400";  // theirs at most: four hours

class Twilio final : public Notifier {
 public:
  explicit Twilio(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    return message(text_message(story, out.endpoint), out.endpoint);
  }

  Result<std::string> render_letter(const CustomerLetter& letter, const Outgoing& out) override {
    return message(letter.brief, out.endpoint);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    EndpointSettings hidden = out.endpoint;
    hidden.old_secrets.push_back(basic(out.endpoint));
    return named("twilio", hidden, deliver(payload, out.endpoint), UrlIs::known);
  }

 private:
  static Result<std::string> message(const std::string& text, const EndpointSettings& endpoint) {
    if (endpoint.to.empty()) return fail(ErrorKind::bad_config, "no number: set `to` of this endpoint");
    const bool service = endpoint.from.starts_with("MG");
    return form({{"To", endpoint.to},
                 {service ? "MessagingServiceSid" : "From", endpoint.from},
                 {"Body", text},
                 {"ValidityPeriod", kValidSeconds}});
  }

  static std::string basic(const EndpointSettings& endpoint) {
    return to_base64(concat(endpoint.account, ":", endpoint.secret));
  }

  Result<Sent> deliver(const std::string& payload, const EndpointSettings& endpoint) {
    const std::string base = endpoint.url.empty() ? std::string(kApi) : endpoint.url;
    TRY(const HttpReply reply, post(http_, {.url = concat(base, base.ends_with('/') ? "" : "/", "2010-04-01/Accounts/",
                                                          endpoint.account, "/Messages.json"),
                                            .body = payload,
                                            .secret_headers = {{"Authorization", concat("Basic ", basic(endpoint))}},
                                            .content_type = std::string(kFormType)}));
    TRY(judge_status(reply, {.denied = "check account and secret"}));
    const auto answer = json::parse(reply.body);
    std::string id = answer ? answer->root().text_or("sid", "") : "";
    if (id.empty()) return fail(not_understood(reply));
    return Sent{std::move(id), false};  // whether the phone had it, only their console knows
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Twilio>(context); }

}  // namespace

NotifierKind twilio_notifier() { return {"twilio", make, {false, {{1, seconds(1)}}, hours(6), true}}; }

}  // namespace vigie
