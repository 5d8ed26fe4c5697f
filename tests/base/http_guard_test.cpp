// What strangers may not make the client do: call this machine or its network, carry a secret elsewhere, or sit and
// wait.

#include <gmock/gmock.h>
#include <zlib.h>

#include <atomic>
#include <chrono>

#include "base/http_client.h"
#include "tests/base/resolver.h"
#include "tests/base/sockets.h"

namespace vigie {
namespace {

using test::RawServer;
using test::Resolver;
using test::Socket;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";

struct Door {
  explicit Door(HttpOptions options) : client(make_http_client(std::move(options), clock, metrics)) {}
  Result<HttpReply> ask(HttpRequest request) { return fetch(*client, std::move(request)); }
  Result<HttpReply> ask(std::string_view url) { return ask(get(url, {})); }

  ManualClock clock{*parse_rfc3339("2026-11-21T10:00:00Z")};
  Metrics metrics;
  std::unique_ptr<HttpClient> client;
};

HttpOptions allowing(std::vector<std::string> places) {
  HttpOptions options;
  options.allow_private = std::move(places);
  return options;
}

std::string redirect(int status, std::string_view location) {
  return concat("HTTP/1.1 ", std::to_string(status), " Moved\r\nLocation: ", location,
                "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

// ---- every way to write an address that is not public (SSRF)

class WrittenAddress : public testing::TestWithParam<const char*> {
 protected:
  WrittenAddress() : inside_([this](Socket&) { called_ = true; }) {}

  // The port of the server inside is let through: only the address stands between.
  HttpOptions options(std::vector<std::string> places = {}) const {
    HttpOptions options = allowing(std::move(places));
    options.extra_ports = {inside_.port()};
    return options;
  }
  std::string url() const { return concat("http://", GetParam(), ":", std::to_string(inside_.port()), "/admin"); }

  std::atomic<bool> called_ = false;
  const RawServer inside_;
};

TEST_P(WrittenAddress, IsNotCalled) {
  Door door(options());

  const auto reply = door.ask(url());

  ASSERT_FALSE(reply) << reply->status;
  EXPECT_EQ(to_text(reply.error().kind), to_text(ErrorKind::denied)) << reply.error().what;
  EXPECT_FALSE(called_);
}

TEST_P(WrittenAddress, IsNotCalledByARedirectNorByTheSecond) {
  const RawServer last(
      [&](Socket& visitor) {
        visitor.read_head();
        visitor.send(redirect(307, url()));
      },
      "127.0.0.2");
  const RawServer first(
      [&](Socket& visitor) {
        visitor.read_head();
        visitor.send(redirect(302, last.url()));
      },
      "127.0.0.2");
  Door door(options({first.place(), last.place()}));

  for (const RawServer* from : {&last, &first}) {
    const auto reply = door.ask(from->url());

    ASSERT_FALSE(reply) << reply->status;
    EXPECT_EQ(to_text(reply.error().kind), to_text(ErrorKind::denied)) << reply.error().what;
  }
  EXPECT_FALSE(called_);
}

INSTANTIATE_TEST_SUITE_P(HttpGuard, WrittenAddress,
                         testing::Values("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1",
                                         "0177.0.0.1", "017700000001", "0x7f.1", "0", "0.0.0.0", "localhost",
                                         "LOCALHOST", "10.0.0.1", "192.168.0.1", "172.16.0.1", "169.254.169.254",
                                         "100.64.0.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
                                         "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]",
                                         "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fc00::1]",
                                         "[fe80::1]", "[::127.0.0.1]"));

class WrittenUrl : public testing::TestWithParam<const char*> {};

// A name before an @ is no host, a backslash is no slash: parsers that disagree are how guards are talked round.
TEST_P(WrittenUrl, IsNotCalled) {
  std::atomic<bool> called = false;
  const RawServer inside([&](Socket&) { called = true; });
  HttpOptions options;
  options.extra_ports = {inside.port()};
  Door door(options);
  std::string url = GetParam();
  url.replace(url.find("PORT"), 4, std::to_string(inside.port()));

  const auto reply = door.ask(url);

  ASSERT_FALSE(reply);
  EXPECT_FALSE(called) << reply.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    HttpGuard, WrittenUrl,
    testing::Values("http://public.example@127.0.0.1:PORT/", "http://public.example:80@127.0.0.1:PORT/",
                    "http://127.0.0.1:PORT#@public.example/", "http://127.0.0.1:PORT\\@public.example/",
                    "http://public.example\\@127.0.0.1:PORT/", "http://127.0.0.1:PORT@public.example/",
                    "http:\\\\127.0.0.1:PORT\\", "//127.0.0.1:PORT/", "gopher://127.0.0.1:PORT/_x",
                    "dict://127.0.0.1:PORT/x", "http://127.0.0.1%00.public.example:PORT/",
                    "http://\xE2\x91\xA0\xE2\x91\xA1\xE2\x91\xA6.0.0.1:PORT/"));

TEST(HttpGuard, ChecksTheAddressThatANameHasWhenItIsCalled) {
  std::atomic<bool> called = false;
  const RawServer inside([&](Socket&) { called = true; });
  const Resolver dns("rebind.test", {"127.0.0.1"});
  HttpOptions options;
  options.extra_ports = {inside.port()};
  Door door(options);

  const auto reply = door.ask(concat("http://rebind.test:", std::to_string(inside.port()), "/"));

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), to_text(ErrorKind::denied));
  EXPECT_THAT(reply.error().what, HasSubstr("127.0.0.1 is not a public address"));
  EXPECT_GE(dns.asked(), 1);
  EXPECT_FALSE(called);
}

// The name answers with a harmless address first and with this machine's a moment later. The harmless one is 127.0.0.2,
// opened by allow_private.
TEST(HttpGuard, IsNotFooledByANameThatChangesItsAddress) {
  std::atomic<bool> called = false;
  const RawServer inside([&](Socket&) { called = true; });
  const RawServer outside(
      [&](Socket& visitor) {
        visitor.read_head();
        visitor.send(redirect(302, concat("http://rebind.test:", std::to_string(inside.port()), "/admin")));
      },
      "127.0.0.2");
  const Resolver dns("rebind.test", {"127.0.0.2", "127.0.0.1"});
  HttpOptions options = allowing({outside.place()});
  options.extra_ports = {inside.port()};
  Door door(options);

  const auto reply = door.ask(concat("http://rebind.test:", std::to_string(outside.port()), "/"));

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), to_text(ErrorKind::denied));
  EXPECT_THAT(reply.error().what, HasSubstr("127.0.0.1 is not a public address"));
  EXPECT_EQ(dns.asked(), 2);
  EXPECT_FALSE(called);
}

