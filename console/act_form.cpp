#include "console/act_form.h"

#include <algorithm>

#include "base/secret.h"
#include "base/text.h"
#include "model/false_alarm.h"

namespace vigie {
namespace {

constexpr std::string_view kIncidents = "/incidents/", kAct = "/act";
constexpr std::string_view kApi = "/api/v1/incidents/", kActs = "/acts";
constexpr std::string_view kBy = "console";  // one operator signs in: there are no names to tell apart
constexpr std::size_t kLongestReason = 1000, kLongestId = 64;

bool live(const Incident& incident) {
  return incident.state == IncidentState::open || incident.state == IncidentState::acked ||
         incident.state == IncidentState::recovering;
}

std::optional<std::string> between(std::string_view path, std::string_view before, std::string_view after) {
  if (!path.starts_with(before) || !path.ends_with(after)) return std::nullopt;
  if (path.size() <= before.size() + after.size()) return std::nullopt;
  return std::string(path.substr(before.size(), path.size() - before.size() - after.size()));
}

Result<void> add(const Act& act, const Settings& settings, Store& store) {
  const bool known = std::any_of(settings.people.begin(), settings.people.end(),
                                 [&](const PersonSettings& person) { return person.id == act.value; });
  if (act.kind == ActKind::assign && !act.value.empty() && !known)
    return fail(ErrorKind::bad_data, "value: expected the id of a [[person]] of the settings");
  if (act.kind == ActKind::note && act.reason.empty())
    return fail(ErrorKind::bad_data, "reason: expected the note, found nothing");
  if (act.kind == ActKind::merge && act.value.empty())
    return fail(ErrorKind::bad_data, "value: expected the id of another open incident of the brand");
  if (act.kind == ActKind::resolve && is_false_alarm(act.reason))
    return store.add_verdict({0, act.incident, act.at, act.by, VerdictWord::false_alarm});
  TRY(store.add_act(act));
  return {};
}

Result<Act> an_act(std::string_view kind, const std::string& incident, Time now) {
  const std::optional<ActKind> known = act_from(kind);
  if (!known) return fail(ErrorKind::bad_data, "act: expected ack, unack, assign, note, resolve, merge or split");
  Act act;
  act.id = to_hex(random_bytes(16));
  act.incident = incident;
  act.kind = *known;
  act.by = kBy;
  act.at = now;
  return act;
}

}  // namespace

Result<void> write_act_forms(json::Writer& out, const Incident& incident, Store& store, const ConsoleView& view) {
  const Wording& w = view.wording;
  out.key("acts").begin_object();
  out.member("action", concat(kIncidents, url_encode(incident.id), kAct)).member("lang", w.language());
  out.member("heading", w.say("act.heading"));
  const auto name_of = [&](const std::string& id) {
    for (const PersonSettings& person : view.settings.people) {
      if (person.id == id) return person.name;
    }
    return id;
  };
  out.member("owner", incident.acked_by.empty() ? w.say(live(incident) ? "act.nobody" : "act.nobody_took")
                                                : w.say("act.owner", {{"who", name_of(incident.acked_by)}}));
  if (!incident.assignee.empty()) out.member("assignee", w.say("act.assignee", {{"who", name_of(incident.assignee)}}));
  if (incident.escalate_at && incident.acked_by.empty())
    out.member("next", w.say("act.next", {{"time", w.date_time(*incident.escalate_at)}}));
  TRY(const std::vector<Act> acts, store.acts(incident.id));
  if (!acts.empty() && acts.back().outcome.empty()) out.member("waiting", w.say("act.waiting"));
  const bool taken = !incident.acked_by.empty();
  out.key("buttons").begin_array();
  const auto button = [&](std::string_view value) {
    out.begin_object().member("value", value).member("name", w.say(concat("act.", value)));
    out.member("effect", w.say(concat("act.", value, "_effect"))).end_object();
  };
  if (live(incident) && !taken) button("ack");
  if (live(incident) && taken) button("unack");
  if (live(incident)) button("resolve");
  out.end_array();
  out.key("live").boolean(live(incident));
  out.key("has_people").boolean(live(incident) && !view.settings.people.empty()).key("people").begin_array();
  for (const PersonSettings& person : view.settings.people) {
    out.begin_object().member("id", person.id).member("name", person.name);
    out.key("chosen").boolean(person.id == incident.assignee).end_object();
  }
  out.end_array().end_object();
  return {};
}

std::optional<std::string> act_form_of(std::string_view path) { return between(path, kIncidents, kAct); }
std::optional<std::string> act_api_of(std::string_view path) { return between(path, kApi, kActs); }

Result<std::string> take_act(const ServerRequest& request, const std::string& incident, const Settings& settings,
                             Store& store, Time now) {
  TRY(Act act, an_act(request.form("act"), incident, now));
  act.reason = trim(first_code_points(request.form("reason"), kLongestReason));
  act.value = request.form("value");
  TRY(add(act, settings, store));
  const std::string language = choose_language(request.form("lang"), request.header("Accept-Language"), "en");
  return concat(kIncidents, url_encode(incident), "?lang=", language, "#act");
}

Result<std::string> take_act_in_json(const ServerRequest& request, const std::string& incident,
                                     const Settings& settings, Store& store, Time now) {
  TRY(const json::Document body, json::parse(request.body));
  const json::Value said = body.root();
  TRY(Act act, an_act(said.text_or("act", ""), incident, now));
  act.reason = trim(first_code_points(said.text_or("reason", ""), kLongestReason));
  act.value = said.text_or("value", "");
  const std::string id = said.text_or("id", "");
  if (id.size() > kLongestId) return fail(ErrorKind::bad_data, "id: expected at most 64 characters");
  if (!id.empty()) act.id = concat("api|", id);
  TRY(add(act, settings, store));
  json::Writer out;
  out.begin_object().member("id", act.id).member("act", to_text(act.kind)).member("incident", incident);
  return out.end_object().take();
}

}  // namespace vigie
