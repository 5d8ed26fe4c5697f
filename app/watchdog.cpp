#include "app/watchdog.h"

#include <algorithm>
#include <set>

#include "alerts/dispatch.h"
#include "config/drill.h"
#include "alerts/message.h"
#include "alerts/notifier.h"
#include "alerts/quiet.h"
#include "app/duty.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr Duration kEvery = seconds(30);
constexpr Duration kOverdue = minutes(2);      // a timer that should have fired
constexpr Duration kOldestReady = minutes(5);  // a message that could go and does not
constexpr Duration kUnwritable = minutes(1);
constexpr Duration kLeastSilent = hours(1);  // a source that fails
constexpr Duration kOutside = minutes(1);    // between two requests to the heartbeat address
constexpr Duration kAhead = 7 * kDay;        // gaps on call are looked for
constexpr int kMostUnclosed = 1000;
constexpr std::string_view kEpisodes = "troubles";  // setting: what the operator was told is going on

std::string id_of(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part).append("|");
  return to_hex(sha256(text)).substr(0, 32);
}

Notification a_message(std::string_view subject, std::string id, std::string_view purpose,
                       const EndpointSettings& endpoint, std::string document, Time now) {
  Notification message;
  message.id = std::move(id);
  message.subject_kind = "test";
  message.subject_id = subject;
  message.seq = 1;
  message.purpose = purpose;
  message.endpoint = endpoint.id;
  message.recipient = endpoint.person;
  message.document = std::move(document);
  message.created = message.due = now;
  return message;
}

}  // namespace

std::vector<std::string> Watchdog::operators(Time now) const {
  const std::vector<std::string>& named = settings_.alerting.operators;
  if (!named.empty()) return named_by(named, settings_, now).endpoints;
  if (settings_.endpoints.empty()) return {};
  return {settings_.endpoints.front().id};
}

// Proof that the database can be written, which every alert needs.
Result<void> Watchdog::beat(Time now) { return store_.set_setting("watchdog", format_rfc3339(now)); }

Result<void> Watchdog::sources(Time now, Findings& found) {
  TRY(const std::vector<SourceHealth> all, store_.sources());
  for (const SourceHealth& source : all) {
    const auto known = std::find_if(settings_.sources.begin(), settings_.sources.end(),
                                    [&](const SourceSettings& one) { return one.id == source.source; });
    if (known == settings_.sources.end() || !source.failing_since) continue;
    const Duration patience = std::max<Duration>(kLeastSilent, 3 * known->every_min);
    if (now - *source.failing_since < patience) continue;
    found.push_back({"source", source.source, source.error, *source.failing_since, std::nullopt});
  }
  return {};
}

Result<void> Watchdog::timers(Time now, Findings& found) {
  TRY(const std::vector<Incident> unclosed, store_.incidents("", true, kMostUnclosed));
  std::map<IncidentState, int> by_state;
  for (const Incident& incident : unclosed) ++by_state[incident.state];
  for (const IncidentState state : {IncidentState::pending, IncidentState::open, IncidentState::acked,
                                    IncidentState::recovering, IncidentState::resolved}) {
    metrics_.set("vigie_incidents", "Incidents that are not closed, by state.",
                 {{"state", std::string(to_text(state))}}, by_state[state]);
  }
  for (const Incident& incident : unclosed) {
    const std::optional<Time> due = next_timer(incident);
    if (!due || now - *due < kOverdue) continue;
    found.push_back(
        {"timers", incident.id, concat("incident ", incident.id, " was to move on at ", format_rfc3339(*due)), *due, std::nullopt});
  }
  return {};
}

Result<void> Watchdog::outbox(Time now, Findings& found) {
  TRY(const OutboxCounts counts, store_.outbox_counts(now));
  if (!counts.oldest_ready || now - *counts.oldest_ready < kOldestReady) return {};
  found.push_back({"outbox", "outbox",
                   concat("the oldest message that may go has waited since ", format_rfc3339(*counts.oldest_ready)),
                   *counts.oldest_ready, std::nullopt});
  return {};
}

Result<void> Watchdog::duty(Time now, Findings& found) {
  TRY(const std::vector<DutyGap> gaps, duty_gaps(settings_, now, now + kAhead));
  for (const DutyGap& gap : gaps) {
    std::string id;
    for (const std::string& schedule : gap.schedules) id.append(id.empty() ? "" : ", ").append(schedule);
    Finding finding{"duty", std::move(id), "nobody is on call", gap.span.from, std::nullopt};
    if (gap.span.to < now + kAhead) finding.until = gap.span.to;
    found.push_back(std::move(finding));
  }
  return {};
}

