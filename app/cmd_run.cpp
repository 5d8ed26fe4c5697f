#include "app/cmd_run.h"

#include <iostream>
#include <thread>

#include "app/act_pages.h"
#include "app/backends.h"
#include "app/collect.h"
#include "app/exit.h"
#include "app/gate.h"
#include "app/hubs.h"
#include "app/ingest.h"
#include "app/keep.h"
#include "app/listen.h"
#include "app/load.h"
#include "app/mailboxes.h"
#include "app/notify_pool.h"
#include "app/own_scorer.h"
#include "app/own_secret.h"
#include "app/push_in.h"
#include "app/review_desk.h"
#include "app/second_stage.h"
#include "app/serve.h"
#include "app/stop.h"
#include "app/uploads.h"
#include "app/wall_side.h"
#include "app/watch.h"
#include "app/watchdog.h"
#include "base/log.h"
#include "base/secret.h"

namespace vigie {

namespace {

std::uint64_t random_seed() { return hash64(random_bytes(16)); }

// Everything a running installation owns, in the order in which it is built; each loop has its own connection to the
// store.
struct Installation {
  Settings settings, polled;
  SystemClock clock;
  Metrics metrics;
  SeededRng rng{random_seed()}, mail_rng{random_seed()}, listen_rng{random_seed()};
  std::unique_ptr<Store> collect_store, mail_store, listen_store, hub_store, ingest_store, watch_store, keep_store,
      watchdog_store;
  std::unique_ptr<Bus> bus;
  std::unique_ptr<HttpClient> collect_http, listen_http, hub_http, watchdog_http;
  std::unique_ptr<ImapClient> imap;
  std::unique_ptr<WebSocketClient> sockets;
  std::shared_ptr<OwnScorer> scorer;
  std::unique_ptr<Pipeline> pipeline;
  std::unique_ptr<SecondLook> second_look;
  Pulse committed, owed, tidy, guard;

