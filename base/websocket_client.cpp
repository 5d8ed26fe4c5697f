#include "base/websocket_client.h"

#include <curl/curl.h>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/guarded_socket.h"
#include "base/http_redirect.h"
#include "base/log.h"

namespace vigie {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

// All of it runs on one thread, so no executor that could be any is compiled, nor a strand. Without compression, which
// is never asked for.
using Executor = asio::io_context::executor_type;
using Tcp = beast::basic_stream<tcp, Executor>;
using Resolver = asio::ip::basic_resolver<tcp, Executor>;
using Plain = websocket::stream<Tcp, false>;
using Secure = websocket::stream<beast::ssl_stream<Tcp>, false>;

constexpr std::size_t kWaitingBytes = 4u << 20;  // of all connections, before the reading stops
constexpr std::size_t kWaitingEvents = 20'000;
constexpr std::string_view kUsualPorts = "80, 443, 8000-8999";

// ---------------------------------------------------------------------------------------------------------------------
// What connections bring, on its way to the thread that polls.

struct Event {
  enum class Kind { opened, frame, ended } kind;
  std::uint64_t connection;
  std::string bytes{};
  Result<HttpReply> end = HttpReply{};
};

class Inbox {
 public:
  explicit Inbox(std::function<void()> ready) : ready_(std::move(ready)) {}

  // False: full, no more until it was emptied.
  bool put(Event event) {
    bool room = true;
    {
      const std::lock_guard lock(mutex_);
      bytes_ += event.bytes.size();
      events_.push_back(std::move(event));
      room = bytes_ < kWaitingBytes && events_.size() < kWaitingEvents;
    }
    if (ready_) ready_();
    return room;
  }

  std::deque<Event> take() {
    const std::lock_guard lock(mutex_);
    bytes_ = 0;
    return std::exchange(events_, {});
  }

 private:
  const std::function<void()> ready_;
  std::mutex mutex_;
  std::deque<Event> events_;
  std::size_t bytes_ = 0;
};

// ---------------------------------------------------------------------------------------------------------------------
// Where a connection leads.

struct Place {
  std::string host, port, target;
  bool secure = false;
};

Result<Place> place_of(const std::string& url) {
  const bool secure = url.starts_with("wss://");
  if (!secure && !url.starts_with("ws://"))
    return fail(ErrorKind::bad_data, concat(redact_url(url), ": expected a ws or wss URL"));
  const std::string as_http = concat(secure ? "https" : "http", url.substr(url.find(':')));
  TRY(check_url(as_http));
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), &curl_url_cleanup);
  const auto part = [&](CURLUPart wanted) {
    char* text = nullptr;
    if (curl_url_get(parsed.get(), wanted, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return std::string();
    std::string out(text);
    curl_free(text);
    return out;
  };
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, as_http.c_str(), 0) != CURLUE_OK)
    return fail(ErrorKind::bad_data, concat(redact_url(url), ": it is not a URL"));
  Place place{part(CURLUPART_HOST), part(CURLUPART_PORT), part(CURLUPART_PATH), secure};
  if (place.host.starts_with('[')) place.host = place.host.substr(1, place.host.size() - 2);
  if (const std::string query = part(CURLUPART_QUERY); !query.empty()) place.target += concat("?", query);
  return place;
}

bool is_safe(const Header& header) {
  const auto breaks = [](std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
  };
  return !header.first.empty() && !breaks(header.first) && !breaks(header.second);
}

// ---------------------------------------------------------------------------------------------------------------------
// One connection. Everything of it runs on the client's thread.

