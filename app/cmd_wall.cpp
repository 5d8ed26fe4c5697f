#include "app/cmd_wall.h"

#include <functional>

#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "app/wall_log.h"
#include "base/whole_file.h"
#include "wall/log/keys.h"
#include "wall/log/quorum.h"

namespace vigie {
namespace {

constexpr std::size_t kMostPolicy = 1u << 20;

int report(std::ostream& err, const Error& error) {
  err << "vigie wall: " << error.what << "\n";
  return exit_status(error);
}

int done(const Result<void>& what, std::ostream& err) { return what ? kDone : report(err, what.error()); }

Result<void> make_key(const WallRequest& request, const Settings& settings, std::ostream& out) {
  TRY(const WallLogPlace place, wall_log_place(settings, request.brand));
  std::error_code error;
  std::filesystem::create_directories(place.key.parent_path(), error);
  TRY(const tlog::SigningKey key, tlog::make_key_file(place.key, place.origin, tlog::KeyType::ed25519));
  TRY(const tlog::VerifierKey verifier, tlog::verifier_of(key));
  out << to_text(verifier) << "\n";
  return {};
}

Result<void> rotate(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
                    std::ostream& out) {
  TRY(const WallLogPlace place, wall_log_place(settings, request.brand));
  TRY(const tlog::SigningKey key, tlog::rotate_key(place.key, request.brand, store, clock));
  TRY(const tlog::VerifierKey verifier, tlog::verifier_of(key));
  out << to_text(verifier) << "\n";
  return {};
}

Result<tlog::Quorum> read_quorum(const std::string& path) {
  const Result<std::string> text = read_whole(path, kMostPolicy);
  if (!text) return fail(ErrorKind::bad_config, concat(path, ": expected a policy file, found ", text.error().what));
  Result<tlog::Quorum> quorum = tlog::parse_quorum(*text);
  if (!quorum) return fail(ErrorKind::bad_config, concat(path, ": ", quorum.error().what));
  return quorum;
}

void tell(const tlog::Published& published, std::ostream& out, std::ostream& err) {
  out << published.size << " leaves, " << published.fresh << " new\n";
  if (!published.alarm.empty()) err << "vigie wall: " << published.alarm << "\n";
}

Result<void> publish(const WallRequest& request, const Settings& settings, Store& store, HttpClient& http,
                     const Clock& clock, std::ostream& out, std::ostream& err) {
  TRY(const WallLogPlace place, wall_log_place(settings, request.brand));
  tlog::Quorum quorum;
  if (!request.policy.empty()) {
    TRY(quorum, read_quorum(request.policy));
  }
  TRY(const std::unique_ptr<tlog::Publisher> publisher, open_publisher(place, request.brand, store, clock));
  TRY(const tlog::Published published, publisher->publish());
  tell(published, out, err);
  TRY(const std::vector<tlog::WitnessRound> rounds, publisher->ask_witnesses(http, quorum));
  for (const tlog::WitnessRound& round : rounds) {
    if (round.error.empty()) {
      out << "cosigned by " << round.witness << "\n";
    } else {
      err << "vigie wall: " << round.error << "\n";
    }
  }
  return {};
}

Result<void> rebuild(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
                     std::ostream& out, std::ostream& err) {
  TRY(const WallLogPlace place, wall_log_place(settings, request.brand));
  TRY(const std::unique_ptr<tlog::Publisher> publisher, open_publisher(place, request.brand, store, clock));
  TRY(const tlog::Published published, publisher->rebuild());
  tell(published, out, err);
  return {};
}

Result<void> receipt(const WallRequest& request, const Settings& settings, Store& store, std::ostream& out) {
  TRY(const WallLogPlace place, wall_log_place(settings, request.brand));
  TRY(const std::optional<std::string> text,
      tlog::receipt_of(store, place.folder, request.brand, request.index, std::nullopt));
  if (!text)
    return fail(ErrorKind::bad_data, concat("no checkpoint covers leaf ", std::to_string(request.index), " of ",
                                            request.brand, " yet; vigie wall publish makes one"));
  out << *text;
  return {};
}

// With the installation that the configuration names.
int with_installation(const WallRequest& request, std::ostream& err,
                      const std::function<int(const Settings&, Store&)>& act) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(err, settings.error());
  const Result<std::unique_ptr<Store>> store = open_store(*settings);
  if (!store) return report(err, store.error());
  return act(*settings, **store);
}

}  // namespace

int wall_key(const WallRequest& request, const Settings& settings, std::ostream& out, std::ostream& err) {
  return done(make_key(request, settings, out), err);
}

int wall_rotate(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
                std::ostream& out, std::ostream& err) {
  return done(rotate(request, settings, store, clock, out), err);
}

int wall_publish(const WallRequest& request, const Settings& settings, Store& store, HttpClient& http,
                 const Clock& clock, std::ostream& out, std::ostream& err) {
  return done(publish(request, settings, store, http, clock, out, err), err);
}

int wall_rebuild(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
                 std::ostream& out, std::ostream& err) {
  return done(rebuild(request, settings, store, clock, out, err), err);
}

int wall_receipt(const WallRequest& request, const Settings& settings, Store& store, std::ostream& out,
                 std::ostream& err) {
  return done(receipt(request, settings, store, out), err);
}

int cmd_wall_key(const WallRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  return settings ? wall_key(request, *settings, out, err) : report(err, settings.error());
}

int cmd_wall_rotate(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    return wall_rotate(request, settings, store, SystemClock(), out, err);
  });
}

int cmd_wall_publish(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    const SystemClock clock;
    Metrics metrics;
    const std::unique_ptr<HttpClient> http = make_http_client(http_options(settings), clock, metrics);
    return wall_publish(request, settings, store, *http, clock, out, err);
  });
}

int cmd_wall_rebuild(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    return wall_rebuild(request, settings, store, SystemClock(), out, err);
  });
}

int cmd_wall_receipt(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    return wall_receipt(request, settings, store, out, err);
  });
}

}  // namespace vigie
