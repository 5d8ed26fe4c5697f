// A text message through OVHcloud. Requests are signed with the application's secret and the consumer's key over what
// is sent and when, so this machine's clock must be right. Facts: ALERTS.md 2.11; https://eu.api.ovh.com/console/

#include <openssl/evp.h>

#include <array>

#include "alerts/http_channel.h"
#include "alerts/letter.h"
#include "alerts/notifier_kind.h"
#include "alerts/text_message.h"
#include "base/json.h"
#include "base/secret.h"

namespace vigie {
namespace {

constexpr std::string_view kApi = "https://eu.api.ovh.com/1.0";

// Their choice, not ours.
std::string sha1_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out.push_back(static_cast<char>(digest[i]));
  return to_hex(out);
}

std::string secret_of(const EndpointSettings& endpoint, const std::string& name) {
  const auto found = endpoint.secrets.find(name);
  return found == endpoint.secrets.end() ? "" : found->second;
}

class Ovh final : public Notifier {
 public:
  explicit Ovh(const NotifierContext& context) : http_(context.http), clock_(context.clock) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    // Without it France adds "STOP ..." and holds messages back at night and over the week-end.
    return job_of(text_message(story, out.endpoint), out.endpoint, true);
  }

  // A survey may well wait for the morning, and says itself how to stop.
  Result<std::string> render_letter(const CustomerLetter& letter, const Outgoing& out) override {
    return job_of(letter.brief, out.endpoint, false);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("ovh", out.endpoint, deliver(payload, out.endpoint), UrlIs::known);
  }

 private:
  static constexpr int kValidMinutes = 6 * 60;

  static Result<std::string> job_of(const std::string& text, const EndpointSettings& endpoint, bool urgent) {
    if (endpoint.to.empty()) return fail(ErrorKind::bad_config, "no number: set `to` of this endpoint");
    json::Writer job;
    job.begin_object().member("message", text).key("receivers").begin_array().string(endpoint.to).end_array();
    if (endpoint.from.empty()) job.key("senderForResponse").boolean(true);
    job.member_if("sender", endpoint.from);
    job.key("noStopClause").boolean(urgent).member("priority", urgent ? "high" : "low");
    job.member("charset", "UTF-8").member("coding", "7bit").key("validityPeriod").integer(kValidMinutes);
    return job.end_object().take();
  }

  Result<Sent> deliver(const std::string& payload, const EndpointSettings& endpoint) {
    const std::string base = endpoint.url.empty() ? std::string(kApi) : endpoint.url;
    const std::string url = concat(base, base.ends_with('/') ? "" : "/", "sms/", endpoint.account, "/jobs");
    const std::string now = std::to_string(to_epoch(clock_.now()));
    const std::string key = secret_of(endpoint, "app_key"), consumer = secret_of(endpoint, "consumer_key");
    const std::string signature = concat("$1$", sha1_hex(concat(secret_of(endpoint, "app_secret"), "+", consumer,
                                                                "+POST+", url, "+", payload, "+", now)));
    TRY(const HttpReply reply,
        post(http_, {.url = url,
                     .body = payload,
                     .headers = {{"X-Ovh-Timestamp", now}},
                     .secret_headers = {
                         {"X-Ovh-Application", key}, {"X-Ovh-Consumer", consumer}, {"X-Ovh-Signature", signature}}}));
    TRY(judge_status(reply,
                     {.denied = "check the three keys, what the consumer key may do, and this machine's clock"}));
    return receipt(reply);
  }

  // 200 says that the job was read, not that anybody will receive it.
  static Result<Sent> receipt(const HttpReply& reply) {
    const auto answer = json::parse(reply.body);
    if (!answer) return fail(not_understood(reply));
    const json::Value root = answer->root();
    if (root.at("invalidReceivers").size() > 0)
      return fail(ErrorKind::bad_data, "the number was refused: check `to` of this endpoint");
    if (root.at("validReceivers").size() == 0) return fail(not_understood(reply));
    return Sent{root.scalar_or("ids.0", "accepted"), true};
  }

  HttpClient& http_;
  const Clock& clock_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Ovh>(context); }

}  // namespace

// Who is not reached by phone within hours is told by other means.
NotifierKind ovh_notifier() { return {"ovh", make, {false, {}, hours(6), true}}; }

}  // namespace vigie
