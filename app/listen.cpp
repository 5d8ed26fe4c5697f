#include "app/listen.h"

#include <algorithm>

#include "base/log.h"
#include "collectors/source.h"
#include "collectors/sse.h"
#include "pipeline/language.h"
#include "pipeline/words.h"

namespace vigie {
namespace {

constexpr std::size_t kBatch = 500;               // records
constexpr Duration kGather = seconds(1);          // how long records wait for others
constexpr Duration kBookmarkEvery = seconds(10);  // when nothing but the bookmark moved
constexpr Duration kShortestPause = seconds(1);   // after a failure, doubled with each
constexpr Duration kLongestPause = minutes(5);
constexpr Duration kProven = seconds(10);  // a connection that lasted so long was none that fails at once
constexpr Duration kHealthEvery = minutes(1);
constexpr int kUnreadable = 20;    // in a row: it speaks something else
constexpr int kRefusals = 3;       // bookmarks tried at once, before the usual pause
constexpr int kMostGone = 10'000;  // mentions of one closed account

}  // namespace

struct Listen::Listener {
  std::unique_ptr<Stream> stream;
  Line line;
  Time due{};

  enum class State { waiting, connecting, live } state = State::waiting;
  std::uint64_t generation = 0;  // of the connection: what an older one still brings is not heard
  std::uint64_t socket = 0;
  SseCutter cutter;
  Time since{};  // connected
  Time health_saved{};
  int unreadable = 0, refusals = 0;

  LiveBatch batch;
  Time gathering{};  // its first record came
  Time bookmark_saved{};

  enum class Missed { nothing, wanted, asked } missed = Missed::nothing;
  std::vector<std::string> gone_meanwhile;  // a page may hold what was deleted after it was made
};

Listen::Listen(const Settings& settings, Store& store, Bus& bus, HttpClient& http, WebSocketClient& sockets,
               const Clock& clock, Rng& rng, Metrics& metrics)
    : settings_(settings),
      store_(store),
      http_(http),
      sockets_(sockets),
      clock_(clock),
      intake_("listen", store, bus, clock, rng, metrics) {}

Listen::~Listen() = default;

Result<void> Listen::open() {
  TRY(matcher_, Matcher::make(settings_.brands));
  for (const SourceSettings& source : settings_.sources) {
    if (!is_stream(source.kind)) continue;
    auto it = std::make_unique<Listener>();
    TRY(it->stream, open_stream(source));
    TRY(it->line, intake_.open(source));
    it->due = clock_.now();
    listeners_.push_back(std::move(it));
  }
  return {};
}

Time Listen::next_due() const {
  Time soonest = Time::max();
  for (const auto& it : listeners_) {
    if (it->state == Listener::State::waiting) soonest = std::min(soonest, it->due);
    if (it->gathering != Time{}) soonest = std::min(soonest, it->gathering + kGather);
  }
  return soonest;
}

std::size_t Listen::tick(Duration at_most) {
  for (const auto& it : listeners_) {
    if (it->state == Listener::State::waiting && it->due <= clock_.now()) connect(*it);
    if (it->missed == Listener::Missed::wanted) catch_up(*it);
    flush_if_due(*it);
  }
  sockets_.poll();
  const Time soonest = next_due();
  http_.poll(soonest == Time::max() ? at_most : std::clamp(soonest - clock_.now(), Duration::zero(), at_most));
  sockets_.poll();
  return static_cast<std::size_t>(std::count_if(listeners_.begin(), listeners_.end(),
                                                [](const auto& it) { return it->state != Listener::State::waiting; }));
}

void Listen::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { http_.wake(); });
  while (!stop.stop_requested()) tick(seconds(1));
  for (const auto& it : listeners_) flush(*it);
}

void Listen::connect(Listener& it) {
  ++it.generation;
  it.state = Listener::State::connecting;
  it.cutter = {};
  it.unreadable = 0;
  it.batch = {};
  it.batch.next = it.line.cursor;
  it.gathering = {};
  it.gone_meanwhile.clear();
  it.missed = Listener::Missed::nothing;
  HttpRequest request = it.stream->connect(it.line.cursor);
  const bool socket = request.url.starts_with("ws");
  return socket ? hear_socket(it, std::move(request)) : hear_events(it, std::move(request));
}

