// A bank of CUSUMs for the rate of negatives of one series, with the volume of mentions as a nuisance: when everything
// rises alike, nothing has happened. One cell per multiple of the normal rate.
//
// Page, "Continuous inspection schemes", 1954, for Poisson counts; the nuisance term compares with the best account in
// which negatives rose no more than the others. A window is opened by a negative, which therefore proves nothing
// itself: Naus, "The distribution of the size of the maximum cluster of points on a line", 1965.

#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace vigie {

// n ln c - (c - 1) m at its best c >= 1: how much better "risen by c" explains n than the expected m does, in nats.
inline double gain(double n, double m) {
  if (n <= m) return 0;
  if (m <= 0) return n > 0 ? n * 40 : 0;  // never expected: as good as certain, and finite
  return n * std::log(n / m) - (n - m);
}

// Cumulative counters of the brand at one moment; a cell remembers where they stood when its count began.
struct Moment {
  double exposure = 0;         // mentions expected so far, from the habit's origin
  double event_exposure = 0;   // the same at the time the mention was written
  double event = 0;            // that time, seconds since 1970
  std::uint32_t mentions = 0;  // counted so far; may wrap, only differences count
  std::uint32_t before = 0;    // counted before this minute: where a window that opens now begins
};

struct Cell {
  float exposure0 = 0;
  std::uint32_t since = 0;  // whole seconds
  std::uint32_t mentions0 = 0;
  float negatives = 0;  // weighted
};

struct Evidence {
  double nats = 0;  // over "everything rose alike"; 0 = none
  std::size_t cell = 0;
  double negatives = 0, expected = 0;
};

class Rise {
 public:
  // `cells` and `multiples` are of one length. `share`: negatives of this series per mention, by habit. `weight`: what
  // one negative counts, 1 on average.
  static void add(std::span<Cell> cells, std::span<const float> multiples, double share, const Moment& moment,
                  double weight);
  // The cell with most evidence, deflated by how far the share wanders of its own (Habit::wander) within `block`
  // expected negatives.
  static Evidence best(std::span<const Cell> cells, std::span<const float> multiples, double share,
                       const Moment& moment, double wander, double block);
  static double nats(const Cell& cell, double multiple, double share, const Moment& moment);
  // The habit's origin moved on by so many expected mentions.
  static void move_origin(std::span<Cell> cells, double by);
};

}  // namespace vigie
