// `vigie silence`: messages about some incidents wait, by whom, until when and why.

#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

struct SilenceRequest {
  std::string config = "vigie.toml";
  std::vector<std::string> brands{}, themes{}, kinds{};
  std::string least = "info", most = "critical";
  std::string text{};
  std::string from{}, until{}, length{};  // times (RFC 3339), and a duration instead of `until`; from now when empty
  std::string by{}, reason{};
  bool maintenance = false;
  std::int64_t id = 0;  // end
  bool all = false;     // list: those that are over as well
};

int silence_add(const SilenceRequest& request, const Settings& settings, Store& store, const Clock& clock,
                std::ostream& out, std::ostream& err);
int silence_list(const SilenceRequest& request, Store& store, const Clock& clock, std::ostream& out, std::ostream& err);
int silence_end(const SilenceRequest& request, Store& store, const Clock& clock, std::ostream& out, std::ostream& err);

int cmd_silence_add(const SilenceRequest& request, std::ostream& out, std::ostream& err);
int cmd_silence_list(const SilenceRequest& request, std::ostream& out, std::ostream& err);
int cmd_silence_end(const SilenceRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
