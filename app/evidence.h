// What the store knows that adapting needs: labels of people, and mentions that nobody labelled.

#pragma once

#include "pipeline/sentiment/promotion.h"
#include "store/store.h"

namespace vigie {

// Every label whose text is still there, split into learnt from and held out; the newest mentions without a label;
// the anchors.
Result<sentiment::Evidence> read_evidence(Store& store);

}  // namespace vigie
