// The private page of a review's author: what became of it, its proof, and what only its author may do. Its address is
// a key of 128 bits; only the key's hash is stored.

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/visits.h"
#include "base/wording.h"
#include "config/settings.h"
#include "wall/author_links.h"
#include "wall/book.h"
#include "wall/wall.h"

namespace vigie {

class AuthorPage {
 public:
  // `links`: where decisions are contested. `acted`: called when something was appended to a log.
  AuthorPage(const Settings& settings, OpenStore open, AuthorLinks links, const Clock& clock,
             std::function<void()> acted);

  // /wall/{brand}/receipt/{token} and what stands under it; nothing when the path is none of ours. Called on several
  // threads.
  std::optional<ServerReply> answer(const ServerRequest& request);

 private:
  struct Asked {  // what a request is about
    const BrandSettings* brand = nullptr;
    std::string token, what;
  };
  Result<ServerReply> answer(const ServerRequest& request, const Asked& asked);
  Result<ServerReply> act(const ServerRequest& request, const Asked& asked, const Review& review, Store& store);
  Result<ServerReply> update(const ServerRequest& request, const Asked& asked, const Review& review, Store& store);
  Result<ServerReply> show(const ServerRequest& request, const Asked& asked, std::int64_t review, Store& store,
                           std::string_view done, std::string_view problem, int status = 200) const;
  Result<ServerReply> receipt(const Asked& asked, const Review& review, Store& store) const;

  const Settings& settings_;
  const OpenStore open_;
  const AuthorLinks links_;
  const Clock& clock_;
  const std::function<void()> acted_;
  TokenBuckets buckets_;
};

// Everything that is kept of a review, as its author may ask for it.
std::string export_review(const Review& review, const std::vector<ReviewAct>& acts);

}  // namespace vigie
