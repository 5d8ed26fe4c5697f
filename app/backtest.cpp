#include "app/backtest.h"

#include <algorithm>

#include "alerts/incident.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr Duration kSame = minutes(1);  // opened less apart, nobody would have noticed

// Where an incident lies; one that goes on lies open to the end.
struct Span {
  Time from{}, to{};
};
Span span_of(const Incident& incident, Time now) { return {incident.opened, incident.ended.value_or(now)}; }

Duration overlap(const Incident& a, const Incident& b, Time now) {
  const Span one = span_of(a, now), other = span_of(b, now);
  return std::min(one.to, other.to) - std::max(one.from, other.from);
}

// The incident of then that shares most of the time with this one.
const ToldThen* told_then(const Incident& incident, const std::vector<ToldThen>& then, Time now) {
  const ToldThen* best = nullptr;
  for (const ToldThen& told : then) {
    if (!same_story(incident, told.incident, now)) continue;
    if (!best || overlap(incident, told.incident, now) > overlap(incident, best->incident, now)) best = &told;
  }
  return best;
}

void count(VerdictCounts& counts, const Found& found) {
  ++counts.incidents;
  counts.messages += found.replayed.messages;
  if (!found.verdict) {
    ++counts.unjudged;
    return;
  }
  switch (*found.verdict) {
    case VerdictWord::useful: ++counts.useful; break;
    case VerdictWord::false_alarm: ++counts.false_alarms; break;
    case VerdictWord::normal: ++counts.normal; break;
  }
}

bool in(const Window& window, Time time) { return time >= window.from && time < window.to; }

Time opened(const Found& found) { return found.replayed.incident.opened; }

std::chrono::year_month_day day_of(Time time) { return std::chrono::floor<std::chrono::days>(time); }

}  // namespace

double Window::months() const { return static_cast<double>((to - from).count()) / static_cast<double>(kMonth.count()); }

std::string_view to_text(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added: return "new";
    case Change::Kind::gone: return "gone";
    case Change::Kind::earlier: return "earlier";
    case Change::Kind::later: return "later";
    case Change::Kind::graver: return "graver";
    case Change::Kind::milder: return "milder";
  }
  return "";
}

bool same_story(const Incident& a, const Incident& b, Time now) {
  return a.kind == b.kind && overlap(a, b, now) >= -Policy{}.reopen;
}

SettingReport judge(const std::vector<ReplayedIncident>& replayed, const std::vector<ToldThen>& then,
                    const Window& window) {
  SettingReport report;
  for (const ReplayedIncident& one : replayed) {
    if (!in(window, one.incident.opened) || one.incident.state == IncidentState::discarded) continue;
    Found found;
    found.replayed = one;
    if (const ToldThen* told = told_then(one.incident, then, window.to)) {
      found.then = told->incident.id;
      found.tried_out_then = told->incident.shadow;
      found.verdict = told->verdict;
    }
    count(report.counts, found);
    report.found.push_back(std::move(found));
  }
  for (const ToldThen& told : then) {
    if (told.verdict != VerdictWord::useful || !in(window, told.incident.opened)) continue;
    const bool found = std::any_of(replayed.begin(), replayed.end(), [&](const ReplayedIncident& one) {
      return same_story(one.incident, told.incident, window.to);
    });
    if (!found) report.missed.push_back(told);
  }
  std::sort(report.missed.begin(), report.missed.end(),
            [](const ToldThen& a, const ToldThen& b) { return a.incident.opened < b.incident.opened; });
  return report;
}

namespace {

// What changed of a story that both tell; nothing when nobody would have noticed.
std::optional<Change> difference(const SettingReport& before, std::size_t i, const SettingReport& after,
                                 std::size_t j) {
  const Duration by = opened(after.found[j]) - opened(before.found[i]);
  if (by <= -kSame) return Change{Change::Kind::earlier, i, j, -by};
  if (by >= kSame) return Change{Change::Kind::later, i, j, by};
  const int graver = after.found[j].replayed.incident.severity - before.found[i].replayed.incident.severity;
  if (graver > 0) return Change{Change::Kind::graver, i, j, {}};
  if (graver < 0) return Change{Change::Kind::milder, i, j, {}};
  return std::nullopt;
}

}  // namespace

std::vector<Change> compare(const SettingReport& before, const SettingReport& after, const Window& window) {
  std::vector<Change> changes;
  std::vector<bool> taken(after.found.size(), false);
  for (std::size_t i = 0; i < before.found.size(); ++i) {
    std::optional<std::size_t> match;
    for (std::size_t j = 0; j < after.found.size() && !match; ++j) {
      const Incident& one = before.found[i].replayed.incident;
      if (!taken[j] && same_story(one, after.found[j].replayed.incident, window.to)) match = j;
    }
    if (!match) {
      changes.push_back({Change::Kind::gone, i, {}, {}});
      continue;
    }
    taken[*match] = true;
    if (const auto change = difference(before, i, after, *match)) changes.push_back(*change);
  }
  for (std::size_t j = 0; j < after.found.size(); ++j) {
    if (!taken[j]) changes.push_back({Change::Kind::added, {}, j, {}});
  }
  const auto when = [&](const Change& change) {
    return change.after ? opened(after.found[*change.after]) : opened(before.found[*change.before]);
  };
  std::stable_sort(changes.begin(), changes.end(), [&](const Change& a, const Change& b) { return when(a) < when(b); });
  return changes;
}

std::vector<Strip> strips(const SettingReport& report, const Window& window) {
  using namespace std::chrono;
  std::vector<Strip> months;
  for (sys_days day = floor<days>(window.from); day < window.to; day += days(1)) {
    const year_month_day date(day);
    const auto number = static_cast<unsigned>(date.day());
    if (months.empty() || number == 1) {
      std::string name = format_rfc3339(Time(day)).substr(0, 7);
      months.push_back({std::move(name), std::string(number - 1, ' ')});
    }
    months.back().days += '.';
  }
  for (const Found& found : report.found) {
    const Span span = span_of(found.replayed.incident, window.to);
    const char mark = static_cast<char>('0' + std::clamp(found.replayed.incident.severity, 1, 5));
    const Time last = std::max(span.from, std::min(span.to, window.to - Duration(1)));
    for (sys_days day = floor<days>(span.from); day <= last; day += days(1)) {
      const std::string month = format_rfc3339(Time(day)).substr(0, 7);
      const auto at = std::find_if(months.begin(), months.end(), [&](const Strip& s) { return s.month == month; });
      if (at == months.end()) continue;
      char& cell = at->days[static_cast<unsigned>(day_of(Time(day)).day()) - 1];
      cell = std::max(cell, mark);
    }
  }
  return months;
}

}  // namespace vigie