void Listen::hear_events(Listener& it, HttpRequest request) {
  const std::uint64_t mine = it.generation;
  Streaming streaming;
  streaming.on_bytes = [this, &it, mine](std::string_view bytes) {
    if (it.generation != mine) return false;
    opened(it);
    if (const Result<void> fits = it.cutter.append(bytes); !fits) {
      hang_up(it, fits.error());
      return false;
    }
    while (const std::optional<std::string> event = it.cutter.next()) {
      take(it, *event);
      if (it.generation != mine) return false;
    }
    return true;
  };
  http_.stream(std::move(request), std::move(streaming), [this, &it, mine](Result<HttpReply> result) {
    if (it.generation == mine) ended(it, std::move(result));
  });
}

void Listen::hear_socket(Listener& it, HttpRequest request) {
  WebSocketEvents events;
  events.on_open = [this, &it] { opened(it); };
  events.on_frame = [this, &it](std::string_view bytes) { take(it, bytes); };
  events.on_end = [this, &it](Result<HttpReply> result) { ended(it, std::move(result)); };
  it.socket = sockets_.open(std::move(request), std::move(events));
}

void Listen::opened(Listener& it) {
  if (it.state == Listener::State::live) return;
  it.state = Listener::State::live;
  it.since = clock_.now();
  it.health_saved = {};
  if (it.stream->catch_up(it.line.cursor)) it.missed = Listener::Missed::wanted;
  log::info("listen", "connected", {{"source", it.line.settings->id}});
}

void Listen::take(Listener& it, std::string_view bytes) {
  if (it.gathering == Time{}) it.gathering = clock_.now();
  const std::size_t before = it.batch.mentions.size();
  if (const Result<void> read = it.stream->frame(bytes, it.batch); !read) {
    it.batch.rejected.push_back({std::string(bytes.substr(0, 64u << 10)), read.error().what});
    if (++it.unreadable >= kUnreadable) {
      flush(it);
      return hang_up(
          it, {ErrorKind::bad_data,
               concat(std::to_string(kUnreadable), " unreadable messages in a row, the last: ", read.error().what),
               std::nullopt});
    }
  } else {
    it.unreadable = 0;
  }
  for (std::size_t i = it.batch.mentions.size(); i > before; --i)
    it.batch.mentions[i - 1].source = it.line.settings->id;
  if (it.stream->is_firehose() && it.batch.mentions.size() > before && !is_about_a_brand(it, it.batch.mentions.back()))
    it.batch.mentions.pop_back();
  if (it.batch.mentions.size() + it.batch.gone.size() + it.batch.rejected.size() >= kBatch) flush(it);
}

bool Listen::is_about_a_brand(const Listener& it, const Mention& mention) const {
  if (!it.line.settings->brand.empty()) return true;
  const std::string text = concat(mention.title, "\n", mention.text);
  const Words words = split_words(text);
  return !matcher_->brands_in(QueryText(words, mention, language_of(words, mention.lang))).empty();
}

void Listen::flush_if_due(Listener& it) {
  const Time now = clock_.now();
  if (it.state != Listener::State::live) return;
  if (it.gathering != Time{} && now - it.gathering >= kGather && !flush(it)) return;
  if (now - it.since >= kProven && now - it.health_saved >= kHealthEvery) {
    it.health_saved = now;
    it.refusals = 0;
    intake_.good(it.line, std::nullopt);
  }
}

// False when it could not be delivered: then the connection is given up, to go on from the old bookmark.
bool Listen::flush(Listener& it) {
  if (it.gathering == Time{} || it.state == Listener::State::waiting) return true;
  LiveBatch batch = std::exchange(it.batch, {});
  it.batch.next = batch.next;
  const bool anything =
      !batch.mentions.empty() || !batch.rejected.empty() || !batch.gone.empty() || !batch.gone_under.empty();
  const bool early = clock_.now() - it.bookmark_saved < kBookmarkEvery;
  it.gathering = {};
  // What came live says nothing of what was missed: the bookmark waits until that is here too.
  if (it.missed != Listener::Missed::nothing) {
    it.gone_meanwhile.insert(it.gone_meanwhile.end(), batch.gone.begin(), batch.gone.end());
    it.batch.next = batch.next = it.line.cursor;
  } else if (!anything && early) {
    return true;
  }
  if (Result<void> done = deliver(it, std::move(batch)); !done) {
    hang_up(it, done.error());
    return false;
  }
  it.bookmark_saved = clock_.now();
  return true;
}

