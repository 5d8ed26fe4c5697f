#include "base/http_server.h"

#include <fcntl.h>

#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <condition_variable>
#include <thread>
#include <unordered_set>

#include "base/clock.h"
#include "base/gzip.h"
#include "base/http_server_reply.h"
#include "base/http_server_request.h"
#include "base/log.h"
#include "base/text.h"

namespace vigie {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Monotonic = std::chrono::steady_clock;

constexpr Duration kGrace = seconds(3);         // for requests in flight when stopping
constexpr Duration kLinger = seconds(1);        // for a client to take in the last reply before the connection closes
constexpr std::size_t kLingerBytes = 4u << 20;  // of what it goes on sending meanwhile
constexpr Duration kAcceptPause = milliseconds(100);  // after a failed accept, usually for want of descriptors
constexpr std::size_t kReadSize = 4096;

// ---------------------------------------------------------------------------------------------------------------------------
// What connections share. Handlers run on the pool; everything else, this struct's members too, belongs to the one I/O
// thread unless it says otherwise.

class Session;

class BeastServer final : public HttpServer {
 public:
  BeastServer(ServerOptions options, Handler handler, TrustedProxies proxies, Metrics& metrics)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        proxies_(std::move(proxies)),
        metrics_(metrics),
        pool_(std::max<std::size_t>(1, options_.threads)) {}
  ~BeastServer() override { stop(); }

  Result<void> listen(const tcp::endpoint& endpoint);
  std::uint16_t port() const override { return local_.port(); }
  std::string address() const override;
  void stop() override;

  const ServerOptions& options() const { return options_; }
  const TrustedProxies& proxies() const { return proxies_; }
  asio::io_context& io() { return io_; }
  asio::thread_pool& pool() { return pool_; }
  bool stopping() const { return stopping_; }
  // Any thread. A connection that idles holds a place: when places run short, each serves one request.
  bool may_keep_alive() const {
    return !stopping_ && open_ < std::max<std::size_t>(1, options_.max_connections * 3 / 4);
  }
  WireReply answer(const ServerRequest& request, const ReplyTerms& terms) const;  // on the pool
  void count(std::string_view status, Monotonic::duration took);
  void remove(const std::shared_ptr<Session>& session);

 private:
  void accept();
  void on_accept(const error_code& error, tcp::socket socket);
  void pause_accepting();
  void begin_stop();
  void close_all();
  void run();

  const ServerOptions options_;
  const Handler handler_;
  const TrustedProxies proxies_;
  const SystemClock clock_;
  Metrics& metrics_;

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep_running_{io_.get_executor()};
  tcp::acceptor acceptor_{io_};
  asio::steady_timer accept_timer_{io_};
  tcp::endpoint local_;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
  std::atomic<std::size_t> open_{0};  // sessions_.size(), for the pool
  bool accepting_ = false;
  std::atomic<bool> stopping_{false};

  std::mutex stop_mutex_;  // one stop() at a time
  bool stopped_ = false;
  std::mutex drained_mutex_;
  std::condition_variable drained_;
  bool is_drained_ = false;

  asio::thread_pool pool_;
  std::thread thread_;
};

// ---------------------------------------------------------------------------------------------------------------------------
// One connection: a request read, answered, and the next.

class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, BeastServer& server) : server_(server), socket_(std::move(socket)), timer_(server.io()) {
    error_code error;
    const tcp::endpoint peer = socket_.remote_endpoint(error);
    if (!error) peer_ = parse_ip(peer.address().to_string());
    socket_.set_option(tcp::no_delay(true), error);
  }

  void await_request();
  void close();
  bool in_a_request() const { return state_ == State::request; }

 private:
  enum class State { idle, request, lingering, closed };

  void begin_request();
  void on_header(const error_code& error);
  void read_body();
  void on_request(const error_code& error);
  void refuse_unreadable(const error_code& error);
  Result<ServerRequest> read_request();
  void ask_handler(ServerRequest request);
  void refuse(int status);
  void send(WireReply reply, bool keep_alive);
  void on_sent(const error_code& error, bool keep_alive);
  void linger();
  void discard(std::size_t so_far);
  void arm(Duration deadline);
  void on_deadline();

  BeastServer& server_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::optional<IpAddress> peer_;
  beast::flat_buffer buffer_{limits::kHeaderBytes + 2 * kReadSize};
  std::optional<http::request_parser<http::string_body>> parser_;
  WireReply reply_;
  State state_ = State::idle;
  bool first_ = true;
  Monotonic::time_point began_;
  std::atomic<bool> abandoned_{false};  // read by the pool: nobody waits for the answer any more
};

