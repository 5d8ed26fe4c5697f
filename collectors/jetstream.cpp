// Public posts of Bluesky as they are written, from a Jetstream server: one JSON text frame a record. SOURCES.md 3.3.
// API: https://docs.bsky.app/docs/advanced-guides/firehose (Jetstream).
//
// Version 2 first (network.bsky.jetstream.subscribeEvents, its cursor is `seq`), version 1 (/subscribe, its cursor is
// the time in microseconds) when the server does not know that address, and back again when it does not know the other.
// The bookmark is JSON {"v","seq","us"}. The server repeats the frame of the bookmark, after a change of version the
// last seconds; the store's key absorbs both.

#include "base/json.h"
#include "base/text.h"
#include "collectors/stream.h"

namespace vigie {
namespace {

constexpr std::string_view kPost = "app.bsky.feed.post";
constexpr std::string_view kHost = "jetstream2.us-east.bsky.network";
constexpr std::int64_t kRewind = 5'000'000;  // microseconds: another host or version counts a little otherwise
constexpr std::size_t kRejectedBytes = 64u << 10;
constexpr std::size_t kText = 100'000;  // code points

struct Mark {
  int version = 2;
  std::string seq;      // of version 2
  std::int64_t us = 0;  // time of the last frame
};

Mark read_mark(const Cursor& cursor) {
  const auto document = json::parse(cursor.value);
  if (!document) return {};
  const json::Value root = document->root();
  return {root.integer_or("v", 2) == 1 ? 1 : 2, root.text_or("seq", ""),
          std::max<std::int64_t>(0, root.integer_or("us", 0))};
}

Cursor to_cursor(const Mark& mark) {
  json::Writer out;
  out.begin_object().key("v").integer(mark.version).member_if("seq", mark.seq);
  if (mark.us > 0) out.key("us").integer(mark.us);
  out.end_object();
  return {out.take()};
}

bool is_did(std::string_view text) {
  return text.starts_with("did:") && text.size() <= 256 && text.find_first_of("/?# \t\r\n") == std::string_view::npos;
}

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= 512 && text.find_first_of("/?# \t\r\n") == std::string_view::npos;
}

// One record's event, whichever version sent it.
struct Event {
  std::string did, operation, collection, rkey;
  json::Value record;
  bool account_closed = false;
};

Result<Mention> to_mention(const Event& event) {
  if (!is_did(event.did)) return fail(ErrorKind::bad_data, "did: expected a DID, found another text");
  if (!is_key(event.rkey)) return fail(ErrorKind::bad_data, "rkey: expected a record's key, found another text");
  if (!event.record) return fail(ErrorKind::bad_data, "record: expected an object, found nothing");
  Mention m;
  m.id = concat("at://", event.did, "/", kPost, "/", event.rkey);
  m.url = concat("https://bsky.app/profile/", event.did, "/post/", event.rkey);
  m.kind = "post";
  m.author.id = event.did;  // handle and followers are not in the frame
  TRY(const std::string text, event.record.text("text"));
  m.text = first_code_points(text, kText);
  if (m.text.empty()) return fail(ErrorKind::bad_data, "text: expected words, found none");
  m.lang = event.record.text_or("langs.0", "");
  m.parent = event.record.text_or("reply.parent.uri", "");
  m.thread = event.record.text_or("reply.root.uri", "");
  return m;
}

class Jetstream final : public Stream {
 public:
  Jetstream(std::string_view scheme, std::string_view host) : base_(concat(scheme, "://", host)) {}

  HttpRequest connect(const Cursor& since) const override {
    const Mark mark = read_mark(since);
    if (mark.version == 1) {
      const std::string from = mark.us > 0 ? std::to_string(std::max<std::int64_t>(0, mark.us - kRewind)) : "";
      return get(concat(base_, "/subscribe"), {{"wantedCollections", std::string(kPost)}, {"cursor", from}});
    }
    // A cursor above 1e15 is read as microseconds: that is how a bookmark of version 1 goes on here.
    std::string from = mark.seq;
    if (from.empty() && mark.us > kRewind) from = std::to_string(mark.us - kRewind);
    return get(concat(base_, "/xrpc/network.bsky.jetstream.subscribeEvents"),
               {{"collections", std::string(kPost)}, {"cursor", from}});
  }

