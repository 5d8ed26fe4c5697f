// What the public reads: one page per brand with every review collected, good and bad, complete without script.

#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/http_server.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

// Public listener. One per thread pool; opens its own Store per request thread through `open`.
using OpenStore = std::function<Result<std::unique_ptr<Store>>()>;
// own_time: `clock` is not the world's, as in a demonstration; what the pages tell readers to run then says as of when.
Handler make_wall(const Settings& settings, OpenStore open, const Clock& clock, bool own_time = false);

}  // namespace vigie