// Absolute: reading a byte does not move it, so a client that drips cannot hold a connection.
void Session::arm(Duration deadline) {
  timer_.expires_after(deadline);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    // A wait that had already ended when the timer was armed again arrives without error.
    if (!error && self->timer_.expiry() <= Monotonic::now()) self->on_deadline();
  });
}

void Session::on_deadline() {
  if (state_ == State::request) server_.count("cut", Monotonic::now() - began_);
  close();
}

void Session::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  abandoned_ = true;
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  server_.remove(shared_from_this());
}

void Session::await_request() {
  state_ = State::idle;
  parser_.emplace();
  parser_->header_limit(limits::kHeaderBytes);
  parser_->body_limit(server_.options().max_body);
  arm(server_.options().deadline);
  if (buffer_.size() > 0) return begin_request();  // it sent the next one already
  buffer_.shrink_to_fit();
  socket_.async_read_some(buffer_.prepare(kReadSize),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (error || self->state_ == State::closed) return self->close();
                            self->buffer_.commit(bytes);
                            // The first request's time began when it connected, a later one's begins with its first
                            // byte.
                            if (!self->first_) self->arm(self->server_.options().deadline);
                            self->begin_request();
                          });
}

void Session::begin_request() {
  state_ = State::request;
  first_ = false;
  began_ = Monotonic::now();
  http::async_read_header(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](const error_code& error, std::size_t) { self->on_header(error); });
}

void Session::on_header(const error_code& error) {
  if (state_ == State::closed) return;
  if (error) return refuse_unreadable(error);
  const auto& head = parser_->get();
  if (!iequals(std::string_view(head[http::field::expect]), "100-continue") || parser_->is_done()) return read_body();

  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(kContinue),
                    [self = shared_from_this()](const error_code& failed, std::size_t) {
                      if (failed || self->state_ == State::closed) return self->close();
                      self->read_body();
                    });
}

void Session::read_body() {
  http::async_read(socket_, buffer_, *parser_,
                   [self = shared_from_this()](const error_code& error, std::size_t) { self->on_request(error); });
}

void Session::on_request(const error_code& error) {
  if (state_ == State::closed) return;
  if (error) return refuse_unreadable(error);
  Result<ServerRequest> request = read_request();
  if (!request) return refuse(400);
  ask_handler(*std::move(request));
}

void Session::refuse_unreadable(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return refuse(431);
  if (error == http::error::body_limit) return refuse(413);
  const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
  const bool malformed = error.category() == http::make_error_code(http::error::bad_method).category();
  if (malformed && !gone) return refuse(400);
  close();
}

Result<ServerRequest> Session::read_request() {
  auto& message = parser_->get();
  ServerRequest request;
  request.method = std::string_view(message.method_string());
  for (const auto& field : message) {
    request.headers.emplace_back(std::string_view(field.name_string()), std::string_view(field.value()));
  }
  if (message.version() == 11 && message.count(http::field::host) != 1)
    return fail(ErrorKind::bad_data, "one Host is needed");
  TRY(read_target(std::string_view(message.target()), request));
  request.body = std::move(message.body());
  server_.proxies().identify(peer_, request);
  return request;
}

void Session::ask_handler(ServerRequest request) {
  const bool keep_alive = parser_->get().keep_alive();
  asio::post(server_.pool(), [self = shared_from_this(), request = std::move(request), keep_alive]() mutable {
    if (self->abandoned_) return;
    const std::string method = request.method;
    if (method == "HEAD") request.method = "GET";
    const ReplyTerms terms{self->server_.options().name, method, request.path,
                           accepts_gzip(request.header("accept-encoding")),
                           keep_alive && self->server_.may_keep_alive()};
    WireReply reply = self->server_.answer(request, terms);
    asio::post(self->server_.io(), [self, reply = std::move(reply), stays = terms.keep_alive]() mutable {
      if (self->state_ != State::closed) self->send(std::move(reply), stays);
    });
  });
}

