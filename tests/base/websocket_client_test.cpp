// WebSocket connections to servers that do well and to servers that mean harm; whole streams are in the journeys.

#include "base/websocket_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "base/pulse.h"
#include "base/secret.h"
#include "base/text.h"
#include "tests/base/sockets.h"

namespace vigie {
namespace {

using test::RawServer;
using test::Socket;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Heard {
  bool opened = false;
  std::vector<std::string> frames;
  std::optional<Result<HttpReply>> end;
};

HttpOptions allowing(int port) {
  HttpOptions options;
  options.allow_private = {concat("127.0.0.1:", std::to_string(port))};
  return options;
}

// Listens until the connection has ended.
Heard hear(const HttpOptions& options, HttpRequest request, Duration quiet = seconds(20)) {
  Heard heard;
  Pulse ready;
  const auto client = make_websocket_client(
      options, [&] { ready.notify(); }, quiet);
  client->open(std::move(request),
               {[&] { heard.opened = true; }, [&](std::string_view bytes) { heard.frames.emplace_back(bytes); },
                [&](Result<HttpReply> end) { heard.end = std::move(end); }});
  for (int i = 0; i < 40 && !heard.end; ++i) {
    ready.wait(seconds(1));
    client->poll();
  }
  EXPECT_TRUE(heard.end) << "the connection did not end";
  return heard;
}

Heard hear(const RawServer& server, Duration quiet = seconds(20)) {
  return hear(allowing(server.port()), get(concat("ws://", server.place(), "/x"), {}), quiet);
}

std::string error_of(const Heard& heard) {
  if (!heard.end || *heard.end) return "no error";
  return concat(to_text(heard.end->error().kind), ": ", heard.end->error().what);
}

// RFC 6455, 4.2.2.
std::string accepted(const std::string& head) {
  constexpr std::string_view kName = "sec-websocket-key: ";
  const std::string lower = ascii_lower(head);
  const std::size_t at = lower.find(kName) + kName.size();
  const std::string key = concat(head.substr(at, head.find('\r', at) - at), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  std::string digest(20, '\0');
  EVP_Digest(key.data(), key.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha1(), nullptr);
  return concat(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ",
      to_base64(digest), "\r\n\r\n");
}

std::string frame(char opcode, std::string_view bytes) {
  std::string out = {static_cast<char>(0x80 | opcode)};
  if (bytes.size() < 126) return concat(out, std::string(1, static_cast<char>(bytes.size())), bytes);
  out += static_cast<char>(127);
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>((bytes.size() >> shift) & 0xFF);
  return out + std::string(bytes);
}

RawServer saying(std::string bytes) {
  return RawServer([bytes = std::move(bytes)](Socket& client) {
    client.send(accepted(client.read_head()));
    client.send(bytes);
    client.closed_by_peer();
  });
}

TEST(WebSocketClient, HearsMessagesInOrderUntilTheServerCloses) {
  const RawServer server = saying(concat(frame(1, "one"), frame(1, "zwei \xC3\xA4"),
                                         frame(8,
                                               "\x03\xE8"
                                               "bye")));

  const Heard heard = hear(server);

  EXPECT_TRUE(heard.opened);
  EXPECT_THAT(heard.frames, ElementsAre("one", "zwei ä"));
  EXPECT_THAT(error_of(heard), HasSubstr("transient: "));
  EXPECT_THAT(error_of(heard), HasSubstr("closed by the server (1000) bye"));
}

TEST(WebSocketClient, SendsItsHeadersAndShowsNoSecret) {
  std::string head;
  RawServer server([&](Socket& client) { head = client.read_head(); });
  HttpRequest request = get(concat("ws://", server.place(), "/x"), {{"a", "b c"}, {"token", "canary-5521"}});
  request.secret_headers = {{"Authorization", "Bearer canary-5521"}};

  const Heard heard = hear(allowing(server.port()), request);

  EXPECT_THAT(head, HasSubstr("GET /x?a=b%20c&token=canary-5521 HTTP/1.1"));
  EXPECT_THAT(head, HasSubstr("Authorization: Bearer canary-5521"));
  EXPECT_THAT(error_of(heard), Not(HasSubstr("canary")));
}

TEST(WebSocketClient, BringsTheAnswerOfAServerThatRefuses) {
  RawServer server([](Socket& client) {
    client.read_head();
    client.send("HTTP/1.1 400 Bad\r\nContent-Length: 12\r\n\r\nCursorTooOld");
  });

  const Heard heard = hear(server);

  ASSERT_TRUE(heard.end && *heard.end);
  EXPECT_EQ((*heard.end)->status, 400);
  EXPECT_EQ((*heard.end)->body, "CursorTooOld");
}

TEST(WebSocketClient, TakesNoMessageLargerThanItsCap) {
  const RawServer announced = saying(concat("\x81\x7F", std::string("\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8), "x"));
  const RawServer sent = saying(frame(1, std::string(limits::kFrameBytes + 1, 'x')));

  EXPECT_THAT(error_of(hear(announced)), HasSubstr("bad_data: "));
  EXPECT_THAT(error_of(hear(sent)), HasSubstr("larger than"));
}

TEST(WebSocketClient, TakesNothingElseForAWebSocket) {
  RawServer page([](Socket& client) {
    client.read_head();
    client.send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        "x\r\n\r\n");
    client.closed_by_peer();
  });
  const RawServer binary = saying(frame(2, "\x01\x02"));
  const RawServer torn = saying(frame(1, "\xC3"));
  const RawServer nonsense = saying("\xFF\xFF\xFF\xFF");

  EXPECT_FALSE(*hear(page).end);
  EXPECT_THAT(error_of(hear(binary)), HasSubstr("not text"));
  EXPECT_THAT(error_of(hear(torn)), Not(HasSubstr("no error")));
  EXPECT_THAT(error_of(hear(nonsense)), Not(HasSubstr("no error")));
}

TEST(WebSocketClient, GivesUpOnAServerThatAnswersNoPing) {
  const RawServer server = saying("");

  EXPECT_THAT(error_of(hear(server, milliseconds(500))), HasSubstr("transient: "));
}

TEST(WebSocketClient, CallsNoPrivateAddressAndNoOtherScheme) {
  for (const char* url : {"ws://127.0.0.1:8080/", "wss://localhost/", "ws://[::1]/", "ws://0x7f000001/",
                          "ws://2130706433/", "ws://[::ffff:10.0.0.1]/", "ws://169.254.169.254/latest"}) {
    EXPECT_THAT(error_of(hear({}, get(url, {}))), HasSubstr("denied: ")) << url;
  }
  EXPECT_THAT(error_of(hear({}, get("http://example.org/", {}))), HasSubstr("expected a ws or wss URL"));
  EXPECT_THAT(error_of(hear({}, get("ws://user:pass@example.org/", {}))), HasSubstr("denied: "));
  HttpRequest broken = get("ws://example.org/", {});
  broken.headers = {{"X", "a\r\nHost: b"}};
  EXPECT_THAT(error_of(hear({}, broken)), HasSubstr("line break"));
}

TEST(WebSocketClient, IsSilentAboutAConnectionThatWasClosed) {
  const RawServer server = saying(frame(1, "one"));
  int heard = 0;
  Pulse ready;
  const auto client = make_websocket_client(allowing(server.port()), [&] { ready.notify(); });
  const auto count = [&heard] { ++heard; };

  const std::uint64_t id =
      client->open(get(concat("ws://", server.place(), "/"), {}),
                   {count, [&](std::string_view) { count(); }, [&](const Result<HttpReply>&) { count(); }});
  ready.wait(seconds(10));
  client->close(id);
  client->poll();

  EXPECT_EQ(heard, 0);
}

}  // namespace
}  // namespace vigie
