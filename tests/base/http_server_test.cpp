#include "base/http_server.h"

#include <gmock/gmock.h>

#include <future>

#include "base/gzip.h"
#include "base/http_client.h"
#include "base/log.h"
#include "tests/base/sockets.h"

namespace vigie {
namespace {

using test::connect_to;
using test::Socket;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

ServerReply text(std::string body) { return {200, std::move(body), "text/plain; charset=utf-8", {}}; }
ServerReply echo_path(const ServerRequest& request) { return text(concat(request.method, " ", request.path)); }

std::unique_ptr<HttpServer> serve(Handler handler, Metrics& metrics, ServerOptions options = {}) {
  auto server = serve_http(std::move(options), std::move(handler), metrics);
  EXPECT_TRUE(server) << server.error().what;
  return server ? *std::move(server) : nullptr;
}

// A server with a handler, and visitors that write their own requests.
struct House {
  explicit House(Handler handler, ServerOptions options = {})
      : server(serve(std::move(handler), metrics, std::move(options))) {}
  // The whole reply to one request on a connection of its own.
  std::string ask(std::string_view request) const {
    Socket visitor(connect_to(server->port()));
    visitor.send(request);
    return visitor.read_reply();
  }
  // Settled once the server has stopped: a reply is counted when its last byte is out, which its reader may see before.
  double answered(const char* status) const {
    return metrics.value("vigie_http_server_requests_total", {{"listener", "public"}, {"status", status}});
  }