  Result<void> build() {
    for (std::unique_ptr<Store>* store : {&collect_store, &mail_store, &listen_store, &hub_store, &ingest_store,
                                          &watch_store, &keep_store, &watchdog_store}) {
      TRY(*store, open_store(settings));
    }
    TRY(bus, open_bus(settings));
    scorer = std::make_shared<OwnScorer>(settings);
    TRY(pipeline, Pipeline::make(settings.brands, settings.sources, settings.theme_files, scorer));
    second_look = vigie::second_look(settings.second_stage, clock, metrics);
    collect_http = make_http_client(http_options(settings), clock, metrics);
    listen_http = make_http_client(http_options(settings), clock, metrics);
    watchdog_http = make_http_client(http_options(settings), clock, metrics);
    hub_http = make_http_client(http_options(settings), clock, metrics);
    sockets = make_websocket_client(http_options(settings), [this] { listen_http->wake(); });
    imap = make_imap_client(http_options(settings), metrics);
    polled = only_polled(settings);
    return {};
  }
};

Result<void> first_start(Installation& it, std::ostream& out) {
  TRY(const std::string seen, it.keep_store->get_setting("login_link_shown"));
  if (!seen.empty()) return {};
  TRY(const std::string link, make_login_link(it.settings, *it.keep_store, it.clock));
  TRY(it.keep_store->set_setting("login_link_shown", format_rfc3339(it.clock.now())));
  out << "first start: open the console once with this link within 24 hours\n  " << link << "\n" << std::flush;
  return {};
}

Result<void> run(Installation& it, std::ostream& out) {
  TRY(it.build());
  Collect collect(it.polled, *it.collect_store, *it.bus, *it.collect_http, it.clock, it.rng, it.metrics);
  Mailboxes mailboxes(it.settings, *it.mail_store, *it.bus, *it.imap, it.clock, it.mail_rng, it.metrics);
  Listen listen(it.settings, *it.listen_store, *it.bus, *it.listen_http, *it.sockets, it.clock, it.listen_rng,
                it.metrics);
  Ingest ingest(*it.bus, *it.pipeline, *it.ingest_store, it.metrics, it.committed,
                std::max(1u, std::thread::hardware_concurrency() - 1), it.second_look.get());
  Watch watch(it.settings, *it.watch_store, it.clock, it.metrics, it.owed);
  TRY(const std::string link_key, own_secret(it.settings, "links"));
  const Links links(link_key, it.settings.serve.public_url);
  NotifyOptions sending;
  sending.actions = [&](const Notification& message) {
    return actions_for(message, links, it.clock.now() + it.settings.alerting.links, is_brief(it.settings, message));
  };
  const auto open = [&it] { return open_store(it.settings); };
  TRY(const std::unique_ptr<WallSide> wall,
      WallSide::make({it.settings, open, it.clock, it.metrics, *it.bus, [&] { it.owed.notify(); }}));
  sending.letters = wall->surveys().letters();
  TRY(const std::unique_ptr<NotifyPool> notify,
      NotifyPool::make({it.settings, [&it] { return open_store(it.settings); },
                        [&it] { return make_http_client(http_options(it.settings), it.clock, it.metrics); }, it.clock,
                        it.metrics, random_seed(),
                        [&it](Store& store) -> Result<std::unique_ptr<Gate>> {
                          return std::make_unique<StoreGate>(it.settings, store);
                        },
                        sending},
                       workers_for(it.settings)));
  Watchdog watchdog(it.settings, *it.watchdog_store, *it.watchdog_http, it.clock, it.metrics, it.owed);
  Keep keep(*it.keep_store, it.clock);
  TRY(collect.open());
  TRY(mailboxes.open());
  TRY(listen.open());
  TRY(watch.open());
  PushIn pushes(open, *it.bus, it.clock, it.metrics);
  TRY(pushes.open(it.settings));
  Uploads uploads(*it.bus, it.clock);
  Hubs hubs(it.settings, open, *it.bus, it.clock);
  const ActPages acts(it.settings, open, links, it.clock, [&it] { it.committed.notify(); });
  std::vector<Serve::Guest> guests = {[&](const ServerRequest& request) { return acts.answer(request); }};
  for (Serve::Guest& guest : wall->guests()) guests.push_back(std::move(guest));
  guests.push_back([&](const ServerRequest& request) { return pushes.answer(request); });
  guests.push_back([&](const ServerRequest& request) { return hubs.answer(request); });
  TRY(const std::unique_ptr<Serve> serve,
      Serve::start(
          {it.settings, open, it.clock, it.metrics, [] { return std::string(); },
           [&](const ServerRequest& request) { return uploads.answer(request); }, [&it] { it.committed.notify(); },
           wall->review_desk(), themes_of(it.settings)},
          std::move(guests)));
  TRY(first_start(it, out));
  out << "wall     http://" << serve->public_address() << "/\nconsole  http://" << serve->console_address() << "/\n"
      << std::flush;

  wall->start();
  std::jthread keeping([&](const std::stop_token& stop) { keep.run(stop, it.tidy); });
  std::jthread guarding([&](const std::stop_token& stop) { watchdog.run(stop, it.guard); });
  std::jthread notifying([&](const std::stop_token& stop) { notify->run(stop, it.owed); });
  std::jthread watching([&](const std::stop_token& stop) { watch.run(stop, it.committed); });
  std::jthread ingesting([&] { ingest.run([&] { it.scorer->refresh(); }); });
  std::jthread collecting([&](const std::stop_token& stop) { collect.run(stop); });
  std::jthread visiting([&](const std::stop_token& stop) {
    if (!mailboxes.empty()) mailboxes.run(stop);
  });
  std::jthread listening([&](const std::stop_token& stop) {
    if (!listen.empty()) listen.run(stop);
  });
  std::jthread importing([&](const std::stop_token& stop) { uploads.run(stop); });
  std::jthread subscribing([&](const std::stop_token& stop) {
    if (hubs.enabled()) hubs.run(stop, *it.hub_store, *it.hub_http);
  });

  wait_for_stop_signal();
  log::info("run", "stopping");
  // First nothing new comes in, then what is on its way is stored, then the rest.
  for (std::jthread* loop : {&collecting, &visiting, &listening, &subscribing, &importing}) loop->request_stop();
  for (std::jthread* loop : {&collecting, &visiting, &listening, &subscribing, &importing}) loop->join();
  wall->stop_telling();
  it.bus->close();
  ingesting.join();
  for (std::jthread* loop : {&watching, &notifying, &guarding, &keeping}) loop->request_stop();
  for (std::jthread* loop : {&watching, &notifying, &guarding, &keeping}) loop->join();
  serve->stop();
  wall->stop();
  return {};
}

}  // namespace

int run_installation(Settings settings, std::ostream& out, std::ostream& err) {
  hold_stop_signals();
  Installation it;
  it.settings = std::move(settings);
  if (Result<void> done = run(it, out); !done) {
    err << "vigie run: " << done.error().what << "\n";
    return exit_status(done.error());
  }
  return kDone;
}

int cmd_run(const std::string& config, std::ostream& out, std::ostream& err) {
  Result<Settings> settings = load_settings(config);
  if (!settings) {
    err << settings.error().what << "\n";
    return exit_status(settings.error());
  }
  return run_installation(*std::move(settings), out, err);
}

}  // namespace vigie