Result<void> Listen::deliver(Listener& it, LiveBatch batch) {
  for (const std::string& prefix : batch.gone_under) {
    TRY(std::vector<std::string> ids, store_.ids_under(it.line.settings->id, prefix, kMostGone));
    batch.gone.insert(batch.gone.end(), std::make_move_iterator(ids.begin()), std::make_move_iterator(ids.end()));
    for (const Mention& mention : batch.mentions) {
      if (mention.id.starts_with(prefix)) batch.gone.push_back(mention.id);
    }
  }
  return intake_.deliver(it.line, std::move(static_cast<Batch&>(batch)));
}

void Listen::catch_up(Listener& it) {
  std::optional<HttpRequest> request = it.stream->catch_up(it.line.cursor);
  if (!request) {
    it.missed = Listener::Missed::nothing;
    return;
  }
  it.missed = Listener::Missed::asked;
  http_.start(*std::move(request), [this, &it, mine = it.generation](Result<HttpReply> reply) {
    if (it.generation == mine && it.state == Listener::State::live) caught(it, std::move(reply));
  });
}

void Listen::caught(Listener& it, Result<HttpReply> reply) {
  if (!reply) return hang_up(it, reply.error());
  if (!flush(it)) return;  // what came live before this page, while the bookmark still waits
  Result<Batch> page = it.stream->caught(*reply, it.line.cursor, clock_.now());
  if (!page) return hang_up(it, page.error());
  const bool more = page->more;
  LiveBatch batch;
  static_cast<Batch&>(batch) = *std::move(page);
  batch.gone.insert(batch.gone.end(), it.gone_meanwhile.begin(), it.gone_meanwhile.end());
  if (Result<void> done = deliver(it, std::move(batch)); !done) return hang_up(it, done.error());
  it.batch.next = it.line.cursor;
  it.missed = more ? Listener::Missed::wanted : Listener::Missed::nothing;
  if (!more) it.gone_meanwhile.clear();
}

void Listen::ended(Listener& it, Result<HttpReply> result) {
  if (!result) return hang_up(it, result.error());
  if (result->status >= 200 && result->status < 300)
    return hang_up(it, {ErrorKind::transient, "the server ended the stream", std::nullopt});
  const std::optional<Cursor> other =
      it.refusals < kRefusals ? it.stream->after_refusal(*result, it.line.cursor) : std::nullopt;
  const Result<void> status = check_status(*result);
  const Error refusal =
      status ? Error{ErrorKind::bad_data, concat("answered ", std::to_string(result->status), " instead of a stream"),
                     std::nullopt}
             : status.error();
  if (!other) {
    it.refusals = 0;
    return hang_up(it, refusal);
  }
  ++it.refusals;
  log::warn("listen", "the server does not know this position or protocol; trying another",
            {{"source", it.line.settings->id}, {"answer", refusal.what}});
  it.line.cursor = *other;
  it.state = Listener::State::waiting;
  it.due = clock_.now();
}

// Whatever was gathered and not delivered comes again: the bookmark has not moved past it.
void Listen::hang_up(Listener& it, const Error& error) {
  if (it.state == Listener::State::waiting) return;
  const bool proven = it.state == Listener::State::live && clock_.now() - it.since >= kProven;
  ++it.generation;
  it.state = Listener::State::waiting;
  it.missed = Listener::Missed::nothing;
  it.gathering = {};
  if (it.socket != 0) sockets_.close(std::exchange(it.socket, 0));
  if (proven) it.line.health.failures = 0;
  it.due = intake_.bad(it.line, error, kShortestPause, kLongestPause);
}

}  // namespace vigie