void Session::refuse(int status) {
  const ReplyTerms terms{server_.options().name, "", "", false, false};
  send(to_wire(plain_reply(status), terms, SystemClock().now()), false);
}

void Session::send(WireReply reply, bool keep_alive) {
  reply_ = std::move(reply);
  const std::array<asio::const_buffer, 2> bytes = {asio::buffer(reply_.head), asio::buffer(reply_.body)};
  asio::async_write(socket_, bytes, [self = shared_from_this(), keep_alive](const error_code& error, std::size_t) {
    self->on_sent(error, keep_alive);
  });
}

void Session::on_sent(const error_code& error, bool keep_alive) {
  if (state_ == State::closed) return;
  if (error) return close();
  static constexpr std::string_view kClasses[] = {"2xx", "3xx", "4xx", "5xx"};
  server_.count(kClasses[std::clamp(reply_.status / 100, 2, 5) - 2], Monotonic::now() - began_);
  reply_ = {};
  if (keep_alive && !server_.stopping()) return await_request();
  error_code unknown;
  const bool unread = !parser_->is_done() || buffer_.size() > 0 || socket_.available(unknown) > 0;
  return unread ? linger() : close();
}

// Closing with bytes unread sends a reset, and the client may lose the reply that says why: read on for a moment.
void Session::linger() {
  state_ = State::lingering;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  arm(std::min<Duration>(kLinger, server_.options().deadline));
  buffer_.clear();
  discard(0);
}

void Session::discard(std::size_t so_far) {
  socket_.async_read_some(buffer_.prepare(kReadSize),
                          [self = shared_from_this(), so_far](const error_code& error, std::size_t bytes) {
                            if (error || self->state_ == State::closed || so_far + bytes > kLingerBytes)
                              return self->close();
                            self->discard(so_far + bytes);
                          });
}

// ---------------------------------------------------------------------------------------------------------------------------

// Why nobody can listen there, and what to do.
Error explain(const error_code& error, const ServerOptions& options) {
  const std::string place = concat("cannot listen on ", options.listen, ": ");
  const std::string setting = concat("serve.", options.name);
  if (error == asio::error::address_in_use) {
    return {ErrorKind::denied, concat(place, "address already in use; stop the other program or change ", setting), {}};
  }
  if (error == asio::error::access_denied) {
    return {ErrorKind::denied, concat(place, "permission denied; take a port above 1023 in ", setting), {}};
  }
  if (error.value() == EADDRNOTAVAIL) {
    return {ErrorKind::bad_config, concat(place, "this machine has no such address; change ", setting), {}};
  }
  return {ErrorKind::denied, concat(place, error.message()), {}};
}

Result<void> BeastServer::listen(const tcp::endpoint& endpoint) {
  error_code error;
  const auto failed = [&] { return fail(explain(error, options_)); };
  if (acceptor_.open(endpoint.protocol(), error)) return failed();
  // A restart must not wait for the old connections to be forgotten; two listeners on one port are refused all the
  // same.
  if (acceptor_.set_option(tcp::acceptor::reuse_address(true), error)) return failed();
  if (acceptor_.bind(endpoint, error)) return failed();
  if (acceptor_.listen(asio::socket_base::max_listen_connections, error)) return failed();
  fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);
  local_ = acceptor_.local_endpoint(error);
  accept();
  thread_ = std::thread([this] { run(); });
  return {};
}

void BeastServer::run() {
  while (true) {
    try {
      io_.run();
      return;
    } catch (const std::exception& error) {  // memory, most likely: that connection is lost, the others go on
      log::error("http", "a connection failed", {{"listener", options_.name}, {"reason", error.what()}});
    }
  }
}

std::string BeastServer::address() const {
  const std::string host = local_.address().to_string();
  return concat(local_.address().is_v6() ? concat("[", host, "]") : host, ":", std::to_string(local_.port()));
}

// At the cap the next ones wait in the system's queue until a connection ends.
void BeastServer::accept() {
  accepting_ = !stopping_ && sessions_.size() < options_.max_connections;
  if (!accepting_) return;
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) { on_accept(error, std::move(socket)); });
}

