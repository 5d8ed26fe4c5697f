#include "app/cmd_incident.h"

#include <algorithm>

#include "alerts/message.h"
#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/options.h"
#include "model/false_alarm.h"

namespace vigie {
namespace {

constexpr int kListed = 200;
constexpr std::size_t kLongestName = 100, kLongestReason = 1000;  // code points

std::string brand_name(const Settings& settings, const std::string& id) {
  for (const BrandSettings& brand : settings.brands) {
    if (brand.id == id) return brand.name;
  }
  return id;
}

std::string state_in_words(const Incident& incident) {
  std::string text(to_text(incident.state));
  if (!incident.acked_by.empty()) text.append(", taken by ").append(incident.acked_by);
  if (!incident.assignee.empty()) text.append(", given to ").append(incident.assignee);
  if (incident.level > 0) text.append(", step ").append(std::to_string(incident.level));
  if (incident.pinned) text.append(", unstable");
  if (incident.blind) text.append(", sources silent");
  if (!incident.merged_into.empty()) text.append(", told by ").append(incident.merged_into);
  return text;
}

void write_line(std::ostream& out, const Incident& incident, const Settings& settings) {
  out << incident.id << "  " << format_rfc3339(incident.opened) << "  " << to_text(severity_of(incident.severity))
      << "  " << headline(incident.evidence, brand_name(settings, incident.brand), "en") << "  ("
      << state_in_words(incident) << ")\n";
}

Result<void> list(const IncidentRequest& request, const Settings& settings, Store& store, std::ostream& out) {
  TRY(const std::vector<Incident> found, store.incidents("", !request.all, kListed));
  for (const Incident& incident : found) write_line(out, incident, settings);
  if (found.empty()) out << (request.all ? "no incident yet\n" : "no incident is open\n");
  return {};
}

Result<void> show(const Incident& incident, const Settings& settings, Store& store, std::ostream& out) {
  write_line(out, incident, settings);
  out << "  " << reason_line(incident.evidence, "en") << "\n";
  TRY(const std::vector<Transition> history, store.transitions(incident.id));
  for (const Transition& step : history) {
    if (step.event == "update" && step.from == step.to) continue;
    out << "  " << format_rfc3339(step.at) << "  " << step.event << "  " << to_text(step.from) << " -> "
        << to_text(step.to) << "  by " << step.actor << (step.reason.empty() ? "" : ": ") << step.reason << "\n";
  }
  TRY(const std::vector<Act> acts, store.acts(incident.id));
  for (const Act& act : acts) {
    if (act.outcome == "done") continue;  // its transition says it
    out << "  " << format_rfc3339(act.at) << "  " << to_text(act.kind) << " by " << act.by << ": "
        << (act.outcome.empty() ? "waits for `vigie run`" : act.outcome) << "\n";
  }
  return {};
}

Result<void> check_value(const Act& act, const Settings& settings) {
  if (act.kind == ActKind::assign && !act.value.empty()) {
    std::vector<std::string_view> known;
    for (const PersonSettings& person : settings.people) known.push_back(person.id);
    if (std::find(known.begin(), known.end(), act.value) == known.end())
      return fail(ErrorKind::bad_data, config::unknown_name("the id of a [[person]]", act.value, known));
  }
  if (act.kind == ActKind::merge && act.value.empty())
    return fail(ErrorKind::bad_data, "expected the id of the incident that tells its story from now on, found nothing");
  if (act.kind == ActKind::note && act.reason.empty())
    return fail(ErrorKind::bad_data, "expected the note, found nothing");
  return {};
}

Result<void> do_it(const IncidentRequest& request, const Settings& settings, Store& store, Time now,
                   std::ostream& out) {
  const std::optional<ActKind> kind = act_from(request.what);
  if (!kind) {
    constexpr std::string_view kKnown[] = {"list", "show",    "ack",   "unack", "assign",
                                           "note", "resolve", "merge", "split"};
    return fail(ErrorKind::bad_data,
                config::unknown_name("what to do", request.what, {std::begin(kKnown), std::end(kKnown)}));
  }
  Act act;
  act.id = to_hex(random_bytes(16));
  act.incident = request.incident;
  act.kind = *kind;
  act.by = trim(first_code_points(request.by, kLongestName));
  act.reason = trim(first_code_points(request.reason, kLongestReason));
  act.value = request.value;
  act.at = now;
  if (act.by.empty()) return fail(ErrorKind::bad_data, "--by: expected who does it, found nothing");
  TRY(check_value(act, settings));
  if (act.kind == ActKind::resolve && is_false_alarm(act.reason)) {
    TRY(store.add_verdict({0, act.incident, now, act.by, VerdictWord::false_alarm}));
    out << "incident " << act.incident << ": counted as a false alarm; if it is still open, the watch ends it\n";
    return {};
  }
  TRY(store.add_act(act));
  out << "incident " << act.incident << ": " << to_text(act.kind)
      << " noted; `vigie run` carries it out within a second\n";
  return {};
}

Result<void> run(const IncidentRequest& request, const Settings& settings, Store& store, Time now, std::ostream& out) {
  if (request.what == "list") return list(request, settings, store, out);
  if (request.incident.empty()) return fail(ErrorKind::bad_data, "expected the id of an incident, found nothing");
  if (request.what == "show") {
    TRY(const std::optional<Incident> incident, store.incident(request.incident));
    if (!incident) return fail(ErrorKind::gone, concat("there is no incident ", request.incident));
    return show(*incident, settings, store, out);
  }
  return do_it(request, settings, store, now, out);
}

int report(const Error& error, std::ostream& err) {
  err << "vigie incident: " << error.what;
  if (error.kind == ErrorKind::gone) err << "; `vigie incident list --all` names them";
  err << "\n";
  return error.kind == ErrorKind::gone ? kBadInput : exit_status(error);
}

}  // namespace

int incident(const IncidentRequest& request, const Settings& settings, Store& store, const Clock& clock,
             std::ostream& out, std::ostream& err) {
  const Result<void> done = run(request, settings, store, clock.now(), out);
  return done ? kDone : report(done.error(), err);
}

int cmd_incident(const IncidentRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(settings.error(), err);
  const Result<std::unique_ptr<Store>> store = open_store(*settings);
  if (!store) return report(store.error(), err);
  return incident(request, *settings, **store, SystemClock(), out, err);
}

}  // namespace vigie
