// vigie outbox: messages owed, what became of them, and what a person does with those that did not go.

#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace vigie {

struct OutboxRequest {
  enum class Do { list, show, retry, discard };
  Do what = Do::list;
  std::string config = "vigie.toml";
  std::string state, endpoint, reason, by;
  std::vector<std::string> ids;
  int limit = 50;
};

// `secrets`: never printed, whatever a payload repeats.
int outbox(const OutboxRequest& request, Store& store, const std::vector<std::string>& secrets, const Clock& clock,
           std::ostream& out, std::ostream& err);
int cmd_outbox(const OutboxRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
