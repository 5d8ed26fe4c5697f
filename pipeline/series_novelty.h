// "Have the two of them stood like this before?", asked of two running numbers: a coarse map of where they have been
// together, that widens as they do. One map is a kilobyte; asking is O(1).
//
// The idea is that of the context detectors of the Numenta Anomaly Benchmark (Smirnov's ContextOSE, HTM): what matters
// is not how far a value lies but whether it was met in this context. Ours needs neither the least nor the largest
// value in advance.

#pragma once

#include <array>
#include <cstdint>

namespace vigie {

// The range of one number in cells of equal width. Cells double, from the first value on, when the range outgrows them;
// so between `cells` / 2 and `cells` + 1 of them are in use. A range left for long is forgotten: cells start again,
// finer.
class Axis {
 public:
  explicit Axis(double cells) : cells_(cells) {}

  void see(double value);
  int cell() const { return cell_; }

  // What the last value did to the cells.
  int doublings() const { return doublings_; }
  bool restarted() const { return restarted_; }
  int lowest_before() const { return lowest_before_; }  // the first cell in use, as numbered before the doublings

 private:
  void restart();
  int cell_of(double value) const;

  const double cells_;
  bool started_ = false, restarted_ = false;
  double first_ = 0, low_ = 0, high_ = 0, width_ = 0;
  double lately_low_ = 0, lately_high_ = 0;  // the range, slowly closing on itself
  int cell_ = 0, doublings_ = 0, lowest_before_ = 0;
};

// How often each pair of cells was visited.
class NoveltyMap {
 public:
  // How new it is for the two to stand where they stand, from 0 (familiar) to 1 (nothing near was ever visited), and
  // less in a map where novelty is common. Counts the visit.
  double visit(const Axis& a, const Axis& b);

 private:
  // Cells are numbered round a ring: `cells` + 2 at most are in use, and one free one keeps the ends apart.
  static constexpr unsigned kSide = 32;

  std::uint8_t& at(int a, int b) {
    return visits_[(static_cast<unsigned>(a) % kSide) * kSide + static_cast<unsigned>(b) % kSide];
  }
  void merge(const Axis& a, const Axis& b);
  int around(int a, int b);

  std::array<std::uint8_t, kSide * kSide> visits_{};
  std::int64_t asked_ = 0;
  int learning_ = 0;    // visits left before anything is told
  double novelty_ = 1;  // told so far, in all
};

}  // namespace vigie
