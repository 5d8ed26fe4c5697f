// For the journeys of walls: reviews that never were, and any acts on them, each through the book, beside a running
// vigie or without one.
//
//   wall_acts CONFIG BRAND SEED ACTS [past] [publish]
//
// past: over the forty days before now; else now. publish: puts the log and items.json in place too, as `vigie run`
// does.

#include <iostream>

#include "app/backends.h"
#include "app/load.h"
#include "app/wall_log.h"
#include "base/number.h"
#include "tests/wall/acts.h"
#include "wall/items.h"
#include "wall/log/keys.h"

namespace vigie {
namespace {

constexpr Duration kPast = 40 * kDay;

struct Request {
  std::string config, brand;
  std::int64_t seed = 0, acts = 0;
  bool past = false, publish = false;
};

Result<void> act(const Request& request, const Settings& settings, Store& store) {
  const SystemClock now;
  ManualClock clock(request.past ? now.now() - kPast : now.now());
  Book book(settings, store, clock);
  test::RandomActs acts(request.brand, book, store, static_cast<std::uint64_t>(request.seed));
  for (std::int64_t i = 0; i < request.acts; ++i) {
    if (request.past) clock.advance(kPast / request.acts);
    TRY(acts.step());
  }
  return acts.decide_what_is_due(now.now());
}

Result<void> publish(const Request& request, const Settings& settings, Store& store) {
  const SystemClock clock;
  TRY(const WallLogPlace place, wall_log_place(settings, request.brand));
  std::error_code error;
  std::filesystem::create_directories(place.key.parent_path(), error);
  if (!std::filesystem::exists(place.key)) TRY(tlog::make_key_file(place.key, place.origin, tlog::KeyType::ed25519));
  TRY(const std::unique_ptr<tlog::Publisher> publisher, open_publisher(place, request.brand, store, clock));
  TRY(const tlog::Published published, publisher->publish());
  return write_items(store, request.brand, place.origin, place.folder, published.size, clock.now());
}

Result<void> run(const Request& request) {
  TRY(const Settings settings, load_settings(request.config));
  TRY(const std::unique_ptr<Store> store, open_store(settings));
  TRY(act(request, settings, *store));
  if (request.publish) TRY(publish(request, settings, *store));
  return {};
}

}  // namespace
}  // namespace vigie

int main(int argc, char** argv) {
  using namespace vigie;
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 4) {
    std::cerr << "usage: wall_acts CONFIG BRAND SEED ACTS [past] [publish]\n";
    return 2;
  }
  Request request{words[0], words[1], whole_number(words[2]).value_or(1), whole_number(words[3]).value_or(100)};
  for (const std::string& word : words) {
    if (word == "past") request.past = true;
    if (word == "publish") request.publish = true;
  }
  if (const Result<void> done = run(request); !done) {
    std::cerr << "wall_acts: " << done.error().what << "\n";
    return 1;
  }
  return 0;
}
