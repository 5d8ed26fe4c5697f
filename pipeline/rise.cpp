#include "pipeline/rise.h"

#include <algorithm>

namespace vigie {
namespace {

// The most that the negative which opened the window can count: only those after it are evidence. With it, three
// complaints in a quiet hour look a hundred times rarer than they are.
constexpr double kOpening = 1.25;

constexpr double kLongCount = 20, kGivenUp = -3;  // nats: a long count that speaks against a rise starts again

double plain(const Cell& cell, double multiple, double expected) {
  return cell.negatives * std::log(multiple) - (multiple - 1) * expected;
}

// The best that can be said without a risen share: negatives rose at most as much as the others. Where they rose less
// (a burst of harmless talk), each by its own factor; with one factor for both, such a burst would fit so badly that it
// spoke for a rise.
double nothing_new(double negatives, double expected, double others, double expected_others) {
  if (negatives * expected_others <= others * expected)
    return gain(negatives, expected) + gain(others, expected_others);
  return gain(negatives + others, expected + expected_others);
}

}  // namespace

double Rise::nats(const Cell& cell, double multiple, double share, const Moment& moment) {
  const double mentions = std::max(0.0, moment.exposure - cell.exposure0);
  const double expected = share * mentions, expected_others = (1 - share) * mentions;
  const double all = static_cast<double>(moment.mentions - cell.mentions0);
  const double others = std::max(0.0, all - cell.negatives);
  const double negatives = std::max(0.0, cell.negatives - kOpening);
  return negatives * std::log(multiple) - (multiple - 1) * expected + gain(others, expected_others) -
         nothing_new(negatives, expected, others, expected_others);
}

void Rise::add(std::span<Cell> cells, std::span<const float> multiples, double share, const Moment& moment,
               double weight) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Cell& cell = cells[i];
    const double expected = share * (moment.exposure - cell.exposure0);
    const bool spent = plain(cell, multiples[i], expected) <= 0 ||
                       (cell.negatives > kLongCount && nats(cell, multiples[i], share, moment) < kGivenUp);
    if (spent) {
      cell = {static_cast<float>(moment.event_exposure), static_cast<std::uint32_t>(moment.event), moment.before, 0};
    }
    cell.negatives += static_cast<float>(weight);
    if (moment.event < cell.since) {  // polled sources deliver a quarter of an hour at once, in any order
      cell.since = static_cast<std::uint32_t>(moment.event);
      cell.exposure0 = std::min(cell.exposure0, static_cast<float>(moment.event_exposure));
    }
  }
}

void Rise::move_origin(std::span<Cell> cells, double by) {
  for (Cell& cell : cells) cell.exposure0 -= static_cast<float>(by);
}

Evidence Rise::best(std::span<const Cell> cells, std::span<const float> multiples, double share, const Moment& moment,
                    double wander, double block) {
  Evidence best;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double expected = share * std::max(0.0, moment.exposure - cells[i].exposure0);
    const double found = nats(cells[i], multiples[i], share, moment) / (1 + wander * std::min(expected, block));
    if (found > best.nats) best = {found, i, cells[i].negatives, expected};
  }
  return best;
}

}  // namespace vigie
