// The one place that knows which store and which bus a configuration names.

#pragma once

#include <memory>
#include <string>

#include "bus/bus.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

std::string store_url(const Settings& settings);
Result<std::unique_ptr<Store>> open_store(const Settings& settings);
Result<std::unique_ptr<Bus>> open_bus(const Settings& settings);

}  // namespace vigie
