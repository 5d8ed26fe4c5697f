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

// A mention stored before, as its source knows it.
struct KnownMention {
  std::string id;
  std::string native;  // what the source's API calls it, when that is another id; else ""
};

// Looks again at what was stored: what was edited or deleted since. No I/O either.
class Recheck {
 public:
  virtual ~Recheck() = default;

  // Ages, ascending, at which a mention is looked at again; never empty.
  virtual const std::vector<Duration>& ages() const = 0;
  // And how often all that are older than the last of these, without end; nothing: they are left alone then.
  virtual std::optional<Duration> every() const { return std::nullopt; }
  virtual std::size_t at_once() const = 0;  // mentions one request can ask for, at least 1

  // The request for these mentions, at least one and at most at_once(). Nothing when it must wait for the source's next
  // poll, which renews the credential. `since` is the source's bookmark.
  virtual Result<std::optional<HttpRequest>> ask(const std::vector<KnownMention>& mentions, const Cursor& since,
                                                 Time now) const = 0;

  // What became of them: `gone`, and `mentions` as they are now, whether edited or not (the store tells). Ids that the
  // source did not answer for are gone only when the definition says that missing means deleted. Never a bookmark.
  virtual Result<Batch> read(const HttpReply& reply, const std::vector<KnownMention>& mentions, const Cursor& since,
                             Time now) const = 0;
};

// How fast a source may be asked.
struct SourceLimits {
  double requests = 0;  // in `per`; 0 = the program's pause between requests to one host
  Duration per{};
  int parallel = 1;    // requests in flight at once to its host
  std::string bucket;  // sources of the same name share the allowance: definition and credential, never a secret
  Duration every_min{}, every_max{};  // the definition's own bounds; zero = none
  std::int64_t spend = 0;             // items that may be read in `spend_per`; 0 = no ceiling
  Duration spend_per{};
};

// What the source's terms allow to keep.
struct SourceTerms {
  bool keep_text = true;               // false: link, author, rating and times only
  std::optional<Duration> keep_for{};  // then text and author are erased
  std::string attribution;             // shown beside its mentions
  std::optional<Duration> delete_within{};  // what is deleted there must be gone here
};

struct OpenedSource {
  std::unique_ptr<Source> http;  // exactly one of the two
  std::unique_ptr<LocalSource> local;
  std::unique_ptr<Recheck> recheck{};  // or none
  SourceLimits limits{};
  SourceTerms terms{};
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
