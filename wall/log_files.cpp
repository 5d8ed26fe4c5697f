#include "wall/log_files.h"

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "wall/log/folder.h"
#include "wall/log/items.h"
#include "wall/log_place.h"

namespace vigie {
namespace {

constexpr std::string_view kWalls = "/wall/", kLog = "/log/";

// A verifier on another site must be able to read every byte; there are no credentials to protect.
ServerReply plain(int status, std::string body, std::string_view cache) {
  return {status,
          std::move(body),
          "text/plain; charset=utf-8",
          {{"Cache-Control", std::string(cache)}, {"Access-Control-Allow-Origin", "*"}}};
}

ServerReply missing() { return plain(404, "no such file in this log\n", "public, max-age=5"); }

bool never_changes(std::string_view path) { return path.starts_with("tile/"); }

std::string type_of_file(std::string_view path) {
  if (never_changes(path)) return "application/octet-stream";
  return path == tlog::kItemsFile ? "application/json" : "text/plain; charset=utf-8";
}

// What changes is looked at again soon; the same bytes need not travel again.
ServerReply changing(const ServerRequest& request, ServerReply reply) {
  const std::string tag = concat("\"", to_hex(sha256(reply.body)).substr(0, 32), "\"");
  reply.headers.emplace_back("ETag", tag);
  if (request.header("If-None-Match").find(tag) == std::string_view::npos) return reply;
  reply.status = 304;
  reply.body.clear();
  return reply;
}

}  // namespace

std::optional<ServerReply> LogFiles::answer(const ServerRequest& request) const {
  if (!request.path.starts_with(kWalls)) return std::nullopt;
  const std::size_t end = request.path.find('/', kWalls.size());
  if (end == std::string::npos || request.path.compare(end, kLog.size(), kLog) != 0) return std::nullopt;
  const Result<WallLogPlace> place = wall_log_place(settings_, request.path.substr(kWalls.size(), end - kWalls.size()));
  if (!place) return missing();
  if (request.method != "GET") {
    ServerReply reply = plain(405, "this log is read, nothing is sent to it\n", "no-store");
    reply.headers.emplace_back("Allow", "GET, HEAD");
    return reply;
  }
  const std::string path = request.path.substr(end + kLog.size());
  if (!tlog::is_public_file(path)) return missing();
  Result<std::string> bytes = tlog::FolderFiles(place->folder).read(path, tlog::kMostItemsBytes);
  if (!bytes) {
    if (bytes.error().kind == ErrorKind::gone) return missing();
    log::error("log", bytes.error().what, {{"path", request.path}});
    return plain(503, "unavailable\n", "no-store");
  }
  const bool fixed = never_changes(path);
  ServerReply reply =
      plain(200, *std::move(bytes), fixed ? "public, max-age=31536000, immutable" : "public, max-age=5");
  reply.content_type = type_of_file(path);
  return fixed ? reply : changing(request, std::move(reply));
}

}  // namespace vigie
