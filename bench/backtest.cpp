// A synthetic year of stored mentions, and how fast it is read again and back-tested.
//
//   bench_backtest make FOLDER [MENTIONS [BRANDS]]    10,000,000 of 1,000 brands unless told otherwise; takes minutes
//   bench_backtest run FOLDER [THREADS]               reading alone, one setting, a changed one beside it, single
//   brands
//
// Brands differ in size as names do (the first has some 70 times the mentions of the last), have days and nights, and
// one in two has a day of four times its usual complaints.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "app/cmd_backtest.h"
#include "app/replay_history.h"
#include "base/rng.h"
#include "base/secret.h"
#include "pipeline/taxonomy.h"
#include "store/store.h"

#include <sstream>

namespace vigie {
namespace {

const Time kStart = from_epoch(1'763'000'000);
constexpr Duration kYear = 365 * kDay, kBatchEvery = minutes(10);
constexpr double kHourWeights[24] = {.3,  .2,  .2,  .2,  .2,  .3,  .6,  1,   1.3, 1.5, 1.5, 1.5,
                                     1.6, 1.5, 1.4, 1.4, 1.4, 1.5, 1.6, 1.6, 1.4, 1.1, .8,  .5};
constexpr const char* kThemes[] = {"delivery", "billing", "price", "quality", "staff", "support", "outage", "app"};
constexpr const char* kWords[] = {"colis",   "retard",  "parcel", "late",  "merci",    "service", "reçu", "jamais",
                                  "magasin", "support", "prix",   "price", "commande", "order",   "bien", "super"};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

std::string brand_id(std::size_t i) { return "brand-" + std::to_string(i); }

Settings settings_of(const std::string& folder, std::size_t brands) {
  Settings settings;
  settings.data = folder;
  for (std::size_t i = 0; i < brands; ++i) {
    BrandSettings brand;
    brand.id = brand_id(i);
    brand.name = brand.id;
    settings.brands.push_back(brand);
  }
  return settings;
}

std::string sentence(Rng& rng) {
  std::string text;
  while (text.size() < 90) (text += kWords[rng.below(std::size(kWords))]) += ' ';
  return text + std::to_string(rng.below(1'000'000));
}

Judged judged(Rng& rng, std::size_t brand, std::int64_t number, Time at, double p_negative) {
  Judged one;
  Mention& m = one.mention;
  m.source = "forum-" + std::to_string(brand % 7);
  m.id = std::to_string(number);
  m.url = "https://forum.example/t/" + m.id;
  m.kind = "post";
  m.author.id = std::to_string(rng.below(400'000));
  m.author.name = "client-" + m.author.id;
  m.text = sentence(rng);
  m.created = at - seconds(static_cast<std::int64_t>(rng.below(600)));
  one.brands = {brand_id(brand)};
  const bool negative = rng.unit() < p_negative;
  one.judgement = {"fr",
                   negative ? .8 : .1,
                   .1,
                   negative ? .1 : .8,
                   negative ? Label::negative : Label::positive,
                   false,
                   {kThemes[rng.below(std::size(kThemes))]},
                   {},
                   {{"retard", -1.2}, {"jamais", -.8}},
                   "sentiment-1"};
  one.exact = one.content = hash64(m.id);
  one.near = rng.next();
  return one;
}

// How often brand after brand is drawn, cumulated to 1.
std::vector<double> sizes(std::size_t brands) {
  std::vector<double> cumulated;
  double sum = 0;
  for (std::size_t i = 0; i < brands; ++i) cumulated.push_back(sum += std::pow(static_cast<double>(i) + 5, -.8));
  for (double& each : cumulated) each /= sum;
  return cumulated;
}

int make(const std::string& folder, std::int64_t mentions, std::size_t brands) {
  std::filesystem::create_directories(folder);
  const auto store = open_sqlite_store("sqlite:" + folder + "/vigie.db");
  if (!store) return std::fprintf(stderr, "%s\n", store.error().what.c_str()), 1;
  SeededRng rng(11);
  const std::vector<double> sizes_of = sizes(brands);
  std::vector<Time> crisis(brands);
  for (std::size_t i = 0; i < brands; i += 2)
    crisis[i] = kStart + 70 * kDay + Duration(static_cast<std::int64_t>(rng.unit() * 290) * Duration(kDay).count());
  const auto start = std::chrono::steady_clock::now();
  std::int64_t made = 0;
  double due = 0;
  for (Time now = kStart; now < kStart + kYear; now += kBatchEvery) {
    const auto hour = static_cast<std::size_t>(now.time_since_epoch() / hours(1) % 24);
    due += static_cast<double>(mentions) * kHourWeights[hour] / 25.6 * 24 * (kBatchEvery / seconds(1)) / (365. * 86400);
    JudgedBatch batch;
    batch.source = "forum";
    batch.ingested = now;
    for (; due >= 1; --due) {
      const auto brand =
          static_cast<std::size_t>(std::lower_bound(sizes_of.begin(), sizes_of.end(), rng.unit()) - sizes_of.begin());
      const std::size_t place = std::min(brand, brands - 1);
      const bool crisis_on = now >= crisis[place] && now < crisis[place] + kDay;
      batch.mentions.push_back(judged(rng, place, ++made, now, crisis_on ? .48 : .12));
    }
    if (const auto done = (*store)->commit(batch); !done)
      return std::fprintf(stderr, "%s\n", done.error().what.c_str()), 1;
    if (now.time_since_epoch() / hours(1) % (24 * 7) == 0 && now.time_since_epoch() / minutes(10) % 6 == 0)
      std::fprintf(stderr, "%lld mentions, %.0f a second\n", static_cast<long long>(made),
                   static_cast<double>(made) / seconds_since(start));
  }
  if (const auto tidied = (*store)->tidy(kStart + kYear); !tidied)
    std::fprintf(stderr, "%s\n", tidied.error().what.c_str());
  std::printf("made %lld mentions of %zu brands in %.0f s\n", static_cast<long long>(made), brands,
              seconds_since(start));
  return 0;
}

void report(const char* what, std::int64_t mentions, std::chrono::steady_clock::time_point start, double cpu) {
  const double wall = seconds_since(start);
  std::printf("%-44s %9lld mentions %7.2f s wall %7.2f s CPU %10.0f a second\n", what, static_cast<long long>(mentions),
              wall, cpu_seconds() - cpu, static_cast<double>(mentions) / wall);
  std::fflush(stdout);
}

int read_alone(Store& store, const HistoryRead& read, const char* what) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  auto history = store.history(read).value();
  StoredMention mention;
  std::int64_t n = 0;
  while (history->next(mention).value()) ++n;
  report(what, n, start, cpu);
  return 0;
}

std::uint64_t backtested(const char* what, const BacktestRequest& request, const BacktestSettings& settings,
                         Store& store) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  const ManualClock clock(kStart + kYear);
  std::ostringstream out, err;
  if (backtest(request, settings, store, clock, out, err) != 0) std::fprintf(stderr, "%s\n", err.str().c_str());
  const std::string text = out.str();
  const std::size_t at = text.find("\"mentions\":");
  report(what, at == std::string::npos ? 0 : std::atoll(text.c_str() + at + 11), start, cpu);
  return hash64(text);
}

int run(const std::string& folder, int threads) {
  const auto store = open_sqlite_store("sqlite:" + folder + "/vigie.db");
  if (!store) return std::fprintf(stderr, "%s\n", store.error().what.c_str()), 1;
  std::size_t brands = 0;
  while (!(*store)->mentions({.brand = brand_id(brands), .limit = 1}).value().empty()) ++brands;
  std::printf("%zu brands, %.1f GB\n", brands,
              static_cast<double>(std::filesystem::file_size(folder + "/vigie.db")) / 1e9);

  read_alone(**store, {}, "reading, what rules count by");
  BacktestSettings one{settings_of(folder, brands), {}}, two{settings_of(folder, brands), settings_of(folder, brands)};
  two.changed->detect.budget = .5;
  BacktestRequest whole;
  whole.config = "bench";
  whole.from = format_rfc3339(kStart);
  whole.to = format_rfc3339(kStart + kYear);
  whole.json = true;
  whole.threads = threads;
  const std::uint64_t first = backtested("one setting", whole, one, **store);
  whole.threads = 1;
  const std::uint64_t second = backtested("one setting, one thread", whole, one, **store);
  std::printf("same bytes on one thread: %s\n", first == second ? "yes" : "NO");
  whole.threads = threads;
  whole.sets = {"detect.budget=0.5"};
  backtested("a changed setting beside it", whole, two, **store);
  for (const std::size_t brand : {std::size_t{0}, brands / 10, brands - 1}) {
    whole.brand = brand_id(brand);
    backtested(concat("both, ", whole.brand, " alone").c_str(), whole, two, **store);
  }
  return first == second ? 0 : 1;
}

}  // namespace
}  // namespace vigie

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto number = [&](std::size_t at, long long otherwise) {
    return arguments.size() > at ? std::atoll(arguments[at].c_str()) : otherwise;
  };
  if (arguments.size() >= 2 && arguments[0] == "make")
    return vigie::make(arguments[1], number(2, 10'000'000), static_cast<std::size_t>(number(3, 1000)));
  if (arguments.size() >= 2 && arguments[0] == "run")
    return vigie::run(arguments[1], static_cast<int>(number(2, std::thread::hardware_concurrency())));
  std::fprintf(stderr, "bench_backtest make|run FOLDER ...\n");
  return 2;
}
