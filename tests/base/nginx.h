// Debian's nginx on loopback, on ports of its own, gone with the test.

#pragma once

#include <string>
#include <vector>

#include "tests/support/process.h"

namespace vigie::test {

struct NginxSite {
  std::string listen_options;  // "ssl" or ""
  std::string body;            // what stands in its server { } beside `listen`
};

// Accepts requests from the constructor's end on; a test failure when it does not start.
class Nginx {
 public:
  Nginx(const TempDir& directory, const std::vector<NginxSite>& sites);

  int port(std::size_t site) const { return sites_.at(site).port; }
  std::string url(std::size_t site, const std::string& path) const;

 private:
  struct Site {
    std::uint16_t port;
    bool secure;
  };
  std::string write_config(const TempDir& directory, const std::vector<NginxSite>& sites);

  std::vector<Site> sites_;
  Process process_;
};

}  // namespace vigie::test
