// What the tools of base/ cost per call. Inputs are made here, shaped like a page of an API and like short posts.

#include <benchmark/benchmark.h>

#include "base/json.h"
#include "base/metrics.h"
#include "base/text.h"
#include "base/time.h"

namespace vigie {
namespace {

constexpr std::string_view kPost =
    "Commande passée il y a trois semaines, le colis n'est toujours pas arrivé et le Service Client ne répond plus… "
    "très déçue 😡";

std::string page_of(int posts) {
  json::Writer out;
  out.begin_object().key("hits").begin_array();
  for (int i = 0; i < posts; ++i) {
    out.begin_object().member("objectID", std::to_string(40'000'000 + i)).member("author", "client-0042");
    out.member("created_at", "2026-11-21T10:00:00Z").key("created_at_i").integer(1795255200 + i);
    out.member("comment_text", kPost).key("points").integer(i % 7).key("parent_id").integer(39'999'999);
    out.key("_tags")
        .begin_array()
        .string("comment")
        .string("story_1")
        .end_array()
        .key("rank")
        .number(0.125 * i)
        .end_object();
  }
  out.end_array().end_object();
  return out.take();
}

void per_second(benchmark::State& state, std::size_t bytes, std::int64_t items = 1) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * items);
}

void parse_json_page(benchmark::State& state) {
  const std::string page = page_of(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(json::parse(page)->root().at("hits").size());
  per_second(state, page.size(), state.range(0));
}
BENCHMARK(parse_json_page)->Arg(1)->Arg(100)->Arg(10'000);

void write_json_again(benchmark::State& state) {
  const std::string page = page_of(100);
  const auto document = json::parse(page);
  for (auto _ : state) benchmark::DoNotOptimize(json::Writer().value(document->root()).take());
  per_second(state, page.size());
}
BENCHMARK(write_json_again);

void fold_text(benchmark::State& state, std::string_view text) {
  for (auto _ : state) benchmark::DoNotOptimize(fold_blind(text));
  per_second(state, text.size());
}
BENCHMARK_CAPTURE(fold_text, ascii, "My parcel never arrived and Support does not answer, three weeks of waiting now");
BENCHMARK_CAPTURE(fold_text, french, "Commande passée il y a trois semaines, le colis n’est toujours pas arrivé 😡");
BENCHMARK_CAPTURE(fold_text, greek, "Η παραγγελία δεν έφτασε ποτέ και κανείς δεν απαντά");

void read_date(benchmark::State& state, std::string_view text) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_loose_time(text));
  per_second(state, text.size());
}
BENCHMARK_CAPTURE(read_date, mail, "Sat, 21 Nov 2026 10:00:00 +0100");
BENCHMARK_CAPTURE(read_date, iso, "2026-11-21T10:00:00Z");
BENCHMARK_CAPTURE(read_date, french, "samedi 21 novembre 2026 à 10h30");

void count_event(benchmark::State& state) {
  Metrics metrics;
  const Labels labels = {{"source", "hn-acme"}};
  for (auto _ : state) metrics.add("vigie_mentions_total", "Mentions taken.", labels);
  per_second(state, 0);
}
BENCHMARK(count_event);

}  // namespace
}  // namespace vigie

BENCHMARK_MAIN();
