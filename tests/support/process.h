// Real programs as children of a test: servers on loopback, and commands whose output is looked at.

#pragma once

#include <sys/types.h>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/temp_dir.h"

namespace vigie::test {

// A TCP port of 127.0.0.1 that nothing listens on at this moment.
std::uint16_t free_port();

struct ProcessOptions {
  std::string directory{};                                         // where it runs; "" = here
  std::vector<std::pair<std::string, std::string>> environment{};  // added to the test's own
  std::string input{};                                             // on its standard input
};

// A running child in a process group of its own. Killed, with its children, when the object goes.
class Process {
 public:
  // `command[0]` is looked up on PATH. A program that cannot be run ends at once with status 127.
  explicit Process(std::vector<std::string> command, ProcessOptions options = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number) const;  // to the program alone
  void kill_now();                // SIGKILL to the whole group, and waits

  // Waits for its end: the exit status, 128 + number after a signal, or -1 when it still ran after `at_most`.
  int wait(std::chrono::milliseconds at_most = std::chrono::seconds(60));

  // What it has written so far.
  std::string out() const;
  std::string err() const;

  // Waits until it listens: a connection to 127.0.0.1:port succeeds. False when it ended first or time was up.
  bool answers(std::uint16_t port, std::chrono::milliseconds at_most = std::chrono::seconds(30));
  // Waits until its output (either one) holds `text`.
  bool says(std::string_view text, std::chrono::milliseconds at_most = std::chrono::seconds(30));

 private:
  bool reap(bool block_until_changed, std::chrono::milliseconds at_most);

  TempDir dir_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int status_ = -1;
  bool ended_ = false;
};

struct Finished {
  int status = -1;
  std::string out, err;
};

// Runs a command to its end.
Finished run(std::vector<std::string> command, ProcessOptions options = {},
             std::chrono::milliseconds at_most = std::chrono::seconds(60));

// Whether something accepts connections on 127.0.0.1:port.
bool listening(std::uint16_t port);

}  // namespace vigie::test
