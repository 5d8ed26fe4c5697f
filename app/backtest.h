// What two settings would have told of the same history, beside what people were told then and what they said of it.
// Pure: replayed incidents in, a report out.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/replay_brand.h"
#include "model/realised.h"

namespace vigie {

struct Window {
  Time from{}, to{};
  double months() const;
};

// An incident of then, with what stands of it.
struct ToldThen {
  Incident incident;
  std::optional<VerdictWord> verdict{};
};

// One that the setting would have opened.
struct Found {
  ReplayedIncident replayed;
  std::optional<std::string> then{};  // id of the incident of then that tells the same story
  bool tried_out_then = false;        // by a rule in shadow: nobody was told
  std::optional<VerdictWord> verdict{};
};

struct VerdictCounts {
  int incidents = 0, messages = 0, useful = 0, false_alarms = 0, normal = 0, unjudged = 0;
};

struct SettingReport {
  std::vector<Found> found;      // by opening
  std::vector<ToldThen> missed;  // that people called useful and this setting would not have told
  VerdictCounts counts;
};

struct Change {
  enum class Kind { added, gone, earlier, later, graver, milder };
  Kind kind = Kind::added;
  std::optional<std::size_t> before{}, after{};  // places in the two reports
  Duration by{};                                 // earlier, later
};
std::string_view to_text(Change::Kind kind);  // "new" "gone" "earlier" "later" "graver" "milder"

struct BrandReport {
  std::string brand;
  SettingReport file;                    // the setting as it stands in the file
  std::optional<SettingReport> changed;  // with --set
  std::vector<Change> changes;           // by time
};

// Both tell one story when they are of one kind and at most a few hours apart: within that time a second rise reopens
// the first one's incident.
bool same_story(const Incident& a, const Incident& b, Time now);

// `replayed`: all of one brand, of which those opened within the window count. `then`: all of that brand.
SettingReport judge(const std::vector<ReplayedIncident>& replayed, const std::vector<ToldThen>& then,
                    const Window& window);

std::vector<Change> compare(const SettingReport& before, const SettingReport& after, const Window& window);

// A mark for every day of the window's months: ' ' outside the window, '.' nothing, else the highest severity, 1 to 5.
struct Strip {
  std::string month;  // "2026-10"
  std::string days;
};
std::vector<Strip> strips(const SettingReport& report, const Window& window);

}  // namespace vigie