Trouble Watchdog::trouble_of(const Finding& finding, Time now) {
  // What a remote or the database said is told in its own words; the rest is, in the reader's.
  const bool own_words = finding.about == "source" || finding.about == "store";
  Trouble trouble;
  trouble.about = finding.about;
  trouble.endpoint = finding.id;
  trouble.reason = own_words ? finding.reason : "";
  trouble.since = finding.since;
  trouble.until = finding.until;
  trouble.now = now;
  trouble.seq = 1;
  return trouble;
}

void Watchdog::owe(const Trouble& trouble, Time now, std::vector<Notification>& messages) const {
  const std::string subject =
      concat("trouble-", trouble.about, ":", trouble.endpoint, "-", std::to_string(to_epoch(trouble.since)));
  const std::string document = make_trouble(trouble);
  for (const std::string& id : operators(now)) {
    for (const EndpointSettings& endpoint : settings_.endpoints) {
      if (endpoint.id != id) continue;
      Notification message = a_message(subject, id_of({"trouble", subject, trouble.over ? "over" : "", id}), "trouble",
                                       endpoint, document, now);
      message.subject_kind = "trouble";
      message.seq = trouble.seq;
      messages.push_back(std::move(message));
    }
  }
}

// The episodes that the operator was told of, also by the vigie that ran before this one.
Result<void> Watchdog::remember() {
  if (remembered_) return {};
  TRY(const std::string kept, store_.get_setting(std::string(kEpisodes)));
  remembered_ = true;
  const auto parsed = json::parse(kept);
  if (!parsed) return {};
  for (std::size_t i = 0; i < parsed->root().size(); ++i) {
    const json::Value one = parsed->root()[i];
    const Result<Time> since = parse_rfc3339(one.text_or("since", ""));
    if (!since) continue;
    Finding finding{one.text_or("about", ""), one.text_or("id", ""), "", *since, std::nullopt};
    going_on_.emplace(concat(finding.about, ":", finding.id), std::move(finding));
  }
  return {};
}

Result<void> Watchdog::keep_episodes() {
  json::Writer out;
  out.begin_array();
  for (const auto& [key, finding] : going_on_) {
    out.begin_object().member("about", finding.about).member("id", finding.id);
    out.member("since", format_rfc3339(finding.since)).end_object();
  }
  return store_.set_setting(std::string(kEpisodes), out.end_array().take());
}

// Each episode once, and once that it is over; then it may begin again.
Result<void> Watchdog::tell(const Findings& found, Time now) {
  TRY(remember());
  std::set<std::string> now_on;
  std::vector<Notification> messages;
  bool changed = false;
  for (const Finding& finding : found) {
    const std::string key = concat(finding.about, ":", finding.id);
    now_on.insert(key);
    if (!going_on_.emplace(key, finding).second) continue;
    changed = true;
    log::error("watchdog", finding.about, {{"id", finding.id}, {"reason", finding.reason}});
    owe(trouble_of(finding, now), now, messages);
  }
  for (auto episode = going_on_.begin(); episode != going_on_.end();) {
    if (now_on.contains(episode->first)) {
      ++episode;
      continue;
    }
    changed = true;
    log::info("watchdog", "over", {{"what", episode->first}});
    owe_end(episode->second, now, messages);
    episode = going_on_.erase(episode);
  }
  if (!changed) return {};
  TRY(store_.add_notifications(messages));
  TRY(keep_episodes());
  owed_.notify();
  return {};
}

void Watchdog::owe_end(const Finding& finding, Time now, std::vector<Notification>& messages) const {
  Trouble trouble = trouble_of(finding, now);
  trouble.over = true;
  trouble.seq = 2;
  owe(trouble, now, messages);
}

// What cannot be written down cannot be owed: it goes out at once, through whichever endpoint takes it.
void Watchdog::tell_without_store(const Finding& finding, Time now) {
  const std::string document = make_trouble(trouble_of(finding, now));
  const std::vector<std::string> first = operators(now);
  std::vector<const EndpointSettings*> order;
  for (const bool operators_first : {true, false}) {
    for (const EndpointSettings& endpoint : settings_.endpoints) {
      const bool named = std::find(first.begin(), first.end(), endpoint.id) != first.end();
      if (named == operators_first) order.push_back(&endpoint);
    }
  }
  const NotifierContext context{http_, clock_, settings_.mail, settings_.serve.public_url, settings_.alerting.repeat};
  for (const EndpointSettings* endpoint : order) {
    const Notification message =
        a_message("trouble-store", id_of({"trouble", finding.about, format_rfc3339(finding.since)}), "trouble",
                  *endpoint, document, now);
    const auto sent = [&]() -> Result<Sent> {
      TRY(const std::unique_ptr<Notifier> notifier, make_notifier(endpoint->kind, context));
      Audience audience;
      audience.language = endpoint->language;
      audience.time_zone = endpoint->time_zone;
      TRY(const Story story, vigie::tell(document, audience));
      const Outgoing out{message, *endpoint, "", ""};
      TRY(const std::string payload, notifier->render(story, out));
      return notifier->send(payload, out);
    }();
    if (sent) return;
    log::error("watchdog", "the operator could not be told",
               {{"endpoint", endpoint->id}, {"error", sent.error().what}});
  }
}

