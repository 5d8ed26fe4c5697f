#include "console/sending_page.h"

#include <algorithm>
#include <charconv>

#include "config/drill.h"
#include "base/log.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kSilences = "/silences/", kEnd = "/end";
constexpr std::string_view kMessages = "/messages/", kAct = "/act";
constexpr std::string_view kBy = "console";  // one operator signs in: there are no names to tell apart
constexpr int kDeadShown = 100, kWeeksOfDrills = 6;
constexpr std::size_t kLongestReason = 1000, kErrorShown = 300;

std::string_view between(std::string_view path, std::string_view before, std::string_view after) {
  if (!path.starts_with(before) || !path.ends_with(after) || path.size() <= before.size() + after.size()) return "";
  return path.substr(before.size(), path.size() - before.size() - after.size());
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text.append(text.empty() ? "" : ", ").append(part);
  return text;
}

// Which incidents a silence is about, in words.
std::string about(const Silence& silence, const ConsoleView& view) {
  const Wording& w = view.wording;
  std::vector<std::string> brands, themes, parts;
  for (const std::string& brand : silence.brands) brands.push_back(view.brand_name(brand));
  for (const std::string& theme : silence.themes) themes.push_back(w.name("themes", theme));
  const auto add = [&](std::string_view key, const std::string& what) {
    if (!what.empty()) parts.push_back(w.say(concat("outgoing.about_", key), {{"what", what}}));
  };
  add("brands", joined(brands));
  add("themes", joined(themes));
  add("kinds", joined(silence.kinds));
  add("text", silence.text);
  if (silence.least > 1 || silence.most < 5)
    add("severity", concat(std::to_string(silence.least), "–", std::to_string(silence.most)));
  return parts.empty() ? w.say("outgoing.about_everything") : joined(parts);
}

void write_silence(json::Writer& out, const Silence& silence, const ConsoleView& view) {
  const Wording& w = view.wording;
  const std::string kind = silence.maintenance ? "maintenance" : "silence";
  out.begin_object();
  out.member("heading", w.say(concat("outgoing.", kind), {{"n", std::to_string(silence.id)}}));
  out.member("about", about(silence, view));
  out.member("when", w.say(silence.in_force(view.now) ? "outgoing.until" : "outgoing.from_until",
                           {{"from", w.date_time(silence.starts)}, {"until", w.date_time(silence.over_at())}}));
  out.member("why", w.say("outgoing.why", {{"who", silence.author}, {"reason", silence.reason}}));
  out.member("action", concat(kSilences, std::to_string(silence.id), kEnd)).end_object();
}

void write_dead(json::Writer& out, const Notification& dead, const ConsoleView& view) {
  const Wording& w = view.wording;
  const bool of_incident = dead.subject_kind == "incident";
  out.begin_object().member("endpoint", dead.endpoint).member("purpose", w.name("purposes", dead.purpose));
  write_ago(out, "owed", dead.created, view);
  if (of_incident) out.member("href", concat("/incidents/", url_encode(dead.subject_id), "?lang=", w.language()));
  out.member("tries", w.count("outgoing.tries", dead.attempts));
  out.member_if("error", first_code_points(log::redact(dead.last_error), kErrorShown));
  out.member("id", dead.id).member("action", concat(kMessages, url_encode(dead.id), kAct)).end_object();
}

void write_endpoint(json::Writer& out, const EndpointHealth& health, const ConsoleView& view) {
  const Wording& w = view.wording;
  const bool off = health.circuit == Circuit::disabled;
  out.begin_object().member("id", health.endpoint);
  out.member("state",
             off ? w.say("outgoing.off") : w.say("outgoing.asked_again", {{"time", w.date_time(health.open_until)}}));
  out.member_if("error", first_code_points(log::redact(health.reason), kErrorShown)).end_object();
}

