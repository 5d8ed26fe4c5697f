// What the watch owes people: to whom, and the facts that each message is made of, frozen when it is owed.

#include <algorithm>
#include <map>
#include <set>

#include "alerts/dispatch.h"
#include "alerts/message.h"
#include "app/quotes.h"
#include "app/watch_step.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {

namespace {

constexpr Duration kSilentSource = hours(1);  // as long as the watchdog waits
constexpr int kMostToldOf = 200;              // newest messages of an incident, more than one turn of it owes

// Takes messages, and never an incident.
bool is_program(std::string_view kind) {
  constexpr std::string_view kKinds[] = {"webhook", "alertmanager", "alertmanager_webhook", "file"};
  return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

}  // namespace

// What the message says beside the signal: who was told, who is next, who has it, and what the figures rest on.
Result<void> Watch::fill_in(DocumentInput& input, const Incident& incident, const Owed& owed, Time now) {
  for (const PersonSettings& person : settings_.people) {
    const auto names = [&](std::string_view ids) {
      const std::vector<std::string_view> all = split(ids, ',');
      return std::any_of(all.begin(), all.end(), [&](std::string_view id) { return trim(id) == person.id; });
    };
    if (names(incident.acked_by) || names(incident.assignee) || names(incident.resolved_by) || names(owed.reason))
      input.people[person.id] = person.name;
  }
  input.assignee = incident.assignee;
  input.pinned = incident.pinned;
  input.told_observed = owed.told_observed;
  if (owed.purpose == "merged") input.incident.resolve_reason = "merged";
  input.escalation = escalation_of(incident, owed);
  if (owed.purpose == "escalate") TRY(name_those_told(input.escalation, incident));
  TRY(const std::vector<StoredMention> newest, store_.mentions({.brand = incident.brand, .limit = 1}));
  if (!newest.empty()) input.fresh = std::min(newest.front().ingested, now);
  TRY(input.silent, silent_sources(incident, now));
  for (const SourceSettings& source : settings_.sources) {
    if (!source.name.empty()) input.sources[source.id] = source.name;
  }
  return {};
}

Escalation Watch::escalation_of(const Incident& incident, const Owed& owed) const {
  Escalation escalation;
  escalation.level = incident.level;
  if (owed.purpose == "assigned") {
    escalation.because = "assigned";
    escalation.by = owed.reason;
  } else if (owed.purpose == "escalate") {
    escalation.because = owed.reason == "expired" ? "ack_expired" : owed.reason == "unack" ? "unack" : "no_ack";
  }
  const auto next = static_cast<std::size_t>(incident.level);
  if (!incident.escalate_at || next >= incident.policy.chain.size()) return escalation;
  escalation.next = incident.escalate_at;
  std::vector<std::string> named;  // a person with a mailbox and a telephone is one
  for (const std::string& name : incident.policy.chain[next].to) {
    std::string words = in_words(name, settings_);
    if (std::find(named.begin(), named.end(), words) != named.end()) continue;
    escalation.next_who.append(named.empty() ? "" : ", ").append(words);
    named.push_back(std::move(words));
  }
  return escalation;
}

// Those whom a message of this incident reached and who can answer, which programs cannot. Nobody was reached: that is
// said instead.
Result<void> Watch::name_those_told(Escalation& escalation, const Incident& incident) {
  TRY(const std::vector<Notification> all, store_.notifications(incident.id, kMostToldOf));
  bool tried = false;
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    const auto endpoint = std::find_if(settings_.endpoints.begin(), settings_.endpoints.end(),
                                       [&](const EndpointSettings& known) { return known.id == one->endpoint; });
    if (endpoint == settings_.endpoints.end() || (endpoint->person.empty() && is_program(endpoint->kind))) continue;
    tried = tried || one->attempts > 0;
    std::string name = in_words(one->endpoint, settings_);
    const bool named = std::find(escalation.told.begin(), escalation.told.end(), name) != escalation.told.end();
    if (was_accepted(one->state) && !named) escalation.told.push_back(std::move(name));
  }
  if (escalation.told.empty() && tried && escalation.because == "no_ack") escalation.because = "unreachable";
  return {};
}

