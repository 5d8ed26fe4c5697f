// A message rendered for a chat, and the chats there are.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/alerts/story_sample.h"
#include "tests/support/fake_http.h"

namespace vigie::test {

inline const std::vector<std::string> kChats = {"slack",    "teams",  "mattermost", "discord",
                                                "telegram", "matrix", "googlechat", "rocketchat"};

// An endpoint that has what its kind needs.
inline EndpointSettings chat_endpoint(const std::string& kind, const std::string& language = "fr") {
  EndpointSettings to = endpoint(kind, language);
  to.to.clear();
  to.url = "https://chat.example.org/hooks/T0/B7f3Kq9ZtokenOfOurs";
  if (kind == "slack") to.to = "C0123456789";
  if (kind == "telegram") to.to = "-1001234567890";
  if (kind == "matrix") to.to = "!room:example.org";
  if (kind == "slack" || kind == "telegram") to.url.clear();
  if (kind == "matrix") to.url = "https://matrix.example.org";
  if (kind == "slack" || kind == "telegram" || kind == "matrix") to.secret = "canary-password-5521";
  return to;
}

// One channel, a network that answers as told, and a notification.
class ChatBench {
 public:
  explicit ChatBench(
      const std::string& kind, FakeHttp::Answer answer = [](const HttpRequest&) { return reply(500, ""); })
      : to(chat_endpoint(kind)), http(std::move(answer)) {
    owed.id = "5f1e2d3c4b5a69788796a5b4c3d2e1f0";
    owed.endpoint = "on-call";
    notifier_ = *make_notifier(kind, {http, clock_, mail_, "https://avis.example.org"});
  }

  Result<std::string> render(const Story& story, const std::string& thread = "", const std::string& previous = "") {
    return notifier_->render(story, {owed, to, thread, previous});
  }
  Result<Sent> send(const std::string& payload, const std::string& previous = "") {
    return notifier_->send(payload, {owed, to, "", previous});
  }
  Result<Sent> deliver(const Story& story) {
    TRY(const std::string payload, render(story));
    return send(payload);
  }

  EndpointSettings to;
  Notification owed;
  FakeHttp http;

 private:
  ManualClock clock_{at("2026-11-21T18:10:30Z")};
  MailSettings mail_;
  std::unique_ptr<Notifier> notifier_;
};

inline std::string header_of(const HttpRequest& request, std::string_view name) {
  for (const auto& headers : {request.headers, request.secret_headers}) {
    for (const Header& one : headers) {
      if (one.first == name) return one.second;
    }
  }
  return "";
}

}  // namespace vigie::test
