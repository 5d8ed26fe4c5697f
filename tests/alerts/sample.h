// One crisis for every test of alerts: late deliveries at Acme, a Saturday evening in Paris.

#pragma once

#include <string>

#include "alerts/incident.h"
#include "alerts/mail_view.h"
#include "alerts/message.h"
#include "alerts/notifier.h"
#include "base/time.h"

namespace vigie::test {

inline Time at(const std::string& rfc3339) { return *parse_rfc3339(rfc3339); }

inline Signal rising(std::string id = "signal-1") {
  Signal signal;
  signal.id = std::move(id);
  signal.brand = "acme";
  signal.kind = SignalKind::raise;
  signal.since = at("2026-11-21T16:40:00Z");
  signal.at = at("2026-11-21T18:10:00Z");
  signal.observed = 212;
  signal.expected = 35.4;
  signal.expected_low = 20;
  signal.expected_high = 55;
  signal.total = 331;
  signal.usual_share = 0.18;
  signal.months_by_chance = 460;
  signal.authors = 212;
  signal.severity = 4;
  signal.themes = {{"delivery", 146, 12.2}, {"support", 51, 9.6}, {"billing", 9, 7}};
  signal.terms = {{"colis jamais arrivé", 74, 0}, {"service client injoignable", 51, 10.2}, {"black friday", 33, 3.6}};
  signal.sources = {{"mastodon", 150}, {"avis-verifies", 47}, {"reddit", 15}};
  signal.mentions = {11, 12, 13};
  return signal;
}

inline Signal of_kind(SignalKind kind, std::string id) {
  Signal signal = rising(std::move(id));
  signal.kind = kind;
  return signal;
}

inline Event event_of(Signal signal) {
  Event event;
  event.kind = Event::Kind::signal;
  event.signal = std::move(signal);
  return event;
}

inline Event by_person(Event::Kind kind, std::string actor, std::string reason = "") {
  Event event;
  event.kind = kind;
  event.actor = std::move(actor);
  event.reason = std::move(reason);
  return event;
}

inline StoredMention said(std::string text, std::string handle, std::string url, const std::string& when) {
  StoredMention stored;
  stored.mention.source = "mastodon";
  stored.mention.text = std::move(text);
  stored.mention.author.handle = std::move(handle);
  stored.mention.url = std::move(url);
  stored.event = at(when);
  return stored;
}

inline DocumentInput document_input(const std::string& purpose = "first") {
  const Time now = at("2026-11-21T18:10:00Z");
  DocumentInput input;
  input.incident = *apply(std::nullopt, event_of(rising()), Policy{}, now).incident;
  input.purpose = purpose;
  input.seq = 1;
  input.brand_name = "Acme";
  input.quotes = {said("Commande passée le 12, toujours rien, et personne ne répond.", "client-0042",
                       "https://social.example/@client-0042/1", "2026-11-21T17:22:00Z"),
                  said("Encore un Black Friday où Acme vend ce qu’elle ne peut pas livrer.", "client-0007",
                       "https://social.example/@client-0007/2", "2026-11-21T16:51:00Z"),
                  said("3e relance, 3e réponse automatique.", "", "", "2026-11-21T18:01:00Z")};
  input.quotes[0].mention.author.followers = 1240;
  input.quotes[1].mention.author.followers = 212000;
  input.quotes[2].mention.author.name = "client-0311";
  input.quotes[2].mention.source = "avis-verifies";
  input.quotes[2].mention.rating = Rating{1, 1, 5};
  input.hourly_negatives = {4, 3, 2, 1, 0, 1, 0, 1, 2, 5, 8, 9, 7, 8, 11, 9, 12, 10, 14, 19, 33, 61, 92, 118};
  input.incident_url = "https://vigie.example.org/incidents/" + input.incident.id;
  input.wall_url = "https://avis.example.org/wall/acme";
  input.escalation.next = at("2026-11-21T18:25:00Z");
  input.escalation.next_who = "l’astreinte";
  input.now = now;
  return input;
}

// The same story further on, as the rule itself tells it.
inline DocumentInput document_of(const std::string& purpose) {
  DocumentInput input = document_input(purpose);
  const Policy policy;
  const auto step = [&](const Event& event, const std::string& when) {
    const Outcome outcome = apply(input.incident, event, policy, at(when));
    input.incident = *outcome.incident;
    input.seq = input.incident.last_seq;
    input.now = at(when);
    if (!outcome.owed.empty()) input.reason = outcome.owed.back().reason;
  };
  if (purpose == "worse") {
    input.escalation = {};
    Signal more = of_kind(SignalKind::update, "signal-2");
    more.at = at("2026-11-21T19:05:00Z");
    more.observed = 402;
    more.expected = 47;
    more.expected_low = 28;
    more.expected_high = 69;
    more.total = 590;
    more.themes = {{"delivery", 240, 16}, {"billing", 88, 9.1}, {"support", 74, 12}};
    step(event_of(more), "2026-11-21T19:05:00Z");
  }
  if (purpose == "acked") step(by_person(Event::Kind::ack, "person-1"), "2026-11-21T18:32:00Z");
  if (purpose == "escalate") {
    input.now = at("2026-11-21T18:25:00Z");
    input.escalation = {1, "no_ack", "", {"the shop team", "person-2"}, at("2026-11-21T18:40:00Z"), "person-3"};
  }
  if (purpose == "repeat") {
    input.now = at("2026-11-21T22:10:00Z");
    input.escalation = {};
  }
  if (purpose == "resolved" || purpose == "reopened" || purpose == "over") {
    input.hourly_negatives = {1, 0, 1, 0, 1, 2, 5, 8, 9, 7, 8, 11, 9, 12, 10, 14, 19, 33, 61, 92, 118, 41, 12, 3};
    step(event_of(of_kind(SignalKind::clear, "signal-3")), "2026-11-21T20:05:00Z");
    step(by_person(Event::Kind::timer, ""), "2026-11-21T20:25:00Z");
  }
  if (purpose == "reopened") step(event_of(rising("signal-4")), "2026-11-21T21:00:00Z");
  return input;
}

inline Notification notification(const std::string& purpose = "first") {
  const DocumentInput input = document_of(purpose);
  Notification owed;
  owed.id = "5f1e2d3c4b5a69788796a5b4c3d2e1f0";
  owed.subject_kind = "incident";
  owed.subject_id = input.incident.id;
  owed.seq = input.seq;
  owed.purpose = purpose;
  owed.endpoint = "on-call";
  owed.document = make_document(input);
  owed.created = owed.due = input.now;
  return owed;
}

inline EndpointSettings endpoint(const std::string& kind, const std::string& language = "fr") {
  EndpointSettings settings;
  settings.id = "on-call";
  settings.kind = kind;
  settings.person = "person-1";
  settings.to = "on-call@example.org";
  settings.language = language;
  settings.time_zone = language == "fr" ? "Europe/Paris" : "Europe/London";
  return settings;
}

struct ReadMail {
  std::string subject, text, html;  // the picture of its html is at "cid:chart"
};

// What a mail of this document says, as a test in either language reads it.
inline Result<ReadMail> read_mail(std::string_view document, const std::string& language) {
  TRY(const Story story,
      tell(document, {language, language == "fr" ? "Europe/Paris" : "Europe/London", true, {}, {}, "", false}));
  TRY(const RenderedMail mail, render_mail(story, "cid:chart"));
  return ReadMail{story.subject, mail.text, mail.html};
}

// As the sender does it: told, rendered, sent.
inline Result<Sent> deliver(Notifier& notifier, const Notification& owed, const EndpointSettings& to) {
  const Outgoing out{owed, to, "", ""};
  TRY(const Story story, tell(owed.document, {to.language, to.time_zone, to.quotes, {}, {}, "", false}));
  TRY(const std::string payload, notifier.render(story, out));
  return notifier.send(payload, out);
}

}  // namespace vigie::test
