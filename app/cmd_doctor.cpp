#include "app/cmd_doctor.h"

#include <filesystem>
#include <iostream>
#include <map>

#include <fmt/format.h>

#include "config/drill.h"
#include "alerts/notifier.h"
#include "alerts/on_call.h"
#include "alerts/own_words.h"
#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "app/reach.h"
#include "app/second_stage.h"
#include "app/speech.h"
#include "base/clock.h"
#include "base/http_client.h"
#include "base/text.h"
#include "base/wording.h"
#include "console/source_line.h"
#include "model/realised.h"
#include "pipeline/onnx/classifier.h"

namespace vigie {

namespace {

constexpr std::uintmax_t kLowDisk = 1u << 30;

class Report {
 public:
  explicit Report(std::ostream& out) : out_(out) {}
  void ok(std::string_view what, std::string_view found) { line("ok  ", what, found); }
  void warn(std::string_view what, std::string_view found) { line("warn", what, found); }
  void failed(std::string_view what, std::string_view found) {
    line("FAIL", what, found);
    any_failed = true;
  }
  bool any_failed = false;

 private:
  void line(std::string_view level, std::string_view what, std::string_view found) {
    out_ << level << "  " << what << ": " << found << "\n";
  }
  std::ostream& out_;
};

void look_at_disk(const Settings& settings, Report& report) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(settings.data.empty() ? "." : settings.data, error);
  if (error) {
    report.failed("disk", concat(settings.data, ": ", error.message(), "; create the folder or change `data`"));
  } else if (space.available < kLowDisk) {
    report.warn("disk",
                concat(std::to_string(space.available >> 20), " MiB left where ", settings.data, " is; make room"));
  } else {
    report.ok("disk", concat(std::to_string(space.available >> 30), " GiB left"));
  }
}

void look_at_sources(const Settings& settings, Store& store, const Clock& clock, Report& report) {
  const Result<std::vector<SourceHealth>> known = store.sources();
  const Result<Wording> wording = Wording::load("console", speech_of_terminal());
  if (!known || !wording) {
    report.failed("sources", known ? wording.error().what : known.error().what);
    return;
  }
  for (const SourceSettings& source : settings.sources) {
    const std::string what = concat("source ", source.id);
    const auto found =
        std::find_if(known->begin(), known->end(), [&](const SourceHealth& h) { return h.source == source.id; });
    const SourceHealth health = found == known->end() ? SourceHealth{} : *found;
    const std::string line = source_line(health, *wording, clock.now());
    const bool refused = health.last_try && health.state != "ok";
    if (refused) {
      report.failed(what, line);
    } else if (!health.last_try || !source_notices(health, *wording).empty()) {
      report.warn(what, line);
    } else {
      report.ok(what, line);
    }
  }
}

// What people said of the alarms of the last months, beside the budget that was set.
void look_at_verdicts(const Settings& settings, Store& store, const Clock& clock, Report& report) {
  constexpr int kMost = 1000;
  const Result<std::vector<Incident>> incidents = store.incidents("", false, kMost);
  const Result<StandingVerdicts> verdicts = store.standing_verdicts();
  if (!incidents || !verdicts) {
    report.failed("false alarms", incidents ? verdicts.error().what : incidents.error().what);
    return;
  }
  const auto number = [](double value) { return fmt::format("{:.1f}", value); };
  int told = 0, called_false = 0, unjudged = 0;
  const Time now = clock.now();
  const std::vector<RealisedRate> rates = realised_rates(*incidents, *verdicts, now - kRealisedOver, now + Duration(1));
  for (const RealisedRate& rate : rates) {
    told += rate.incidents;
    called_false += rate.false_alarms;
    unjudged += rate.unjudged;
  }
  const std::string found =
      fmt::format("{} incidents in 90 days, {} called false, {} not judged", told, called_false, unjudged);
  if (!rates.empty() && rates.front().false_a_month() > settings.detect.budget) {
    report.warn("false alarms",
                concat(found, "; ", rates.front().brand, " has ", number(rates.front().false_a_month()), " a month, ",
                       number(settings.detect.budget), " are allowed: try a lower budget with vigie backtest --set"));
  } else {
    report.ok("false alarms", concat(found, "; ", number(settings.detect.budget), " a brand and month are allowed"));
  }
}

// A message as any may be, for templates to be tried on.
Story any_story() {
  Story story;
  story.language = "en";
  story.purpose = "first";
  story.incident = "0123456789abcdef";
  story.kind = "negative";
  story.brand = "acme";
  story.brand_name = story.title = story.badge = story.lead = story.since = story.next = "Acme";
  story.changed = story.brief = story.reference = "Acme";
  story.quotes = {{"words", "@client-0042", "see", "https://example.org/1"}};
  story.links = {{"ack", "Acknowledge", "https://example.org/2"}, {"open", "Open", "https://example.org/3"}};
  return story;
}

// Whether something listens where mail is to be handed over; nothing is sent.
void look_at_endpoints(const Settings& settings, Report& report) {
  const std::vector<std::string> kinds = notifier_kinds();
  for (const EndpointSettings& endpoint : settings.endpoints) {
    const bool routed = is_reached(settings, endpoint);
    const std::string what = concat("endpoint ", endpoint.id);
    if (std::find(kinds.begin(), kinds.end(), endpoint.kind) == kinds.end()) {
      report.failed(what, concat("unknown kind ", endpoint.kind));
    } else if (!routed) {
      report.warn(what, "no [[route]] leads to it, and neither is it a fallback nor among alerting.operators; it will never be told anything");
    } else if (const Result<void> words = check_own_words(any_story(), endpoint); !words) {
      report.failed(what, words.error().what);
    } else {
      report.ok(what, concat(endpoint.kind, ", may be told"));
    }
  }
  if (settings.routes.empty())
    report.warn("routes", "none: incidents will be found but nobody will be told; add a [[route]]");
}

// Endpoints that take nothing now, and messages of the last week that nobody got.
Result<void> look_at_outbox(Store& store, Time now, Report& report) {
  constexpr Duration kShown = 7 * kDay;
  constexpr int kMost = 1000;
  TRY(const std::vector<EndpointHealth> all, store.endpoints_health());
  for (const EndpointHealth& health : all) {
    if (health.circuit == Circuit::closed) continue;
    const std::string found = concat(health.circuit == Circuit::disabled ? "switched off" : "left alone for now",
                                     ": ", squeeze_spaces(to_valid_utf8(health.reason)));
    report.warn(concat("sending to ", health.endpoint), found);
  }
  TRY(const std::vector<Notification> dead, store.outbox({NotificationState::dead, "", kMost}));
  std::map<std::string, int> lost;
  for (const Notification& one : dead) {
    if (now - one.created <= kShown && one.purpose != "repeat" && one.purpose != "acked") ++lost[one.endpoint];
  }
  for (const auto& [endpoint, count] : lost) {
    report.warn(concat("messages to ", endpoint),
                concat(std::to_string(count), " of the last 7 days did not arrive; vigie outbox list --state dead --endpoint ",
                       endpoint, " says why"));
  }
  if (lost.empty()) report.ok("messages", "none was lost in the last 7 days");
  return {};
}

// Whether the last weekly test of each endpoint arrived.
Result<void> look_at_drills(const Settings& settings, Store& store, Time now, Report& report) {
  constexpr int kWeeks = 6;
  if (settings.alerting.drill.empty()) return {};
  for (const EndpointSettings& endpoint : settings.endpoints) {
    TRY(const std::vector<Drill> weeks, drills(endpoint, now, kWeeks));
    std::optional<Notification> last;
    for (const Drill& week : weeks) {
      TRY(last, store.notification(week.id));
      if (last) break;
    }
    const std::string what = concat("weekly test of ", endpoint.id);
    if (!last) {
      report.warn(what, "none yet; `vigie run` sends one within the hours of alerting.drill");
    } else if (was_accepted(last->state)) {
      report.ok(what, concat("accepted, ", format_rfc3339(last->created)));
    } else if (is_pending(last->state)) {
      report.warn(what, concat("on its way since ", format_rfc3339(last->created)));
    } else {
      report.failed(what, concat("did not arrive, ", format_rfc3339(last->created), ": ",
                                 squeeze_spaces(to_valid_utf8(last->last_error)), "; vigie notify test ", endpoint.id,
                                 " tries again"));
    }
  }
  return {};
}

// Who is on call, and when nobody will be within a week; when each person's quiet hours begin and end next, on their
// clocks and in UTC, so that a mistake in a zone is seen before a night shows it.
Result<void> look_at_hours(const Settings& settings, Time now, Report& report) {
  for (const ScheduleSettings& schedule : settings.schedules) {
    const std::string what = concat("schedule ", schedule.id);
    TRY(const std::string person, on_call(schedule, now));
    TRY(const std::vector<TimeSpan> missing, gaps(schedule, now, now + 7 * kDay));
    const std::string found = person.empty() ? "nobody is on call" : concat(person, " is on call");
    if (missing.empty()) {
      report.ok(what, found);
      continue;
    }
    TRY(const std::string from, on_clocks(missing.front().from, schedule.time_zone));
    TRY(const std::string to, on_clocks(missing.front().to, schedule.time_zone));
    report.warn(what, concat(found, "; nobody from ", from, " to ", to, "; vigie oncall ", schedule.id, " tells all"));
  }
  for (const PersonSettings& person : settings.people) {
    TRY(const std::vector<Boundary> next, next_boundaries(person.quiet, person.time_zone, now));
    std::string found;
    for (const Boundary& boundary : next) {
      TRY(const std::string at, on_clocks(boundary.at, person.time_zone));
      found += concat(found.empty() ? "" : "; ", boundary.begins ? "begin " : "end ", at, " (",
                      format_rfc3339(boundary.at), ")");
    }
    if (!person.quiet.empty()) report.ok(concat("quiet hours of ", person.id), found.empty() ? "always" : found);
  }
  return {};
}

void look_at_second_stage(const SecondStageSettings& settings, const Clock& clock, Report& report) {
  if (!settings.on) return;
  const auto stage = open_second_stage(settings, clock);
  const Result<std::string> version = onnx::runtime_version(settings.runtime);
  if (stage && version) {
    report.ok("second stage", concat(settings.name, ", ONNX Runtime ", *version));
  } else {
    report.failed("second stage", concat(stage ? version.error().what : stage.error().what,
                                         "; until then the first model judges alone"));
  }
}

}  // namespace

