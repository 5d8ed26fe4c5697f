#include "app/push_in.h"

#include "base/json.h"
#include "base/log.h"

namespace vigie {
namespace {

constexpr std::string_view kPath = "/in/";
constexpr int kAtOnce = 2;  // a slow store must not hold every thread that answers visitors
constexpr std::size_t kReasonsTold = 20;
constexpr std::int64_t kNoteEvery = 10;  // seconds

}  // namespace

ServerReply json_reply(int status, std::string body) {
  return {status, std::move(body), "application/json", {{"Cache-Control", "no-store"}}};
}

ServerReply json_error(int status, std::string_view what) {
  json::Writer out;
  out.begin_object().member("error", log::redact(what)).end_object();
  return json_reply(status, out.take());
}

Result<void> PushIn::open(const Settings& settings) {
  for (const SourceSettings& source : settings.sources) {
    if (source.kind != "push") continue;
    auto door = std::make_unique<Door>();
    TRY(door->push, open_push(source));
    doors_.emplace(source.id, std::move(door));
  }
  return {};
}

std::optional<ServerReply> PushIn::answer(const ServerRequest& request) {
  if (!request.path.starts_with(kPath)) return std::nullopt;
  const std::string source = request.path.substr(kPath.size());
  const auto door = doors_.find(source);
  if (door == doors_.end()) return json_error(404, "no source of kind \"push\" has this id");
  if (request.method != "POST") {
    ServerReply reply = json_error(405, "expected a POST with mentions");
    reply.headers.emplace_back("Allow", "POST");
    return reply;
  }
  ServerReply reply = take(source, *door->second, request);
  metrics_.add("vigie_pushes_total", "Requests to push sources, by status.",
               {{"source", source}, {"status", std::to_string(reply.status)}});
  return reply;
}

ServerReply PushIn::take(const std::string& source, Door& door, const ServerRequest& request) {
  Result<Batch> batch = door.push->read(request, clock_.now());
  if (!batch) {
    log::warn("push", "a push was refused",
              {{"source", source}, {"remote", request.remote}, {"error", batch.error().what}});
    return json_error(batch.error().kind == ErrorKind::denied ? 401 : 400, batch.error().what);
  }
  json::Writer out;
  out.begin_object().key("accepted").integer(static_cast<std::int64_t>(batch->mentions.size()));
  out.key("rejected").integer(static_cast<std::int64_t>(batch->rejected.size())).key("errors").begin_array();
  for (std::size_t i = 0; i < std::min(kReasonsTold, batch->rejected.size()); ++i)
    out.string(log::redact(batch->rejected[i].reason));
  out.end_array().end_object();

  const int now_publishing = ++publishing_;
  const Result<void> published = now_publishing <= kAtOnce
                                     ? bus_.publish(*std::move(batch))
                                     : fail(ErrorKind::transient, "busy with other pushes; send it again");
  --publishing_;
  if (!published) {
    ServerReply busy = json_error(503, published.error().what);
    busy.headers.emplace_back("Retry-After", "2");
    return busy;
  }
  note(source, door);
  return json_reply(202, out.take());
}

void PushIn::note(const std::string& source, Door& door) {
  const std::int64_t now = to_epoch(clock_.now());
  std::int64_t before = door.noted.load();
  if (now - before < kNoteEvery || !door.noted.compare_exchange_strong(before, now)) return;
  const auto noted = [&]() -> Result<void> {
    TRY(const std::unique_ptr<Store> store, open_());
    SourceHealth health;
    health.source = source;
    health.state = "ok";
    health.last_try = health.last_success = clock_.now();
    return store->save_health(health);
  }();
  if (!noted)
    log::error("push", "a source's health could not be stored", {{"source", source}, {"error", noted.error().what}});
}

}  // namespace vigie
