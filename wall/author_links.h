// Links for one author about one review: to contest a decision, to say whether an improvement worked. Signed: whoever
// has the link may use it. Following one shows a page; only its button acts.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

struct AuthorLink {
  std::string what;         // decision worked; appeal: what decision was before
  std::int64_t review = 0;  // its id
  std::int64_t about = 0;   // decision: the act's number; worked: the improvement's id; appeal: the version's leaf
};

class AuthorLinks {
 public:
  // `key`: 32 secret bytes of this installation.
  AuthorLinks(std::string key, std::string public_url) : key_(std::move(key)), public_url_(std::move(public_url)) {}

  // https://reviews.example.org/wall/BRAND/appeal/TOKEN, or /worked/TOKEN
  std::string url(const std::string& brand, const AuthorLink& link) const;
  // bad_data: not one of ours, or changed.
  Result<AuthorLink> read(std::string_view what, std::string_view token) const;

 private:
  std::string sign(std::string_view text) const;
  std::string key_, public_url_;
};

}  // namespace vigie
