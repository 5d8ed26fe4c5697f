// Mentions per CPU-second through the steps of the pipeline, and through the detector.

#include <benchmark/benchmark.h>

#include <array>

#include "base/rng.h"
#include "pipeline/detect.h"
#include "pipeline/match.h"
#include "pipeline/pipeline.h"
#include "pipeline/sentiment.h"
#include "pipeline/sentiment/scorer.h"
#include "pipeline/watched_brand.h"
#include "pipeline/words.h"

namespace vigie {
namespace {

// About 150 bytes each, as posts and short reviews are.
constexpr std::array<std::string_view, 8> kTexts = {
    "Still waiting for my parcel after three weeks, the courier never came and nobody at Acme answers the phone. What "
    "a joke! "
    "https://x.example/1",
    "Livraison très rapide et conseillère vraiment aimable, je recommande cette boutique les yeux fermés. Merci à "
    "toute l'équipe 😊",
    "@acme_shop your app crashes every time I try to log in since the latest update, please fix it... #fail I already "
    "sent two mails",
    "Prélèvement en double ce mois-ci, le service client est injoignable et personne ne rembourse. C'est inadmissible, "
    "à fuir !",
    "Just walked past the new store on the high street, looks nice but the queue was far too long for a Saturday "
    "morning in June",
    "Qualité correcte pour le prix, rien d'exceptionnel mais ça fait le travail ; la notice pourrait être un peu plus "
    "claire.",
    "Das Paket kam zu spät und war beschädigt, aber der Kundendienst hat schnell geholfen und alles ersetzt. Danke "
    "trotzdem dafür",
    "I love how quiet this machine is, totally worth the money, and delivery was on time. Would buy again from the "
    "same people.",
};

std::vector<BrandSettings> brands(std::int64_t count) {
  std::vector<BrandSettings> out;
  for (std::int64_t i = 0; i < count; ++i) {
    out.push_back(
        {"b" + std::to_string(i), "", "brand" + std::to_string(i) + " OR \"maison " + std::to_string(i) + "\"", "en"});
  }
  out.push_back({"acme", "Acme", "acme NOT inc", "en"});
  return out;
}

void BM_Judge(benchmark::State& state) {
  const auto pipeline = Pipeline::make(brands(state.range(0)), {});
  std::size_t i = 0;
  for (auto _ : state) {
    Mention mention;
    mention.source = "bench";
    mention.id = "1";
    mention.text = kTexts[i++ % kTexts.size()];
    benchmark::DoNotOptimize((*pipeline)->judge(std::move(mention)));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Judge)->Arg(10)->Arg(5000);

void BM_Match(benchmark::State& state) {
  const auto matcher = Matcher::make(brands(state.range(0)));
  std::size_t i = 0;
  const Mention mention;
  for (auto _ : state) {
    const Words words = split_words(kTexts[i++ % kTexts.size()]);
    benchmark::DoNotOptimize((*matcher)->brands_in({words, mention, "en"}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Match)->Arg(10)->Arg(5000);

void BM_Language(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(detect_language(kTexts[i++ % kTexts.size()], ""));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Language);

void BM_Score(benchmark::State& state) {
  const auto scorer = sentiment::make_scorer(sentiment::Model::shipped());
  std::size_t i = 0;
  for (auto _ : state) {
    const std::size_t at = i++ % kTexts.size();
    benchmark::DoNotOptimize(scorer->score(kTexts[at], at % 2 == 0 ? "en" : "fr", "tweet", std::nullopt));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Score);

// Mentions through series and detector, as watch hands them over: brands of every size, one in ten negative. range(0):
// brands; range(1): with themes and the words that explain a rise, or at brand level alone.
void BM_Detect(benchmark::State& state) {
  const auto brands = static_cast<std::size_t>(state.range(0));
  const bool with_themes = state.range(1) != 0;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < brands; ++i) ids.push_back("brand" + std::to_string(i));
  const std::vector<std::string> themes = theme_ids();
  constexpr std::size_t kPrepared = 1 << 16;
  std::vector<Observation> prepared(kPrepared);
  SeededRng rng(1);
  std::int64_t micros = 0;
  for (Observation& one : prepared) {
    micros += static_cast<std::int64_t>(rng.below(20'000));
    const double size = rng.unit();
    one.brand = ids[static_cast<std::size_t>(size * size * static_cast<double>(brands))];
    one.event = from_epoch_micros(micros - static_cast<std::int64_t>(rng.below(900'000'000)));
    one.ingested = from_epoch_micros(micros);
    one.author = rng.next();
    one.p_neg = rng.unit() < 0.1 ? 0.9 : 0.1;
    one.source = "bench";
    if (!with_themes || one.p_neg < 0.5) continue;
    one.themes = {themes[rng.below(themes.size())]};
    one.text = kTexts[rng.below(kTexts.size())];
  }
  const auto detector = make_detector(1);
  std::vector<Signal> signals;
  std::int64_t start = 1767571200'000000, seq = 0;
  std::size_t i = 0;
  for (auto _ : state) {
    Observation one = prepared[i];
    one.seq = ++seq;
    one.event += std::chrono::microseconds(start);
    one.ingested += std::chrono::microseconds(start);
    detector->observe(one, signals);
    signals.clear();
    if (++i == kPrepared) {
      i = 0;
      start += micros;
    }
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["state_bytes_a_brand"] = static_cast<double>(kStateBytes);
  state.counters["saved_bytes_a_brand"] = static_cast<double>(detector->save().size()) / static_cast<double>(brands);
}
BENCHMARK(BM_Detect)->ArgNames({"brands", "themes"})->Args({12, 0})->Args({12, 1})->Args({1000, 0})->Args({1000, 1});

}  // namespace
}  // namespace vigie

BENCHMARK_MAIN();
