// What the detector keeps of one brand: its habit, its bank of CUSUMs, the negatives of the minute that is not over
// and, while an alarm is on, the alarm.
//
// Everything is decided at the end of a minute of the ingest clock, over that minute's mentions in an order of their
// own (when they were written), so that neither the order of delivery within it nor the moment of a tick changes
// anything.

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

// A rise that was signalled and is not over. Laid out without gaps: it is saved as it is, and unset bytes would differ.
struct Alarm {
  double raised = 0;     // detector's clock, seconds since 1970
  double since = 0;      // event time at which the rise began
  double exposure0 = 0;  // mentions expected until then
  std::uint32_t mentions0 = 0;
  std::int32_t severity = 1;
  double last_signal = 0;
  double nats = 0, bar = 0;  // at its strongest
  double months = 0;
  double negatives = 0;  // of distinct authors, since `since`
  double reach = 0;
  std::array<std::uint32_t, kThemes> themes{};
  std::array<std::uint8_t, 6> cues{};  // how many showed each, at most 255
  std::uint8_t blind = 0, spare = 0;   // 1: no_data was signalled
  // Way back: nats for "normal again" over "still raised", and when they last stood at 0.
  double risen = 1.4;  // the multiple that "still raised" means
  double risen_nats = 0;
  double back = 0;
  double back_from = 0;  // clock
  double back_exposure = 0;
  std::array<std::int64_t, 10> first{};  // seq of its first mentions, 0 = none
};

// The part that counts; plain memory, saved as it is, and therefore without gaps.
struct Counts {
  Habit habit;
  double first_seen = 0;
  double last_mention = 0;     // clock
  double minute = 0;           // clock: the one that is counted, seconds
  std::int64_t last_seq = 0;   // what comes again is passed over
  std::uint32_t mentions = 0;  // that were not late; may wrap
  std::uint32_t before = 0;    // the same at the beginning of the minute
  std::array<Cell, kBrandMultiples.size()> cells{};
  std::array<std::array<Cell, kThemeMultiples.size()>, kThemes> theme_cells{};
  std::array<std::uint32_t, 64> authors{};  // of the last negatives, and when
  std::uint32_t next_author = 0, spare = 0;
};

// State of one brand while an alarm is on, without the words that explain it.
inline constexpr std::size_t kStateBytes = sizeof(Counts) + sizeof(Alarm);
static_assert(kStateBytes <= 2048);

class WatchedBrand {
 public:
  // `themes` outlives it.
  WatchedBrand(std::string id, double now, const std::vector<std::string>& themes, double budget);

  void observe(const Observation& observation, std::vector<Signal>& out);
  void tick(double now, std::vector<Signal>& out);
  void accept(double now, std::vector<Signal>& out);

  void forget(std::int64_t seq);  // the words of that mention

  const std::string& id() const { return id_; }
  void save(ByteWriter& out) const;
  void restore(ByteReader& in);

 private:
  // A negative of the minute that is not over.
  struct Pending {
    Recent::Negative negative;
    double clock = 0;
    std::uint64_t author = 0;
  };

  void advance(double now, std::vector<Signal>& out);
  void end_minute(std::vector<Signal>& out);
  void let_time_pass(double now);
  void take(Pending& pending, std::vector<Signal>& out);
  bool known_author(std::uint64_t author, double clock);
  void weigh_for_raise(const Moment& moment, const Pending& pending, std::vector<Signal>& out);
  void open_alarm(const Cell& cell, const Moment& moment, const Pending& pending);
  void follow(const Moment& moment, const Pending& pending, std::vector<Signal>& out);
  void count_in_alarm(std::uint16_t themes, std::uint8_t cues, float reach);
  void consider_end(double now, std::vector<Signal>& out);
  void note_rise(double expected);
  bool is_silent(double now) const;
  Evidence brand_evidence(const Moment& moment) const;
  Evidence theme_evidence(std::size_t theme, const Moment& moment) const;
  double expected_since(double exposure0, double now) const;
  double block_negatives(double share) const;
  double negatives_a_month(double share) const;
  void reset_cells();

  // watched_brand_signal.cpp: what an alarm says of itself.
  Signal describe(SignalKind kind, double now) const;
  std::vector<ThemeCount> themes_by_evidence(double now) const;
  std::size_t top_theme(double now) const;
  int severity_now(double now, std::vector<std::string>* why = nullptr) const;
  std::uint8_t cues_told() const;
  const char* mode() const;

  std::string id_;
  const std::vector<std::string>* themes_;
  double budget_;
  Counts counts_;
  Recent recent_;
  std::vector<Pending> pending_;
  std::optional<Alarm> alarm_;
};

// Seconds since 1970 <-> Time.
double to_seconds(Time time);
Time to_time(double epoch);

}  // namespace vigie
