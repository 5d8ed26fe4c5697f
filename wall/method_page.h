// How a wall is run, in words: made from the charter that the log holds the hash of, so that it says what is so.
// Earlier charters are told in the same words.

#pragma once

#include <string>

#include "base/http_server.h"
#include "wall/pages.h"

namespace vigie {

struct MethodAddress {
  std::string version{};  // SHA-256 of a charter in hex; "" = the one in force
  bool json = false;      // its very bytes
};

MethodAddress read_method_address(const ServerRequest& request);

// 404 for a version this wall never had.
Result<Page> method_page(const WallView& view, const MethodAddress& address, Store& store);

// The charter's text, byte for byte what its hash was taken of; "" for a version this wall never had.
Result<std::string> charter_text(const Settings& settings, const BrandSettings& brand, const MethodAddress& address,
                                 Store& store);

}  // namespace vigie
