// Phones, pagers, browsers and Alertmanager among remotes that behave as asked. Each takes a message as its service
// does, and a careless one repeats all that it was sent.

#include "tests/contract/notifier_bench.h"

namespace vigie::test {
namespace {

struct Service {
  EndpointSettings to;
  int status = 200;
  std::string taken{};  // its answer when it takes a message
  ErrorKind missing = ErrorKind::bad_data;
};

class PushBench final : public Bench {
 public:
  explicit PushBench(Service service) : service_(std::move(service)) {}

  std::optional<Result<Sent>> send(Remote remote) override {
    FakeHttp http([&](const HttpRequest& request) { return answer(remote, request); });
    return parts_.send(service_.to.kind, http, service_.to);
  }
  std::map<Remote, ErrorKind> owed() const override {
    return {{Remote::knows_us_not, ErrorKind::denied},       {Remote::forbids, ErrorKind::denied},
            {Remote::does_not_exist, service_.missing},      {Remote::is_gone, ErrorKind::gone},
            {Remote::asks_to_wait, ErrorKind::rate_limited}, {Remote::breaks, ErrorKind::transient},
            {Remote::does_not_answer, ErrorKind::transient}};
  }

 private:
  Result<HttpReply> answer(Remote remote, const HttpRequest& request) const {
    std::string echo = "you sent " + request.url + " " + request.body;
    for (const Header& header : request.secret_headers) echo += " " + header.second;
    switch (remote) {
      case Remote::takes_it: return reply(service_.status, service_.taken);
      case Remote::knows_us_not: return reply(401, echo);
      case Remote::forbids: return reply(403, echo);
      case Remote::does_not_exist: return reply(404, echo);
      case Remote::is_gone: return reply(410, echo);
      case Remote::breaks: return reply(503, echo);
      case Remote::does_not_answer: return fail(ErrorKind::transient, echo + ": timed out");
      case Remote::asks_to_wait: break;
    }
    auto limited = reply(429, echo);
    limited->retry_after = seconds(40);
    return limited;
  }

  const Service service_;
  Parts parts_;
};

EndpointSettings to(const std::string& kind, const std::string& url, const std::string& receiver = "") {
  EndpointSettings settings = endpoint(kind);
  settings.url = url;
  settings.to = receiver;
  settings.secret = kPassword;
  return settings;
}

EndpointSettings pushed() {
  EndpointSettings settings = to("webpush", "");
  settings.from = "push@example.org";
  // Of RFC 8291, 5; the address is ours.
  settings.secrets["subscription"] = concat(
      R"({"endpoint":"https://push.example.org/send/)", kUrlToken, R"(","keys":{"auth":"BTBZMqHH6r4Tts7J_aSIgg",)",
      R"("p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"}})");
  settings.secrets["vapid"] = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
  return settings;
}

EndpointSettings of_ovh() {
  EndpointSettings settings = to("ovh", "", "+33612345678");
  settings.account = "sms-ab12345-1";
  settings.secrets = {{"app_key", kUrlToken}, {"app_secret", kPassword}, {"consumer_key", kWebhookSecret}};
  return settings;
}

EndpointSettings with_account(EndpointSettings settings, const std::string& account, const std::string& from = "") {
  settings.account = account;
  settings.from = from;
  return settings;
}

AddBench add(const Service& service) {
  return {service.to.kind, [service] { return std::unique_ptr<Bench>(std::make_unique<PushBench>(service)); }};
}

const std::string kSecretPath = concat("/hooks/", kUrlToken);

const AddBench kServices[] = {
    add({with_account(to("alertmanager", "https://am.example.org" + kSecretPath), "vigie")}),
    add({to("alertmanager_webhook", "https://receiver.example.org" + kSecretPath)}),
    add({to("pagerduty", ""), 202, R"({"status":"success","message":"Event processed","dedup_key":"x"})"}),
    add({to("ntfy", "https://ntfy.example.org", kUrlToken), 200, R"({"id":"xE73Iyuabi","event":"message"})"}),
    add({to("gotify", "https://gotify.example.org"), 200, R"({"id":25,"appid":5})"}),
    add({to("pushover", "", kUrlToken), 200, R"({"status":1,"request":"647d2300-702c-4b38-8b2f-d56326ae460b"})"}),
    add({pushed(), 201, "", ErrorKind::gone}),
    add({of_ovh(), 200, R"({"ids":[210000001],"validReceivers":["+33612345678"],"invalidReceivers":[]})"}),
    add({with_account(to("twilio", "", "+33612345678"), "AC0123456789abcdef0123456789abcdef", "+15005550006"), 201,
         R"({"sid":"SM0123","status":"queued"})"}),
};

}  // namespace
}  // namespace vigie::test
