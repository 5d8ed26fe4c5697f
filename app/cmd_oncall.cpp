#include "app/cmd_oncall.h"

#include <algorithm>
#include <vector>

#include "alerts/on_call.h"
#include "app/exit.h"
#include "app/load.h"
#include "app/reach.h"
#include "config/options.h"

namespace vigie {
namespace {

constexpr Duration kLookAhead = 7 * kDay;

std::string who(const std::string& person) { return person.empty() ? "nobody" : person; }

// Whether somebody is.
Result<bool> tell(const ScheduleSettings& schedule, Time now, std::ostream& out) {
  TRY(const std::string person, on_call(schedule, now));
  TRY(const std::optional<Shift> next, next_shift(schedule, now));
  TRY(const std::vector<TimeSpan> missing, gaps(schedule, now, now + kLookAhead));
  out << schedule.id << ": " << who(person);
  if (next) {
    TRY(const std::string until, on_clocks(next->span.from, schedule.time_zone));
    out << " until " << until << ", then " << who(next->person) << (next->stands_in ? ", who stands in" : "");
  }
  out << " (" << schedule.time_zone << ")\n";
  for (const TimeSpan& gap : missing) {
    TRY(const std::string from, on_clocks(gap.from, schedule.time_zone));
    TRY(const std::string to, on_clocks(gap.to, schedule.time_zone));
    out << "  nobody from " << from << " to " << to << (gap.to == now + kLookAhead ? " or longer" : "") << "\n";
  }
  return !person.empty();
}

Result<int> answer(const OnCallRequest& request, const Settings& settings, Time now, std::ostream& out) {
  if (!request.at.empty()) {
    TRY(now, parse_rfc3339(request.at));
  }
  std::vector<std::string_view> ids;
  int status = kDone;
  bool found = false;
  for (const ScheduleSettings& schedule : settings.schedules) {
    ids.emplace_back(schedule.id);
    if (!request.schedule.empty() && request.schedule != schedule.id) continue;
    found = true;
    TRY(const bool somebody, tell(schedule, now, out));
    if (!somebody) status = kAnswerIsNo;
  }
  if (found) return status;
  if (ids.empty())
    return fail(ErrorKind::bad_config,
                "there is no [[schedule]] in the settings; docs/alerts.md says how to write one");
  return fail(ErrorKind::bad_data, config::unknown_name("the id of a [[schedule]]", request.schedule, ids));
}

int report(const Result<int>& answered, std::ostream& err) {
  if (answered) return *answered;
  err << "vigie oncall: " << answered.error().what << "\n";
  return exit_status(answered.error());
}

}  // namespace

int oncall(const OnCallRequest& request, const Settings& settings, const Clock& clock, std::ostream& out,
           std::ostream& err) {
  return report(answer(request, settings, clock.now(), out), err);
}

int cmd_oncall(const OnCallRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(fail(settings.error()), err);
  return oncall(request, *settings, SystemClock(), out, err);
}

}  // namespace vigie
