#include "app/cmd_demo.h"

#include <atomic>
#include <filesystem>
#include <iostream>
#include <thread>

#include "alerts/links.h"
#include "app/act_pages.h"
#include "app/backends.h"
#include "app/demo_survey.h"
#include "app/demo_week.h"
#include "app/exit.h"
#include "app/ingest.h"
#include "app/load.h"
#include "app/moderate.h"
#include "app/notify.h"
#include "app/own_secret.h"
#include "app/review_desk.h"
#include "app/serve.h"
#include "app/stop.h"
#include "app/wall_side.h"
#include "app/watch.h"
#include "base/log.h"
#include "wall/verify_page.h"

namespace vigie {

namespace {

constexpr std::uint64_t kSeed = 2026;

// Stands at each batch's ingest stamp while the week is replayed, then runs on from its end at the pace of the real
// clock.
class DemoClock final : public Clock {
 public:
  Time now() const override {
    const std::int64_t shift = shift_.load();
    return shift == kStopped ? from_epoch_micros(at_.load()) : system_.now() + Duration(shift);
  }
  void set(Time time) { at_.store(to_epoch_micros(time)); }
  void run_on() { shift_.store(at_.load() - to_epoch_micros(system_.now())); }

 private:
  static constexpr std::int64_t kStopped = INT64_MIN;
  SystemClock system_;
  std::atomic<std::int64_t> at_{0}, shift_{kStopped};
};

Result<void> empty_folder(const std::string& data) {
  std::error_code error;
  for (const char* name : {"vigie.db", "vigie.db-wal", "vigie.db-shm"})
    std::filesystem::remove(concat(data, "/", name), error);
  std::filesystem::remove_all(concat(data, "/messages"), error);
  std::filesystem::remove_all(concat(data, "/log"), error);
  std::filesystem::create_directories(data, error);
  if (error)
    return fail(ErrorKind::denied,
                concat("cannot write to ", data, ": ", error.message(), "; choose another folder with --data"));
  return {};
}

Result<Settings> demo_settings(const DemoOptions& options) {
  const config::Tree tree = config::Tree::parse(demo_config(), "demo.toml");
  Settings settings = read_settings(tree, known_kinds());
  if (!tree.problems().empty()) return fail(ErrorKind::bug, tree.problems().front().text());
  settings.data = options.data;
  for (EndpointSettings& endpoint : settings.endpoints) {
    if (endpoint.kind == "file") endpoint.folder = concat(options.data, "/messages");
  }
  if (!options.config.empty()) {
    TRY(Settings own, load_settings(options.config));
    settings.people = std::move(own.people);
    settings.endpoints = std::move(own.endpoints);
    settings.routes = std::move(own.routes);
    settings.teams = std::move(own.teams);
    settings.schedules = std::move(own.schedules);
    settings.chains = std::move(own.chains);
    settings.alerting = std::move(own.alerting);
    settings.mail = std::move(own.mail);
    settings.http = std::move(own.http);
    settings.serve = std::move(own.serve);
    for (RouteSettings& route : settings.routes) route.brands.clear();  // they name the file's brands, not the demo's
  }
  if (!options.public_listen.empty()) settings.serve.public_listen = options.public_listen;
  if (!options.console_listen.empty()) settings.serve.console_listen = options.console_listen;
  settings.serve.public_url = concat("http://", settings.serve.public_listen);
  settings.serve.console_url = concat("http://", settings.serve.console_listen);
  return settings;
}

struct Replayed {
  std::size_t mentions = 0, batches = 0;
};

// Somebody of the fictional team takes each incident a while after they were told.
Result<void> somebody_takes(const Settings& settings, Store& store, Time now) {
  constexpr Duration kAfter = minutes(40);
  TRY(const std::vector<Incident> going_on, store.incidents("", true, 10));
  for (const Incident& incident : going_on) {
    const bool waits = incident.state == IncidentState::open && incident.announced && incident.acked_by.empty();
    if (!waits || now - incident.last_told < kAfter || settings.people.empty()) continue;
    Act act;
    act.id = concat("demo|", incident.id, "|", std::to_string(incident.epoch));
    act.incident = incident.id;
    act.kind = ActKind::ack;
    act.by = settings.people.front().id;
    act.at = now;
    TRY(store.add_act(act));
  }
  return {};
}

// The week, batch by batch: published, stored, watched and told about before the next one, as if each had been days of
// waiting.
Result<Replayed> replay(const Settings& settings, const Links& links, DemoClock& clock, const Clock& outside,
                        Metrics& metrics, std::ostream& err) {
  SeededRng rng(kSeed), jitter(kSeed + 1);
  const std::vector<Batch> week = demo_week(rng);
  TRY(const std::unique_ptr<Store> ingest_store, open_store(settings));
  TRY(const std::unique_ptr<Store> watch_store, open_store(settings));
  TRY(const std::unique_ptr<Store> notify_store, open_store(settings));
  TRY(const std::unique_ptr<Bus> bus, open_bus(settings));
  TRY(const std::unique_ptr<Pipeline> pipeline, Pipeline::make(settings.brands, settings.sources));
  const std::unique_ptr<HttpClient> http = make_http_client(http_options(settings), clock, metrics);
  TRY(const std::unique_ptr<Store> moderate_store, open_store(settings));
  Pulse committed, owed;
  Moderate moderate(settings, *moderate_store, clock);
  Ingest ingest(*bus, *pipeline, *ingest_store, metrics, committed);
  Watch watch(settings, *watch_store, clock, metrics, owed);
  NotifyOptions sending;
  sending.actions = [&](const Notification& message) {
    return actions_for(message, links, message.created + settings.alerting.links, is_brief(settings, message));
  };
  Notify notify(settings, *notify_store, *http, clock, outside, jitter, metrics, sending);
  TRY(watch.open());

  if (!week.empty()) clock.set(week.front().ingested);
  std::jthread ingesting([&ingest] { ingest.run(); });
  Replayed replayed;
  Result<void> outcome;
  std::map<std::string, SourceHealth> health;
  Time moderate_at{};
  for (const Batch& batch : week) {
    clock.set(batch.ingested);
    replayed.mentions += batch.mentions.size();
    ++replayed.batches;
    if (outcome = bus->publish(batch); !outcome) break;
    SourceHealth& source = health[batch.source];
    source.source = batch.source;
    source.state = "ok";
    ++source.polls;
    source.last_try = source.last_success = batch.ingested;
    if (outcome = somebody_takes(settings, *watch_store, clock.now()); !outcome) break;
    Result<bool> more = true;
    while (more && *more) more = watch.tick();
    Result<bool> sent = true;
    while (sent && *sent) sent = notify.tick();
    Result<bool> moderated = batch.ingested >= moderate_at;
    while (moderated && *moderated) moderated = moderate.tick();
    if (batch.ingested >= moderate_at) moderate_at = batch.ingested + minutes(10);
    if (!more || !sent || !moderated) {
      outcome = fail(!more ? more.error() : !sent ? sent.error() : moderated.error());
      break;
    }
  }
  bus->close();
  ingesting.join();
  if (!outcome) return fail(outcome.error());
  for (const auto& [id, source] : health) TRY(watch_store->save_health(source));
  TRY(moderate.tick());
  err << "replayed one week: " << replayed.mentions << " mentions in " << replayed.batches << " batches\n";
  return replayed;
}

Result<void> demo(const DemoOptions& options, std::ostream& out, std::ostream& err) {
  TRY(const Settings settings, demo_settings(options));
  TRY(empty_folder(options.data));
  DemoClock clock;
  Metrics metrics;
  const SystemClock real;
  // Messages to the demo's own folder keep the week's dates, byte for byte; an operator's own endpoints live today.
  const Clock& outside = options.config.empty() ? static_cast<const Clock&>(clock) : real;
  TRY(const std::string key, own_secret(settings, "links"));
  const Links links(key, settings.serve.public_url);
  TRY(replay(settings, links, clock, outside, metrics, err));
  if (options.once) return {};

  clock.run_on();
  const auto open = [&settings] { return open_store(settings); };
  Pulse acted, owed;
  const ActPages pages(settings, open, links, clock, [&acted] { acted.notify(); });
  TRY(const std::unique_ptr<Store> watch_store, open());
  TRY(const std::unique_ptr<Store> notify_store, open());
  const std::unique_ptr<HttpClient> http = make_http_client(http_options(settings), clock, metrics);
  SeededRng jitter(kSeed);
  Watch watch(settings, *watch_store, clock, metrics, owed);
  TRY(const std::unique_ptr<Bus> bus, open_bus(settings));
  TRY(const std::unique_ptr<WallSide> wall,
      WallSide::make({settings, open, clock, metrics, *bus, [&owed] { owed.notify(); }, true}));
  SeededRng customers(kSeed + 2);
  TRY(answer_demo_surveys(settings, *watch_store, wall->surveys().tokens(), clock, customers));
  NotifyOptions sending;
  sending.letters = wall->surveys().letters();
  Notify notify(settings, *notify_store, *http, clock, outside, jitter, metrics, sending);
  TRY(watch.open());
  TRY(const std::unique_ptr<Store> ingest_store, open());
  TRY(const std::unique_ptr<Pipeline> pipeline, Pipeline::make(settings.brands, settings.sources));
  Ingest ingest(*bus, *pipeline, *ingest_store, metrics, acted);
  std::vector<Serve::Guest> guests = {[&pages](const ServerRequest& request) { return pages.answer(request); }};
  for (Serve::Guest& guest : wall->guests()) guests.push_back(std::move(guest));
  TRY(const std::unique_ptr<Serve> serve,
      Serve::start({settings, open, clock, metrics, [] { return std::string(); }, {}, [&acted] { acted.notify(); },
                    wall->review_desk(), themes_of(settings)},
                   std::move(guests), true));
  TRY(const std::unique_ptr<Store> store, open_store(settings));
  TRY(const std::string link, make_login_link(settings, *store, clock));
  const std::string brand = settings.brands.empty() ? "" : settings.brands.front().id;
  out << "The demo is a fictional brand's recorded week, 9 to 16 November 2026; its clock runs on from there.\n"
      << "  wall      http://" << serve->public_address() << "/wall/" << brand << "\n"
      << "  verify    vigie verify http://" << serve->public_address() << "/wall/" << brand
      << as_of(true, clock.now()) << "\n"
      << "            (--at: as of a time by the demo's clock; pages that say how to verify give the current one)\n"
      << "  console   " << link << "\n"
      << "            (this link works once; afterwards http://" << serve->console_address() << "/)\n"
      << "  messages  " << options.data << "/messages/\n"
      << "Ctrl-C stops it.\n"
      << std::flush;
  // What visitors of the demonstration do with its incidents is carried out and told.
  std::jthread watching([&](const std::stop_token& stop) { watch.run(stop, acted); });
  std::jthread notifying([&](const std::stop_token& stop) { notify.run(stop, owed); });
  std::jthread ingesting([&ingest] { ingest.run(); });
  wall->start();
  wait_for_stop_signal();
  wall->stop_telling();
  bus->close();
  ingesting.join();
  serve->stop();
  wall->stop();
  return {};
}

}  // namespace

int cmd_demo(const DemoOptions& options, std::ostream& out, std::ostream& err) {
  hold_stop_signals();
  const Result<void> done = demo(options, out, err);
  if (done) return kDone;
  err << "vigie demo: " << done.error().what << "\n";
  return exit_status(done.error());
}

}  // namespace vigie
