// Mentions per CPU-second into the store, words indexed: batches of 500, texts of 120 to 200 bytes in two languages, 20
// brands, one mention in five negative, one in fifty brought twice. Run with --benchmark_filter=Commit to leave the
// reading out.

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "base/rng.h"
#include "base/secret.h"
#include "store/store.h"

namespace vigie {
namespace {

constexpr int kBatch = 500;
const Time kStart = from_epoch(1'780'000'000);

// Words by rank as in real text: Zipf over 60,000, about as many as half a million short posts hold.
std::string word(Rng& rng) {
  static constexpr std::string_view kSyllables[] = {"li", "vrai", "son", "ré",  "ta", "co", "lis", "ser", "vi", "ce",
                                                    "dé", "çu",   "re",  "fun", "de", "ly", "la",  "te",  "ho", "pa"};
  auto rank = static_cast<std::uint64_t>(std::pow(60'000.0, rng.unit()));
  std::string text;
  do {
    text += kSyllables[rank % 20];
    rank /= 20;
  } while (rank > 0);
  return text;
}

std::string sentence(Rng& rng) {
  const std::size_t length = 120 + rng.below(80);
  std::string text;
  while (text.size() < length) text += concat(word(rng), " ");
  return text;
}

Judged judged(Rng& rng, std::int64_t number, Time at) {
  Judged j;
  Mention& m = j.mention;
  m.source = "hn-acme";
  m.id = std::to_string(38'000'000 + number);
  m.url = concat("https://news.example/item?id=", m.id);
  m.kind = rng.below(4) == 0 ? "review" : "post";
  m.author.id = std::to_string(rng.below(200'000));
  m.author.name = concat("client-", std::to_string(rng.below(10'000)));
  m.text = sentence(rng);
  m.created = at;
  m.likes = 3;
  if (m.kind == "review") m.rating = Rating{static_cast<double>(1 + rng.below(5)), 1, 5};
  j.brands = {concat("brand-", std::to_string(rng.below(20)))};
  j.judgement = {
      "fr", 0.2, 0.5, 0.3, Label::neutral, false, {"delivery"}, {}, {{"colis", -1.2}, {"retard", -0.8}}, "lexicon-1"};
  if (rng.below(5) == 0) j.judgement.label = Label::negative;
  j.exact = hash64(m.text);
  j.near = rng.next();
  j.content = j.exact;
  return j;
}

class Source {
 public:
  JudgedBatch next() {
    JudgedBatch batch;
    batch.source = "hn-acme";
    batch.ingested = kStart + seconds(number_);
    for (int i = 0; i < kBatch; ++i) {
      if (i % 50 != 49) {
        last_ = judged(rng_, number_++, batch.ingested - minutes(rng_.below(300)));
      } else if (i % 200 == 199) {
        last_.mention.text += " finalement";
        ++last_.content;
      }
      batch.mentions.push_back(last_);
    }
    return batch;
  }

 private:
  SeededRng rng_{42};
  std::int64_t number_ = 0;
  Judged last_;
};

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / concat("vigie-bench-", std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string url() const { return concat("sqlite:", (path_ / "vigie.db").string()); }
  std::string size() const { return std::to_string(std::filesystem::file_size(path_ / "vigie.db")); }

 private:
  std::filesystem::path path_;
};

double resident_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void Commit(benchmark::State& state) {
  const Folder folder;
  const auto store = open_sqlite_store(folder.url());
  if (!store) return state.SkipWithError(store.error().what.c_str());
  Source source;
  std::int64_t mentions = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const JudgedBatch batch = source.next();
    state.ResumeTiming();
    const auto done = (*store)->commit(batch);
    if (!done) return state.SkipWithError(done.error().what.c_str());
    mentions += kBatch;
  }
  state.counters["mentions"] = benchmark::Counter(static_cast<double>(mentions), benchmark::Counter::kIsRate);
  state.counters["peak_MiB"] = resident_mib();
  state.counters["bytes_each"] = std::stod(folder.size()) / static_cast<double>(mentions);
}
BENCHMARK(Commit)->Iterations(200)->Unit(benchmark::kMillisecond);
BENCHMARK(Commit)->Name("CommitAMillion")->Iterations(2000)->Unit(benchmark::kMillisecond);

// A page of the console and of the wall, a search, a watch's step, over 100,000 mentions.
class Reading : public benchmark::Fixture {
 public:
  void SetUp(benchmark::State&) override {
    store_ = *open_sqlite_store(folder_.url());
    if (*store_->count_mentions() > 0) return;
    Source source;
    for (int i = 0; i < 200; ++i) benchmark::DoNotOptimize(store_->commit(source.next()));
  }

 protected:
  static inline const Folder folder_;
  std::unique_ptr<Store> store_;
};

BENCHMARK_F(Reading, LatestOfABrand)(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(store_->mentions({.brand = "brand-3"}));
}

BENCHMARK_F(Reading, LatestReviewsByEventTime)(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(store_->mentions({.brand = "brand-3", .reviews_only = true, .by_event_time = true}));
}

BENCHMARK_F(Reading, SearchTwoWords)(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(store_->mentions({.brand = "brand-3", .search = "vrai lico"}));
}

BENCHMARK_F(Reading, MentionsAfter500)(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(store_->mentions_after(50'000, 500));
}

}  // namespace
}  // namespace vigie

BENCHMARK_MAIN();
