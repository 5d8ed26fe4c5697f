// What a rule says of one brand, with every number needed to argue it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

enum class SignalKind { raise, update, clear, no_data };
std::string_view to_text(SignalKind kind);  // "raise" "update" "clear" "no_data"

struct ThemeCount {
  std::string theme;    // taxonomy id
  double observed = 0;  // negatives, distinct authors
  double expected = 0;
};

struct TermCount {
  std::string term;
  int observed = 0;     // negatives in the window that hold it
  double expected = 0;  // by the brand's own background; 0 = new
};

struct SourceCount {
  std::string source;
  int negatives = 0;
};

struct Signal {
  std::string id;  // hash(brand, kind, window end, detector version): the same signal twice is one
  std::string brand;
  std::string incident_kind = "negative";  // of the built-in budget; else the id of the rule
  std::string rule = "budget";             // its kind: budget threshold keyword rating unanswered silence
  std::string rule_name;                   // as messages call it; "" for the built-in budget
  std::string measure = "negatives";       // what `observed` is: negatives mentions share stars nps unanswered
  bool shadow = false;                     // nobody is told
  SignalKind kind = SignalKind::raise;
  Time at{};                                                 // ingest stamp of the mention (or tick) that made it
  Time since{};                                              // event time at which the rise began
  double observed = 0;                                       // negatives of distinct authors since then, or `measure`
  double expected = 0, expected_low = 0, expected_high = 0;  // habit for the same time, 90 % interval
  double total = 0;                                          // all mentions since then
  double usual_share = 0;                                    // negatives per mention by habit, 0..1
  double months_by_chance = 0;                               // "happens by chance once in N months"
  double limit = 0;   // of rules but the budget: what was asked for: a number, a share, a fall, mentions missed
  Duration window{};  // of rules but the budget: over which it counts; unanswered: the time to answer
  int authors = 0;
  int severity = 1;                         // 1..5
  std::vector<std::string> severity_why{};  // what its points are for: docs/detection.md
  std::string mode{};                       // how the brand is watched: tiny ordinary huge
  double evidence = 0, bar = 0;             // nats, and how many were needed; 0 = not of the budget's detector
  double budget = 0;                        // allowed false alarms per brand and month that the bar follows from
  int copies = 0, late = 0, repeated = 0;   // negatives since then that were not counted, and why
  double reach = 0;                         // followers of the authors counted, where a source tells them
  std::vector<std::string> cues{};          // severity cues found in at least two of them
  std::vector<ThemeCount> themes;           // most evidence first, at most 5
  std::vector<TermCount> terms;             // rising words, at most 5
  std::vector<SourceCount> sources;         // most first
  std::vector<std::int64_t> mentions;       // seq of the first ones and of the most telling ones, at most 20
};

// Of a rule that counts against a bar of its own; the budget's argues with a habit.
bool is_of_own_rule(const Signal& signal);

// Whether what it counts is complaints, so that a curve of negatives and their themes belong to its story.
bool counts_complaints(const Signal& signal);

std::string to_json(const Signal& signal);
Result<Signal> signal_from_json(const json::Value& value);

}  // namespace vigie
