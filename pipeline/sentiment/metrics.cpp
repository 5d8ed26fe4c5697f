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

Metrics Tally::metrics() const {
  Metrics out;
  double rows = 0, right = 0, labels = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    double are = 0, said = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      are += seen_[k][i];
      said += seen_[i][k];
    }
    rows += are;
    right += seen_[k][k];
    if (are == 0) continue;
    ++labels;
    out.f1[k] = 2 * seen_[k][k] / (are + said);
    out.macro_f1 += *out.f1[k];
    out.macro_recall += seen_[k][k] / are;
  }
  if (rows == 0) return out;
  out.rows = static_cast<std::size_t>(rows);
  out.accuracy = right / rows;
  out.macro_f1 /= labels;
  out.macro_recall /= labels;
  for (const Bin& bin : bins_) out.calibration_error += std::abs(bin.right - bin.probability) / rows;
  if (!out.f1[1]) out.forced = forced_right_ / rows;
  return out;
}

}  // namespace vigie::sentiment