struct Shared {
  HttpOptions options;
  AddressGuard guard;
  Duration quiet;
  Inbox inbox;
  asio::io_context io{1};
  ssl::context tls{ssl::context::tls_client};
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void start() = 0;
  virtual void resume() = 0;  // the inbox has room again
  virtual void close() = 0;
};

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(Shared& shared, std::uint64_t id, HttpRequest request, Place place)
      : shared_(shared), id_(id), request_(std::move(request)), place_(std::move(place)), stream_(make(shared)) {
    buffer_.max_size(limits::kFrameBytes + (64u << 10));
  }

  void start() override {
    resolver_.async_resolve(place_.host, place_.port,
                            [self = this->shared_from_this()](const error_code& error, const auto& found) {
                              if (error) return self->end(ErrorKind::transient, "the host's name was not found (DNS)");
                              self->connect(found);
                            });
  }

  void resume() override {
    if (std::exchange(paused_, false)) read();
  }

  void close() override {
    closed_ = true;
    resolver_.cancel();
    beast::get_lowest_layer(stream_).close();
  }

 private:
  static constexpr bool kSecure = std::is_same_v<Stream, Secure>;

  static Stream make(Shared& shared) {
    if constexpr (kSecure)
      return Stream(shared.io.get_executor(), shared.tls);
    else
      return Stream(shared.io.get_executor());
  }

  // Asked with the addresses DNS gave, which are then the ones called.
  void connect(const Resolver::results_type& found) {
    std::vector<tcp::endpoint> allowed;
    std::string refused = "the host has no address";
    for (const auto& entry : found) {
      const tcp::endpoint endpoint = entry.endpoint();
      const std::optional<IpAddress> address = parse_ip(endpoint.address().to_string());
      if (!address) continue;
      const AddressGuard::Verdict verdict = shared_.guard.check(*address, endpoint.port());
      if (verdict == AddressGuard::Verdict::allowed)
        allowed.push_back(endpoint);
      else
        refused = refusal_of(verdict, *address, endpoint.port(), kUsualPorts);
    }
    if (closed_) return;
    if (allowed.empty()) return end(ErrorKind::denied, refused);
    auto& socket = beast::get_lowest_layer(stream_);
    socket.expires_after(limits::kConnect);
    socket.async_connect(allowed, [self = this->shared_from_this()](const error_code& error, const tcp::endpoint&) {
      if (error) return self->end(ErrorKind::transient, concat("no connection: ", error.message()));
      self->encrypt();
    });
  }

  void encrypt() {
    if constexpr (kSecure) {
      auto& tls = stream_.next_layer();
      if (!parse_ip(place_.host) && SSL_ctrl(tls.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                                             TLSEXT_NAMETYPE_host_name, const_cast<char*>(place_.host.c_str())) != 1)
        return end(ErrorKind::bad_data, "its name cannot be asked for over TLS");
      tls.set_verify_mode(ssl::verify_peer);
      tls.set_verify_callback(ssl::host_name_verification(place_.host));
      beast::get_lowest_layer(stream_).expires_after(limits::kConnect);
      tls.async_handshake(ssl::stream_base::client, [self = this->shared_from_this()](const error_code& error) {
        if (error) return self->end_handshake(error);
        self->upgrade();
      });
    } else {
      upgrade();
    }
  }

  void end_handshake(const error_code& error) {
    if constexpr (kSecure) {
      const long verdict = SSL_get_verify_result(stream_.next_layer().native_handle());
      if (verdict != X509_V_OK) {
        return end(ErrorKind::denied, concat(X509_verify_cert_error_string(verdict), " (", place_.host,
                                             "); if it is yours, name its authority in ca_file"));
      }
    }
    end(ErrorKind::transient, concat("no TLS: ", error.message()));
  }

  void upgrade() {
    beast::get_lowest_layer(stream_).expires_never();  // the stream has time-outs of its own
    websocket::stream_base::timeout limits_of_time{};
    limits_of_time.handshake_timeout =
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(limits::kConnect);
    limits_of_time.idle_timeout = std::chrono::duration_cast<std::chrono::steady_clock::duration>(shared_.quiet);
    limits_of_time.keep_alive_pings = true;
    stream_.set_option(limits_of_time);
    stream_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      request.set(http::field::user_agent, shared_.options.user_agent);
      for (const auto* headers : {&request_.headers, &request_.secret_headers}) {
        for (const auto& [name, value] : *headers) {
          if (!value.empty()) request.set(name, value);
        }
      }
    }));
    stream_.read_message_max(limits::kFrameBytes);
    const bool v6 = place_.host.find(':') != std::string::npos;
    const std::string host = concat(v6 ? "[" : "", place_.host, v6 ? "]" : "", ":", place_.port);
    stream_.async_handshake(answer_, host, place_.target, [self = this->shared_from_this()](const error_code& error) {
      if (self->closed_) return;
      if (error == websocket::error::upgrade_declined) return self->end_refused();
      if (error) return self->end_with(error);
      self->shared_.inbox.put({Event::Kind::opened, self->id_});
      self->read();
    });
  }

  void read() {
    stream_.async_read(buffer_, [self = this->shared_from_this()](const error_code& error, std::size_t) {
      if (self->closed_) return;
      if (error) return self->end_with(error);
      if (!self->stream_.got_text()) return self->end(ErrorKind::bad_data, "sent a message that is not text");
      std::string bytes = beast::buffers_to_string(self->buffer_.data());
      self->buffer_.consume(self->buffer_.size());
      if (self->shared_.inbox.put({Event::Kind::frame, self->id_, std::move(bytes)})) return self->read();
      self->paused_ = true;
    });
  }

  void end_refused() {
    HttpReply reply;
    reply.status = static_cast<int>(answer_.result_int());
    reply.url = request_.url;
    for (const auto& field : answer_) {
      reply.headers.emplace_back(std::string_view(field.name_string()), std::string_view(field.value()));
    }
    reply.body = std::move(answer_.body());
    finish(std::move(reply));
  }

  void end_with(const error_code& error) {
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow)
      return end(ErrorKind::bad_data,
                 concat("sent a message larger than ", std::to_string(limits::kFrameBytes), " bytes"));
    if (error == websocket::error::closed) {
      const auto& reason = stream_.reason();
      return end(ErrorKind::transient,
                 concat("closed by the server (", std::to_string(static_cast<unsigned>(reason.code)), ") ",
                        std::string_view(reason.reason.data(), reason.reason.size())));
    }
    if (error == beast::error::timeout)
      return end(ErrorKind::transient, concat("said nothing for ", format_duration(shared_.quiet)));
    if (error == websocket::condition::protocol_violation || error == websocket::condition::handshake_failed)
      return end(ErrorKind::bad_data, concat("is no WebSocket server: ", error.message()));
    end(ErrorKind::transient, concat("broken off: ", error.message()));
  }

  void end(ErrorKind kind, std::string_view why) {
    finish(fail(kind, log::redact(concat(redact_url(request_.url), ": ", why))));
  }

  void finish(Result<HttpReply> result) {
    if (std::exchange(closed_, true)) return;
    beast::get_lowest_layer(stream_).close();
    shared_.inbox.put({Event::Kind::ended, id_, "", std::move(result)});
  }

  Shared& shared_;
  const std::uint64_t id_;
  const HttpRequest request_;
  const Place place_;
  Resolver resolver_{shared_.io.get_executor()};
  Stream stream_;
  beast::flat_buffer buffer_;
  websocket::response_type answer_;
  bool paused_ = false, closed_ = false;
};

