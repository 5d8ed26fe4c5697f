#include "model/incident.h"

#include "model/fields.h"
#include "model/names.h"
#include "model/signal_json.h"

namespace vigie {
namespace {

using State = IncidentState;

constexpr auto kStates = std::to_array<Named<State>>({
    {State::pending, "pending"},
    {State::open, "open"},
    {State::acked, "acked"},
    {State::recovering, "recovering"},
    {State::resolved, "resolved"},
    {State::closed, "closed"},
    {State::discarded, "discarded"},
});

constexpr auto kSeverities = std::to_array<Named<Severity>>({
    {Severity::info, "info"},
    {Severity::warning, "warning"},
    {Severity::high, "high"},
    {Severity::critical, "critical"},
});

Result<State> state_at(const json::Value& value, std::string_view path) {
  TRY(const std::string text, value.text(path));
  const std::optional<State> state = incident_state_from(text);
  if (!state)
    return fail(ErrorKind::bad_data, concat(path, ": expected the state of an incident, found \"", text, "\""));
  return *state;
}

Result<std::optional<Time>> time_if_any(const json::Value& value, std::string_view path) {
  if (value.at(path).is_null()) return std::optional<Time>();
  TRY(const Time time, own_time(value, path));
  return std::optional<Time>(time);
}

void write_time_if_any(json::Writer& out, std::string_view name, const std::optional<Time>& time) {
  if (time) out.member(name, format_rfc3339(*time));
}

void write_list(json::Writer& out, std::string_view name, const std::vector<std::string>& items) {
  if (items.empty()) return;
  out.key(name).begin_array();
  for (const std::string& item : items) out.string(item);
  out.end_array();
}

void read_list(const json::Value& value, std::string_view name, std::vector<std::string>& into) {
  const json::Value list = value.find(name);
  for (std::size_t n = 0; n < list.size(); ++n) into.push_back(list[n].text_or("", ""));
}

// Whom it concerns and what time will do with it.
void write_life(json::Writer& out, const Incident& i) {
  out.key("policy");
  write_json(out, i.policy);
  out.key("level").integer(i.level).key("repeats").integer(i.repeats);
  out.key("announced").boolean(i.announced).key("pinned").boolean(i.pinned);
  out.member_if("assignee", i.assignee).member_if("merged_into", i.merged_into).member_if("previous", i.previous);
  out.key("flaps").begin_array();
  for (const Time flap : i.flaps) out.string(format_rfc3339(flap));
  out.end_array();
  write_list(out, "told", i.told);
  write_list(out, "untold", i.untold);
  out.member("last_told", format_rfc3339(i.last_told)).key("told_reach").number(i.told_reach);
  if (i.told_observed) out.key("told_observed").number(*i.told_observed);
  write_time_if_any(out, "announce_at", i.announce_at);
  write_time_if_any(out, "worse_at", i.worse_at);
  write_time_if_any(out, "escalate_at", i.escalate_at);
  write_time_if_any(out, "repeat_at", i.repeat_at);
  write_time_if_any(out, "ack_until", i.ack_until);
  if (i.hushed) out.key("hushed").boolean(true);
  if (i.chain_left) out.key("chain_left_us").integer(i.chain_left->count());
  if (i.repeat_left) out.key("repeat_left_us").integer(i.repeat_left->count());
}

// What an older version wrote lacks all of it: such an incident was announced when it opened.
Result<void> read_life(const json::Value& value, Incident& i) {
  if (value.find("policy").is_null()) {
    i.announced = !i.shadow;
    return {};
  }
  TRY(i.policy, policy_from_json(value.find("policy")));
  i.level = static_cast<int>(value.integer_or("level", 0));
  i.repeats = static_cast<int>(value.integer_or("repeats", 0));
  i.announced = value.boolean_or("announced", true);
  i.pinned = value.boolean_or("pinned", false);
  i.assignee = value.text_or("assignee", "");
  i.merged_into = value.text_or("merged_into", "");
  i.previous = value.text_or("previous", "");
  const json::Value flaps = value.find("flaps");
  for (std::size_t n = 0; n < flaps.size(); ++n) {
    TRY(const Time flap, own_time(flaps[n], ""));
    i.flaps.push_back(flap);
  }
  read_list(value, "told", i.told);
  read_list(value, "untold", i.untold);
  TRY(i.last_told, own_time(value, "last_told"));
  i.told_reach = value.number_or("told_reach", 0);
  if (value.find("told_observed")) i.told_observed = value.number_or("told_observed", 0);
  TRY(i.announce_at, time_if_any(value, "announce_at"));
  TRY(i.worse_at, time_if_any(value, "worse_at"));
  TRY(i.escalate_at, time_if_any(value, "escalate_at"));
  TRY(i.repeat_at, time_if_any(value, "repeat_at"));
  TRY(i.ack_until, time_if_any(value, "ack_until"));
  i.hushed = value.boolean_or("hushed", false);
  if (value.find("chain_left_us")) i.chain_left = Duration(value.integer_or("chain_left_us", 0));
  if (value.find("repeat_left_us")) i.repeat_left = Duration(value.integer_or("repeat_left_us", 0));
  return {};
}

}  // namespace

std::string_view to_text(IncidentState state) { return name_in(kStates, state); }
std::optional<IncidentState> incident_state_from(std::string_view text) { return value_in(kStates, text); }

std::string_view to_text(Severity severity) { return name_in(kSeverities, severity); }
std::optional<Severity> severity_from(std::string_view text) { return value_in(kSeverities, text); }

Severity severity_of(int one_to_five) {
  if (one_to_five >= 5) return Severity::critical;
  if (one_to_five == 4) return Severity::high;
  return one_to_five == 3 ? Severity::warning : Severity::info;
}

std::string to_json(const Incident& i) {
  json::Writer out;
  out.begin_object();
  out.member("id", i.id).member("brand", i.brand).member("kind", i.kind);
  out.member("state", to_text(i.state)).member("recovering_from", to_text(i.recovering_from));
  out.key("severity").integer(i.severity).key("epoch").integer(i.epoch).key("blind").boolean(i.blind);
  if (i.shadow) out.key("shadow").boolean(true);
  out.member("opened", format_rfc3339(i.opened)).member("updated", format_rfc3339(i.updated));
  write_time_if_any(out, "ended", i.ended);
  write_time_if_any(out, "hold_until", i.hold_until);
  out.member_if("acked_by", i.acked_by).member_if("resolve_reason", i.resolve_reason);
  out.member_if("resolved_by", i.resolved_by);
  out.key("last_seq").integer(i.last_seq).member("last_signal", i.last_signal);
  out.key("evidence");
  write_json(out, i.evidence);
  out.key("peak_observed").number(i.peak_observed).key("themes").begin_array();
  for (const std::string& theme : i.themes) out.string(theme);
  out.end_array();
  write_life(out, i);
  return out.end_object().take();
}

Result<Incident> incident_from_json(const json::Value& value) {
  Incident i;
  TRY(i.id, value.text("id"));
  TRY(i.brand, value.text("brand"));
  i.kind = value.text_or("kind", i.kind);
  TRY(i.state, state_at(value, "state"));
  TRY(i.recovering_from, state_at(value, "recovering_from"));
  i.severity = static_cast<int>(value.integer_or("severity", 1));
  i.epoch = static_cast<int>(value.integer_or("epoch", 0));
  i.blind = value.boolean_or("blind", false);
  i.shadow = value.boolean_or("shadow", false);
  TRY(i.opened, own_time(value, "opened"));
  TRY(i.updated, own_time(value, "updated"));
  TRY(i.ended, time_if_any(value, "ended"));
  TRY(i.hold_until, time_if_any(value, "hold_until"));
  i.acked_by = value.text_or("acked_by", "");
  i.resolve_reason = value.text_or("resolve_reason", "");
  i.resolved_by = value.text_or("resolved_by", "");
  i.last_seq = value.integer_or("last_seq", 0);
  i.last_signal = value.text_or("last_signal", "");
  TRY(const json::Value evidence, value.object("evidence"));
  TRY(i.evidence, signal_from_json(evidence));
  i.peak_observed = value.number_or("peak_observed", 0);
  const json::Value themes = value.find("themes");
  for (std::size_t n = 0; n < themes.size(); ++n) i.themes.push_back(themes[n].text_or("", ""));
  TRY(read_life(value, i));
  return i;
}

std::optional<Time> next_timer(const Incident& incident) {
  std::optional<Time> next;
  const auto consider = [&next](const std::optional<Time>& timer) {
    if (timer && (!next || *timer < *next)) next = timer;
  };
  consider(incident.hold_until);
  consider(incident.announce_at);
  consider(incident.worse_at);
  consider(incident.escalate_at);
  consider(incident.repeat_at);
  consider(incident.ack_until);
  return next;
}

}  // namespace vigie
