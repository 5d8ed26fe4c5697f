// Real servers for the tests of alerts: Debian's aiosmtpd, and npm's standardwebhooks behind node.

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace vigie::test {

// Debian's python sees Debian's packages; another one first on PATH would not.
inline constexpr const char* kPython = "/usr/bin/python3";

inline bool have_aiosmtpd() {
  static const bool found = run({kPython, "-c", "import aiosmtpd"}).status == 0;
  return found;
}

inline bool have_webhook_verifier() {
  static const bool found =
      have_program("node") && std::filesystem::exists(source_path("tests/node/node_modules/standardwebhooks"));
  return found;
}

// A server that says {"port": P} on its first line.
class PortServer {
 public:
  explicit PortServer(std::vector<std::string> command) : process_(std::move(command)) {
    process_.says("}\n");
    const auto lines = said();
    if (!lines.empty()) port = static_cast<int>(lines[0].root().integer_or("port", 0));
  }

  std::vector<json::Document> said() const {
    std::vector<json::Document> lines;
    const std::string out = process_.out();
    for (const std::string_view line : split(out, '\n')) {
      if (auto parsed = json::parse(line)) lines.push_back(*std::move(parsed));
    }
    return lines;
  }
  bool says(std::string_view text) { return process_.says(text); }
  std::string err() const { return process_.err(); }

  int port = 0;

 private:
  Process process_;
};

class SmtpServer : public PortServer {
 public:
  // options: "--refuse", "rcpt:550" ... (tests/support/smtp_server.py)
  explicit SmtpServer(const TempDir& inbox, std::vector<std::string> options = {})
      : PortServer(command(inbox, std::move(options))) {}

 private:
  static std::vector<std::string> command(const TempDir& inbox, std::vector<std::string> options) {
    std::vector<std::string> out = {kPython, source_path("tests/support/smtp_server.py").string(),
                                    inbox.path().string()};
    out.insert(out.end(), options.begin(), options.end());
    return out;
  }
};

}  // namespace vigie::test

#define VIGIE_SMTP_OR_SKIP() \
  if (!::vigie::test::have_aiosmtpd()) GTEST_SKIP() << "Debian's python3-aiosmtpd is not installed"
#define VIGIE_NODE_OR_SKIP()                   \
  if (!::vigie::test::have_webhook_verifier()) \
  GTEST_SKIP() << "no node, or tests/node/node_modules is absent: npm ci --ignore-scripts in tests/node"
