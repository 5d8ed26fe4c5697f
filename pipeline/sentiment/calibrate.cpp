#include "pipeline/sentiment/calibrate.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "pipeline/sentiment/metrics.h"

namespace vigie::sentiment {
namespace {

constexpr std::size_t kEnough = 40;  // rows a slot must have for a fit of its own
constexpr double kTrust = 30;        // rows that the shared fit counts for in a slot's own: few rows stay close to it
constexpr std::size_t kMany = 200;   // rows from which a slot alone tells how far its label should lean
constexpr double kEnoughOfSet = 1000;  // rows of a set whose F1 has a say in that
constexpr int kSteps = 400;
constexpr double kNoise = 0.0002;  // of what is expected of one power or another
constexpr std::size_t kClasses = 3;

// The numbers of a fit; the bias of the negative class is 0 without loss.
using Fit = std::array<double, 4>;  // log scale, bias of neutral, bias of positive, log scale of neutral

SlotSettings with(SlotSettings settings, const Fit& fit) {
  settings.scale = static_cast<float>(std::exp(fit[0]));
  settings.neutral_scale = static_cast<float>(std::exp(fit[3]));
  settings.bias = {0, static_cast<float>(fit[1]), static_cast<float>(fit[2])};
  return settings;
}

// Mean loss gradient of the fit over `rows`, with a pull of `trust` rows towards `start`.
Fit slope(const std::vector<HeldOutRow>& rows, const Fit& fit, const Fit& start, double trust) {
  Fit sum{};
  const double scale = std::exp(fit[0]), neutral_scale = std::exp(fit[3]);
  for (const HeldOutRow& row : rows) {
    const std::array<double, 3> z = {-row.logits.polarity * scale, row.logits.neutrality * neutral_scale + fit[1],
                                     row.logits.polarity * scale + fit[2]};
    Probabilities p = softmax(z);
    p[row.label] -= 1;
    sum[0] += scale * row.logits.polarity * (p[2] - p[0]);
    sum[1] += p[1];
    sum[2] += p[2];
    sum[3] += neutral_scale * row.logits.neutrality * p[1];
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = (sum[i] + trust * (fit[i] - start[i])) / (static_cast<double>(rows.size()) + trust);
  }
  return sum;
}

// The loss is convex but in the logarithms of the scales; RMSProp with a falling step settles it in a few hundred
// steps.
Fit fitted(const std::vector<HeldOutRow>& rows, const Fit& start, double trust) {
  Fit fit = start, squares{};
  for (int i = 0; i < kSteps; ++i) {
    const Fit gradient = slope(rows, fit, start, trust);
    const double rate = 0.05 * (1 - static_cast<double>(i) / kSteps);
    for (std::size_t k = 0; k < fit.size(); ++k) {
      squares[k] = 0.9 * squares[k] + 0.1 * gradient[k] * gradient[k];
      fit[k] -= rate * gradient[k] / (std::sqrt(squares[k]) + 1e-6);
    }
  }
  return fit;
}

// A class counts by how rare it is: its share to the power -`power`.
SlotSettings choosing(SlotSettings settings, const Counts& counts, double power) {
  const double all = counts[0] + counts[1] + counts[2];
  for (std::size_t k = 0; k < kClasses; ++k) {
    // A class that no row of the slot has is left as it is: nothing is known of how rare it is.
    const double share = counts[k] == 0 ? 1.0 / kClasses : counts[k] / all;
    settings.choice[k] = static_cast<float>(std::pow(share * kClasses, -power));
  }
  return settings;
}

using Powers = std::array<double, 11>;  // the mean of macro F1 and macro recall, by the power in tenths

// What the rows of a set would be labelled, against what they are by their probabilities.
struct Expected {
  Confusion seen{};
  Counts labels{};
  double rows() const { return labels[0] + labels[1] + labels[2]; }
  // A set without one of the labels would reward never choosing it.
  bool has_every_label() const { return std::all_of(labels.begin(), labels.end(), [](double n) { return n > 0; }); }
};

// What is good at a power: macro F1, and macro recall as much, which does not change with how common the labels are;
// the mean of the sets among `rows`, as calibrated probabilities expect it. The labels themselves would say the same of
// many rows, and of a few more of their own chance than of the power (after Lipton, Elkan and Naryanaswamy, "Optimal
// Thresholding of Classifiers to Maximize F1 Measure", 2014). 0 where no set has every label. A handful of rows of one
// set among thousands of another has no say.
Powers good_by_power(const std::vector<HeldOutRow>& rows, const std::vector<Counts>& counts,
                   const std::vector<SlotSettings>& slots, const SlotSettings& shared) {
  Powers out{};
  for (std::size_t tenth = 0; tenth < out.size(); ++tenth) {
    std::vector<SlotSettings> tried = slots;
    for (std::size_t i = 0; i < tried.size(); ++i)
      tried[i] = choosing(tried[i], counts[i], static_cast<double>(tenth) / 10);
    std::map<std::size_t, Expected> sets;
    for (const HeldOutRow& row : rows) {
      const SlotSettings& settings = row.slot == kNoSlot ? shared : tried[row.slot];
      const Probabilities p = calibrated(row.logits, settings);
      const std::size_t label = chosen(p, settings);
      Expected& set = sets[row.set];
      set.labels[row.label] += 1;
      for (std::size_t k = 0; k < kClasses; ++k) set.seen[k][label] += p[k];
    }
    double most = 0;
    for (const auto& [id, set] : sets) most = std::max(most, set.rows());
    double sum = 0, complete = 0;
    for (const auto& [id, set] : sets) {
      if (!set.has_every_label() || set.rows() < std::min(kEnoughOfSet, most)) continue;
      sum += (macro_f1(set.seen) + macro_recall(set.seen)) / 2;
      ++complete;
    }
    out[tenth] = complete == 0 ? 0 : sum / complete;
  }
  return out;
}

// Of powers that are as good within the noise, the greatest: at 1 the label is what would be likeliest were all labels
// equally common, and how common they are among a brand's mentions nobody knows beforehand.
double greatest_good(const Powers& good) {
  const double enough = *std::max_element(good.begin(), good.end()) - kNoise;
  const auto greatest = std::find_if(good.rbegin(), good.rend(), [&](double x) { return x >= enough; });
  return static_cast<double>(good.rend() - greatest - 1) / 10;
}

// How far the label leans to rare classes: a power for each slot with rows enough to tell, one for all others. What
// counts is the mean of the sets: a slot may hold a large set and a small one.
void choose(const std::vector<HeldOutRow>& rows, const std::vector<Counts>& counts, std::vector<SlotSettings>& slots,
            const SlotSettings& shared) {
  const double common = greatest_good(good_by_power(rows, counts, slots, shared));
  std::vector<SlotSettings> out = slots;
  for (Slot i = 0; i < slots.size(); ++i) {
    std::vector<HeldOutRow> own;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(own),
                 [&](const HeldOutRow& row) { return row.slot == i; });
    const bool many = own.size() >= kMany;
    const Powers good = many ? good_by_power(own, counts, slots, shared) : Powers{};
    out[i] = choosing(slots[i], counts[i], many && good[0] > 0 ? greatest_good(good) : common);
  }
  slots = std::move(out);
}

double loss(const std::vector<HeldOutRow>& rows, const std::vector<SlotSettings>& slots, const SlotSettings& shared) {
  double sum = 0;
  for (const HeldOutRow& row : rows) {
    if (row.logits.exclaims)
      sum -=
          std::log(std::max(1e-9, calibrated(row.logits, row.slot == kNoSlot ? shared : slots[row.slot])[row.label]));
  }
  return sum;
}

// How much "!" widens a lead, the same in every slot: the loss on the rows that exclaim decides, in tenths.
void fit_exclaimed(const std::vector<HeldOutRow>& rows, std::vector<SlotSettings>& slots, SlotSettings& shared) {
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    double least = loss(rows, slots, shared);
    float best = 0;
    const auto set = [&](float value) {
      shared.exclaimed[side] = value;
      for (SlotSettings& slot : slots) slot.exclaimed[side] = value;
    };
    for (int tenth = 1; tenth <= 20; ++tenth) {
      set(static_cast<float>(tenth) / 10);
      const double now = loss(rows, slots, shared);
      if (now < least) {
        least = now;
        best = static_cast<float>(tenth) / 10;
      }
    }
    set(best);
  }
}

}  // namespace

std::size_t chosen(const Probabilities& p, const SlotSettings& settings) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < kClasses; ++k) {
    if (p[k] * static_cast<double>(settings.choice[k]) > p[best] * static_cast<double>(settings.choice[best])) best = k;
  }
  return best;
}

void calibrate(const std::vector<HeldOutRow>& rows, const std::vector<Counts>& counts, std::vector<SlotSettings>& slots,
               SlotSettings& shared) {
  const Fit all = rows.empty() ? Fit{} : fitted(rows, Fit{}, 1);
  shared = with(shared, all);
  std::vector<std::vector<HeldOutRow>> of_slot(slots.size());
  for (const HeldOutRow& row : rows) {
    if (row.slot != kNoSlot) of_slot[row.slot].push_back(row);
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    slots[i] = with(slots[i], of_slot[i].size() < kEnough ? all : fitted(of_slot[i], all, kTrust));
  }

  choose(rows, counts, slots, shared);
  fit_exclaimed(rows, slots, shared);
}

}  // namespace vigie::sentiment
