#include "app/whom.h"

#include <algorithm>
#include <set>

#include "alerts/dispatch.h"
#include "app/gate.h"
#include "base/text.h"

namespace vigie {
namespace {

bool live(const Incident& incident) {
  return incident.state == IncidentState::open || incident.state == IncidentState::acked ||
         incident.state == IncidentState::recovering;
}

// A message as the watch would owe it at that moment.
Notification as_owed(const Incident& incident, const Recipient& recipient, const EndpointSettings& endpoint, Time at) {
  Notification message;
  message.id = "explained";
  message.subject_kind = "incident";
  message.subject_id = incident.id;
  message.seq = incident.last_seq + 1;
  message.purpose = recipient.purpose;
  message.endpoint = endpoint.id;
  message.recipient = endpoint.person;
  message.created = message.due = at;
  return message;
}

std::string decision_in_words(const Decision& decision) {
  const std::string because =
      decision.detail.empty() ? decision.reason : concat(decision.reason, ": ", decision.detail);
  switch (decision.kind) {
    case Decision::Kind::deliver: return "at once";
    case Decision::Kind::hold: return concat("held until ", format_rfc3339(decision.until), " (", because, ")");
    case Decision::Kind::digest: return concat("in the next summary (", because, ")");
    case Decision::Kind::cancel: return concat("not at all (", because, ")");
  }
  return "";
}

Result<std::string> line_of(const Incident& incident, const Recipient& recipient, const Settings& settings,
                            StoreGate& gate, Time at) {
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (endpoint.id != recipient.endpoint) continue;
    TRY(const Ruling ruling, gate.explain(as_owed(incident, recipient, endpoint, at), at));
    TRY(const bool wanted, gate.is_wanted(as_owed(incident, recipient, endpoint, at), at));
    std::string line =
        concat("    ", endpoint.id, " (", endpoint.kind,
               endpoint.person.empty() ? "" : concat(", ", in_words(concat("person:", endpoint.person), settings)),
               "): ", wanted ? decision_in_words(ruling.decision) : "not at all (unsubscribed)", "\n");
    for (const Check& check : ruling.checks) line += concat("      ", check.name, ": ", check.text, "\n");
    return line;
  }
  return std::string();
}

std::string next_step(const Incident& incident, const Settings& settings) {
  const auto level = static_cast<std::size_t>(incident.level);
  std::string text;
  if (incident.escalate_at && !incident.policy.chain.empty()) {
    const Policy::Step& step = incident.policy.chain[std::min(level, incident.policy.chain.size() - 1)];
    std::string names;
    for (const std::string& to : step.to) names.append(names.empty() ? "" : ", ").append(in_words(to, settings));
    const NamedEndpoints then = named_by(step.to, settings, *incident.escalate_at);
    text += concat("  unless somebody takes it, at ", format_rfc3339(*incident.escalate_at), ": ", names);
    for (const std::string& gap : then.gaps)
      text += concat(" (nobody is on call in ", gap, " then: the next step at once)");
    text += "\n";
  }
  if (incident.hushed && incident.chain_left) text += "  the chain stands still: nobody may be told of it for now\n";
  if (incident.announce_at) text += concat("  first message: ", format_rfc3339(*incident.announce_at), "\n");
  if (incident.worse_at) text += concat("  what is new since: ", format_rfc3339(*incident.worse_at), "\n");
  if (incident.repeat_at) text += concat("  reminder: ", format_rfc3339(*incident.repeat_at), "\n");
  if (incident.ack_until)
    text += concat("  given back unless something is heard of ", incident.acked_by, ": ",
                   format_rfc3339(*incident.ack_until), "\n");
  if (incident.hold_until)
    text += concat(incident.state == IncidentState::resolved ? "  closed: " : "  over, if it stays calm: ",
                   format_rfc3339(*incident.hold_until), "\n");
  return text;
}

}  // namespace

Result<std::string> whom_text(const Incident& incident, const Settings& settings, Store& store, Time at) {
  TRY(const std::vector<StoredMention> mentions, store.mentions_by_seq(incident.evidence.mentions));
  std::set<std::string> languages;
  for (const StoredMention& mention : mentions) languages.insert(mention.judgement.lang);
  Incident copy = incident;
  if (copy.policy.targets.empty()) copy.policy = policy_for(copy.evidence, settings);  // of an earlier version
  const Owed owed{live(incident) ? "worse" : "reopened", incident.last_seq + 1, "", {}};
  std::string text = concat("Were there news at ", format_rfc3339(at), "\n");
  if (incident.shadow || !incident.merged_into.empty()) {
    text += incident.shadow ? "  nobody would be told: its rule is tried out\n"
                            : concat("  nobody would be told: incident ", incident.merged_into, " tells its story\n");
    return text;
  }
  const Dispatch whom = dispatch(copy, owed, languages, settings, at);
  if (whom.recipients.empty()) text += "  nobody would be told: no route names anybody for it\n";
  StoreGate gate(settings, store);
  for (const Recipient& recipient : whom.recipients) {
    TRY(const std::string line, line_of(incident, recipient, settings, gate, at));
    text += line;
  }
  for (const std::string& gap : whom.gaps) text += concat("  nobody is on call in ", gap, "\n");
  return text + next_step(incident, settings);
}

}  // namespace vigie
