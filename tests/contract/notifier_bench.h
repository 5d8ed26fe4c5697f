// One kind of notifier among remotes that behave as asked. A file of benches adds them by AddBench.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/alerts/sample.h"
#include "tests/support/fake_http.h"

namespace vigie::test {

inline constexpr const char* kWebhookSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
inline constexpr const char* kPassword = "canary-password-5521";
inline constexpr const char* kUrlToken = "canary-token-9417";

// What a remote can do to a message.
enum class Remote { takes_it, knows_us_not, forbids, does_not_exist, is_gone, asks_to_wait, breaks, does_not_answer };

inline const std::vector<std::pair<Remote, const char*>> kRemotes = {
    {Remote::takes_it, "takes_it"}, {Remote::knows_us_not, "knows_us_not"},
    {Remote::forbids, "forbids"},   {Remote::does_not_exist, "does_not_exist"},
    {Remote::is_gone, "is_gone"},   {Remote::asks_to_wait, "asks_to_wait"},
    {Remote::breaks, "breaks"},     {Remote::does_not_answer, "does_not_answer"}};

// One kind among remotes that behave as asked.
class Bench {
 public:
  virtual ~Bench() = default;
  // nullopt: this kind has no such remote.
  virtual std::optional<Result<Sent>> send(Remote remote) = 0;
  // The kinds of error this kind owes beside success.
  virtual std::map<Remote, ErrorKind> owed() const = 0;
};

struct Parts {
  ManualClock clock{test::at("2026-11-21T18:10:30Z")};
  MailSettings mail;
  Result<Sent> send(const std::string& kind, HttpClient& http, const EndpointSettings& to) {
    auto notifier = make_notifier(kind, {http, clock, mail, "https://avis.example.org"});
    if (!notifier) return fail(notifier.error());
    return test::deliver(**notifier, test::notification(), to);
  }
};

using MakeBench = std::function<std::unique_ptr<Bench>()>;

inline std::map<std::string, MakeBench>& benches() {
  static std::map<std::string, MakeBench> all;
  return all;
}

struct AddBench {
  AddBench(std::string kind, MakeBench make) { benches().emplace(std::move(kind), std::move(make)); }
};

}  // namespace vigie::test
