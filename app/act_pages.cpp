#include "app/act_pages.h"

#include <algorithm>

#include "alerts/headline.h"
#include "alerts/message.h"
#include "alerts/phrases.h"
#include "base/log.h"
#include "base/page.h"
#include "base/text.h"
#include "base/zone.h"
#include "wall/pages.h"

namespace vigie {
namespace {

constexpr std::string_view kActs = "/a/", kUnsubscribe = "/u/";
constexpr int kMorning = 8 * 60;  // local minutes after midnight

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const EndpointSettings* endpoint_of(const Settings& settings, std::string_view id) {
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (endpoint.id == id) return &endpoint;
  }
  return nullptr;
}

std::string name_of_brand(const Settings& settings, std::string_view id) {
  for (const BrandSettings& brand : settings.brands) {
    if (brand.id == id) return brand.name;
  }
  return std::string(id);
}

// Who acted: the person the link was made for, else the endpoint that several read.
std::string actor_of(const ActionLink& link) { return link.person.empty() ? link.endpoint : link.person; }

// Shown to people, and tells the same link followed again from another one.
std::string reason_of(const ActionLink& link) {
  return concat("muted by a link in a message, ", act_id(link).substr(0, 8));
}

std::string zone_of(const Settings& settings, const ActionLink& link) {
  const EndpointSettings* endpoint = endpoint_of(settings, link.endpoint);
  return endpoint != nullptr ? endpoint->time_zone : "UTC";
}

// The one that this link began, over or not.
Result<std::optional<Silence>> silence_by(const ActionLink& link, Store& store) {
  TRY(const std::vector<Silence> all, store.silences(Time{}));
  const std::string reason = reason_of(link);
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const Silence& one) { return one.reason == reason; });
  return found == all.rend() ? std::nullopt : std::optional(*found);
}

// The next time clocks there show eight in the morning.
Time next_morning(Time now, const std::string& zone) {
  const auto local = to_local(now, zone);
  if (!local) return now + hours(12);
  const int minute = local->hour * 60 + local->minute;
  const LocalDay day = day_of(*local) + std::chrono::days(minute < kMorning ? 0 : 1);
  return to_instant(day, kMorning, zone, Twice::first).value_or(now + hours(12));
}

}  // namespace

struct ActPages::Seen {
  std::string brand, done, button, effect, open;
  std::vector<std::string> facts;
  bool undo = false;
};

std::optional<ServerReply> ActPages::answer(const ServerRequest& request) const {
  if (request.path.starts_with(kActs)) return act_page(request, std::string_view(request.path).substr(kActs.size()));
  if (request.path.starts_with(kUnsubscribe))
    return unsubscribe_page(request, std::string_view(request.path).substr(kUnsubscribe.size()));
  return std::nullopt;
}

Result<Wording> ActPages::wording(const ServerRequest& request, const ActionLink& link) const {
  const EndpointSettings* endpoint = endpoint_of(settings_, link.endpoint);
  const std::string own = endpoint != nullptr ? endpoint->language : "en";
  const std::string asked = request.method == "POST" ? request.form("lang") : std::string(request.param("lang"));
  // The message was in its reader's language; what the browser prefers says less.
  return Wording::load("acts", is_page_language(asked) ? asked : own);
}

ServerReply ActPages::page(const ServerRequest& request, int status, const ActionLink& link, std::string_view title,
                           const Seen& seen) const {
  const auto body = [&]() -> Result<std::string> {
    TRY(const Wording w, wording(request, link));
    json::Writer data;
    data.begin_object().member("lang", w.language()).member("title", title);
    data.member("style", wall_assets()[0].path).member("icon", wall_assets()[1].path);
    data.member_if("brand", seen.brand).member_if("done", seen.done).member_if("button", seen.button);
    data.member_if("effect", seen.effect).member_if("open", seen.open).member("open_label", w.say("open"));
    data.member("action", request.path).key("undo").boolean(seen.undo);
    data.key("facts").begin_array();
    for (const std::string& fact : seen.facts) data.string(fact);
    data.end_array().end_object();
    return fill_template("alerts/templates/act.mustache", data);
  }();
  ServerReply reply;
  reply.status = status;
  reply.headers = {{"Cache-Control", "no-store"},
                   {"Content-Security-Policy", std::string(kPolicy)},
                   {"Referrer-Policy", "no-referrer"}};  // the address is a key
  if (!body) {
    log::error("act", body.error().what);
    reply.status = 500;
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = "unavailable\n";
    return reply;
  }
  reply.body = *body;
  return reply;
}

