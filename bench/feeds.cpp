// Every file below a folder through the feed parser, in process, files read beforehand: one line of figures for
// bench/feed_parsers.py, which runs another parser over the same files.
//
//   build/release/bench/bench_feeds FOLDER [ROUNDS]

#include <ctime>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "collectors/feed.h"

namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::vector<std::string> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: bench_feeds FOLDER [ROUNDS]\n", stderr);
    return 2;
  }
  const std::vector<std::string> files = files_below(argv[1]);
  const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 3;
  const vigie::Time now = vigie::from_epoch(1'795'000'000);
  std::size_t bytes = 0, items = 0, feeds = 0;
  const double start = cpu_seconds();
  for (int round = 0; round < rounds; ++round) {
    for (const std::string& file : files) {
      const auto feed = vigie::parse_feed(file, "", "", now);
      bytes += file.size();
      items += feed ? feed->items.size() : 0;
      feeds += feed ? 1 : 0;
    }
  }
  const double spent = cpu_seconds() - start;
  const auto each = static_cast<std::size_t>(rounds);
  std::printf("{\"files\":%zu,\"feeds\":%zu,\"items\":%zu,\"bytes\":%zu,\"rounds\":%d,\"cpu_seconds\":%.4f}\n",
              files.size(), feeds / each, items / each, bytes / each, rounds, spent);
  return 0;
}