// ---------------------------------------------------------------------------------------------------------------------

class BeastWebSockets final : public WebSocketClient {
 public:
  BeastWebSockets(HttpOptions options, std::function<void()> ready, Duration quiet)
      : shared_{options, AddressGuard(options.allow_private, options.extra_ports), quiet, Inbox(std::move(ready))} {
    error_code error;
    shared_.tls.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                                ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1,
                            error);
    if (options.ca_file.empty())
      shared_.tls.set_default_verify_paths(error);
    else
      shared_.tls.load_verify_file(options.ca_file, error);
    if (error) log::error("websocket", "certificates cannot be read", {{"reason", error.message()}});
    thread_ = std::thread([this] { run(); });
  }

  ~BeastWebSockets() override {
    asio::post(shared_.io, [this] {
      for (auto& [id, connection] : connections_) connection->close();
      connections_.clear();
      work_.reset();
    });
    thread_.join();
  }

  std::uint64_t open(HttpRequest request, WebSocketEvents events) override {
    const std::uint64_t id = ++last_;
    events_.emplace(id, std::move(events));
    Result<Place> place = place_of(request.url);
    const bool safe = std::all_of(request.headers.begin(), request.headers.end(), is_safe) &&
                      std::all_of(request.secret_headers.begin(), request.secret_headers.end(), is_safe);
    if (place && !safe) place = fail(ErrorKind::bad_data, "a header holds a line break; it was not sent");
    if (!place) {
      shared_.inbox.put({Event::Kind::ended, id, "", fail(place.error())});
      return id;
    }
    asio::post(shared_.io, [this, id, asked = std::move(request), to = *std::move(place)]() mutable {
      std::shared_ptr<Connection> connection;
      if (to.secure)
        connection = std::make_shared<Session<Secure>>(shared_, id, std::move(asked), std::move(to));
      else
        connection = std::make_shared<Session<Plain>>(shared_, id, std::move(asked), std::move(to));
      connections_[id] = connection;
      connection->start();
    });
    return id;
  }

  void close(std::uint64_t id) override {
    events_.erase(id);
    asio::post(shared_.io, [this, id] {
      const auto found = connections_.find(id);
      if (found == connections_.end()) return;
      found->second->close();
      connections_.erase(found);
    });
  }

  void poll() override {
    std::deque<Event> events = shared_.inbox.take();
    if (events.empty()) return;
    for (Event& event : events) hand_over(event);
    asio::post(shared_.io, [this] {
      for (auto& [id, connection] : connections_) connection->resume();
    });
  }

 private:
  void hand_over(Event& event) {
    const auto found = events_.find(event.connection);
    if (found == events_.end()) return;        // closed meanwhile
    const WebSocketEvents to = found->second;  // a callback may close its own connection
    switch (event.kind) {
      case Event::Kind::opened: return to.on_open();
      case Event::Kind::frame: return to.on_frame(event.bytes);
      case Event::Kind::ended: break;
    }
    close(event.connection);
    to.on_end(std::move(event.end));
  }

  void run() {
    for (;;) {
      try {
        shared_.io.run();
        return;
      } catch (const std::exception& error) {
        log::error("websocket", "a connection met an unexpected fault", {{"reason", error.what()}});
      }
    }
  }

  Shared shared_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{shared_.io.get_executor()};
  std::map<std::uint64_t, std::shared_ptr<Connection>> connections_;  // on the thread
  std::map<std::uint64_t, WebSocketEvents> events_;                   // on the caller's
  std::uint64_t last_ = 0;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<WebSocketClient> make_websocket_client(HttpOptions options, std::function<void()> ready,
                                                       Duration quiet) {
  return std::make_unique<BeastWebSockets>(std::move(options), std::move(ready), quiet);
}

}  // namespace vigie