// Those of the brand that fail, or, while the incident is blind, bring nothing: what they would say is not counted.
Result<std::vector<SilentSource>> Watch::silent_sources(const Incident& incident, Time now) {
  TRY(const std::vector<SourceHealth> all, store_.sources());
  std::vector<SilentSource> silent;
  for (const SourceHealth& health : all) {
    const auto source = std::find_if(settings_.sources.begin(), settings_.sources.end(),
                                     [&](const SourceSettings& known) { return known.id == health.source; });
    if (source == settings_.sources.end()) continue;
    if (!source->brand.empty() && source->brand != incident.brand) continue;
    const Duration patience = std::max<Duration>(kSilentSource, 3 * source->every_min);
    const std::optional<Time> since = health.failing_since ? health.failing_since
                                      : incident.blind     ? health.last_item
                                                           : std::nullopt;
    if (since && now - *since >= patience) silent.push_back({health.source, *since});
  }
  return silent;
}

Result<void> Watch::owe(Incident& incident, const Owed& owed, Time now, Step& step) {
  log::info(
      "watch", "incident",
      {{"id", incident.id}, {"brand", incident.brand}, {"purpose", owed.purpose}, {"state", to_text(incident.state)}});
  metrics_.add("vigie_incident_events_total", "What happened to incidents, by kind.", {{"event", owed.purpose}});
  if (owed.purpose == "acked") {
    metrics_.observe("vigie_ack_seconds", "From when an incident opened until somebody took it.", {},
                     std::chrono::duration<double>(std::max(Duration::zero(), now - incident.opened)).count());
  }
  TRY(std::vector<StoredMention> mentions, quotable(incident, store_));
  std::set<std::string> languages;
  for (const StoredMention& mention : mentions) languages.insert(mention.judgement.lang);
  const Dispatch whom = dispatch(incident, owed, languages, settings_, now);
  if (whom.recipients.empty()) return nobody(incident, owed, whom.gaps, now, step);

  DocumentInput input;
  input.incident = incident;
  input.purpose = owed.purpose;
  input.seq = owed.seq;
  input.reason = owed.purpose == "blind" ? "blind" : owed.reason;
  input.brand_name = incident.brand;
  for (const BrandSettings& brand : settings_.brands) {
    if (brand.id == incident.brand) input.brand_name = brand.name;
  }
  input.quotes = std::move(mentions);
  const Time this_hour = std::chrono::floor<hours>(now);
  TRY(const std::vector<HourCount> day, store_.hourly(incident.brand, this_hour - hours(23), this_hour + hours(1)));
  for (const HourCount& hour : day) input.hourly_negatives.push_back(static_cast<double>(hour.negatives));
  TRY(fill_in(input, incident, owed, now));
  input.incident_url = concat(settings_.serve.console_url, "/incidents/", incident.id);
  input.wall_url = concat(settings_.serve.public_url, "/wall/", incident.brand);
  input.now = now;
  std::map<std::string, std::string> documents;  // by purpose
  for (const Recipient& recipient : whom.recipients) {
    input.purpose = recipient.purpose;
    std::string& document = documents[recipient.purpose];
    if (document.empty()) document = make_document(input);
    Notification notification;
    notification.subject_kind = "incident";
    notification.subject_id = incident.id;
    notification.seq = owed.seq;
    notification.purpose = recipient.purpose;
    notification.endpoint = recipient.endpoint;
    for (const EndpointSettings& settings : settings_.endpoints) {
      if (settings.id == recipient.endpoint) notification.recipient = settings.person;
    }
    notification.id = to_hex(sha256(concat("incident|", incident.id, "|", std::to_string(owed.seq), "|", owed.purpose,
                                           "|", recipient.endpoint, "|", notification.recipient)))
                          .substr(0, 32);
    notification.document = document;
    notification.created = now;
    notification.due = now;
    step.commit.notifications.push_back(std::move(notification));
  }
  return {};
}

// A step of the chain that reaches nobody is no step: the next one is due at once.
Result<void> Watch::nobody(Incident& incident, const Owed& owed, const std::vector<std::string>& gaps, Time now,
                           Step& step) {
  if (owed.purpose != "escalate" || owed.reason != "step") return {};
  std::string names;
  for (const std::string& gap : gaps) names.append(names.empty() ? "" : ", ").append(gap);
  Event event;
  event.kind = Event::Kind::gap;
  event.reason = names.empty() ? "this step names nobody" : concat("nobody is on call in ", names);
  log::warn("watch", "a step of the chain reached nobody", {{"incident", incident.id}, {"reason", event.reason}});
  Outcome outcome = apply(incident, event, {}, now);
  for (Transition& transition : outcome.transitions)
    step.commit.transitions.emplace_back(incident.id, std::move(transition));
  incident = *std::move(outcome.incident);
  return {};
}

}  // namespace vigie
