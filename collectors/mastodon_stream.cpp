// Mastodon's streaming API: posts of a hashtag, or mentions of the account, as server-sent events. SOURCES.md 3.2.
// API: https://docs.joinmastodon.org/methods/streaming/ and https://docs.joinmastodon.org/methods/timelines/#tag
//
// The server repeats nothing: after each connect what was missed is asked for over REST with min_id, oldest first,
// while live events are taken already. The bookmark is JSON {"id"}: everything up to this id was taken. Ids of posts
// that other instances deliver late lie in the past, so where an id tells its time (a snowflake) the last minutes are
// asked for again; the store's key absorbs what comes twice.

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/text.h"
#include "collectors/html.h"
#include "collectors/source.h"
#include "collectors/sse.h"
#include "collectors/stream.h"

namespace vigie {
namespace {

constexpr std::size_t kRejectedBytes = 64u << 10;
constexpr std::uint64_t kOverlap = std::uint64_t{10 * 60 * 1000} << 16;  // ten minutes of a snowflake
constexpr std::uint64_t kFirstSnowflake = std::uint64_t{1} << 56;        // smaller ids count rows, not milliseconds

bool is_number(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

// Decimal ids by length then bytes; ULIDs and flake ids by bytes.
bool later(std::string_view a, std::string_view b) {
  if (is_number(a) && is_number(b) && a.size() != b.size()) return a.size() > b.size();
  return a > b;
}

std::string read_mark(const Cursor& cursor) {
  const auto document = json::parse(cursor.value);
  const std::string id = document ? document->root().text_or("id", "") : "";
  return is_id(id) ? id : "";
}

Cursor to_cursor(std::string_view id) {
  json::Writer out;
  out.begin_object().member_if("id", id).end_object();
  return {out.take()};
}

void move_on(Cursor& cursor, std::string_view id) {
  if (is_id(id) && later(id, read_mark(cursor))) cursor = to_cursor(id);
}

std::string some_minutes_before(const std::string& id) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
  if (error != std::errc{} || end != id.data() + id.size() || value < kFirstSnowflake) return id;
  return std::to_string(value - kOverlap);
}

class MastodonStream final : public Stream {
 public:
  MastodonStream(std::string host, std::string_view streaming, std::string tag, std::string token,
                 std::string_view scheme)
      : host_(std::move(host)),
        base_(concat(scheme, "://", host_)),
        streaming_(concat(scheme, "://", streaming)),
        tag_(std::move(tag)),
        token_(std::move(token)) {}

  HttpRequest connect(const Cursor&) const override {
    HttpRequest request = tag_.empty() ? get(concat(streaming_, "/api/v1/streaming/user/notification"), {})
                                       : get(concat(streaming_, "/api/v1/streaming/hashtag"), {{"tag", tag_}});
    request.headers.emplace_back("Accept", "text/event-stream");
    return signed_by_token(std::move(request));
  }

  std::optional<HttpRequest> catch_up(const Cursor& since) const override {
    const std::string mark = read_mark(since);
    if (!tag_.empty())
      return signed_by_token(get(concat(base_, "/api/v1/timelines/tag/", url_encode(tag_)),
                                 {{"limit", "40"}, {"min_id", asked(since, mark)}}));
    return signed_by_token(get(concat(base_, "/api/v1/notifications"),
                               {{"types[]", "mention"}, {"limit", "40"}, {"min_id", asked(since, mark)}}));
  }

  Result<Batch> caught(const HttpReply& reply, const Cursor& since, Time now) const override {
    TRY(check_status(reply));
    TRY(const json::Document document, json::parse(reply.body));
    if (document.root().type() != json::Type::array)
      return fail(ErrorKind::bad_data, "expected a list of posts, found something else");
    Batch batch;
    batch.ingested = now;
    batch.history = read_mark(since).empty();
    Cursor next{position(since)};
    std::string newest = read_position(since);
    for (std::size_t i = 0; i < document.root().size(); ++i) {
      const json::Value item = document.root()[i];
      const std::string id = item.scalar_or("id", "");
      if (is_id(id) && (newest.empty() || later(id, newest))) newest = id;
      take(tag_.empty() ? item.at("status") : item, batch);
    }
    // Full pages go on from their newest post, until a page brings nothing newer. Without a bookmark one page is
    // enough: it is the newest one.
    batch.more = document.root().size() > 0 && !batch.history && newest != read_position(since);
    batch.next = batch.more ? at_position(read_mark(since), newest) : to_cursor(newest);
    if (!batch.more && later(read_mark(since), newest)) batch.next = to_cursor(read_mark(since));
    return batch;
  }

  Result<void> frame(std::string_view bytes, LiveBatch& batch) const override {
    const SseEvent event = read_sse(bytes);
    ++batch.read;
    if (event.event == "delete") {
      if (const std::string_view id = trim(event.data); is_id(id)) batch.gone.push_back(std::string(id));
      return {};
    }
    if (event.event != "update" && event.event != "status.update" && event.event != "notification") return {};
    TRY(const json::Document document, json::parse(event.data));
    const json::Value root = document.root();
    if (event.event == "notification") {
      if (root.text_or("type", "") != "mention") return {};
      take(root.at("status"), batch);
      if (tag_.empty()) move_on(batch.next, root.scalar_or("id", ""));
      return {};
    }
    take(root, batch);
    // An edit's id is that of the old post: it says nothing of how far we are, and cannot lie ahead.
    if (!tag_.empty()) move_on(batch.next, root.scalar_or("id", ""));
    return {};
  }