  Metrics metrics;
  std::unique_ptr<HttpServer> server;
};

// Lines the log wrote meanwhile.
class Lines {
 public:
  Lines() {
    log::set_sink([this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      text_ += line;
    });
  }
  ~Lines() { log::set_sink({}); }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  std::mutex mutex_;
  std::string text_;
};

// ---- what a visitor gets

TEST(HttpServer, AnswersWithTheHeadersEveryPageOwes) {
  const House house([](const ServerRequest&) {
    return ServerReply{200, "<p>hello", "text/html; charset=utf-8", {{"ETag", "\"1\""}}};
  });

  const std::string reply = house.ask(kGet);

  EXPECT_THAT(reply, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nContent-Length: 8\r\n"),
                           HasSubstr("\r\nContent-Type: text/html; charset=utf-8\r\n"),
                           HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"),
                           HasSubstr("\r\nReferrer-Policy: strict-origin-when-cross-origin\r\n"),
                           HasSubstr("\r\nContent-Security-Policy: default-src 'none'; "),
                           HasSubstr("\r\nETag: \"1\"\r\n"), EndsWith("\r\n\r\n<p>hello")));
  EXPECT_THAT(reply, AllOf(HasSubstr("\r\nDate: "), HasSubstr(" GMT\r\n"), Not(HasSubstr("unsafe-inline"))));
}

TEST(HttpServer, LeavesAHandlersOwnPolicyAlone) {
  const House house([](const ServerRequest&) {
    return ServerReply{200,
                       "x",
                       "text/html",
                       {{"content-security-policy", "sandbox"}, {"Content-Length", "999"}, {"Connection", "upgrade"}}};
  });

  const std::string reply = house.ask(kGet);

  EXPECT_THAT(reply, AllOf(HasSubstr("content-security-policy: sandbox\r\n"), Not(HasSubstr("default-src")),
                           Not(HasSubstr("999")), Not(HasSubstr("upgrade"))));
}

TEST(HttpServer, UnderstandsARequest) {
  std::vector<Header> query;
  std::vector<std::string> seen;
  const House house([&](const ServerRequest& request) {
    query = request.query;
    seen = {request.method,
            request.path,
            std::string(request.param("q")),
            std::string(request.header("X-ONE")),
            request.form("name"),
            request.form("missing"),
            std::string(request.cookie("sid")),
            request.remote};
    return text("ok");
  });

  house.ask(
      "POST /w%C3%A9/a+b?q=a+b%26&q=2&empty=&bare HTTP/1.1\r\nHost: h\r\nx-one: 1\r\nCookie: a=1; sid=S1; b=2\r\n"
      "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: "
      "21\r\n\r\nname=Zo%C3%AB+K&other");

  EXPECT_THAT(query, ElementsAre(Pair("q", "a b&"), Pair("q", "2"), Pair("empty", ""), Pair("bare", "")));
  EXPECT_THAT(seen, ElementsAre("POST", "/w\xC3\xA9/a+b", "a b&", "1", "Zo\xC3\xAB K", "", "S1", "127.0.0.1"));
}

TEST(HttpServer, ReadsNoFormFromABodyOfAnotherType) {
  const House house([](const ServerRequest& request) { return text(concat("[", request.form("a"), "]")); });

  EXPECT_THAT(house.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\na=1"),
              EndsWith("[]"));
}

TEST(HttpServer, ReadsAChunkedBody) {
  const House house([](const ServerRequest& request) { return text(request.body); });

  EXPECT_THAT(
      house.ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
      EndsWith("\r\n\r\nabcde"));
}

TEST(HttpServer, TellsAClientThatWaitsToGoOn) {
  const House house([](const ServerRequest& request) { return text(request.body); });
  Socket visitor(connect_to(house.server->port()));

  visitor.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(visitor.read_head(), "HTTP/1.1 100 Continue\r\n\r\n");
  visitor.send("abc");

  EXPECT_THAT(visitor.read_reply(), EndsWith("\r\n\r\nabc"));
}

TEST(HttpServer, AnswersHeadAsGetWithoutTheBody) {
  const House house(echo_path);
  Socket visitor(connect_to(house.server->port()));

  visitor.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

  EXPECT_THAT(visitor.read_all(), AllOf(HasSubstr("Content-Length: 6\r\n"), EndsWith("\r\n\r\n")));
}

TEST(HttpServer, SendsNoBodyWithNotModified) {
  const House house([](const ServerRequest&) { return ServerReply{304, "ignored", "text/html", {}}; });
  Socket visitor(connect_to(house.server->port()));

  visitor.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

  EXPECT_THAT(visitor.read_all(),
              AllOf(StartsWith("HTTP/1.1 304 "), Not(HasSubstr("Content-Length")), EndsWith("\r\n\r\n")));
}

TEST(HttpServer, CompressesLongTextsForThoseWhoTakeIt) {
  const std::string page(5000, 'v');
  const House house([&](const ServerRequest& request) {
    return ServerReply{
        200, request.path == "/short" ? "v" : page, request.path == "/png" ? "image/png" : "application/json", {}};
  });
  const auto ask = [&](std::string_view path, std::string_view encoding) {
    return house.ask(concat("GET ", path, " HTTP/1.1\r\nHost: h\r\nAccept-Encoding: ", encoding, "\r\n\r\n"));
  };

  EXPECT_THAT(ask("/long", "gzip, br"),
              AllOf(HasSubstr("Content-Encoding: gzip\r\n"), HasSubstr("Vary: Accept-Encoding\r\n"),
                    EndsWith(concat("\r\n\r\n", *gzip(page)))));
  EXPECT_THAT(ask("/long", "gzip;q=0"), AllOf(HasSubstr("Vary: Accept-Encoding\r\n"), EndsWith(page)));
  EXPECT_THAT(ask("/short", "gzip"), Not(HasSubstr("Encoding: gzip")));
  EXPECT_THAT(ask("/png", "gzip"), Not(HasSubstr("Encoding: gzip")));
}

TEST(HttpServer, IsReadByOurOwnClient) {
  const std::string page(5000, 'v');
  const House house([&](const ServerRequest&) { return text(page); });
  Metrics metrics;
  const SystemClock clock;
  HttpOptions options;
  options.allow_private = {house.server->address()};
  const auto client = make_http_client(options, clock, metrics);

  const auto reply = fetch(*client, get(concat("http://", house.server->address(), "/"), {}));

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(reply->body, page);
  EXPECT_EQ(reply->header("content-encoding"), "gzip");
}

// ---- connections

TEST(HttpServer, ServesOneRequestAfterTheOtherOnAConnection) {
  const House house(echo_path);
  Socket visitor(connect_to(house.server->port()));

  for (const char* path : {"/1", "/2", "/3"}) {
    visitor.send(concat("GET ", path, " HTTP/1.1\r\nHost: h\r\n\r\n"));
    EXPECT_THAT(visitor.read_reply(), AllOf(HasSubstr("Connection: keep-alive"), EndsWith(concat("GET ", path))));
  }
  house.server->stop();
  EXPECT_EQ(house.answered("2xx"), 3);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const House house(echo_path);
  Socket visitor(connect_to(house.server->port()));

  visitor.send(
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /3 "
      "HTTP/1.1\r\nHost: h\r\n\r\n");

  EXPECT_THAT(visitor.read_reply(), EndsWith("GET /1"));
  EXPECT_THAT(visitor.read_reply(), EndsWith("POST /2"));
  EXPECT_THAT(visitor.read_reply(), EndsWith("GET /3"));
}

TEST(HttpServer, AnswersAVisitorWhoHasStoppedSending) {
  const House house(echo_path);
  Socket visitor(connect_to(house.server->port()));

  visitor.send(kGet);
  visitor.end_sending();

  EXPECT_THAT(visitor.read_all(), EndsWith("GET /x"));
}

TEST(HttpServer, ClosesWhenAskedTo) {
  const House house(echo_path);

  for (const char* request : {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    Socket visitor(connect_to(house.server->port()));
    visitor.send(request);
    EXPECT_THAT(visitor.read_all(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("GET /")));
  }
}

TEST(HttpServer, CutsAVisitorWhoDrips) {
  ServerOptions options;
  options.deadline = milliseconds(300);
  const House house(echo_path, options);
  Socket visitor(connect_to(house.server->port()));

  // A byte after the other, far fewer than a header may have: each moves the request on, none moves the deadline.
  visitor.send("GET /x HTTP/1.1\r\nHost: h\r\nX-Slow: ");
  for (int i = 0; i < 1000 && visitor.send("x"); ++i) std::this_thread::yield();

  EXPECT_TRUE(visitor.closed_by_peer());
  house.server->stop();
  EXPECT_EQ(house.answered("cut"), 1);
}

TEST(HttpServer, CutsAVisitorWhoSaysNothing) {
  ServerOptions options;
  options.deadline = milliseconds(100);
  const House house(echo_path, options);
  Socket silent(connect_to(house.server->port()));
  Socket half(connect_to(house.server->port()));
  half.send("GET /x HTT");

  EXPECT_TRUE(silent.closed_by_peer());
  EXPECT_TRUE(half.closed_by_peer());
  house.server->stop();
  EXPECT_EQ(house.answered("cut"), 1);
}

TEST(HttpServer, CutsAVisitorWhoDoesNotRead) {
  ServerOptions options;
  options.deadline = milliseconds(200);
  const House house(
      [](const ServerRequest&) {
        return ServerReply{200, std::string(64u << 20, 'x'), "image/png", {}};
      },
      options);
  Socket visitor(connect_to(house.server->port()));

  visitor.send(kGet);
  while (house.answered("cut") == 0) std::this_thread::yield();

  EXPECT_EQ(house.answered("2xx"), 0);
}

TEST(HttpServer, KeepsExtraVisitorsWaitingAtTheDoor) {
  ServerOptions options;
  options.max_connections = 2;
  const House house(echo_path, options);
  auto first = std::make_unique<Socket>(connect_to(house.server->port()));
  Socket second(connect_to(house.server->port()));
  first->send("GET /1 HTT");
  second.send("GET /2 HTT");
  Socket third(connect_to(house.server->port()));
  third.send("GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");

  first.reset();

  EXPECT_THAT(third.read_reply(), EndsWith("GET /3"));
}

// ---- what is refused

struct Refusal {
  const char* name;
  std::string request;
  const char* status;
};
void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }
class HttpServerRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(HttpServerRefuses, WithAStatusAndAClosedConnection) {
  bool handled = false;
  const House house([&](const ServerRequest&) {
    handled = true;
    return text("ok");
  });
  Socket visitor(connect_to(house.server->port()));

