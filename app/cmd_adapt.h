// `vigie adapt`: learns from people's corrections what the shipped model gets wrong here, and lets that judge only when
// it is better.

#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace vigie {

struct AdaptRequest {
  std::string config = "vigie.toml";
  bool dry_run = false, roll_back = false, list = false;
  // Labelled lines ID<TAB>LANG<TAB>DOMAIN<TAB>LABEL<TAB>TEXT instead of an installation: nothing is written.
  std::vector<std::string> labels{};
  std::string stored{}, eval{}, model{};
};

// Returns the exit status: 0 promoted (or would be), 1 refused with the reason printed.
int cmd_adapt(const AdaptRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
