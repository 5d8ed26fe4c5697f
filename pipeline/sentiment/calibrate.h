// From logits to probabilities that mean what they say, and to the label: fitted on rows that the weights never saw.

#pragma once

#include <vector>

#include "pipeline/sentiment/model.h"
#include "pipeline/sentiment/reading.h"

namespace vigie::sentiment {

struct HeldOutRow {
  Logits logits;
  Slot slot = kNoSlot;
  std::size_t label = 1;  // place in Probabilities
  std::size_t set = 0;    // number of the row's set and language
};

using Counts = std::array<double, 3>;  // rows of each label, as Probabilities are ordered

// Fills scale, bias and choice of each slot, and of `shared` for texts without a slot; slots with few rows lean on the
// shared fit. `counts`: how many rows of each label training gave each slot; a tenth of them would be too few to tell
// how rare a label is.
void calibrate(const std::vector<HeldOutRow>& rows, const std::vector<Counts>& counts, std::vector<SlotSettings>& slots,
               SlotSettings& shared);

// The label by the stated rule: the class with the largest choice * probability.
std::size_t chosen(const Probabilities& p, const SlotSettings& settings);

}  // namespace vigie::sentiment
