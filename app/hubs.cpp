#include "app/hubs.h"

#include "base/log.h"
#include "base/secret.h"
#include "collectors/feed.h"
#include "collectors/source.h"

namespace vigie {
namespace {

constexpr std::string_view kPath = "/websub/";
constexpr Duration kLookEvery = seconds(10);
constexpr std::size_t kLongestChallenge = 4096;
constexpr std::size_t kIdBytes = 16, kSecretBytes = 32;

std::string key_of(const SourceSettings& source) { return concat("websub:", source.id); }

bool has_public_url(const ServeSettings& serve) { return serve.public_url != concat("http://", serve.public_listen); }

// The secret of our signatures goes to the hub: not over a wire that others read.
bool keeps_a_secret(std::string_view hub) { return hub.starts_with("https://") || hub.starts_with("http://127.0.0.1"); }

ServerReply plain(int status, std::string text) {
  return {status, std::move(text), "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}};
}

}  // namespace

Hubs::Hubs(const Settings& settings, OpenStore open, Bus& bus, const Clock& clock)
    : settings_(settings),
      open_(std::move(open)),
      bus_(bus),
      clock_(clock),
      enabled_(has_public_url(settings.serve) &&
               std::any_of(settings.sources.begin(), settings.sources.end(),
                           [](const SourceSettings& source) { return source.kind == "feed"; })) {}

void Hubs::run(const std::stop_token& stop, Store& store, HttpClient& http) {
  const std::stop_callback wake(stop, [&http] { http.wake(); });
  while (!stop.stop_requested()) {
    tick(store, http);
    http.poll(kLookEvery);
  }
}

int Hubs::tick(Store& store, HttpClient& http) {
  int asked = 0;
  for (const SourceSettings& source : settings_.sources) {
    if (source.kind != "feed") continue;
    const Result<bool> done = ask(source, store, http);
    if (done && *done) ++asked;
    if (!done) log::warn("hubs", "a hub could not be asked", {{"source", source.id}, {"error", done.error().what}});
  }
  return asked;
}

// Saved before it is sent: the hub may ask back before it has answered.
Result<bool> Hubs::ask(const SourceSettings& source, Store& store, HttpClient& http) const {
  TRY(const Cursor cursor, store.cursor(source.id));
  const std::optional<HubOffer> offer = hub_of(cursor);
  if (!offer || !keeps_a_secret(offer->hub)) return false;
  TRY(const std::string saved, store.get_setting(key_of(source)));
  std::optional<HubSubscription> known = subscription_from(saved);
  if (known && known->offer == *offer && !is_due(*known, clock_.now())) return false;
  if (!known || known->offer != *offer) {
    known.emplace();
    known->id = to_hex(random_bytes(kIdBytes));
    known->secret = to_hex(random_bytes(kSecretBytes));
    known->offer = *offer;
  }
  log::add_secret(known->secret);
  known->asked = clock_.now();
  if (known->state == HubSubscription::State::active)
    known->asked_again = true;
  else
    known->state = HubSubscription::State::pending;
  TRY(store.set_setting(key_of(source), to_json(*known)));
  http.start(subscribe_request(*known, settings_.serve.public_url), [id = source.id](const Result<HttpReply>& reply) {
    const Result<void> taken = reply ? check_status(*reply) : fail(reply.error());
    if (taken)
      log::info("hubs", "asked for news as it comes", {{"source", id}});
    else
      log::warn("hubs", "a hub did not take our subscription; polling goes on, asking again in an hour",
                {{"source", id}, {"error", taken.error().what}});
  });
  return true;
}

std::optional<ServerReply> Hubs::answer(const ServerRequest& request) const {
  if (!enabled_ || !request.path.starts_with(kPath)) return std::nullopt;
  const std::string_view id = std::string_view(request.path).substr(kPath.size());
  Result<ServerReply> reply = plain(405, "GET or POST\n");
  if (request.method == "GET") reply = confirm_to(request, id);
  if (request.method == "POST") reply = take(request, id);
  if (reply) return *std::move(reply);
  log::error("hubs", "a hub could not be answered", {{"error", reply.error().what}});
  ServerReply later = plain(503, "not now\n");
  later.headers.emplace_back("Retry-After", "30");
  return later;
}

Result<std::optional<Hubs::Known>> Hubs::find(Store& store, std::string_view id) const {
  if (id.size() != 2 * kIdBytes) return std::nullopt;
  for (const SourceSettings& source : settings_.sources) {
    if (source.kind != "feed") continue;
    TRY(const std::string saved, store.get_setting(key_of(source)));
    std::optional<HubSubscription> known = subscription_from(saved);
    if (known && equal_constant_time(known->id, id)) return Known{&source, *std::move(known)};
  }
  return std::nullopt;
}

Result<ServerReply> Hubs::confirm_to(const ServerRequest& request, std::string_view id) const {
  TRY(const std::unique_ptr<Store> store, open_());
  TRY(std::optional<Known> known, find(*store, id));
  const std::string_view challenge = request.param("hub.challenge");
  if (!known || challenge.size() > kLongestChallenge ||
      !confirm(known->subscription, request.param("hub.mode"), request.param("hub.topic"),
               request.param("hub.lease_seconds"), clock_.now())) {
    return plain(404, "we did not ask for this\n");
  }
  TRY(store->set_setting(key_of(*known->source), to_json(known->subscription)));
  const bool active = known->subscription.state == HubSubscription::State::active;
  log::info("hubs", active ? "subscribed" : "the hub refused our subscription",
            {{"source", known->source->id}, {"until", format_rfc3339(known->subscription.until)}});
  return plain(200, std::string(challenge));
}

// Whoever cannot sign learns nothing: 202, and dropped.
Result<ServerReply> Hubs::take(const ServerRequest& request, std::string_view id) const {
  TRY(const std::unique_ptr<Store> store, open_());
  TRY(const std::optional<Known> known, find(*store, id));
  if (!known) return plain(404, "nothing is expected here\n");
  const SourceSettings& source = *known->source;
  if (!is_signed(request.header("X-Hub-Signature"), known->subscription.secret, request.body)) {
    log::warn("hubs", "news with a wrong signature was dropped", {{"source", source.id}, {"remote", request.remote}});
    return plain(202, "");
  }
  TRY(const OpenedSource opened, open_source(source));
  HttpReply reply;
  reply.status = 200;
  reply.url = source.url;
  reply.headers = {{"Content-Type", std::string(request.header("Content-Type"))}};
  reply.body = request.body;
  Result<Batch> batch = opened.http->read(reply, {}, clock_.now());
  if (!batch) {
    log::warn("hubs", "news that cannot be read was dropped", {{"source", source.id}, {"error", batch.error().what}});
    return plain(202, "");
  }
  batch->source = source.id;
  batch->history = false;
  if (!batch->mentions.empty() || !batch->rejected.empty()) TRY(bus_.publish(*std::move(batch)));
  return plain(202, "");
}

}  // namespace vigie
