// DNS answers for tests: the program's own getaddrinfo, which libcurl calls too. Names ending in ".test" are answered
// as a test says, all others as ever.

#pragma once

#include <string>
#include <vector>

namespace vigie::test {

// While it lives, each look-up of `name` gives the next of `answers` (an IPv4 or IPv6 address), the last one for ever.
class Resolver {
 public:
  Resolver(std::string name, std::vector<std::string> answers);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  int asked() const;
};

}  // namespace vigie::test