 private:
  HttpRequest signed_by_token(HttpRequest request) const {
    if (!token_.empty()) request.secret_headers.emplace_back("Authorization", concat("Bearer ", token_));
    return request;
  }

  // While catching up the bookmark is {"id","at"}: `id` is still what is safe, `at` how far the pages have come.
  static std::string read_position(const Cursor& cursor) {
    const auto document = json::parse(cursor.value);
    const std::string at = document ? document->root().text_or("at", "") : "";
    return is_id(at) ? at : "";
  }
  static std::string position(const Cursor& cursor) { return read_position(cursor); }
  static Cursor at_position(std::string_view id, std::string_view at) {
    json::Writer out;
    out.begin_object().member_if("id", id).member_if("at", at).end_object();
    return {out.take()};
  }
  static std::string asked(const Cursor& since, const std::string& mark) {
    const std::string at = read_position(since);
    return at.empty() ? some_minutes_before(mark) : at;
  }

  void take(const json::Value& status, Batch& batch) const {
    Result<std::optional<Mention>> mention = to_mention(status);
    if (!mention) {
      json::Writer out;
      out.value(status);
      batch.rejected.push_back({out.take().substr(0, kRejectedBytes), mention.error().what});
    } else if (*mention) {
      batch.mentions.push_back(**std::move(mention));
    }
  }

  // Nothing for what is not ours to keep: boosts, and what was not meant for everyone.
  Result<std::optional<Mention>> to_mention(const json::Value& status) const {
    if (!status || status.type() != json::Type::object)
      return fail(ErrorKind::bad_data, "expected a post, found something else");
    if (!status.at("reblog").is_null()) return std::nullopt;
    const std::string visibility = status.text_or("visibility", "public");
    if (visibility != "public" && visibility != "unlisted") return std::nullopt;
    Mention m;
    m.id = status.scalar_or("id", "");
    if (!is_id(m.id)) return fail(ErrorKind::bad_data, "id: expected a post's id, found another text");
    m.url = status.text_or("url", "");
    if (!m.url.starts_with("https://") && !m.url.starts_with("http://")) m.url.clear();
    m.kind = "post";
    const std::string acct = status.text_or("account.acct", "");
    m.author.id = status.text_or("account.uri", status.scalar_or("account.id", ""));
    m.author.name = status.text_or("account.display_name", "");
    m.author.handle = acct.empty() || acct.find('@') != std::string::npos ? acct : concat(acct, "@", host_);
    if (const auto followers = status.integer("account.followers_count"); followers && *followers >= 0)
      m.author.followers = *followers;
    m.title = status.text_or("spoiler_text", "");
    m.text = html_to_text(status.text_or("content", ""));
    if (m.title.empty() && m.text.empty()) return std::nullopt;  // a picture alone
    m.lang = status.text_or("language", "");
    if (const auto created = parse_rfc3339(status.text_or("created_at", ""))) m.created = *created;
    if (const auto edited = parse_rfc3339(status.text_or("edited_at", ""))) m.updated = *edited;
    const auto count = [&](std::string_view path) -> std::optional<std::int64_t> {
      const Result<std::int64_t> value = status.integer(path);
      return value && *value >= 0 ? std::optional<std::int64_t>(*value) : std::nullopt;
    };
    m.likes = count("favourites_count");
    m.shares = count("reblogs_count");
    m.replies = count("replies_count");
    m.parent = status.scalar_or("in_reply_to_id", "");
    return m;
  }

  const std::string host_, base_, streaming_, tag_, token_;
};

}  // namespace

Result<std::unique_ptr<Stream>> open_mastodon_stream(const SourceSettings& settings) {
  const auto param = [&](const std::string& name) {
    const auto found = settings.params.find(name);
    return found == settings.params.end() ? std::string() : found->second;
  };
  const auto is_host = [](const std::string& host) {
    return !origin_of(concat("https://", host, "/")).empty() && host.find_first_of("/@?#") == std::string::npos;
  };
  const std::string host = param("host");
  const std::string streaming = param("streaming").empty() ? host : param("streaming");
  if (!is_host(host)) return fail(ErrorKind::bad_config, "host: expected a host name, found another text");
  if (!is_host(streaming)) return fail(ErrorKind::bad_config, "streaming: expected a host name, found another text");
  std::string tag = param("hashtag");
  if (tag.starts_with('#')) tag.erase(0, 1);
  if (tag.find_first_of(" /?#") != std::string::npos)
    return fail(ErrorKind::bad_config, "hashtag: expected one word, found another text");
  const std::string tls = param("tls");
  if (!tls.empty() && tls != "tls" && tls != "none")
    return fail(ErrorKind::bad_config, R"(tls: expected "tls" or "none")");
  const bool this_machine = host.starts_with("127.0.0.1") && streaming.starts_with("127.0.0.1");
  if (tls == "none" && !this_machine)
    return fail(ErrorKind::bad_config, R"(tls: expected "tls": only this machine may be sent a token in the clear)");
  const auto token = settings.secrets.find("token");
  return std::make_unique<MastodonStream>(host, streaming, std::move(tag),
                                          token == settings.secrets.end() ? "" : token->second,
                                          tls == "none" ? "http" : "https");
}

}  // namespace vigie