TEST(HttpGuard, ServesTheNextRequestAfterANameThatWasNotFound) {
  const RawServer server([](Socket& visitor) {
    visitor.read_head();
    visitor.send(kHello);
  });
  Door door(allowing({server.place()}));

  for (int i = 0; i < 3; ++i) {
    const auto lost = door.ask("http://127.0.0.1.:8080/");
    const auto reply = door.ask(server.url());

    ASSERT_FALSE(lost);
    EXPECT_EQ(to_text(lost.error().kind), to_text(ErrorKind::transient)) << lost.error().what;
    ASSERT_TRUE(reply) << reply.error().what;
  }
}

// ---- secrets stay with their host

// Two servers: one that redirects as told, and one that writes down all it is sent.
class Recorded : public testing::TestWithParam<int> {
 protected:
  Recorded()
      : elsewhere_(
            [this](Socket& visitor) {
              record_ += visitor.read_head();
              visitor.send(kHello);
            },
            "127.0.0.2"),
        home_([this](Socket& visitor) {
          at_home_ = visitor.read_head();
          visitor.send(concat("HTTP/1.1 ", std::to_string(GetParam()),
                              " Moved\r\nSet-Cookie: sid=COOKIE-2; Path=/\r\nLocation: ", elsewhere_.url("/landing"),
                              "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }),
        door_(allowing({home_.place(), elsewhere_.place()})) {}

  std::string record_, at_home_;
  const RawServer elsewhere_, home_;
  Door door_;
};

TEST_P(Recorded, HostOfARedirectSeesNoSecret) {
  HttpRequest request = get(home_.url("/api"), {{"key", "QUERY-1"}, {"access_token", "QUERY-2"}});
  request.headers = {{"Authorization", "Bearer HEADER-1"}, {"Cookie", "sid=COOKIE-1"}, {"Accept", "text/x-test"}};
  request.secret_headers = {{"apikey", "HEADER-2"}, {"X-Shopify-Access-Token", "HEADER-3"}};

  const auto reply = door_.ask(request);
  const auto next = door_.ask(elsewhere_.url("/later"));

  ASSERT_TRUE(reply) << reply.error().what;
  ASSERT_TRUE(next) << next.error().what;
  for (const char* secret : {"QUERY-1", "QUERY-2", "HEADER-1", "HEADER-2", "HEADER-3", "COOKIE-1"}) {
    EXPECT_THAT(at_home_, HasSubstr(secret));
    EXPECT_THAT(record_, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(record_, Not(HasSubstr("COOKIE-2")));
  EXPECT_THAT(record_, Not(HasSubstr("Referer")));
  EXPECT_THAT(record_, HasSubstr("text/x-test"));
}

TEST_P(Recorded, HostOfARedirectSeesNoBody) {
  HttpRequest request = get(home_.url("/token"), {});
  request.method = "POST";
  request.body = "client_secret=BODY-1";

  const auto reply = door_.ask(request);

  EXPECT_EQ(reply.has_value(), GetParam() <= 303);  // 307 and 308 keep the body: refused
  EXPECT_THAT(record_, Not(HasSubstr("BODY-1")));
}

INSTANTIATE_TEST_SUITE_P(HttpGuard, Recorded, testing::Values(301, 302, 303, 307, 308));

// ---- servers that hold the client up

// Counts what it could send until the other side had enough.
TEST(HttpGuard, StopsATenGigabyteBombInItsFirstMegabytes) {
  constexpr std::uint64_t kUnpacked = 10ull << 30;
  std::atomic<std::uint64_t> packed_bytes = 0;
  RawServer server([&](Socket& visitor) {
    visitor.read_head();
    visitor.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
    const std::string zeros(1u << 20, '\0');
    std::string packed(64u << 10, '\0');
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    bool listening = true;
    for (std::uint64_t done = 0; done < kUnpacked && listening; done += zeros.size()) {
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
      stream.avail_in = static_cast<uInt>(zeros.size());
      stream.next_out = reinterpret_cast<Bytef*>(packed.data());
      stream.avail_out = static_cast<uInt>(packed.size());
      deflate(&stream, Z_SYNC_FLUSH);
      const std::size_t size = packed.size() - stream.avail_out;
      packed_bytes += size;
      listening = visitor.send(std::string_view(packed).substr(0, size));
    }
    deflateEnd(&stream);
  });
  Door door(allowing({server.place()}));
  HttpRequest request = get(server.url(), {});
  request.max_bytes = 32u << 20;

  const auto reply = door.ask(request);

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), to_text(ErrorKind::bad_data));
  EXPECT_LT(packed_bytes, 8u << 20);
}

// One byte after the other, for ever: each arrives, the whole never does.
TEST(HttpGuard, EndsWithItsTimeHoweverSteadilyBytesDrip) {
  RawServer server([](Socket& visitor) {
    visitor.read_head();
    visitor.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (visitor.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the drip is what is tested
  });
  Door door(allowing({server.place()}));
  HttpRequest request = get(server.url(), {});
  request.timeout = milliseconds(400);

  const auto begin = std::chrono::steady_clock::now();
  const auto reply = door.ask(request);

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), to_text(ErrorKind::transient));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(HttpGuard, EndsWithItsTimeWhenHeadersDrip) {
  RawServer server([](Socket& visitor) {
    visitor.read_head();
    visitor.send("HTTP/1.1 200 OK\r\n");
    while (visitor.send("X: y\r\n")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  Door door(allowing({server.place()}));
  HttpRequest request = get(server.url(), {});
  request.timeout = milliseconds(400);

  const auto reply = door.ask(request);

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), to_text(ErrorKind::transient));
}

}  // namespace
}  // namespace vigie
