// Feeds to items: bytes and items per CPU-second, well-formed, in need of mending, and text only as the collector reads
// them.

#include <benchmark/benchmark.h>

#include "base/result.h"
#include "collectors/feed.h"

namespace {

using namespace vigie;

constexpr int kItems = 100;

std::string feed_of(std::string_view item) {
  std::string out =
      "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Forum</title>";
  for (int i = 0; i < kItems; ++i) out += concat("<item><guid>topic-", std::to_string(i), "</guid>", item, "</item>");
  return out + "</channel></rss>";
}

constexpr std::string_view kWhole =
    "<title>Still not delivered &amp; nobody answers</title><link>https://forum.example.org/t/1</link>"
    "<pubDate>Sat, 21 Nov 2026 09:30:00 +0100</pubDate><content:encoded><![CDATA[<p>Three <b>weeks</b> of waiting for "
    "a parcel that was "
    "announced for the next day.</p><p>The hotline says <a href=\"/help\">ask the shop</a>, the shop says ask the "
    "hotline.</p>]]></content:encoded>";
constexpr std::string_view kTorn =
    "<title>Still not delivered & nobody answers<link>https://forum.example.org/t/1</link>"
    "<pubDate>Sat, 21 Nov 2026 09:30:00 +0100</pubDate><description><p>Three <b>weeks</b> of waiting for a parcel that "
    "was "
    "announced for the next day.<br>The hotline says <a href=/help>ask the shop</a>, the shop says ask the "
    "hotline.</description>";

void read(benchmark::State& state, std::string_view item, FeedParts parts) {
  const std::string bytes = feed_of(item);
  const Time now = from_epoch(1'795'000'000);
  for (auto _ : state) {
    const auto feed = parse_feed(bytes, "https://forum.example.org/rss", "", now, parts);
    if (!feed || feed->items.size() != kItems) state.SkipWithError("not read");
    benchmark::DoNotOptimize(feed);
  }
  state.SetItemsProcessed(state.iterations() * kItems);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

void well_formed(benchmark::State& state) { read(state, kWhole, FeedParts::all); }
void well_formed_text_only(benchmark::State& state) { read(state, kWhole, FeedParts::text); }
void ill_formed_text_only(benchmark::State& state) { read(state, kTorn, FeedParts::text); }

BENCHMARK(well_formed);
BENCHMARK(well_formed_text_only);
BENCHMARK(ill_formed_text_only);

}  // namespace

BENCHMARK_MAIN();