// One test message an endpoint and week, within the first hours that the settings name.
Result<void> Watchdog::drill(Time now) {
  const std::vector<WeekWindow>& windows = settings_.alerting.drill;
  if (windows.empty()) return {};
  std::vector<Notification> messages;
  for (const EndpointSettings& endpoint : settings_.endpoints) {
    TRY(const bool within_hours, within(windows, endpoint.time_zone, now));
    if (!within_hours) continue;
    TRY(const std::vector<Drill> this_week, drills(endpoint, now, 1));
    const Drill& drill = this_week.front();
    TRY(const std::optional<Notification> sent, store_.notification(drill.id));
    if (sent) continue;
    messages.push_back(a_message(concat("drill-", drill.week), drill.id, "test", endpoint,
                                 make_test_document(endpoint.id, true, now), now));
  }
  if (messages.empty()) return {};
  TRY(store_.add_notifications(messages));
  owed_.notify();
  return {};
}

// Somebody outside notices when this stops: a dead man's switch.
void Watchdog::ask_outside(Time now, bool all_well) {
  const std::string& url = settings_.alerting.heartbeat_url;
  if (url.empty() || !all_well || (asked_ && now - *asked_ < kOutside)) return;
  asked_ = now;
  HttpRequest request;
  request.url = url;
  request.timeout = seconds(10);
  request.max_bytes = 64u << 10;
  const Result<HttpReply> reply = fetch(http_, std::move(request));
  if (!reply || reply->status >= 300)
    log::warn("watchdog", "the heartbeat address did not answer well",
              {{"reason", reply ? std::to_string(reply->status) : reply.error().what}});
}

Result<void> Watchdog::writable_again(Time now) {
  const std::optional<Time> since = std::exchange(unwritable_since_, std::nullopt);
  if (!std::exchange(told_unwritable_, false) || !since) return {};
  std::vector<Notification> messages;
  owe_end({"store", "store", "", *since, std::nullopt}, now, messages);
  TRY(store_.add_notifications(messages));
  owed_.notify();
  return {};
}

std::vector<std::string> Watchdog::tick() {
  const Time now = clock_.now();
  Findings found;
  const Result<void> beaten = beat(now);
  if (beaten) {
    if (const Result<void> told = writable_again(now); !told)
      log::error("watchdog", "the operator could not be told", {{"error", told.error().what}});
  } else {
    if (!unwritable_since_) unwritable_since_ = now;
    if (now - *unwritable_since_ >= kUnwritable && !std::exchange(told_unwritable_, true))
      tell_without_store({"store", "store", beaten.error().what, *unwritable_since_, std::nullopt}, now);
    log::error("watchdog", "the database cannot be written", {{"error", beaten.error().what}});
  }
  const auto looked = [&]() -> Result<void> {
    TRY(sources(now, found));
    TRY(timers(now, found));
    TRY(outbox(now, found));
    TRY(duty(now, found));
    if (!beaten) return {};
    TRY(tell(found, now));
    TRY(drill(now));
    TRY(const int digests, digests_.tick(now));
    if (digests > 0) owed_.notify();
    return {};
  }();
  if (!looked) log::error("watchdog", "could not look at everything", {{"error", looked.error().what}});
  const bool alerting_works = std::none_of(found.begin(), found.end(), [](const Finding& finding) {
    return finding.about == "timers" || finding.about == "outbox";
  });
  metrics_.set("vigie_alerting_well", "1 while alerts can be opened and sent.", {},
               beaten && looked && alerting_works ? 1 : 0);
  ask_outside(now, beaten && looked && alerting_works);
  std::vector<std::string> wrong;
  if (!beaten) wrong.emplace_back("store");
  for (const Finding& finding : found) wrong.push_back(concat(finding.about, ":", finding.id));
  return wrong;
}

void Watchdog::run(const std::stop_token& stop, Pulse& pulse) {
  const std::stop_callback wake(stop, [&pulse] { pulse.notify(); });
  while (!stop.stop_requested()) {
    tick();
    pulse.wait(kEvery);
  }
}

}  // namespace vigie
