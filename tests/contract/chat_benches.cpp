// The chats among remotes that behave as asked. Each answers as its network does, and a careless one repeats all that
// it was sent.

#include <string>

#include "tests/contract/notifier_bench.h"

namespace vigie::test {
namespace {

// How one chat says yes; how it names what it refuses is told by its own tests.
struct Chat {
  std::string kind;
  EndpointSettings to;
  std::string taken;
  ErrorKind missing = ErrorKind::gone;
};

EndpointSettings with_url(const std::string& kind, const std::string& url) {
  EndpointSettings to = endpoint(kind);
  to.to.clear();
  to.url = url;
  return to;
}

EndpointSettings with_token(const std::string& kind, const std::string& room, const std::string& url = "") {
  EndpointSettings to = with_url(kind, url);
  to.to = room;
  to.secret = kPassword;
  return to;
}

class ChatBench final : public Bench {
 public:
  explicit ChatBench(Chat chat) : chat_(std::move(chat)) {}

  std::optional<Result<Sent>> send(Remote remote) override {
    FakeHttp http([&](const HttpRequest& request) { return answer(remote, request); });
    return parts_.send(chat_.kind, http, chat_.to);
  }
  std::map<Remote, ErrorKind> owed() const override {
    return {{Remote::knows_us_not, ErrorKind::denied},       {Remote::forbids, ErrorKind::denied},
            {Remote::does_not_exist, chat_.missing},         {Remote::is_gone, ErrorKind::gone},
            {Remote::asks_to_wait, ErrorKind::rate_limited}, {Remote::breaks, ErrorKind::transient},
            {Remote::does_not_answer, ErrorKind::transient}};
  }

 private:
  Result<HttpReply> answer(Remote remote, const HttpRequest& request) const {
    std::string echo = "you asked " + request.url + " with";
    for (const Header& one : request.secret_headers) echo += " " + one.second;
    switch (remote) {
      case Remote::takes_it: return reply(200, chat_.taken);
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

  const Chat chat_;
  Parts parts_;
};

AddBench add(const Chat& chat) {
  return {chat.kind, [chat] { return std::unique_ptr<Bench>(std::make_unique<ChatBench>(chat)); }};
}

const std::string kHook = std::string("https://chat.example.org/hooks/") + kUrlToken;

const AddBench kChats[] = {
    add({"slack", with_token("slack", "C0123456789"), R"({"ok":true,"channel":"C1","ts":"1763748600.001100"})",
         ErrorKind::bad_data}),
    add({"teams", with_url("teams", kHook + "/triggers?sig=" + kUrlToken), ""}),
    add({"mattermost", with_url("mattermost", kHook), "ok"}),
    add({"discord", with_url("discord", kHook), R"({"id":"1170000000000000001"})"}),
    add({"telegram", with_token("telegram", "-1001234567890:7"), R"({"ok":true,"result":{"message_id":815}})",
         ErrorKind::denied}),
    add({"matrix", with_token("matrix", "!room:example.org", "https://matrix.example.org"),
         R"({"event_id":"$abc:example.org"})"}),
    add({"googlechat",
         with_url("googlechat",
                  "https://chat.googleapis.com/v1/spaces/S/messages?key=k&token=" + std::string(kUrlToken)),
         R"({"name":"spaces/S/messages/M.M","thread":{"name":"spaces/S/threads/T"}})"}),
    add({"rocketchat", with_url("rocketchat", kHook), R"({"success":true})"}),
};

}  // namespace
}  // namespace vigie::test
