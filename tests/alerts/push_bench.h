// Channels that push, as the tests of alerts use them: an endpoint of each kind, and its message of a story told by
// hand.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/alerts/sample.h"
#include "tests/alerts/story_sample.h"
#include "tests/support/fake_http.h"

namespace vigie::test {

inline const std::vector<std::string> kPushKinds = {
    "alertmanager", "alertmanager_webhook", "gotify", "ntfy", "ovh", "pagerduty", "pushover", "twilio", "webpush"};

inline EndpointSettings push_endpoint(const std::string& kind) {
  EndpointSettings to = endpoint(kind);
  to.to = kind == "ntfy" ? "acme-alerts" : kind == "pushover" ? "uQiRzpo4DXghDmr9QzzfQu27cmVRsG" : "+33612345678";
  to.secret = kind == "pagerduty" ? "0123456789abcdef0123456789abcdef" : "token-of-ours";
  to.url = kind == "pagerduty" || kind == "pushover" || kind == "ovh" || kind == "twilio" || kind == "webpush"
               ? ""
               : "https://" + kind.substr(0, 5) + ".example.org";
  to.account = kind == "twilio" ? "AC0123456789abcdef0123456789abcdef" : kind == "ovh" ? "sms-ab12345-1" : "";
  to.from = kind == "twilio" ? "+15005550006" : "";
  return to;
}

inline Story pushed_story(const std::string& purpose = "first", const std::string& language = "fr", bool quotes = true,
                          bool brief = false) {
  return sample_story(purpose, language, quotes, brief);
}

// Renders and sends without a network; keeps what was asked.
class PushChannel {
 public:
  explicit PushChannel(EndpointSettings to)
      : to_(std::move(to)), http([this](const HttpRequest& request) { return answer(request); }) {}

  Result<std::string> render(const Story& story) { return (*notifier())->render(story, {owed_, to_, "", ""}); }
  Result<Sent> send(const Story& story) {
    auto made = notifier();
    const Outgoing out{owed_, to_, "", ""};
    TRY(const std::string payload, (*made)->render(story, out));
    return (*made)->send(payload, out);
  }
  const HttpRequest& asked() const { return http.asked.back(); }

  Notification& owed() { return owed_; }
  ManualClock clock{at("2026-11-21T18:10:30Z")};
  std::function<Result<HttpReply>(const HttpRequest&)> answer = [](const HttpRequest&) { return reply(200, "{}"); };

 private:
  Result<std::unique_ptr<Notifier>> notifier() {
    return make_notifier(to_.kind, {http, clock, mail_, "https://avis.example.org"});
  }

  EndpointSettings to_;
  Notification owed_ = notification();
  MailSettings mail_;

 public:
  FakeHttp http;
};

inline std::string sent_header(const HttpRequest& request, std::string_view name) {
  for (const auto& headers : {request.headers, request.secret_headers}) {
    for (const Header& one : headers) {
      if (one.first == name) return one.second;
    }
  }
  return "";
}

}  // namespace vigie::test
