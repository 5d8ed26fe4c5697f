// What stands beside the reviews of a wall: the brand's answers, what it changed because of them and whether that
// helped, and what other sites counted.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/moderation.h"
#include "store/store.h"
#include "wall/view.h"

namespace vigie {

struct Beside {
  struct Linked {
    Improvement improvement;
    std::string address;  // on the page of all improvements
  };
  std::optional<Reply> reply{};
  std::vector<Linked> improvements{};
};

Result<Beside> beside_of(const WallView& view, Store& store, const Review& review);
void write_beside(json::Writer& out, const WallView& view, const Beside& beside);

// "You said, we did": the newest improvements that were made, with their measured effect. Nothing when there is none.
Result<void> write_said(json::Writer& out, const WallView& view, Store& store);

}  // namespace vigie
