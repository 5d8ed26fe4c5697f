// Whether an adapter may take over: better on labels it never saw, and no harm where nobody complained.
//
// The rule, with its reasons: docs/decisions/0031-when-an-adapter-takes-over.md.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/sentiment.h"
#include "pipeline/sentiment/adapting.h"
#include "pipeline/sentiment/metrics.h"

namespace vigie::sentiment {

struct Evidence {
  std::vector<LabelledText> held_out;  // never trained on
  std::vector<LabelledText> trained;
  std::vector<AskedText> stored;      // mentions that nobody labelled
  std::vector<LabelledText> anchors;  // plain sentences that no shop's jargon turns round (anchors())
};

// On the held-out labels: before is what runs now, after is the candidate.
struct Gain {
  Metrics before, after;
  double loss_before = 0, loss_after = 0;  // mean of -ln of the label's probability
  std::size_t better = 0, worse = 0;       // labels met by one of the two only
  double loss_by_chance =
      1;  // share of 2,000 resamples of the held-out labels (bootstrap, paired) in which it is no better
  // Agreement of the candidate with the held-out labels beyond chance (Cohen's kappa, 1960), and its standard error.
  double kappa = 0, kappa_error = 1;
};

struct Guards {
  std::size_t sure = 0, contradicted = 0;            // labels on what the model is sure is neg or pos, and the opposite
  std::size_t stored = 0, changed = 0, flipped = 0;  // of stored mentions of which the model is sure: label, neg<->pos
  std::size_t stars = 0, stars_won = 0, stars_lost = 0;  // texts with clear stars, judged without them
  std::size_t anchors = 0, anchors_lost = 0;             // that the model gets right
  std::string lost{};                                    // the first anchor lost
};

struct Decision {
  bool promote = false;
  std::string why;  // one sentence with its figures
  Gain gain;
  Guards guards;
};

// `base`: the shipped model; `running`: what judges now, which may be the same; `candidate`: what would judge.
Decision decide(const Scorer& base, const Scorer& running, const Scorer& candidate, const Evidence& evidence);

// Texts that say the same count once, with the label given last; one in three is held out, by the text alone.
Evidence split_labels(const std::vector<LabelledText>& labels);

// An adapter learnt and judged: what `vigie adapt` does before it touches a file.
struct Attempt {
  std::size_t trained = 0, held_out = 0;
  AdapterParts parts;
  Decision decision;
};
// `running`: null when the shipped model judges alone.
Attempt attempt(const std::shared_ptr<const Model>& base, const std::shared_ptr<const Adapter>& running,
                const Evidence& evidence, const AdaptOptions& options = {});

// Our own sentences, six languages, built into the program (config/models/anchors.tsv), in both domains.
Result<std::vector<LabelledText>> anchors();

}  // namespace vigie::sentiment
