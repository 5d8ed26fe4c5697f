// Pages as they were written last: a wall that has not changed is not written again.
//
// A page is kept under its address and a stamp of all it was made from; another stamp is another page. Its bytes are
// compressed once, when it is kept.

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/http_server.h"

namespace vigie {

struct KeptPage {
  int status = 200;
  std::string content_type;
  std::string body, compressed;  // compressed: "" when that is not smaller
  std::string tag;               // of the bytes: W/"..."
  std::string language;          // "" = none
};

class PageCache {
 public:
  static constexpr std::size_t kMostPages = 2000;
  static constexpr std::size_t kMostBytes = 64u << 20;

  // Nothing when it was not kept, or under another stamp.
  std::shared_ptr<const KeptPage> find(const std::string& address, const std::string& stamp) const;
  // Makes room by forgetting everything: what is asked for again is written again.
  std::shared_ptr<const KeptPage> keep(const std::string& address, const std::string& stamp, KeptPage page);

 private:
  struct Entry {
    std::string stamp;
    std::shared_ptr<const KeptPage> page;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::size_t bytes_ = 0;
};

// The page to whoever asks: 304 when the visitor has these very bytes, compressed when the visitor takes it.
ServerReply reply_with(const KeptPage& page, const ServerRequest& request);

}  // namespace vigie
