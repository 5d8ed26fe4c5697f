// The mentions that a message about an incident may quote.

#pragma once

#include <vector>

#include "base/result.h"
#include "model/incident.h"
#include "model/stored.h"
#include "store/store.h"

namespace vigie {

// Those of the evidence that still have their words, those first that show best what people complain about: a document
// quotes the first few.
Result<std::vector<StoredMention>> quotable(const Incident& incident, Store& store);

}  // namespace vigie