// What a short link leaves out stands with the message it was sent in.
Result<ActionLink> ActPages::link_of(std::string_view token) const {
  TRY(ActionLink link, links_.read(token, clock_.now()));
  if (!link.subject.empty()) return link;
  TRY(const std::unique_ptr<Store> store, open_());
  TRY(const std::vector<std::string> ids, store->notification_ids(link.notification, 2));
  if (ids.size() != 1) return fail(ErrorKind::bad_data, "the message of this link is not known here");
  TRY(const std::optional<Notification> message, store->notification(ids.front()));
  if (!message || message->subject_kind != "incident")
    return fail(ErrorKind::bad_data, "the message of this link is about no incident");
  link.subject = message->subject_id;
  link.endpoint = message->endpoint;
  link.person = message->recipient;
  return link;
}

ServerReply ActPages::act_page(const ServerRequest& request, std::string_view token) const {
  const auto refuse = [&](int status, std::string_view what, const ActionLink& link = {}) {
    const auto w = wording(request, link);
    if (!w) return page(request, 500, link, what, {});
    Seen seen;
    seen.facts = {w->say(concat("refused.", what))};
    return page(request, status, link, w->say(concat("refused.", what, "_title")), seen);
  };
  const Result<ActionLink> link = link_of(token);
  if (!link && link.error().kind == ErrorKind::gone) return refuse(410, "old");
  if (!link && link.error().kind == ErrorKind::bad_data) return refuse(403, "bad");
  if (!link) {
    log::error("act", link.error().what);
    return refuse(503, "error");
  }
  constexpr std::string_view kHere[] = {"ack", "mute", "mute_until_morning", "false_alarm"};
  if (std::find(std::begin(kHere), std::end(kHere), link->action) == std::end(kHere)) return refuse(403, "bad", *link);
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && request.method != "POST") return refuse(405, "method", *link);
  const auto done = [&]() -> Result<ServerReply> {
    TRY(const std::unique_ptr<Store> store, open_());
    if (!reads) TRY(carry_out(*link, *store));
    return show(request, *link, *store);
  }();
  if (done) return *done;
  if (done.error().kind == ErrorKind::gone) return refuse(404, "gone", *link);
  log::error("act", done.error().what, {{"incident", link->subject}, {"action", link->action}});
  return refuse(503, "error", *link);
}

Time ActPages::mute_until(const ActionLink& link) const {
  const Time now = clock_.now();
  return link.action == "mute" ? now + hours(1) : next_morning(now, zone_of(settings_, link));
}

Result<ServerReply> ActPages::show(const ServerRequest& request, const ActionLink& link, Store& store) const {
  TRY(const std::optional<Incident> incident, store.incident(link.subject));
  if (!incident) return fail(ErrorKind::gone, concat("there is no incident ", link.subject));
  TRY(const Wording w, wording(request, link));
  TRY(const Phrases phrases, Phrases::load(w.language(), zone_of(settings_, link)));
  const std::string brand = name_of_brand(settings_, incident->brand);
  Seen seen;
  seen.brand = brand;
  seen.facts = {headline(incident->evidence, brand, w.language()), reason_in(phrases, incident->evidence),
                w.say(concat("state.", to_text(incident->state)), {{"who", incident->acked_by}})};
  seen.open = concat(settings_.serve.console_url, "/incidents/", incident->id, "?lang=", w.language());
  const std::string id = act_id(link);
  TRY(const std::optional<Act> act, store.act(id));
  const std::string key = link.action;
  const auto until = [&](Time time) { return concat(phrases.until(time), " (", phrases.zone(), ")"); };
  if (key == "ack" && act) {
    seen.done = act->outcome.empty()     ? w.say("ack.waiting")
                : act->outcome == "done" ? w.say("ack.done")
                                         : w.say("unchanged", {{"why", act->outcome}});
  } else if (key == "false_alarm") {
    TRY(const std::vector<Verdict> verdicts, store.verdicts(incident->id));
    if (!verdicts.empty() && verdicts.back().word == VerdictWord::false_alarm) seen.done = w.say("false_alarm.done");
  } else if (key.starts_with("mute")) {
    TRY(const std::optional<Silence> silence, silence_by(link, store));
    if (silence) {
      seen.done = silence->in_force(clock_.now()) ? w.say(concat(key, ".done"), {{"until", until(silence->ends)}})
                                                  : w.say("muted_before", {{"until", until(silence->over_at())}});
    }
  }
  if (seen.done.empty()) {
    const std::string end = key.starts_with("mute") ? until(mute_until(link)) : "";
    seen.button = w.say(concat(key, ".button"), {{"until", end}});
    seen.effect = w.say(concat(key, ".effect"), {{"until", end}});
  }
  return page(request, 200, link, w.say(concat(key, seen.done.empty() ? ".title" : ".done_title")), seen);
}

