#include "pipeline/sentiment/metrics.h"

#include <algorithm>
#include <cmath>

namespace vigie::sentiment {

void Tally::add(Label truth, const Judgement& judged) {
  const auto is = static_cast<std::size_t>(truth), said = static_cast<std::size_t>(judged.label);
  const std::array<double, 3> p = {judged.p_neg, judged.p_neu, judged.p_pos};
  seen_[is][said] += 1;
  Bin& bin = bins_[std::min(kBins - 1, static_cast<std::size_t>(p[said] * kBins))];
  bin.rows += 1;
  bin.right += is == said ? 1 : 0;
  bin.probability += p[said];
  const Label likelier = judged.p_pos > judged.p_neg ? Label::positive : Label::negative;
  forced_right_ += truth == likelier ? 1 : 0;
}

std::array<std::optional<double>, 3> f1_of(const Confusion& seen) {
  std::array<std::optional<double>, 3> f1;
  for (std::size_t k = 0; k < f1.size(); ++k) {
    double are = 0, said = 0;
    for (std::size_t i = 0; i < f1.size(); ++i) {
      are += seen[k][i];
      said += seen[i][k];
    }
    if (are > 0) f1[k] = 2 * seen[k][k] / (are + said);
  }
  return f1;
}

double macro_f1(const Confusion& seen) {
  double sum = 0, labels = 0;
  for (const std::optional<double>& f1 : f1_of(seen)) {
    sum += f1.value_or(0);
    labels += f1 ? 1 : 0;
  }
  return labels == 0 ? 0 : sum / labels;
}

double macro_recall(const Confusion& seen) {
  double sum = 0, labels = 0;
  for (std::size_t k = 0; k < seen.size(); ++k) {
    const double are = seen[k][0] + seen[k][1] + seen[k][2];
    if (are == 0) continue;
    ++labels;
    sum += seen[k][k] / are;
  }
  return labels == 0 ? 0 : sum / labels;
}

Metrics Tally::metrics() const {
  Metrics out;
  double rows = 0, right = 0;
  for (std::size_t k = 0; k < seen_.size(); ++k) {
    rows += seen_[k][0] + seen_[k][1] + seen_[k][2];
    right += seen_[k][k];
  }
  if (rows == 0) return out;
  out.rows = static_cast<std::size_t>(rows);
  out.accuracy = right / rows;
  out.f1 = f1_of(seen_);
  out.macro_f1 = macro_f1(seen_);
  out.macro_recall = macro_recall(seen_);
  for (const Bin& bin : bins_) out.calibration_error += std::abs(bin.right - bin.probability) / rows;
  if (!out.f1[1]) out.forced = forced_right_ / rows;
  return out;
}

}  // namespace vigie::sentiment
