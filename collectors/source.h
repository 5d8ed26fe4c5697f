// A place to ask. Sources do no I/O: they say what to ask and how to read the answer; app/collect does the waiting,
// once, for everyone.

#pragma once

#include <functional>
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

class Source {
 public:
  virtual ~Source() = default;

  // What to ask next from this bookmark; nothing when there is nothing to ask now (a file read to its end).
  virtual Result<std::optional<HttpRequest>> next(const Cursor& since, Time now) const = 0;

  // One page: mentions, rejects, the next bookmark, whether another page waits. Errors tell the loop what to do:
  // denied pauses the source, gone ends it, rate_limited waits, bad_data keeps the old bookmark and backs off.
  virtual Result<Batch> read(const HttpReply& reply, const Cursor& since, Time now) const = 0;
};

// A source that reads bytes by itself, not over HTTP (an export file). Same bookmark, same Batch.
class LocalSource {
 public:
  virtual ~LocalSource() = default;
  virtual Result<Batch> read(const Cursor& since,
                             Time now) const = 0;  // at most 500 mentions; more = another call at once
};

struct OpenedSource {
  std::unique_ptr<Source> http;  // exactly one of the two
  std::unique_ptr<LocalSource> local;
};

// By settings.kind: "feed", "file", or a definition's id (built in, or a path that ends in ".toml"). bad_config
// otherwise.
Result<OpenedSource> open_source(const SourceSettings& settings);

// The shipped definitions: id -> what it asks for; for config's checks and `vigie source list`.
Kinds::Definition definition_needs(std::string_view id);
std::vector<std::string> definition_ids();

// Status codes every source treats alike (401 and 403 denied, 404 bad_data, 410 gone, 408 425 5xx transient, 429
// rate_limited with Retry-After); success for 2xx and 304.
Result<void> check_status(const HttpReply& reply);

}  // namespace vigie