// What became of the last weekly test of an endpoint.
Result<void> write_drill(json::Writer& out, const EndpointSettings& endpoint, Store& store, const ConsoleView& view) {
  TRY(const std::vector<Drill> weeks, drills(endpoint, view.now, kWeeksOfDrills));
  std::optional<Notification> last;
  for (const Drill& week : weeks) {
    TRY(last, store.notification(week.id));
    if (last) break;
  }
  const Wording& w = view.wording;
  std::string_view state = "none";
  if (last) state = was_accepted(last->state) ? "arrived" : is_pending(last->state) ? "waiting" : "lost";
  out.begin_object().member("id", endpoint.id);
  out.member("state",
             w.say(concat("outgoing.drill.", state), {{"when", last ? w.date_time(last->created) : std::string()}}));
  const bool failed = state == "lost";
  out.key("failed").boolean(failed);
  if (failed) out.member_if("error", first_code_points(log::redact(last->last_error), kErrorShown));
  out.end_object();
  return {};
}

Result<std::string> end_silence(std::string_view number, Store& store, Time now) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), id);
  if (error != std::errc{} || end != number.data() + number.size())
    return fail(ErrorKind::bad_data, "silence: expected its number");
  TRY(store.end_silence(id, std::string(kBy), now));  // over already: what was asked for is so
  return std::string("silences");
}

Result<std::string> act_on_message(const ServerRequest& request, std::string_view id, Store& store, Time now) {
  const std::string act = request.form("act"), reason(trim(first_code_points(request.form("reason"), kLongestReason)));
  if (act != "retry" && act != "discard") return fail(ErrorKind::bad_data, "act: expected retry or discard");
  if (act == "discard" && reason.empty()) return fail(ErrorKind::bad_data, "reason: expected why it is discarded");
  TRY(store.act_on_notification(url_decode(id, false), {now, std::string(kBy), act, reason}));
  return std::string("dead");
}

}  // namespace

Result<std::string> sending_page(const ConsoleView& view, Store& store) {
  const Wording& w = view.wording;
  TRY(const std::vector<Silence> silences, store.silences(view.now));
  TRY(const std::vector<Notification> dead, store.outbox({NotificationState::dead, "", kDeadShown}));
  TRY(std::vector<EndpointHealth> endpoints, store.endpoints_health());
  std::erase_if(endpoints, [](const EndpointHealth& health) {
    return health.circuit != Circuit::open && health.circuit != Circuit::disabled;
  });
  json::Writer data;
  data.begin_object().key("t").value(w.catalogue()).member("home", view.home()).member("lang", w.language());
  data.key("no_silences").boolean(silences.empty()).key("silences").begin_array();
  for (const Silence& silence : silences) write_silence(data, silence, view);
  data.end_array().key("no_dead").boolean(dead.empty()).key("dead").begin_array();
  for (const Notification& one : dead) write_dead(data, one, view);
  data.end_array().key("has_endpoints").boolean(!endpoints.empty()).key("endpoints").begin_array();
  for (const EndpointHealth& health : endpoints) write_endpoint(data, health, view);
  data.end_array();
  const bool drilled = !view.settings.alerting.drill.empty();
  data.key("has_drills").boolean(drilled).key("drills").begin_array();
  for (const EndpointSettings& endpoint : view.settings.endpoints) {
    if (drilled) TRY(write_drill(data, endpoint, store, view));
  }
  data.end_array().end_object();
  TRY(const std::string body, fill_template("console/assets/sending.mustache", data));
  return console_frame(view, w.say("outgoing.title"), body, true);
}

bool is_sending_form(std::string_view path) {
  return !between(path, kSilences, kEnd).empty() || !between(path, kMessages, kAct).empty();
}

Result<std::string> take_sending_form(const ServerRequest& request, Store& store, Time now) {
  const std::string_view silence = between(request.path, kSilences, kEnd);
  TRY(const std::string section, silence.empty()
                                     ? act_on_message(request, between(request.path, kMessages, kAct), store, now)
                                     : end_silence(silence, store, now));
  const std::string language = choose_language(request.form("lang"), request.header("Accept-Language"), "en");
  return concat(kSendingPath, "?lang=", language, "#", section);
}

}  // namespace vigie
