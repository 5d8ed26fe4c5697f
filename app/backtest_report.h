// A back-test in words for a terminal, as one JSON object, or as a table.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/backtest.h"

namespace vigie {

struct Backtest {
  std::string config;             // the file's name
  std::vector<std::string> sets;  // "detect.budget=0.5"; none: one setting alone
  Window window;
  Time learnt_from{};               // the rules saw mentions from then on
  std::int64_t mentions = 0;        // read
  double budget = 1;                // of the file
  double changed_budget = 1;        // with the sets
  std::vector<BrandReport> brands;  // those looked at, in the file's order
  std::map<std::string, std::string> brand_names{};
};

std::string backtest_text(const Backtest& backtest);
std::string backtest_json(const Backtest& backtest);
std::string backtest_csv(const Backtest& backtest);

}  // namespace vigie
