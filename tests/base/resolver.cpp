#include "tests/base/resolver.h"

#include <dlfcn.h>
#include <netdb.h>

#include <algorithm>
#include <mutex>
#include <string_view>

namespace {

using GetAddrInfo = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

std::mutex mutex;
std::string scripted_name;
std::vector<std::string> scripted_answers;
int times_asked = 0;

// What is to be looked up in place of `node`.
std::string instead_of(std::string_view node) {
  const std::lock_guard lock(mutex);
  if (scripted_name.empty() || node != scripted_name) return std::string(node);
  const auto last = static_cast<int>(scripted_answers.size()) - 1;
  return scripted_answers[static_cast<std::size_t>(std::min(times_asked++, last))];
}

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  static const auto real = reinterpret_cast<GetAddrInfo>(dlsym(RTLD_NEXT, "getaddrinfo"));
  if (node == nullptr) return real(node, service, hints, found);
  return real(instead_of(node).c_str(), service, hints, found);
}

namespace vigie::test {

Resolver::Resolver(std::string name, std::vector<std::string> answers) {
  const std::lock_guard lock(mutex);
  scripted_name = std::move(name);
  scripted_answers = std::move(answers);
  times_asked = 0;
}

Resolver::~Resolver() {
  const std::lock_guard lock(mutex);
  scripted_name.clear();
}

int Resolver::asked() const {
  const std::lock_guard lock(mutex);
  return times_asked;
}

}  // namespace vigie::test