  visitor.send(GetParam().request);
  const std::string reply = visitor.read_all();

  EXPECT_THAT(reply, StartsWith(concat("HTTP/1.1 ", GetParam().status, " ")));
  EXPECT_FALSE(handled);
}

std::string get_target(std::string_view target) { return concat("GET ", target, " HTTP/1.1\r\nHost: h\r\n\r\n"); }

INSTANTIATE_TEST_SUITE_P(
    Hostile, HttpServerRefuses,
    testing::Values(
        Refusal{"NotHttp", "\x16\x03\x01\x02\x00\x01\r\n\r\n", "400"},
        Refusal{"NoHost", "GET / HTTP/1.1\r\n\r\n", "400"},
        Refusal{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
        Refusal{"Dots", get_target("/a/../b"), "400"}, Refusal{"EncodedDots", get_target("/a/%2e%2E/b"), "400"},
        Refusal{"EncodedSlashAndDots", get_target("/a%2f..%2fb"), "400"}, Refusal{"Nul", get_target("/a%00b"), "400"},
        Refusal{"LineBreak", get_target("/a%0d%0ab"), "400"}, Refusal{"NotUtf8", get_target("/a%ff"), "400"},
        Refusal{"BrokenPercent", get_target("/a%2"), "400"}, Refusal{"Relative", get_target("a"), "400"},
        Refusal{"Star", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
        Refusal{"FoldedHeader", "GET / HTTP/1.1\r\nHost: h\r\nX : 1\r\n\r\n", "400"},
        Refusal{"TwoLengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"},
        Refusal{"LengthAndChunks",
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "400"},
        Refusal{"HugeHeader", concat("GET / HTTP/1.1\r\nHost: h\r\nX: ", std::string(100000, 'x'), "\r\n\r\n"), "431"},
        Refusal{"ManyHeaders",
                [] {
                  std::string request = "GET / HTTP/1.1\r\nHost: h\r\n";
                  for (int i = 0; i < 20000; ++i) request += "X: 1\r\n";
                  return request + "\r\n";
                }(),
                "431"},
        Refusal{"HugeTarget", get_target(concat("/", std::string(100000, 'x'))), "431"},
        Refusal{"AnnouncedHugeBody", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n", "413"},
        Refusal{"HugeBody",
                concat("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n", std::string(2000000, 'x')),
                "413"},
        Refusal{"HugeChunkedBody",
                concat("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n",
                       std::string(0x200000, 'x')),
                "413"}),
    [](const auto& each) { return each.param.name; });

TEST(HttpServer, TakesAProxysAbsoluteTarget) {
  const House house(echo_path);

  EXPECT_THAT(house.ask(get_target("http://wall.example/w?x=1")), EndsWith("GET /w"));
}

TEST(HttpServer, TurnsAReplyThatWouldBreakItsHeadersIntoAFault) {
  Lines lines;
  const House house([](const ServerRequest& request) {
    ServerReply reply = text("secret");
    if (request.path == "/value") reply.headers = {{"Location", "/x\r\nSet-Cookie: sid=evil"}};
    if (request.path == "/nul") reply.headers = {{"Location", std::string("/x\0y", 4)}};
    if (request.path == "/name") reply.headers = {{"X: 1\r\nY", "1"}};
    if (request.path == "/type") reply.content_type = "text/html\nX: 1";
    if (request.path == "/status") reply.status = 99;
    return reply;
  });

  for (const char* path : {"/value", "/nul", "/name", "/type", "/status"}) {
    EXPECT_THAT(house.ask(get_target(path)),
                AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("evil")), Not(HasSubstr("secret"))))
        << path;
    EXPECT_THAT(lines.text(), HasSubstr(concat("path=", path))) << path;
  }
  house.server->stop();
  EXPECT_EQ(house.answered("5xx"), 5);
}

TEST(HttpServer, SurvivesAHandlerThatThrows) {
  Lines lines;
  const House house([](const ServerRequest& request) -> ServerReply {
    if (request.path == "/odd") throw 42;
    throw std::runtime_error("no such table");
  });

  EXPECT_THAT(house.ask(kGet), AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("no such table"))));
  EXPECT_THAT(house.ask(get_target("/odd")), StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(lines.text(), AllOf(HasSubstr("a handler failed"), HasSubstr("no such table"), HasSubstr("path=/odd")));
}

// ---- proxies

TEST(HttpServer, BelievesForwardedHeadersOfTrustedProxiesOnly) {
  const Handler tell = [](const ServerRequest& request) {
    return text(concat(request.remote, request.secure ? " secure" : " plain"));
  };
  ServerOptions behind_proxies;
  behind_proxies.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
  const House open(tell);
  const House behind(tell, behind_proxies);
  const auto request = [](std::string_view chain) {
    return concat("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: ", chain, "\r\n\r\n");
  };

  EXPECT_THAT(open.ask(request("1.2.3.4")), EndsWith("127.0.0.1 plain"));
  EXPECT_THAT(behind.ask(request("1.2.3.4")), EndsWith("1.2.3.4 secure"));
  EXPECT_THAT(behind.ask(request("6.6.6.6, 1.2.3.4, 10.0.0.9")), EndsWith("1.2.3.4 secure"));
  EXPECT_THAT(behind.ask(request("[2001:db8::1]:4711")), EndsWith("2001:db8::1 secure"));
  EXPECT_THAT(behind.ask(request("1.2.3.4, nonsense")), EndsWith("127.0.0.1 secure"));
  EXPECT_THAT(behind.ask(kGet), EndsWith("127.0.0.1 plain"));
}

// ---- starting and stopping

TEST(HttpServer, SaysWhoHoldsThePort) {
  Metrics metrics;
  const House house(echo_path);
  ServerOptions options;
  options.listen = house.server->address();

  const auto second = serve_http(options, echo_path, metrics);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::denied);
  EXPECT_EQ(second.error().what, concat("cannot listen on ", options.listen,
                                        ": address already in use; stop the other program or change serve.public"));
}

