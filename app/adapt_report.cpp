#include "app/adapt_report.h"

#include <fmt/format.h>

namespace vigie {

std::string report_of(const sentiment::Attempt& attempt) {
  const sentiment::Gain& gain = attempt.decision.gain;
  const sentiment::Guards& guards = attempt.decision.guards;
  std::string out = fmt::format("labels     {} learnt from, {} held out\n", attempt.trained, attempt.held_out);
  if (gain.before.rows > 0) {
    out += fmt::format("learnt     weights of {} words and pairs, {} KB\n", attempt.parts.weights.size(),
                       (to_bytes(attempt.parts).size() + 1023) / 1024);
    out += fmt::format(
        "held out   macro F1 {:.1f} -> {:.1f}, right {:.1f} % -> {:.1f} % ({} won, {} lost), loss {:.3f} -> {:.3f} (no "
        "better in {:.1f} % of resamples), kappa {:.2f} ± {:.2f}\n",
        100 * gain.before.macro_f1, 100 * gain.after.macro_f1, 100 * gain.before.accuracy, 100 * gain.after.accuracy,
        gain.better, gain.worse, gain.loss_before, gain.loss_after, 100 * gain.loss_by_chance, gain.kappa,
        gain.kappa_error);
    out += fmt::format("sure       {} labels where the shipped model is sure of neg or pos, {} say the opposite\n",
                       guards.sure, guards.contradicted);
    out += fmt::format("stored     {} uncorrected mentions it is sure of: {} change, {} from neg to pos or back\n",
                       guards.stored, guards.changed, guards.flipped);
    out += fmt::format("stars      {} with clear stars: {} won, {} lost\n", guards.stars, guards.stars_won,
                       guards.stars_lost);
    out += fmt::format("anchors    {} plain sentences it gets right: {} lost\n", guards.anchors, guards.anchors_lost);
  }
  return out +
         fmt::format("decision   {}: {}\n", attempt.decision.promote ? "promoted" : "refused", attempt.decision.why);
}

}  // namespace vigie
