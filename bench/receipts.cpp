// Reviews posted to a running vigie at a steady rate, each timed from when it was due to its receipt: waiting behind
// others counts. bench/receipts.py starts the server and prints the figures.
//
//   bench_receipts PORT RATE SECONDS [CONNECTIONS]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using Monotonic = std::chrono::steady_clock;

int connect_to(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

// The status of one answer read whole; 0 when the connection ended.
int read_answer(int socket, std::string& buffer) {
  buffer.clear();
  char bytes[8192];
  std::size_t whole = std::string::npos;
  while (buffer.size() < whole) {
    const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
    if (got <= 0) return 0;
    buffer.append(bytes, static_cast<std::size_t>(got));
    const std::size_t end = buffer.find("\r\n\r\n");
    if (whole != std::string::npos || end == std::string::npos) continue;
    const std::size_t length = buffer.find("Content-Length: ");
    if (length == std::string::npos || length > end) return 0;
    whole = end + 4 + std::strtoul(buffer.c_str() + length + 16, nullptr, 10);
  }
  return std::atoi(buffer.c_str() + 9);
}

std::string review(std::uint64_t number) {
  const std::string body = R"({"rating":)" + std::to_string(1 + number % 5) +
                           R"(,"when":"2026-11","experienced":true,"author":"client-0042","text":"Review )" +
                           std::to_string(number) +
                           R"(: the parcel came two days late, and the person on the phone was kind about it."})";
  return "POST /wall/acme/reviews HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Forwarded-For: "
         "10." +
         std::to_string(number >> 16 & 255) + "." + std::to_string(number >> 8 & 255) + "." +
         std::to_string(number & 255) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Figures {
  std::vector<double> waited;  // seconds
  std::size_t receipts = 0, refused = 0, cut = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const int port = std::atoi(argv[1]);
  const std::uint64_t rate = std::strtoull(argv[2], nullptr, 10), total = rate * std::strtoull(argv[3], nullptr, 10);
  const std::size_t connections = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 300;

  std::atomic<std::uint64_t> next{0};
  std::vector<Figures> figures(connections);
  const auto began = Monotonic::now() + std::chrono::milliseconds(200);
  std::vector<std::thread> people;
  for (std::size_t person = 0; person < connections; ++person) {
    people.emplace_back([&, person] {
      Figures& own = figures[person];
      std::string buffer;
      int socket = connect_to(port);
      for (std::uint64_t number = next++; number < total; number = next++) {
        const auto due = began + std::chrono::nanoseconds(number * 1'000'000'000 / rate);
        std::this_thread::sleep_until(due);
        const std::string request = review(number);
        if (socket < 0) socket = connect_to(port);
        const bool sent =
            ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size());
        const int status = sent ? read_answer(socket, buffer) : 0;
        own.waited.push_back(std::chrono::duration<double>(Monotonic::now() - due).count());
        if (status == 201 && buffer.find("c2sp.org/tlog-proof@v1") != std::string::npos)
          ++own.receipts;
        else
          ++(status == 0 ? own.cut : own.refused);
        if (status == 0 || buffer.find("Connection: close") != std::string::npos) {  // it has many
          ::close(socket);
          socket = -1;
        }
      }
      if (socket >= 0) ::close(socket);
    });
  }
  for (std::thread& one : people) one.join();
  const double took = std::chrono::duration<double>(Monotonic::now() - began).count();

  Figures all;
  for (const Figures& one : figures) {
    all.waited.insert(all.waited.end(), one.waited.begin(), one.waited.end());
    all.receipts += one.receipts;
    all.refused += one.refused;
    all.cut += one.cut;
  }
  std::sort(all.waited.begin(), all.waited.end());
  const auto share = [&](double part) {
    return all.waited[std::min(all.waited.size() - 1,
                               static_cast<std::size_t>(part * static_cast<double>(all.waited.size())))];
  };
  std::printf(
      "%zu receipts in %.1f s: %.0f a second (asked: %llu); refused %zu, cut %zu; p50 %.3f s, p99 %.3f s, most %.3f "
      "s\n",
      all.receipts, took, static_cast<double>(all.receipts) / took, static_cast<unsigned long long>(rate), all.refused,
      all.cut, share(0.5), share(0.99), all.waited.back());
  return 0;
}