TEST(HttpServer, RefusesOptionsItCannotRead) {
  Metrics metrics;
  for (const char* listen : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "wall.example:80", "::1:80",
                             "[127.0.0.1]:80", "127.0.0.1:80x"}) {
    ServerOptions options;
    options.listen = listen;
    const auto server = serve_http(options, echo_path, metrics);
    ASSERT_FALSE(server) << listen;
    EXPECT_EQ(server.error().kind, ErrorKind::bad_config) << listen;
    EXPECT_THAT(server.error().what, StartsWith("serve.public: expected ADDRESS:PORT"));
  }
  ServerOptions options;
  options.trusted_proxies = {"proxy.example"};
  EXPECT_THAT(serve_http(options, echo_path, metrics).error().what,
              HasSubstr("trusted_proxies: expected an address or CIDR"));
}

TEST(HttpServer, TellsItsAddress) {
  const House house(echo_path);

  EXPECT_THAT(house.server->address(), concat("127.0.0.1:", std::to_string(house.server->port())));
  EXPECT_NE(house.server->port(), 0);
}

TEST(HttpServer, FinishesARequestInFlightWhenItStops) {
  std::promise<void> entered;
  std::promise<void> leave;
  House house([&](const ServerRequest&) {
    entered.set_value();
    leave.get_future().wait();
    return text("done");
  });
  Socket busy(connect_to(house.server->port()));
  Socket idle(connect_to(house.server->port()));
  busy.send(kGet);
  entered.get_future().wait();

  std::thread stopping([&] { house.server->stop(); });
  EXPECT_TRUE(idle.closed_by_peer());  // so it is stopping by now
  leave.set_value();

  EXPECT_THAT(busy.read_all(), EndsWith("done"));
  stopping.join();
  house.server->stop();  // again: nothing happens
}

