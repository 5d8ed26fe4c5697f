// A signal inside a larger JSON document; only model/*.cpp include this.

#pragma once

#include "base/json.h"
#include "model/signal.h"

namespace vigie {

void write_json(json::Writer& out, const Signal& signal);

}  // namespace vigie