int cmd_doctor(const std::string& config, std::ostream& out) {
  Report report(out);
  const SystemClock clock;
  const Result<Settings> settings = load_settings(config);
  if (!settings) {
    report.failed("config", concat("\n", settings.error().what));
    return kBadInput;
  }
  report.ok("config", concat(config, ", ", std::to_string(settings->brands.size()), " brands, ",
                             std::to_string(settings->sources.size()), " sources"));
  if (clock.now() < from_epoch(1767225600))
    report.failed("clock", concat("it says ", format_rfc3339(clock.now()), "; set the machine's time"));
  else
    report.ok("clock", format_rfc3339(clock.now()));
  look_at_disk(*settings, report);

  Result<std::unique_ptr<Store>> store = open_store(*settings);
  if (!store) {
    report.failed("store", store.error().what);
  } else {
    const Result<std::int64_t> mentions = (*store)->count_mentions();
    if (mentions)
      report.ok("store", concat(std::to_string(*mentions), " mentions"));
    else
      report.failed("store", mentions.error().what);
    look_at_sources(*settings, **store, clock, report);
    look_at_verdicts(*settings, **store, clock, report);
    if (const Result<void> looked = look_at_drills(*settings, **store, clock.now(), report); !looked)
      report.failed("weekly tests", looked.error().what);
    if (const Result<void> looked = look_at_outbox(**store, clock.now(), report); !looked)
      report.failed("messages", looked.error().what);
  }
  look_at_endpoints(*settings, report);
  if (const Result<void> looked = look_at_hours(*settings, clock.now(), report); !looked)
    report.failed("hours", looked.error().what);
  look_at_second_stage(settings->second_stage, clock, report);
  return report.any_failed ? kAnswerIsNo : kDone;
}

}  // namespace vigie
