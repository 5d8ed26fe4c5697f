#include "base/http_client.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <future>

#include "base/gzip.h"
#include "base/log.h"
#include "tests/base/certificates.h"
#include "tests/base/nginx.h"
#include "tests/base/sockets.h"

namespace vigie {
namespace {

using test::Authority;
using test::Nginx;
using test::RawServer;
using test::Socket;
using test::TempDir;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

HttpOptions allowing(std::vector<std::string> places) {
  HttpOptions options;
  options.allow_private = std::move(places);
  return options;
}

HttpOptions allowing(int port) { return allowing({concat("127.0.0.1:", std::to_string(port))}); }

// A client with a clock that stands still and metrics to look into.
struct Door {
  explicit Door(HttpOptions options) : client(make_http_client(std::move(options), clock, metrics)) {}
  Result<HttpReply> ask(HttpRequest request) { return fetch(*client, std::move(request)); }
  Result<HttpReply> ask(std::string_view url) { return ask(get(url, {})); }

  ManualClock clock{*parse_rfc3339("2026-11-21T10:00:00Z")};
  Metrics metrics;
  std::unique_ptr<HttpClient> client;
};

RawServer answering(std::string reply) {
  return RawServer([reply = std::move(reply)](Socket& visitor) {
    visitor.read_head();
    visitor.send(reply);
  });
}

std::string redirect(int status, std::string_view location) {
  return concat("HTTP/1.1 ", std::to_string(status), " Moved\r\nLocation: ", location,
                "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

// What the tests expect of a failure: its kind, and words of its message.
template <class Words>
void expect_error(const Result<HttpReply>& reply, ErrorKind kind, Words words) {
  ASSERT_FALSE(reply) << "status " << reply->status << ", " << reply->body.size() << " bytes";
  EXPECT_EQ(to_text(reply.error().kind), to_text(kind)) << reply.error().what;
  EXPECT_THAT(reply.error().what, words);
  EXPECT_THAT(reply.error().what, Not(HasSubstr("\n")));
}

// ---- what is sent and what comes back

TEST(HttpClient, BringsStatusHeadersAndBody) {
  const RawServer server =
      answering("HTTP/1.1 404 Gone Fishing\r\nX-One: 1\r\nETag:  \"a b\"  \r\nContent-Length: 5\r\n\r\nhello");
  Door door(allowing(server.port()));

  const auto reply = door.ask(server.url("/x"));

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(reply->status, 404);
  EXPECT_EQ(reply->body, "hello");
  EXPECT_EQ(reply->header("etag"), "\"a b\"");
  EXPECT_EQ(reply->url, server.url("/x"));
  EXPECT_FALSE(reply->moved_permanently);
  EXPECT_EQ(door.metrics.value("vigie_http_requests_total", {{"result", "4xx"}}), 1);
}

TEST(HttpClient, SendsMethodHeadersSecretsAndBody) {
  std::string head;
  RawServer server([&](Socket& visitor) {
    head = visitor.read_reply();  // a request has a Content-Length, too
    visitor.send(kHello);
  });
  Door door(allowing(server.port()));
  HttpRequest request = get(server.url("/p\xC3\xA9 q"), {{"a", "1"}});
  request.method = "PATCH";
  request.headers = {{"Accept", "application/json"}, {"If-None-Match", ""}};
  request.secret_headers = {{"apikey", "K1"}};
  request.body = std::string("a\0b", 3);

  const auto reply = door.ask(request);

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_THAT(head,
              AllOf(StartsWith("PATCH /p%c3%a9%20q?a=1 HTTP/1.1\r\n"), HasSubstr("\r\nAccept: application/json\r\n"),
                    HasSubstr("\r\napikey: K1\r\n"), HasSubstr("\r\nUser-Agent: vigie\r\n"),
                    HasSubstr("Accept-Encoding: "), HasSubstr(concat("\r\n\r\n", request.body))));
  EXPECT_THAT(head, AllOf(Not(HasSubstr("Expect")), Not(HasSubstr("If-None-Match")), Not(HasSubstr("Content-Type"))));
}

TEST(HttpClient, AsksForTheHeadAlone) {
  const RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
  Door door(allowing(server.port()));
  HttpRequest request = get(server.url(), {});
  request.method = "HEAD";

  const auto reply = door.ask(request);

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(reply->header("content-length"), "500");
  EXPECT_THAT(reply->body, IsEmpty());
}

TEST(HttpClient, ForgetsTheHeadersOfInterimReplies) {
  const RawServer server = answering(concat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", kHello));
  Door door(allowing(server.port()));

  const auto reply = door.ask(server.url());

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->header("link"), "");
}

TEST(HttpClient, ReadsWhenToComeBack) {
  const RawServer by_date =
      answering("HTTP/1.1 503 Busy\r\nRetry-After: Sat, 21 Nov 2026 10:02:00 GMT\r\nContent-Length: 0\r\n\r\n");
  const RawServer by_seconds = answering("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
  const RawServer absurd = answering("HTTP/1.1 429 Slow\r\nRetry-After: -7\r\nContent-Length: 0\r\n\r\n");
  Door door(allowing({by_date.place(), by_seconds.place(), absurd.place()}));

  EXPECT_EQ(door.ask(by_date.url())->retry_after, minutes(2));
  EXPECT_EQ(door.ask(by_seconds.url())->retry_after, seconds(7));
  EXPECT_EQ(door.ask(absurd.url())->retry_after, std::nullopt);
}

TEST(HttpClient, RefusesToSendAHeaderThatBreaksItsLine) {
  RawServer server = answering(std::string(kHello));
  Door door(allowing(server.port()));
  HttpRequest request = get(server.url(), {});
  request.headers = {{"If-None-Match", "x\r\nX-Evil: 1"}};

  expect_error(door.ask(request), ErrorKind::bad_data, HasSubstr("a header holds a line break"));
}

// ---- limits

TEST(HttpClient, StopsADecompressionBomb) {
  const std::string bomb = *gzip(std::string(50u << 20, '\0'));
  ASSERT_LT(bomb.size(), 60000u);
  RawServer with_length = answering(concat(
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ", std::to_string(bomb.size()), "\r\n\r\n", bomb));
  RawServer until_close =
      answering(concat("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n", bomb));
  Door door(allowing({with_length.place(), until_close.place()}));

  for (const RawServer* server : {&with_length, &until_close}) {
    HttpRequest request = get(server->url(), {});
    request.max_bytes = 100u << 20;
    expect_error(door.ask(request), ErrorKind::bad_data, HasSubstr("a decompression bomb"));
  }
}

TEST(HttpClient, TakesAnHonestlyCompressedPage) {
  std::string page;
  for (int i = 0; i < 100000; ++i) page += concat("line ", std::to_string(i * 7919), "\n");
  const std::string packed = *gzip(page);
  char size[32];
  std::snprintf(size, sizeof size, "%zx", packed.size());
  const RawServer server =
      answering(concat("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
                       std::string(size), "\r\n", packed, "\r\n0\r\n\r\n"));
  Door door(allowing(server.port()));

  const auto reply = door.ask(server.url());

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(reply->body, page);
}

TEST(HttpClient, StopsABodyWithoutEnd) {
  const std::string chunk = concat("4000\r\n", std::string(0x4000, 'x'), "\r\n");
  RawServer server([&](Socket& visitor) {
    visitor.read_head();
    visitor.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (visitor.send(chunk)) {
    }
  });
  Door door(allowing(server.port()));
  HttpRequest request = get(server.url(), {});
  request.max_bytes = 1u << 20;

  expect_error(door.ask(request), ErrorKind::bad_data, HasSubstr("larger than 1048576 bytes"));
}

TEST(HttpClient, StopsHeadersWithoutEnd) {
  RawServer server([](Socket& visitor) {
    visitor.read_head();
    visitor.send("HTTP/1.1 200 OK\r\n");
    while (visitor.send(concat("X-More: ", std::string(1000, 'x'), "\r\n"))) {
    }
  });
  Door door(allowing(server.port()));

  expect_error(door.ask(server.url()), ErrorKind::bad_data, HasSubstr("headers larger than 64 KiB"));
}

TEST(HttpClient, StopsInterimRepliesWithoutEnd) {
  RawServer server([](Socket& visitor) {
    visitor.read_head();
    while (visitor.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")) {
    }
  });
  Door door(allowing(server.port()));

  expect_error(door.ask(server.url()), ErrorKind::bad_data, HasSubstr("headers larger than 64 KiB"));
}

TEST(HttpClient, DoesNotWaitForAServerThatDrips) {
  RawServer server([](Socket& visitor) {
    visitor.read_head();
    visitor.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
    visitor.closed_by_peer();
  });
  Door door(allowing(server.port()));
  HttpRequest request = get(server.url(), {});
  request.timeout = milliseconds(200);

  expect_error(door.ask(request), ErrorKind::transient, HasSubstr("no whole answer within"));
}

TEST(HttpClient, CountsItsTimeOverAllHops) {
  RawServer server([](Socket& visitor) {
    visitor.read_head();
    visitor.send("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n");
    visitor.read_head();
    visitor.closed_by_peer();
  });
  Door door(allowing(server.port()));
  HttpRequest request = get(server.url(), {});
  request.timeout = milliseconds(300);

  expect_error(door.ask(request), ErrorKind::transient, HasSubstr("no whole answer within"));
  EXPECT_THAT(door.metrics.text(), HasSubstr("vigie_http_seconds_bucket{le=\"1\"} 1"));
}

TEST(HttpClient, TellsATruncatedBodyFromAWholeOne) {
  RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhello");
  Door door(allowing(server.port()));

  expect_error(door.ask(server.url()), ErrorKind::transient, HasSubstr("5 bytes remaining"));
}

TEST(HttpClient, DoesNotTakeAnythingForHttp) {
  RawServer server = answering("220 mail.example ESMTP\r\n");
  Door door(allowing(server.port()));

  expect_error(door.ask(server.url()), ErrorKind::bad_data, HasSubstr("the answer is not HTTP"));
}

TEST(HttpClient, SaysThatABodyCannotBeUnpacked) {
  RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip");
  Door door(allowing(server.port()));

  expect_error(door.ask(server.url()), ErrorKind::bad_data, HasSubstr("cannot be unpacked"));
}

TEST(HttpClient, CallsARefusedConnectionTransient) {
  int port = 0;
  {
    const RawServer gone = answering(std::string(kHello));
    port = gone.port();
  }
  Door door(allowing(port));

  expect_error(door.ask(concat("http://127.0.0.1:", std::to_string(port), "/?key=K1")), ErrorKind::transient,
               AllOf(StartsWith("GET http://127.0.0.1:"), HasSubstr("/?key=[secret]: no connection: ")));
}

TEST(HttpClient, CallsAnUnknownHostTransient) {
  Door door({});

  expect_error(door.ask("http://no-such-host.invalid/"), ErrorKind::transient, HasSubstr("was not found (DNS)"));
}

// ---- the guard

TEST(HttpClient, RefusesAPrivateAddress) {
  bool called = false;
  const RawServer server([&](Socket&) { called = true; });
  Door door({});

  expect_error(
      door.ask(server.url("/?token=T1")), ErrorKind::denied,
      AllOf(HasSubstr("/?token=[secret]: "), HasSubstr("127.0.0.1 is not a public address; list it in allow_private")));
  EXPECT_FALSE(called);
}

TEST(HttpClient, RefusesANameThatResolvesToAPrivateAddress) {
  Door door({});

  for (const char* host : {"localhost", "0x7f.1", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1]"}) {
    expect_error(door.ask(concat("http://", host, ":8080/")), ErrorKind::denied, HasSubstr("is not a public address"));
  }
}

TEST(HttpClient, RefusesAPortThatIsNotTheWebs) {
  Door door(allowing({"127.0.0.1"}));

  expect_error(door.ask("http://127.0.0.1:22/"), ErrorKind::denied, HasSubstr("port 22 is none of 80, 443, 8000-8999"));
}

TEST(HttpClient, RefusesOtherSchemesAndUserInfo) {
  Door door(allowing({"127.0.0.1"}));

  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:8025/", "127.0.0.1:8080", ""}) {
    expect_error(door.ask(url), ErrorKind::denied, HasSubstr("only http and https are called"));
  }
  expect_error(door.ask("http://user:hunter2@127.0.0.1:8080/"), ErrorKind::denied,
               AllOf(HasSubstr("user info in a URL is refused"), Not(HasSubstr("hunter2"))));
  expect_error(door.ask("http://127.0.0.1:99999/"), ErrorKind::bad_data, HasSubstr("port"));
}

TEST(HttpClient, ChecksEveryHopOfARedirect) {
  bool called = false;
  const RawServer inner([&](Socket&) { called = true; });
  const RawServer outer(
      [&](Socket& visitor) {
        visitor.read_head();
        visitor.send(redirect(302, inner.url("/admin")));
      },
      "127.0.0.2");
  Door door(allowing({outer.place()}));

  expect_error(door.ask(outer.url()), ErrorKind::denied,
               AllOf(HasSubstr(concat("(redirected to ", inner.url("/admin"), ")")),
                     HasSubstr("127.0.0.1 is not a public address")));
  EXPECT_FALSE(called);
}

TEST(HttpClient, TakesNoProxyFromTheEnvironment) {
  bool proxied = false;
  const RawServer proxy([&](Socket&) { proxied = true; });
  const RawServer server = answering(std::string(kHello));
  setenv("http_proxy", proxy.url().c_str(), 1);
  setenv("ALL_PROXY", proxy.url().c_str(), 1);
  Door door(allowing({server.place(), proxy.place()}));

  const auto reply = door.ask(server.url());

  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_FALSE(proxied);
}

// ---- redirects

TEST(HttpClient, FollowsRedirectsAndSaysWhetherTheyAreForGood) {
  const RawServer end = answering(std::string(kHello));
  const RawServer for_good = answering(redirect(308, end.url("/end")));
  const RawServer mixed = answering(redirect(302, for_good.url()));
  Door door(allowing({end.place(), for_good.place(), mixed.place()}));

  const auto moved = door.ask(for_good.url());
  ASSERT_TRUE(moved) << moved.error().what;
  EXPECT_EQ(moved->body, "hello");
  EXPECT_EQ(moved->url, end.url("/end"));
  EXPECT_TRUE(moved->moved_permanently);

  const auto for_now = door.ask(mixed.url());
  ASSERT_TRUE(for_now) << for_now.error().what;
  EXPECT_FALSE(for_now->moved_permanently);
}

TEST(HttpClient, NoticesALoop) {
  const RawServer server([](Socket& visitor) {
    const bool at_a = visitor.read_head().starts_with("GET /a ");
    visitor.send(redirect(302, at_a ? "/b" : "/a"));
  });
  Door door(allowing(server.port()));

  expect_error(door.ask(server.url("/a")), ErrorKind::bad_data, HasSubstr("redirects in a loop"));
}

TEST(HttpClient, FollowsFiveRedirectsAndNoMore) {
  int served = 0;
  const RawServer server([&](Socket& visitor) {
    visitor.read_head();
    visitor.send(redirect(302, concat("/", std::to_string(++served))));
  });
  Door door(allowing(server.port()));

  expect_error(door.ask(server.url()), ErrorKind::bad_data, HasSubstr("more than 5 redirects"));
  EXPECT_EQ(served, 6);
}

TEST(HttpClient, LeavesRedirectsToWhoAsksForThem) {
  const RawServer server = answering(redirect(302, "http://127.0.0.1:1/"));
  Door door(allowing(server.port()));
  HttpRequest request = get(server.url(), {});
  request.follow_redirects = false;

  const auto reply = door.ask(request);

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(reply->status, 302);
}

TEST(HttpClient, KeepsSecretsToTheirHost) {
  std::string seen_elsewhere;
  const RawServer elsewhere(
      [&](Socket& visitor) {
        seen_elsewhere = visitor.read_head();
        visitor.send(kHello);
      },
      "127.0.0.2");
  std::string seen_at_home;
  const RawServer home([&](Socket& visitor) {
    seen_at_home = visitor.read_head();
    visitor.send(redirect(302, elsewhere.url()));
  });
  Door door(allowing({home.place(), elsewhere.place()}));
  HttpRequest request = get(home.url(), {});
  request.headers = {{"Authorization", "Bearer K1"}, {"Cookie", "sid=K2"}, {"Accept", "text/x-test"}};
  request.secret_headers = {{"apikey", "K3"}};

  const auto reply = door.ask(request);

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_THAT(seen_at_home, AllOf(HasSubstr("K1"), HasSubstr("K2"), HasSubstr("apikey: K3")));
  EXPECT_THAT(seen_elsewhere,
              AllOf(Not(HasSubstr("K1")), Not(HasSubstr("K2")), Not(HasSubstr("K3")), HasSubstr("text/x-test")));
}

TEST(HttpClient, BeginsTheNextRequestWithNothingOfTheLast) {
  std::vector<std::string> heads;
  const RawServer server([&](Socket& visitor) {
    for (std::string head = visitor.read_reply(); !head.empty(); head = visitor.read_reply()) {
      heads.push_back(head);
      visitor.send(kHello);
    }
  });
  Door door(allowing(server.port()));
  HttpRequest first = get(server.url("/1"), {});
  first.method = "POST";
  first.body = "secret body";
  first.secret_headers = {{"apikey", "K1"}};

  ASSERT_TRUE(door.ask(first));
  ASSERT_TRUE(door.ask(server.url("/2")));

  ASSERT_EQ(heads.size(), 2u);
  EXPECT_THAT(heads[1], AllOf(StartsWith("GET /2 "), Not(HasSubstr("apikey")), Not(HasSubstr("body")),
                              Not(HasSubstr("Content-Length"))));
}

// ---- running several

TEST(HttpClient, RunsRequestsSideBySide) {
  // The first is answered only once the second has come: one after the other would never end.
  std::promise<void> second_came;
  const RawServer first([&](Socket& visitor) {
    visitor.read_head();
    second_came.get_future().wait();
    visitor.send(kHello);
  });
  const RawServer second([&](Socket& visitor) {
    visitor.read_head();
    second_came.set_value();
    visitor.send(kHello);
  });
  Door door(allowing({first.place(), second.place()}));
  std::vector<int> statuses;
  const auto note = [&](Result<HttpReply> reply) { statuses.push_back(reply ? reply->status : 0); };

  door.client->start(get(first.url(), {}), note);
  door.client->start(get(second.url(), {}), note);
  while (door.client->poll(seconds(5)) > 0) {
  }

  EXPECT_THAT(statuses, ElementsAre(200, 200));
}

TEST(HttpClient, LetsACallbackStartTheNextRequest) {
  const RawServer server = answering(redirect(200, "/"));
  Door door(allowing(server.port()));
  std::vector<std::string> order;
  const auto start = [&](const std::string& name, OnReply then) {
    door.client->start(get(server.url(name), {}), std::move(then));
  };

  start("/1", [&](const Result<HttpReply>& one) {
    order.push_back(one->url);
    start("/2", [&](const Result<HttpReply>& two) { order.push_back(two->url); });
    door.client->start(get("ftp://x/", {}),
                       [&](const Result<HttpReply>& bad) { order.push_back(std::string(to_text(bad.error().kind))); });
  });
  EXPECT_THAT(order, IsEmpty());  // callbacks come from poll() alone
  while (door.client->poll(seconds(5)) > 0) {
  }

  EXPECT_THAT(order, ElementsAre(server.url("/1"), "denied", server.url("/2")));
}

TEST(HttpClient, IsWokenFromAnotherThread) {
  Door door({});
  std::thread other([&] { door.client->wake(); });

  const auto began = std::chrono::steady_clock::now();
  const std::size_t running = door.client->poll(seconds(60));

  other.join();
  EXPECT_EQ(running, 0u);
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(30));
}

TEST(HttpClient, ForgetsWhatIsRunningWhenItGoes) {
  std::promise<void> asked;
  const RawServer server([&](Socket& visitor) {
    visitor.read_head();
    asked.set_value();
    visitor.closed_by_peer();
  });
  bool called = false;
  {
    Door door(allowing(server.port()));
    door.client->start(get(server.url(), {}), [&](const Result<HttpReply>&) { called = true; });
    const std::future<void> has_been_asked = asked.get_future();
    while (has_been_asked.wait_for(seconds(0)) != std::future_status::ready) door.client->poll(milliseconds(10));
    door.client->start(get("ftp://x/", {}), [&](const Result<HttpReply>&) { called = true; });
  }

  EXPECT_FALSE(called);
}

TEST(HttpClient, HidesRegisteredSecretsInItsErrors) {
  log::add_secret("hidden-in-a-path");
  Door door({});

  expect_error(door.ask("http://127.0.0.1:8080/hidden-in-a-path"), ErrorKind::denied,
               Not(HasSubstr("hidden-in-a-path")));
}

// ---- against nginx

class HttpClientAndNginx : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/sbin/nginx"))
      GTEST_SKIP() << "nginx is not installed (Debian package nginx-light)";
  }

  TempDir directory_;
};

TEST_F(HttpClientAndNginx, KeepsTheConnectionForTheNextRequest) {
  const Nginx nginx(directory_, {{"", "location / { return 200 \"$connection $connection_requests\"; }"}});
  Door door(allowing(nginx.port(0)));

  const auto first = door.ask(nginx.url(0, "/"));
  const auto second = door.ask(nginx.url(0, "/"));

  ASSERT_TRUE(first && second);
  EXPECT_THAT(first->body, testing::EndsWith(" 1"));
  EXPECT_THAT(second->body, testing::EndsWith(" 2"));
}

TEST_F(HttpClientAndNginx, ReadsWhatNginxCompresses) {
  const std::string page(20000, 'v');
  directory_.write("page", page);
  const Nginx nginx(directory_,
                    {{"", concat("gzip on; gzip_types text/plain; root ", directory_.path().string(), ";")}});
  Door door(allowing(nginx.port(0)));

  const auto reply = door.ask(nginx.url(0, "/page"));

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(reply->header("content-encoding"), "gzip");
  EXPECT_EQ(reply->body, page);
}

TEST_F(HttpClientAndNginx, GetsNotModifiedWithTheServersOwnValidator) {
  const Nginx nginx(directory_, {{"", concat("root ", directory_.path().string(), ";")}});
  Door door(allowing(nginx.port(0)));

  const auto whole = door.ask(nginx.url(0, "/nginx.conf"));
  ASSERT_TRUE(whole) << whole.error().what;
  HttpRequest again = get(nginx.url(0, "/nginx.conf"), {});
  again.headers = {{"If-None-Match", std::string(whole->header("etag"))}};
  const auto second = door.ask(again);

  ASSERT_TRUE(second) << second.error().what;
  EXPECT_EQ(second->status, 304);
  EXPECT_THAT(second->body, IsEmpty());
}

std::string tls(const test::Certificate& certificate, std::string_view location = "return 200 ok;") {
  return concat("ssl_certificate ", certificate.certificate_file, "; ssl_certificate_key ", certificate.key_file,
                "; location / { ", location, " }");
}

TEST_F(HttpClientAndNginx, TrustsTheAuthorityItIsGivenAndNoOther) {
  const Authority authority(directory_.path().string());
  const Nginx nginx(directory_, {{"ssl", tls(authority.issue({"good", "IP:127.0.0.1"}))}});
  HttpOptions options = allowing(nginx.port(0));

  expect_error(Door(options).ask(nginx.url(0, "/")), ErrorKind::denied,
               AllOf(HasSubstr("(127.0.0.1:"), HasSubstr("name its authority in ca_file")));
  options.ca_file = authority.file();
  const auto reply = Door(options).ask(nginx.url(0, "/"));

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(reply->body, "ok");
}

TEST_F(HttpClientAndNginx, RefusesCertificatesThatAreNotValid) {
  const Authority authority(directory_.path().string());
  const Nginx nginx(directory_, {{"ssl", tls(authority.issue({"expired", "IP:127.0.0.1", -3 * 86400, -86400}))},
                                 {"ssl", tls(authority.issue({"early", "IP:127.0.0.1", 86400, 2 * 86400}))},
                                 {"ssl", tls(authority.issue({"other", "DNS:other.example"}))},
                                 {"ssl", tls(authority.issue({"self", "IP:127.0.0.1", -86400, 86400, true}))}});
  HttpOptions options;
  options.allow_private = {"127.0.0.1"};
  options.ca_file = authority.file();
  for (const std::size_t site : {0u, 1u, 2u, 3u}) options.extra_ports.push_back(nginx.port(site));
  Door door(options);

  expect_error(door.ask(nginx.url(0, "/")), ErrorKind::denied,
               AllOf(StartsWith("GET https://127.0.0.1:"), HasSubstr("certificate has expired (127.0.0.1:"),
                     HasSubstr("renew it")));
  expect_error(door.ask(nginx.url(1, "/")), ErrorKind::denied, HasSubstr("not valid yet"));
  expect_error(door.ask(nginx.url(2, "/")), ErrorKind::denied, HasSubstr("the certificate is not for 127.0.0.1"));
  expect_error(door.ask(nginx.url(3, "/")), ErrorKind::denied, HasSubstr("self-signed certificate"));
}

TEST_F(HttpClientAndNginx, KeepsCredentialsOffPlainHttp) {
  const Authority authority(directory_.path().string());
  const RawServer plain = answering(std::string(kHello));
  const Nginx nginx(directory_,
                    {{"ssl", tls(authority.issue({"good", "IP:127.0.0.1"}), concat("return 302 ", plain.url(), ";"))}});
  HttpOptions options = allowing({concat("127.0.0.1:", std::to_string(nginx.port(0))), plain.place()});
  options.ca_file = authority.file();
  Door door(options);
  HttpRequest with_secret = get(nginx.url(0, "/"), {});
  with_secret.secret_headers = {{"apikey", "K1"}};

  expect_error(door.ask(with_secret), ErrorKind::denied, HasSubstr("would send the credential in the clear"));
  EXPECT_TRUE(door.ask(nginx.url(0, "/")));
}

TEST_F(HttpClientAndNginx, CallsABrokenHandShakeTransient) {
  const RawServer server([](Socket&) {});
  Door door(allowing(server.port()));

  expect_error(door.ask(concat("https://", server.place(), "/")), ErrorKind::transient, StartsWith("GET https://"));
}

TEST_F(HttpClientAndNginx, SaysThatTheAuthoritysFileCannotBeRead) {
  HttpOptions options;
  options.ca_file = directory_.file("missing.pem");
  const RawServer server([](Socket&) {});
  options.allow_private = {server.place()};

  expect_error(Door(options).ask(concat("https://", server.place(), "/")), ErrorKind::bad_config,
               HasSubstr("/missing.pem"));
}

}  // namespace
}  // namespace vigie
