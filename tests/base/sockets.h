// Plain sockets for tests: a server that answers byte by byte as a script says, a client that sends what a browser
// never would.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace vigie::test {

// A connected socket; every wait ends after ten seconds at most, so that a fault fails a test instead of hanging it.
class Socket {
 public:
  explicit Socket(int fd);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool send(std::string_view bytes);  // false once the other side is gone
  void end_sending();
  std::string read_line();   // with its line end, or what came before the end
  std::string read_head();   // through the empty line, or what came before the end
  std::string read_reply();  // head and as many bytes as its Content-Length says
  std::string read_all();
  bool closed_by_peer();  // waits for it
  void shut();            // from another thread: ends whatever waits

 private:
  bool fill();
  int fd_;
  std::string pending_;
};

int listen_on(const std::string& address, int port = 0);  // a listening socket's descriptor
int port_of(int fd);
int connect_to(int port);

// Runs `script` for each connection, one after the other.
class RawServer {
 public:
  using Script = std::function<void(Socket&)>;
  explicit RawServer(Script script, std::string address = "127.0.0.1");
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  std::string place() const;  // "127.0.0.1:41234", as allow_private wants it
  std::string url(std::string_view path = "/") const;

 private:
  void run(const Script& script);
  const std::string address_;
  int listener_;
  int port_;
  std::mutex mutex_;
  Socket* current_ = nullptr;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace vigie::test
