// Recorded HTTP exchanges instead of the network: for `vigie source test` and for the tests of every source.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http.h"
#include "base/json.h"
#include "base/result.h"

namespace vigie {

class Recording {
 public:
  // Every *.exchanges.jsonl under `folder`, in order of path: one
  // {"request":{"method","url"},"response":{"status","headers","body"|"body_base64"}} a line. bad_config with file and
  // line for one that cannot be read.
  static Result<Recording> load(const std::string& folder);

  // The first unused exchange whose method and path are the same and whose recorded query parameters are all asked for,
  // in any order; the host does not matter. nothing when there is none.
  std::optional<HttpReply> answer(const HttpRequest& request);

 private:
  struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
  };
  struct Exchange {
    std::string method;
    Target target;
    HttpReply reply;
    bool used = false;
  };

  static Target target_of(std::string_view url);
  static Result<Exchange> exchange_from(const json::Value& value);
  Result<void> add(const std::string& path);

  std::vector<Exchange> exchanges_;
};

}  // namespace vigie
