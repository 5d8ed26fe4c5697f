// Many brands replayed at once: one thread reads the stored mentions in order and hands each to the thread that has its
// brand. A brand is one thread's from end to end, so the outcome does not depend on how many there are.

#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/replay_brand.h"
#include "store/store.h"

namespace vigie {

struct ReplayPlan {
  // Each replays on its own: the setting of the file and the changed one, say. They outlive the replay.
  std::vector<const Settings*> settings;
  std::vector<std::string> themes;  // Taxonomy::ids()
  std::vector<std::string> brands;
  std::map<std::string, std::vector<Acceptance>> accepted{};  // by brand
  HistoryRead read;                                           // of one brand when there is only one
  Time to{};                                                  // the replay's end
  int threads = 1;
  std::function<void(std::int64_t mentions, std::int64_t seq)> progress{};  // now and then
};

struct ReplayedHistory {
  // By brand, as in the plan, then by setting.
  std::vector<std::vector<std::vector<ReplayedIncident>>> brands;
  std::int64_t mentions = 0;  // read
};

Result<ReplayedHistory> replay_history(const ReplayPlan& plan, Store& store);

}  // namespace vigie
