#include "app/cmd_feed.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "app/exit.h"
#include "base/text.h"
#include "collectors/feed.h"

namespace vigie {
namespace {

struct Document {
  std::string bytes, url, content_type;
};

bool is_web_address(std::string_view target) {
  const std::string start = ascii_lower(target.substr(0, 8));
  return start.starts_with("http://") || start.starts_with("https://");
}

// Stops soon after a feed's limit, so that a file of any size is refused without being read.
Result<Document> read_file(std::string_view path) {
  errno = 0;
  std::ifstream file{std::string(path), std::ios::binary};
  Document out;
  std::array<char, 1 << 16> chunk{};
  while (file && out.bytes.size() <= limits::kFeedBytes) {
    file.read(chunk.data(), chunk.size());
    out.bytes.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad() || (out.bytes.empty() && errno != 0)) {
    return fail(ErrorKind::bad_data, concat("cannot be read: ", std::strerror(errno)));
  }
  return out;
}

Result<Document> read_web(std::string_view url, HttpClient& http) {
  HttpRequest request = get(url, {});
  request.headers.emplace_back("Accept", kFeedAccept);
  request.max_bytes = limits::kFeedBytes;
  TRY(HttpReply reply, fetch(http, std::move(request)));
  if (auto status = check_status(reply); !status) {
    return fail(ErrorKind::transient, std::move(status.error().what));  // whatever the server's reason: a fault outside
  }
  std::string type(reply.header("Content-Type"));
  return Document{std::move(reply.body), std::move(reply.url), std::move(type)};
}

}  // namespace

int cmd_feed(std::string_view target, HttpClient& http, Time now, std::ostream& out, std::ostream& err) {
  const auto document = is_web_address(target) ? read_web(target, http) : read_file(target);
  if (!document) {
    err << "vigie feed: " << target << ": " << document.error().what << "\n";
    return exit_status(document.error());
  }
  const auto feed = parse_feed(document->bytes, document->url, document->content_type, now);
  if (!feed) {
    err << "vigie feed: " << target << ": not a feed: " << feed.error().what << "\n";
    return kBadInput;
  }
  out << to_json(*feed) << "\n";
  return kDone;
}

}  // namespace vigie