void BeastServer::on_accept(const error_code& error, tcp::socket socket) {
  if (stopping_) return;
  if (error) return pause_accepting();
  const auto session = std::make_shared<Session>(std::move(socket), *this);
  sessions_.insert(session);
  open_ = sessions_.size();
  session->await_request();
  accept();
}

void BeastServer::pause_accepting() {
  accept_timer_.expires_after(kAcceptPause);
  accept_timer_.async_wait([this](const error_code& error) {
    if (!error) accept();
  });
}

void BeastServer::remove(const std::shared_ptr<Session>& session) {
  sessions_.erase(session);
  open_ = sessions_.size();
  if (!stopping_ && !accepting_) accept();
  if (!stopping_ || !sessions_.empty()) return;
  const std::lock_guard lock(drained_mutex_);
  is_drained_ = true;
  drained_.notify_all();
}

void BeastServer::count(std::string_view status, Monotonic::duration took) {
  metrics_.add("vigie_http_server_requests_total", "Requests answered, by status class; cut: over the deadline.",
               {{"listener", options_.name}, {"status", std::string(status)}});
  metrics_.observe("vigie_http_server_seconds", "From a request's first byte to its reply's last.",
                   {{"listener", options_.name}}, std::chrono::duration<double>(took).count());
}

WireReply BeastServer::answer(const ServerRequest& request, const ReplyTerms& terms) const {
  try {
    return to_wire(handler_(request), terms, clock_.now());
  } catch (const std::exception& error) {
    log::error("http", "a handler failed",
               {{"listener", options_.name}, {"path", request.path}, {"reason", error.what()}});
  } catch (...) {
    log::error("http", "a handler failed", {{"listener", options_.name}, {"path", request.path}});
  }
  return to_wire(plain_reply(500), terms, clock_.now());
}

void BeastServer::stop() {
  const std::lock_guard one_at_a_time(stop_mutex_);
  if (stopped_) return;
  stopped_ = true;
  if (thread_.joinable()) {
    asio::post(io_, [this] { begin_stop(); });
    {
      std::unique_lock lock(drained_mutex_);
      drained_.wait_for(lock, kGrace, [this] { return is_drained_; });
    }
    asio::post(io_, [this] { close_all(); });
  }
  pool_.join();
  keep_running_.reset();  // all is closed: the I/O thread runs out of work
  if (thread_.joinable()) thread_.join();
}

void BeastServer::begin_stop() {
  stopping_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  accept_timer_.cancel();
  const auto sessions = sessions_;  // closing changes the set
  for (const auto& session : sessions) {
    if (!session->in_a_request()) session->close();
  }
  if (!sessions_.empty()) return;
  const std::lock_guard lock(drained_mutex_);
  is_drained_ = true;
  drained_.notify_all();
}

void BeastServer::close_all() {
  const auto sessions = sessions_;
  for (const auto& session : sessions) session->close();
}

Result<tcp::endpoint> parse_listen(const ServerOptions& options) {
  const auto refuse = [&] {
    return fail(ErrorKind::bad_config,
                concat("serve.", options.name, ": expected ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080, found ",
                       options.listen));
  };
  const std::string_view listen = options.listen;
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  std::string_view host = listen.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";

  error_code error;
  const asio::ip::address address = asio::ip::make_address(std::string(host), error);
  if (error || address.is_v6() != bracketed) return refuse();
  std::uint16_t port = 0;
  const char* const last = listen.data() + listen.size();
  const auto [end, fault] = std::from_chars(listen.data() + colon + 1, last, port);
  if (fault != std::errc{} || end != last) return refuse();
  return tcp::endpoint(address, port);
}

}  // namespace

Result<std::unique_ptr<HttpServer>> serve_http(ServerOptions options, Handler handler, Metrics& metrics) {
  TRY(const tcp::endpoint endpoint, parse_listen(options));
  TRY(TrustedProxies proxies, TrustedProxies::parse(options.trusted_proxies));
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler), std::move(proxies), metrics);
  TRY(server->listen(endpoint));
  return server;
}

}  // namespace vigie
