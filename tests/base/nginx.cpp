#include "tests/base/nginx.h"

#include <gtest/gtest.h>

#include "base/result.h"

namespace vigie::test {

Nginx::Nginx(const TempDir& directory, const std::vector<NginxSite>& sites)
    : process_({"/usr/sbin/nginx", "-p", directory.path().string(), "-c", write_config(directory, sites)}) {
  for (const Site& site : sites_) EXPECT_TRUE(process_.answers(site.port)) << process_.err();
}

std::string Nginx::write_config(const TempDir& directory, const std::vector<NginxSite>& sites) {
  std::string config =
      concat("daemon off;\nmaster_process off;\npid ", directory.file("nginx.pid"), ";\nerror_log stderr;\n",
             "events {}\nhttp {\naccess_log off;\ndefault_type text/plain;\n");
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    config += concat(kind, "_temp_path ", directory.file(kind), ";\n");
  }
  for (const NginxSite& site : sites) {
    sites_.push_back({free_port(), site.listen_options == "ssl"});
    config += concat("server { listen 127.0.0.1:", std::to_string(sites_.back().port), " ", site.listen_options, ";\n",
                     site.body, "}\n");
  }
  return directory.write("nginx.conf", config + "}\n");
}

std::string Nginx::url(std::size_t site, const std::string& path) const {
  return concat(sites_.at(site).secure ? "https" : "http", "://127.0.0.1:", std::to_string(port(site)), path);
}

}  // namespace vigie::test
