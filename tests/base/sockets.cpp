#include "tests/base/sockets.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <charconv>

#include "base/result.h"
#include "base/text.h"

namespace vigie::test {
namespace {

sockaddr_in address_of(const std::string& address, int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  EXPECT_EQ(inet_pton(AF_INET, address.c_str(), &out.sin_addr), 1) << address;
  return out;
}

std::size_t content_length(std::string_view head) {
  const std::string lower = ascii_lower(head);
  const std::size_t at = lower.find("content-length: ");
  std::size_t length = 0;
  if (at != std::string::npos) std::from_chars(lower.data() + at + 16, lower.data() + lower.size(), length);
  return length;
}

}  // namespace

Socket::Socket(int fd) : fd_(fd) {
  const timeval patience{10, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Socket::~Socket() { close(fd_); }

bool Socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Socket::end_sending() { shutdown(fd_, SHUT_WR); }
void Socket::shut() { shutdown(fd_, SHUT_RDWR); }

bool Socket::fill() {
  char bytes[16384];
  const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  pending_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::string Socket::read_line() {
  while (pending_.find('\n') == std::string::npos && fill()) {
  }
  const std::size_t end = pending_.find('\n');
  std::string line = pending_.substr(0, end == std::string::npos ? end : end + 1);
  pending_.erase(0, line.size());
  return line;
}

std::string Socket::read_head() {
  while (pending_.find("\r\n\r\n") == std::string::npos && fill()) {
  }
  const std::size_t end = pending_.find("\r\n\r\n");
  std::string head = pending_.substr(0, end == std::string::npos ? end : end + 4);
  pending_.erase(0, head.size());
  return head;
}

std::string Socket::read_reply() {
  std::string head = read_head();
  const std::size_t length = content_length(head);
  while (pending_.size() < length && fill()) {
  }
  std::string body = pending_.substr(0, length);
  pending_.erase(0, body.size());
  return head + body;
}

std::string Socket::read_all() {
  while (fill()) {
  }
  return std::move(pending_);
}

bool Socket::closed_by_peer() {
  while (fill()) {
  }
  char byte = 0;
  const ssize_t got = recv(fd_, &byte, 1, 0);
  return got == 0 || errno == ECONNRESET;
}

int listen_on(const std::string& address, int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in where = address_of(address, port);
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0) << address;
  EXPECT_EQ(listen(fd, 64), 0);
  return fd;
}

int port_of(int fd) {
  sockaddr_in where{};
  socklen_t size = sizeof where;
  getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size);
  return ntohs(where.sin_port);
}

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = address_of("127.0.0.1", port);
  EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0) << port;
  return fd;
}

RawServer::RawServer(Script script, std::string address)
    : address_(std::move(address)), listener_(listen_on(address_)), port_(port_of(listener_)) {
  thread_ = std::thread([this, script = std::move(script)] { run(script); });
}

RawServer::~RawServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (current_ != nullptr) current_->shut();
  }
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

void RawServer::run(const Script& script) {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    Socket socket(fd);
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      current_ = &socket;
    }
    script(socket);
    const std::lock_guard lock(mutex_);
    current_ = nullptr;
  }
}

std::string RawServer::place() const { return concat(address_, ":", std::to_string(port_)); }
std::string RawServer::url(std::string_view path) const { return concat("http://", place(), path); }

}  // namespace vigie::test