Result<void> ActPages::carry_out(const ActionLink& link, Store& store) const {
  TRY(const std::optional<Incident> incident, store.incident(link.subject));
  if (!incident) return fail(ErrorKind::gone, concat("there is no incident ", link.subject));
  if (link.action == "ack") {
    Act act;
    act.id = act_id(link);
    act.incident = link.subject;
    act.kind = ActKind::ack;
    act.by = actor_of(link);
    act.at = clock_.now();
    TRY(store.add_act(act));
  } else if (link.action == "false_alarm") {
    Verdict verdict;
    verdict.incident = link.subject;
    verdict.at = clock_.now();
    verdict.by = actor_of(link);
    verdict.word = VerdictWord::false_alarm;
    TRY(store.add_verdict(verdict));
  } else {
    TRY(silence(link, *incident, store));
  }
  log::info("act", "by a link", {{"incident", link.subject}, {"action", link.action}, {"by", actor_of(link)}});
  if (acted_) acted_();
  return {};
}

// The same link followed twice is one silence, also when that one is over by now: a link acts once.
Result<void> ActPages::silence(const ActionLink& link, const Incident& incident, Store& store) const {
  const Time now = clock_.now();
  Silence silence;
  silence.reason = reason_of(link);
  TRY(const std::optional<Silence> before, silence_by(link, store));
  if (before) return {};
  silence.brands = {incident.brand};
  silence.kinds = {incident.kind};
  silence.author = actor_of(link);
  silence.starts = silence.created = now;
  silence.ends = mute_until(link);
  TRY(store.add_silence(silence));
  return {};
}

ServerReply ActPages::unsubscribe_page(const ServerRequest& request, std::string_view token) const {
  const Result<ActionLink> link = links_.read(token, clock_.now());
  const auto w = wording(request, link ? *link : ActionLink());
  if (!w) return page(request, 500, {}, "", {});
  const auto refuse = [&](int status, std::string_view what) {
    Seen seen;
    seen.facts = {w->say(concat("refused.", what))};
    return page(request, status, link ? *link : ActionLink(), w->say(concat("refused.", what, "_title")), seen);
  };
  if (!link || link->action != "unsubscribe") return refuse(403, "bad");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && request.method != "POST") return refuse(405, "method");
  const auto done = [&]() -> Result<ServerReply> {
    TRY(const std::unique_ptr<Store> store, open_());
    const bool digests = link->subject == kDigests;
    std::string list(kDigests);
    if (!digests) {
      TRY(const std::optional<Incident> incident, store->incident(link->subject));
      if (!incident) return fail(ErrorKind::gone, "");
      list = incident->brand;
    }
    if (!reads) {
      TRY(store->set_subscribed(link->endpoint, list, request.form("undo") == "1", actor_of(*link), clock_.now()));
      log::info("act", "subscription changed", {{"endpoint", link->endpoint}, {"list", list}});
    }
    TRY(const bool subscribed, store->subscribed(link->endpoint, list));
    const std::string brand = digests ? "" : name_of_brand(settings_, list);
    const std::string words = digests ? "unsubscribe_digest" : "unsubscribe";
    Seen seen;
    seen.brand = brand;
    if (subscribed) {
      seen.facts = {w->say(concat(words, ".lead"), {{"brand", brand}, {"endpoint", link->endpoint}})};
      seen.button = w->say("unsubscribe.button");
      seen.effect = w->say(concat(words, ".effect"));
    } else {
      seen.done = w->say(concat(words, ".done"), {{"brand", brand}});
      seen.button = w->say("unsubscribe.undo");
      seen.undo = true;
    }
    return page(request, 200, *link, w->say("unsubscribe.title"), seen);
  }();
  if (done) return *done;
  if (done.error().kind == ErrorKind::gone) return refuse(404, "gone");
  log::error("act", done.error().what, {{"endpoint", link->endpoint}});
  return refuse(503, "error");
}

}  // namespace vigie
