// `vigie backtest`: what the rules would have told of stored history, under the file's settings and under changed ones.

#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "app/backtest_report.h"
#include "base/clock.h"
#include "store/store.h"

namespace vigie {

struct BacktestRequest {
  std::string config = "vigie.toml";
  std::string from{}, to{};  // RFC 3339, or a day; none: the last thirty days that are stored
  std::vector<std::string> sets{};
  std::string brand{};  // id; "" = all
  bool json = false, csv = false;
  int threads = 0;  // 0 = as many as the machine has
};

// The settings of the file, and with the request's sets.
struct BacktestSettings {
  Settings file;
  std::optional<Settings> changed{};
};

int backtest(const BacktestRequest& request, const BacktestSettings& settings, Store& store, const Clock& clock,
             std::ostream& out, std::ostream& err);
int cmd_backtest(const BacktestRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
