// The scorer on labelled series of the Numenta Anomaly Benchmark, where they lie beside the source tree. Coarser than
// the benchmark's own score: windows in which something was told, points told outside of any.

#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/json.h"
#include "pipeline/detect.h"
#include "tests/support/files.h"

namespace vigie {
namespace {

constexpr double kThreshold = 0.43;

struct Tally {
  int windows = 0, found = 0, beside = 0;
};

// Time stamps of one form sort as texts.
struct Window {
  std::string from, to;
  bool found = false;
};

void tally(const std::filesystem::path& csv, std::vector<Window> windows, Tally& out) {
  std::ifstream file(csv);
  std::vector<std::pair<std::string, double>> points;
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    const auto comma = line.find(',');
    points.emplace_back(line.substr(0, 19), std::stod(line.substr(comma + 1)));
  }
  const auto scorer = make_series_scorer();
  const std::size_t unscored = std::min<std::size_t>(points.size() * 15 / 100, 750);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double score = scorer->score(Time{}, points[i].second);
    if (i < unscored || score < kThreshold) continue;
    bool inside = false;
    for (Window& window : windows) {
      if (points[i].first >= window.from && points[i].first <= window.to) inside = window.found = true;
    }
    if (!inside) ++out.beside;
  }
  out.windows += static_cast<int>(windows.size());
  for (const Window& window : windows) out.found += window.found ? 1 : 0;
}

TEST(SeriesScorer, FindsWhatPeopleMarkedInPublicSeries) {
  VIGIE_SHARED_OR_SKIP(folder, "data/nab");
  std::ostringstream labels;
  labels << std::ifstream(folder / "windows.json").rdbuf();
  const auto document = json::parse(labels.str());
  ASSERT_TRUE(document);
  Tally seen;

  for (std::size_t i = 0; i < document->root().size(); ++i) {
    std::vector<Window> windows;
    const json::Value marked = document->root()[i];
    for (std::size_t k = 0; k < marked.size(); ++k) {
      windows.push_back({std::string(marked[k][0].raw().substr(0, 19)), std::string(marked[k][1].raw().substr(0, 19))});
    }
    tally(folder / "data" / document->root().key_at(i), std::move(windows), seen);
  }

  EXPECT_EQ(seen.windows, 57);
  EXPECT_GE(seen.found, 50);
  EXPECT_LE(seen.beside, 150);
}

}  // namespace
}  // namespace vigie
