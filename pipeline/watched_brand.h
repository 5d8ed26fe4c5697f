// What the detector keeps of one brand: its habit, its bank of CUSUMs and, while an alarm is on, the alarm.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/signal.h"
#include "pipeline/bytes.h"
#include "pipeline/detect.h"
#include "pipeline/habit.h"
#include "pipeline/recent.h"
#include "pipeline/rise.h"

namespace vigie {

// Multiples of the normal rate that are watched for: 1.4 finds slow burns, 400 a pile-on against a brand nobody speaks
// of.
inline constexpr std::array<float, 7> kBrandMultiples = {1.4F, 2, 3.5F, 8, 25, 100, 400};
inline constexpr std::array<float, 4> kThemeMultiples = {2, 5, 25, 200};

// A rise that was signalled and is not over.
struct Alarm {
  double raised = 0;     // detector's clock, seconds since 1970
  double since = 0;      // event time at which the rise began
  double exposure0 = 0;  // mentions expected until then
  std::uint32_t mentions0 = 0;
  double last_signal = 0;
  double best_nats = 0;  // at its strongest
  double best_months = 0;
  double negatives = 0;  // of distinct authors, since `since`
  std::array<std::uint32_t, kThemes> themes{};
  int severity = 1;
  // Way back: nats for "normal again" over "still raised", and when they last stood at 0.
  double back = 0;
  double back_from = 0;  // clock
  double back_exposure = 0;
  bool blind = false;                    // no_data was signalled
  std::array<std::int64_t, 10> first{};  // seq of its first mentions, 0 = none
};

// The part that counts; plain memory, saved as it is.
struct Counts {
  Habit habit;
  double first_seen = 0;
  double last_mention = 0;     // clock
  std::uint32_t mentions = 0;  // that were not late; may wrap
  std::array<Cell, kBrandMultiples.size()> cells{};
  std::array<std::array<Cell, kThemeMultiples.size()>, kThemes> theme_cells{};
  std::array<std::uint32_t, 16> authors{};  // of the last negatives
  std::uint32_t next_author = 0;
};
static_assert(sizeof(Counts) <= 2112);

class WatchedBrand {
 public:
  // `themes` outlives it.
  WatchedBrand(std::string id, double now, const std::vector<std::string>& themes);

  void observe(const Observation& observation, double now, double budget, std::vector<Signal>& out);
  void tick(double now, std::vector<Signal>& out);
  void accept(double now, std::vector<Signal>& out);

  const std::string& id() const { return id_; }
  void save(ByteWriter& out) const;
  void restore(ByteReader& in);

 private:
  void count_negative(const Observation& observation, const Moment& moment, std::uint16_t themes, bool live);
  bool known_author(std::uint64_t author);
  void consider_raise(const Moment& moment, std::uint16_t themes, double now, double budget, std::vector<Signal>& out);
  void open_alarm(const Cell& cell, const Moment& moment, double now);
  void follow(const Moment& moment, std::uint16_t themes, double now, std::vector<Signal>& out);
  void consider_end(double now, std::vector<Signal>& out);
  bool is_silent(double now) const;
  Evidence brand_evidence(const Moment& moment) const;
  Evidence theme_evidence(std::size_t theme, const Moment& moment) const;
  double expected_since(double exposure0, double now) const;
  int severity(double observed, double expected, std::size_t top_theme) const;
  std::size_t top_theme(double now) const;
  double block_negatives(double share) const;
  void reset_cells();
  std::vector<ThemeCount> themes_by_evidence(double now) const;
  Signal describe(SignalKind kind, double now) const;
  bool frozen(double now) const;

  std::string id_;
  const std::vector<std::string>* themes_;
  Counts counts_;
  std::optional<Alarm> alarm_;
  Recent recent_;
};

}  // namespace vigie
