// A source that speaks by itself: a WebSocket, or server-sent events over HTTP. Streams do no I/O: they say where to
// connect and how to read what comes; app/listen does the waiting, once, for everyone.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http.h"
#include "base/result.h"
#include "config/settings.h"
#include "model/batch.h"

namespace vigie {

// What a stream brought since the last delivery. `next` starts as the bookmark and moves on with what was read.
struct LiveBatch : Batch {
  std::vector<std::string> gone_under;  // every mention whose id starts so is gone: an account that was closed
};

class Stream {
 public:
  virtual ~Stream() = default;

  // Where to connect from this bookmark: ws, wss, or http, https for server-sent events.
  virtual HttpRequest connect(const Cursor& since) const = 0;

  // One text message, or one event's block of lines. A record that cannot be read goes to `rejected`; an error is for
  // bytes that make no sense at all, and counts as rejected too.
  virtual Result<void> frame(std::string_view bytes, LiveBatch& batch) const = 0;

  // The server refused the connection: the bookmark to try next at once (an older protocol, a position that is not too
  // old), or nothing when the usual pause is the best answer.
  virtual std::optional<Cursor> after_refusal(const HttpReply&, const Cursor&) const { return std::nullopt; }

  // What was missed meanwhile, for servers that do not repeat it: asked after each connect, page by page, while live
  // messages are taken already. Nothing: the stream itself goes on from its bookmark.
  virtual std::optional<HttpRequest> catch_up(const Cursor&) const { return std::nullopt; }
  // One such page; `more` = ask again from its bookmark.
  virtual Result<Batch> caught(const HttpReply&, const Cursor& since, Time) const {
    Batch batch;
    batch.next = since;
    return batch;
  }

  // Most of what it brings is about nobody we watch: only mentions of a brand are kept.
  virtual bool is_firehose() const { return false; }
};

// By settings.kind: "jetstream", "mastodon-stream". bad_config `param: expected ...`.
Result<std::unique_ptr<Stream>> open_jetstream(const SourceSettings& settings);
Result<std::unique_ptr<Stream>> open_mastodon_stream(const SourceSettings& settings);
bool is_stream(std::string_view kind);
Result<std::unique_ptr<Stream>> open_stream(const SourceSettings& settings);

}  // namespace vigie
