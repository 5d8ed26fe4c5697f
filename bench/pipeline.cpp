// Mentions per CPU-second through the steps of the pipeline, and through the detector.

#include <benchmark/benchmark.h>

#include <array>

#include "base/rng.h"
#include "pipeline/detect.h"
#include "pipeline/match.h"
#include "pipeline/pipeline.h"
#include "pipeline/theme_book.h"
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

void BM_Detect(benchmark::State& state) {
  const auto detector = make_detector(1);
  SeededRng rng(1);
  std::vector<Signal> signals;
  Observation one;
  one.brand = "acme";
  one.source = "bench";
  std::int64_t micros = 1767571200'000000;
  for (auto _ : state) {
    micros += static_cast<std::int64_t>(rng.below(2'000'000));
    ++one.seq;
    one.event = one.ingested = from_epoch_micros(micros);
    one.author = rng.next();
    one.p_neg = rng.unit() < 0.1 ? 0.9 : 0.1;
    one.themes = one.p_neg > 0.5 ? std::vector<std::string>{"delivery"} : std::vector<std::string>{};
    one.text = kTexts[static_cast<std::size_t>(one.seq) % kTexts.size()];
    detector->observe(one, signals);
    signals.clear();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Detect);

}  // namespace
}  // namespace vigie

BENCHMARK_MAIN();
