// End to end: from a line of JSON to a mention that is judged, stored and searchable. One thread, CPU time.
//
//   build/dev/bench/bench_app                      mentions per CPU-second
//   VIGIE_BENCH_MENTIONS=1000000 build/... --benchmark_filter=Memory      resident memory after each tenth of a million

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "app/demo_week.h"
#include "base/rng.h"
#include "base/text.h"
#include "collectors/file.h"
#include "pipeline/pipeline.h"
#include "store/store.h"

namespace vigie {
namespace {

// As many as vigie import commits at once; VIGIE_BENCH_BATCH for others: a source's page holds some hundreds.
const std::size_t kBatch = [] {
  const char* wanted = std::getenv("VIGIE_BENCH_BATCH");
  return wanted == nullptr ? std::size_t{4000} : static_cast<std::size_t>(std::strtoull(wanted, nullptr, 10));
}();

constexpr std::size_t kBrands = 500;

std::string name_of(std::size_t brand) { return brand == 0 ? "Tilvane" : "Brandolin" + std::to_string(brand); }

// The week's brand renamed, so that each brand is spoken of.
void rename(std::string& text, const std::string& name) {
  for (std::size_t at = text.find("Tilvane"); at != std::string::npos; at = text.find("Tilvane", at + name.size())) {
    text.replace(at, 7, name);
  }
}

// JSON lines as an import would read them: the demo's week over and over with new ids, authors, brands and numbers, so
// that no text repeats exactly.
std::vector<std::string> lines(std::size_t count, std::size_t first) {
  static const std::vector<Mention> week = [] {
    SeededRng rng(7);
    std::vector<Mention> all;
    for (const Batch& batch : demo_week(rng)) all.insert(all.end(), batch.mentions.begin(), batch.mentions.end());
    return all;
  }();
  std::vector<std::string> out;
  out.reserve(count);
  for (std::size_t i = first; i < first + count; ++i) {
    Mention mention = week[i % week.size()];
    mention.id = "m" + std::to_string(i);
    rename(mention.title, name_of(i % kBrands));
    rename(mention.text, name_of(i % kBrands));
    mention.author.handle = "client-" + std::to_string(i % 9973);
    mention.text += " (" + std::to_string(i * 2654435761u % 1000003) + " " + std::to_string(i) + ")";
    out.push_back(to_json(mention) + "\n");
  }
  return out;
}

// Every fifth asks for more than its name.
std::vector<BrandSettings> brands() {
  std::vector<BrandSettings> out;
  for (std::size_t i = 0; i < kBrands; ++i) {
    BrandSettings brand;
    brand.id = ascii_lower(name_of(i));
    brand.name = name_of(i);
    brand.match = "\"" + brand.name + "\"";
    if (i % 5 == 4) brand.match += " NOT (\"job offer\" OR recrut*) -lang:de";
    if (i % 5 == 3) brand.match += " OR (brandolin NEAR/3 shop" + std::to_string(i) + ")";
    out.push_back(brand);
  }
  return out;
}

std::int64_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::atoll(line.c_str() + 6);
  }
  return 0;
}

struct Installation {
  Installation() {
    folder = std::filesystem::temp_directory_path() / ("vigie-bench-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    store = open_sqlite_store("sqlite:" + (folder / "vigie.db").string()).value();
    pipeline = Pipeline::make(brands(), {}).value();
  }
  ~Installation() {
    store.reset();
    std::filesystem::remove_all(folder);
  }

  // The bytes of one batch, all the way.
  void take(const std::vector<std::string>& batch_lines) {
    MentionReader reader("bench");
    Batch batch;
    for (const std::string& line : batch_lines) reader.feed(line, false, batch);
    reader.feed("", true, batch);
    JudgedBatch judged;
    judged.source = "bench";
    judged.ingested = from_epoch(1763719200) + seconds(batches++);
    for (Mention& mention : batch.mentions) judged.mentions.push_back(pipeline->judge(std::move(mention)));
    if (!store->commit(judged)) std::abort();
  }

  std::filesystem::path folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<Pipeline> pipeline;
  int batches = 0;
};

void EndToEnd(benchmark::State& state) {
  Installation it;
  std::size_t done = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<std::string> batch = lines(kBatch, done);
    state.ResumeTiming();
    it.take(batch);
    done += kBatch;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(done));
}
BENCHMARK(EndToEnd)->Unit(benchmark::kMillisecond)->MinTime(8);

void MemoryOverManyMentions(benchmark::State& state) {
  const char* wanted = std::getenv("VIGIE_BENCH_MENTIONS");
  const std::size_t count = wanted == nullptr ? 100000 : std::strtoull(wanted, nullptr, 10);
  for (auto _ : state) {
    Installation it;
    std::size_t done = 0;
    for (int tenth = 1; tenth <= 10; ++tenth) {
      for (; done < count * static_cast<std::size_t>(tenth) / 10; done += kBatch) it.take(lines(kBatch, done));
      state.counters["rss_mib_" + std::to_string(tenth * 10) + "%"] = static_cast<double>(resident_kib()) / 1024;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(done));
  }
}
BENCHMARK(MemoryOverManyMentions)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace vigie

BENCHMARK_MAIN();
