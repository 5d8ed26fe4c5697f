#include "app/cmd_wall.h"

#include <cmath>
#include <functional>

#include "app/backends.h"
#include "app/cosigning.h"
#include "app/exit.h"
#include "app/load.h"
#include "app/replay_log.h"
#include "app/wall_export.h"
#include "app/wall_log.h"
#include "base/whole_file.h"
#include "wall/audits.h"
#include "wall/book.h"
#include "wall/elsewhere.h"
#include "wall/embeds.h"
#include "wall/items.h"
#include "wall/log/keys.h"
#include "wall/log/quorum.h"
#include "wall/numbers.h"
#include "wall/numbers_csv.h"
#include "wall/verify_page.h"

namespace vigie {
namespace {

constexpr std::size_t kMostAnswer = 16u << 20;

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

void tell(const tlog::Published& published, std::ostream& out, std::ostream& err) {
  out << published.size << " leaves, " << published.fresh << " new\n";
  if (!published.alarm.empty()) err << "vigie wall: " << published.alarm << "\n";
}

Result<void> list_items(const WallRequest& request, const WallLogPlace& place, const tlog::Published& published,
                        Store& store, const Clock& clock) {
  return write_items(store, request.brand, place.origin, place.folder, published.size, clock.now());
}

Result<void> publish(const WallRequest& request, const Settings& settings, Store& store, HttpClient& http,
                     const Clock& clock, std::ostream& out, std::ostream& err) {
  TRY(const WallLogPlace place, wall_log_place(settings, request.brand));
  tlog::Quorum quorum;
  if (!request.policy.empty()) {
    TRY(quorum, read_quorum_file(request.policy));
  }
  TRY(const std::unique_ptr<tlog::Publisher> publisher, open_publisher(place, request.brand, store, clock));
  TRY(const tlog::Published published, publisher->publish());
  tell(published, out, err);
  TRY(list_items(request, place, published, store, clock));
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
  return list_items(request, place, published, store, clock);
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

Result<void> replay(const WallRequest& request, const Settings& settings, Store& store, std::ostream& out,
                    std::ostream& err) {
  TRY(const Replayed replayed, replay_published(settings, request.brand, request.log, store));
  out << replayed.entries << " entries taken over, " << replayed.erased << " reviews erased again\n";
  for (const std::string& lost : replayed.lost) err << "vigie wall: " << lost << "\n";
  return {};
}

Result<std::string> given_file(const std::string& path, std::string_view what) {
  Result<std::string> read = read_whole(path, kMostAnswer);
  if (read) return read;
  return fail(ErrorKind::bad_data, concat(path, ": expected ", what, ", found ", read.error().what));
}

Result<void> elsewhere(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
                       std::ostream& out) {
  TRY(wall_log_place(settings, request.brand));  // a brand that there is
  TRY(const std::string answer, given_file(request.answer, "the page that was read"));
  const Reading reading{request.source, request.url, request.count, std::llround(request.mean * 1000), clock.now()};
  Book book(settings, store, clock);
  TRY(const std::int64_t index, note_reading(book, store, request.brand, reading, answer));
  out << "entry " << index << "\n";
  return {};
}

Result<void> audit(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
                   std::ostream& out) {
  TRY(wall_log_place(settings, request.brand));  // a brand that there is
  Book book(settings, store, clock);
  if (!request.ref) {
    TRY(const std::int64_t entry,
        ask_for_audit(book, store, request.brand, request.by, request.count, clock.now()));
    out << "entry " << entry << "\nThe reviews are drawn by a checkpoint signed from now on. Whoever audits reads them with\n"
        << "  vigie verify " << settings.serve.public_url << "/wall/" << request.brand << " --audit " << entry << "\n";
    return {};
  }
  TRY(const std::string report, given_file(request.report, "the auditor's report"));
  TRY(const std::int64_t entry, note_audit_result(book, store, request.brand, *request.ref,
                                                  request.status == "passed", report, clock.now()));
  out << "entry " << entry << "\n";
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

int wall_export(const WallRequest& request, const Settings& settings, const OpenStore& open, const Clock& clock,
                std::ostream& out, std::ostream& err) {
  const Result<std::unique_ptr<Store>> store = open();
  if (!store) return report(err, store.error());
  const VerifyPages verifier(settings);
  const Embeds embeds(settings, open, clock);
  const Handler wall = make_wall(settings, open, clock);
  const Handler pages = [&](const ServerRequest& asked) {
    if (std::optional<ServerReply> reply = verifier.answer(asked)) return *std::move(reply);
    if (std::optional<ServerReply> reply = embeds.answer(asked)) return *std::move(reply);
    return wall(asked);
  };
  const Result<Exported> done = export_walls({request.folder, request.base_url}, settings, pages, **store);
  if (!done) return report(err, done.error());
  out << request.folder << ": " << done->pages << " pages looked at, " << done->kept << " known, " << done->written
      << " files written, " << done->removed << " removed\n";
  return kDone;
}

int wall_numbers(const WallRequest& request, const Settings& settings, Store& store, std::ostream& out,
                 std::ostream& err) {
  if (const auto place = wall_log_place(settings, request.brand); !place) return report(err, place.error());
  const Result<WallStanding> standing = wall_standing(store, request.brand);
  if (!standing) return report(err, standing.error());
  out << numbers_csv(standing->numbers);
  return kDone;
}

int wall_embed(const WallRequest& request, const Settings& settings, std::ostream& out, std::ostream& err) {
  const Result<std::string> snippets = embed_snippets(settings, request.brand);
  if (!snippets) return report(err, snippets.error());
  out << *snippets;
  return kDone;
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

int cmd_wall_replay(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    return done(replay(request, settings, store, out, err), err);
  });
}

int cmd_wall_elsewhere(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    return done(elsewhere(request, settings, store, SystemClock(), out), err);
  });
}

int wall_audit(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
               std::ostream& out, std::ostream& err) {
  return done(audit(request, settings, store, clock, out), err);
}

int cmd_wall_audit(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    return wall_audit(request, settings, store, SystemClock(), out, err);
  });
}

int cmd_wall_receipt(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    return wall_receipt(request, settings, store, out, err);
  });
}

int cmd_wall_export(const WallRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(err, settings.error());
  return wall_export(
      request, *settings, [&] { return open_store(*settings); }, SystemClock(), out, err);
}

int cmd_wall_numbers(const WallRequest& request, std::ostream& out, std::ostream& err) {
  return with_installation(request, err, [&](const Settings& settings, Store& store) {
    return wall_numbers(request, settings, store, out, err);
  });
}

int cmd_wall_embed(const WallRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  return settings ? wall_embed(request, *settings, out, err) : report(err, settings.error());
}

}  // namespace vigie
