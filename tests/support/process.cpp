#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "tests/support/files.h"

namespace vigie::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

int left_until(steady_clock::time_point end) {
  const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

void open_as(const std::string& path, int flags, int target) {
  const int file = open(path.c_str(), flags, 0600);
  if (file < 0 || dup2(file, target) < 0) _exit(127);
  close(file);
}

[[noreturn]] void become(const std::vector<std::string>& command, const ProcessOptions& options, const TempDir& dir) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves nothing behind
  open_as(dir.file("in"), O_RDONLY, STDIN_FILENO);
  open_as(dir.file("out"), O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
  open_as(dir.file("err"), O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
  if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) _exit(127);
  for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  std::perror(arguments[0]);
  _exit(127);
}

}  // namespace

std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound =
      bind(probe, generic(address), size) == 0 && getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(probe);
  return bound ? ntohs(address.sin_port) : std::uint16_t{0};
}

bool listening(std::uint16_t port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool accepted = connect(probe, generic(address), sizeof address) == 0;
  close(probe);
  return accepted;
}

Process::Process(std::vector<std::string> command, ProcessOptions options) {
  dir_.write("in", options.input);
  dir_.write("out", "");
  dir_.write("err", "");
  pid_ = fork();
  if (pid_ == 0) become(command, options, dir_);
  setpgid(pid_, pid_);  // here too: whichever of the two comes first
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
}

Process::~Process() {
  kill_now();
  if (pidfd_ >= 0) close(pidfd_);
}

bool Process::reap(bool block_until_changed, milliseconds at_most) {
  if (ended_) return true;
  pollfd ended{pidfd_, POLLIN, 0};
  if (block_until_changed) poll(&ended, 1, static_cast<int>(at_most.count()));
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_ = true;
}

bool Process::running() { return !reap(false, {}); }

void Process::signal(int number) const {
  if (!ended_) kill(pid_, number);
}

void Process::kill_now() {
  kill(-pid_, SIGKILL);
  while (!ended_) reap(true, std::chrono::seconds(1));
}

int Process::wait(milliseconds at_most) { return reap(true, at_most) ? status_ : -1; }

std::string Process::out() const { return read_bytes(dir_.file("out")); }
std::string Process::err() const { return read_bytes(dir_.file("err")); }

bool Process::answers(std::uint16_t port, milliseconds at_most) {
  // Nothing tells when another process begins to listen: ask, and between two questions wait for its end.
  constexpr int kBetweenQuestions = 10;
  const auto end = steady_clock::now() + at_most;
  while (!reap(true, milliseconds(std::min(kBetweenQuestions, left_until(end))))) {
    if (listening(port)) return true;
    if (left_until(end) == 0) return false;
  }
  return false;
}

bool Process::says(std::string_view text, milliseconds at_most) {
  const auto said = [&] { return out().find(text) != std::string::npos || err().find(text) != std::string::npos; };
  const int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  inotify_add_watch(watch, dir_.path().c_str(), IN_MODIFY);
  const auto end = steady_clock::now() + at_most;
  bool found = said();
  while (!found && !reap(false, {}) && left_until(end) > 0) {
    pollfd events[] = {{watch, POLLIN, 0}, {pidfd_, POLLIN, 0}};
    poll(events, 2, left_until(end));
    char drained[4096];
    while (read(watch, drained, sizeof drained) > 0) continue;
    found = said();
  }
  close(watch);
  return found || said();
}

Finished run(std::vector<std::string> command, ProcessOptions options, milliseconds at_most) {
  Process process(std::move(command), std::move(options));
  const int status = process.wait(at_most);
  if (status == -1) process.kill_now();
  return {status, process.out(), process.err()};
}

}  // namespace vigie::test
