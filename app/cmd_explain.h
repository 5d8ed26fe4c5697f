// `vigie explain`: the case of an incident counted again, or what stood at a moment.

#pragma once

#include <ostream>
#include <string>

#include "config/settings.h"
#include "store/store.h"

namespace vigie {

struct ExplainRequest {
  std::string config = "vigie.toml";
  std::string what{};   // id of an incident, or a time
  std::string brand{};  // with a time: of this brand alone
  std::string at{};     // with an incident: whom news would reach at this time; now when absent
  std::size_t most = 20;
};

// kAnswerIsNo when a number does not come out as it was told.
int explain(const ExplainRequest& request, const Settings& settings, Store& store, std::ostream& out,
            std::ostream& err);
int cmd_explain(const ExplainRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
