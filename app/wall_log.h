// Publishing a brand's transparency log with the keys beside it.

#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "store/store.h"
#include "wall/log/publisher.h"
#include "wall/log_place.h"

namespace vigie {

Result<std::unique_ptr<tlog::Publisher>> open_publisher(const WallLogPlace& place, const std::string& brand,
                                                        Store& store, const Clock& clock);

}  // namespace vigie