  std::optional<Cursor> after_refusal(const HttpReply& reply, const Cursor& since) const override {
    Mark mark = read_mark(since);
    // Older than what the server keeps: from the oldest it has, since the time is clamped where `seq` is refused.
    if (reply.body.find("CursorTooOld") != std::string::npos) {
      if (mark.seq.empty() && mark.us == 0) return std::nullopt;
      if (mark.seq.empty()) mark.us = 0;
      mark.seq.clear();
      return to_cursor(mark);
    }
    if (reply.status != 404 && reply.status != 405 && reply.status != 426 && reply.status != 501) return std::nullopt;
    mark.version = mark.version == 2 ? 1 : 2;
    mark.seq.clear();
    return to_cursor(mark);
  }

  Result<void> frame(std::string_view bytes, LiveBatch& batch) const override {
    TRY(const json::Document document, json::parse(bytes));
    Mark mark = read_mark(batch.next);
    Event event;
    Time written{};
    TRY(read(document.root(), event, mark, written));
    batch.next = to_cursor(mark);
    ++batch.read;
    if (event.account_closed) {
      if (is_did(event.did)) batch.gone_under.push_back(concat("at://", event.did, "/"));
      return {};
    }
    if (event.collection != kPost) return {};
    if (event.operation == "delete") {
      if (is_did(event.did) && is_key(event.rkey))
        batch.gone.push_back(concat("at://", event.did, "/", kPost, "/", event.rkey));
      return {};
    }
    // One malformed post must not hide those behind it: keep its bytes and the reason, and go on.
    if (Result<Mention> mention = to_mention(event)) {
      mention->created = created(event, written);
      batch.mentions.push_back(*std::move(mention));
    } else if (!event.record.text_or("text", "x").empty()) {  // a picture alone is no fault
      batch.rejected.push_back({std::string(bytes.substr(0, kRejectedBytes)), mention.error().what});
    }
    return {};
  }

  bool is_firehose() const override { return true; }

 private:
  static Result<void> read(const json::Value& root, Event& event, Mark& mark, Time& written) {
    if (const json::Value payload = root.at("payload")) return read_v2(payload, event, mark, written);
    if (!root.text_or("kind", "").empty()) return read_v1(root, event, mark, written);
    return fail(ErrorKind::bad_data, "neither `payload` nor `kind`: not an event of Jetstream");
  }

  static Result<void> read_v2(const json::Value& payload, Event& event, Mark& mark, Time& written) {
    TRY(mark.seq, payload.scalar("seq"));
    mark.version = 2;
    if (const auto time = parse_rfc3339(payload.text_or("time", ""))) {
      written = *time;
      mark.us = to_epoch_micros(written);
    }
    event.did = payload.text_or("did", "");
    event.operation = payload.text_or("operation", "");
    event.collection = payload.text_or("collection", "");
    event.rkey = payload.text_or("rkey", "");
    event.record = payload.at("record");
    event.account_closed = !payload.boolean_or("active", payload.boolean_or("account.active", true));
    return {};
  }

  static Result<void> read_v1(const json::Value& root, Event& event, Mark& mark, Time& written) {
    TRY(mark.us, root.integer("time_us"));
    mark.version = 1;
    mark.seq.clear();
    written = from_epoch_micros(mark.us);
    event.did = root.text_or("did", "");
    event.operation = root.text_or("commit.operation", "");
    event.collection = root.text_or("commit.collection", "");
    event.rkey = root.text_or("commit.rkey", "");
    event.record = root.at("commit.record");
    event.account_closed = root.text_or("kind", "") == "account" && !root.boolean_or("account.active", true);
    return {};
  }

  // The author's own clock, unless it is a day off what the network saw.
  static std::optional<Time> created(const Event& event, Time written) {
    const bool seen = written != Time{};
    const auto own = parse_rfc3339(event.record.text_or("createdAt", ""));
    if (own && (!seen || (*own > written - kDay && *own < written + kDay))) return *own;
    return seen ? std::optional<Time>(written) : std::nullopt;
  }

  const std::string base_;
};

}  // namespace

Result<std::unique_ptr<Stream>> open_jetstream(const SourceSettings& settings) {
  const auto param = [&](const std::string& name, std::string_view otherwise) {
    const auto found = settings.params.find(name);
    return found == settings.params.end() ? std::string(otherwise) : found->second;
  };
  const std::string host = param("host", kHost), tls = param("tls", "tls");
  if (origin_of(concat("https://", host, "/")).empty() || host.find_first_of("/@?#") != std::string::npos)
    return fail(ErrorKind::bad_config, "host: expected a host name, found another text");
  if (tls != "tls" && tls != "none") return fail(ErrorKind::bad_config, R"(tls: expected "tls" or "none")");
  return std::make_unique<Jetstream>(tls == "tls" ? "wss" : "ws", host);
}

}  // namespace vigie