TEST(HttpServer, DoesNotWaitForeverForAVisitorWhenItStops) {
  House house(echo_path);
  Socket drips(connect_to(house.server->port()));
  drips.send("GET /x HTT");
  Socket served(connect_to(house.server->port()));
  served.send(kGet);
  served.read_reply();  // its bytes came later than the other's: that one has begun

  const auto began = std::chrono::steady_clock::now();
  house.server->stop();

  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(5));
  EXPECT_TRUE(drips.closed_by_peer());
}

TEST(HttpServer, CountsWhatItServed) {
  const House house(echo_path);

  house.ask(kGet);
  house.ask(get_target("/a/../b"));
  house.server->stop();

  EXPECT_EQ(house.answered("2xx"), 1);
  EXPECT_EQ(house.answered("4xx"), 1);
  EXPECT_THAT(house.metrics.text(), HasSubstr("vigie_http_server_seconds_count{listener=\"public\"} 2"));
}

TEST(HttpServer, HoldsWhenManyAskAtOnce) {
  const House house(echo_path);
  std::atomic<int> right{0};
  std::vector<std::thread> visitors;
  for (int i = 0; i < 8; ++i) {
    visitors.emplace_back([&, i] {
      Socket visitor(connect_to(house.server->port()));
      for (int n = 0; n < 50; ++n) {
        const std::string path = concat("/", std::to_string(i), "/", std::to_string(n));
        visitor.send(get_target(path));
        if (visitor.read_reply().ends_with(concat("GET ", path))) ++right;
      }
    });
  }
  for (std::thread& visitor : visitors) visitor.join();

  EXPECT_EQ(right, 400);
}

}  // namespace
}  // namespace vigie
