#include "console/incident_json.h"

#include "base/json.h"

namespace vigie {
namespace {

constexpr int kMost = 200;

void write(json::Writer& out, const Incident& incident) {
  const Signal& evidence = incident.evidence;
  out.begin_object().member("id", incident.id).member("brand", incident.brand).member("kind", incident.kind);
  out.member_if("rule", evidence.rule_name).member("state", to_text(incident.state));
  out.member("severity", to_text(severity_of(incident.severity))).key("reopened").integer(incident.epoch);
  out.key("blind").boolean(incident.blind).key("shadow").boolean(incident.shadow);
  out.member("since", format_rfc3339(evidence.since)).member("opened", format_rfc3339(incident.opened));
  out.member("updated", format_rfc3339(incident.updated));
  if (incident.ended) out.member("ended", format_rfc3339(*incident.ended));
  out.member("measure", evidence.measure).key("observed").number(evidence.observed);
  out.key("expected").number(evidence.expected).key("expected_low").number(evidence.expected_low);
  out.key("expected_high").number(evidence.expected_high).key("peak_observed").number(incident.peak_observed);
  out.key("themes").begin_array();
  for (const std::string& theme : incident.themes) out.string(theme);
  out.end_array().member_if("acked_by", incident.acked_by).member_if("assignee", incident.assignee);
  out.member_if("resolved_by", incident.resolved_by).member_if("reason", incident.resolve_reason);
  out.member_if("merged_into", incident.merged_into);
}

}  // namespace

Result<std::string> incidents_json(const ServerRequest& request, Store& store) {
  TRY(const std::vector<Incident> found,
      store.incidents(request.param("brand"), request.param("view") != "all", kMost));
  json::Writer out;
  out.begin_object().key("incidents").begin_array();
  for (const Incident& incident : found) {
    write(out, incident);
    out.end_object();
  }
  return out.end_array().end_object().take();
}

Result<std::optional<std::string>> incident_json(const std::string& id, Store& store) {
  TRY(const std::optional<Incident> incident, store.incident(id));
  if (!incident) return std::nullopt;
  TRY(const std::vector<Transition> history, store.transitions(id));
  json::Writer out;
  write(out, *incident);
  out.key("history").begin_array();
  for (const Transition& one : history) {
    out.begin_object().member("at", format_rfc3339(one.at)).member("event", one.event);
    out.member("from", to_text(one.from)).member("to", to_text(one.to));
    out.member_if("by", one.actor).member_if("reason", one.reason).end_object();
  }
  return out.end_array().end_object().take();
}

}  // namespace vigie
