#include "app/whom.h"

#include <algorithm>
#include <set>

#include "alerts/dispatch.h"
#include "alerts/message.h"
#include "app/gate.h"
#include "app/quotes.h"
#include "app/stand_in.h"
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

// Everything that the messages of one turn share.
struct Turn {
  const Incident& incident;
  const Dispatch& whom;
  const std::string document;
  const Settings& settings;
  Store& store;
  StoreGate& gate;
  const Time at;
  StoreGate::Spending spending{};
};

// Why the sender does not even look at a message for this endpoint now, and until when; nothing when it does.
std::optional<std::string> rests(const EndpointHealth& health, Time at) {
  if (health.circuit == Circuit::disabled || health.diverted) return std::nullopt;
  const bool open = health.circuit == Circuit::open && at < health.open_until;
  if (!open && at >= health.blocked_until) return std::nullopt;
  return concat("when it answers, asked again at ",
                format_rfc3339(open ? std::max(health.open_until, health.blocked_until) : health.blocked_until), " (",
                open ? "it does not answer, as it stands now: " : "it asked for rest",
                open ? squeeze_spaces(to_valid_utf8(health.reason)) : "", ")");
}

// What becomes of a message that may go to an endpoint that takes nothing; "" at one that is asked.
Result<std::string> way_round(const Notification& message, const EndpointHealth& health, const Turn& turn) {
  const bool off = health.circuit == Circuit::disabled;
  if (!off && (health.circuit != Circuit::open || turn.at >= health.open_until)) return std::string();
  TRY(std::optional<Notification> other, stand_in_for(message, turn.settings, turn.store, turn.at));
  // Where it is told anyway it is not told twice.
  const bool is_told = other && std::any_of(turn.whom.recipients.begin(), turn.whom.recipients.end(),
                                            [&](const Recipient& one) { return one.endpoint == other->endpoint; });
  const std::string ill = concat(off ? "it is switched off" : "it does not answer", ", as it stands now: ",
                                 squeeze_spaces(to_valid_utf8(health.reason)));
  if (other && !is_told) return concat("through ", other->endpoint, " instead (", ill, ")");
  if (off) return concat("not at all (", ill, ")");
  return concat("when it answers, asked again at ", format_rfc3339(health.open_until), " (", ill, ")");
}

Result<std::string> line_of(const Recipient& recipient, Turn& turn) {
  for (const EndpointSettings& endpoint : turn.settings.endpoints) {
    if (endpoint.id != recipient.endpoint) continue;
    Notification message = as_owed(turn.incident, recipient, endpoint, turn.at);
    message.document = turn.document;
    TRY(const EndpointHealth health, turn.store.endpoint_health(endpoint.id));
    std::optional<std::string> how = rests(health, turn.at);
    TRY(const bool wanted, turn.gate.is_wanted(message, turn.at));
    // What does not go out now takes no room from the others.
    TRY(const Ruling ruling,
        turn.gate.explain(message, turn.at, &turn.incident, how || !wanted ? nullptr : &turn.spending));
    if (!how && !wanted) how = "not at all (unsubscribed)";
    if (!how && ruling.decision.kind == Decision::Kind::deliver) {
      TRY(const std::string round, way_round(message, health, turn));
      if (!round.empty()) how = round;
    }
    std::string line = concat(
        "    ", endpoint.id, " (", endpoint.kind,
        endpoint.person.empty() ? "" : concat(", ", in_words(concat("person:", endpoint.person), turn.settings)), "): ",
        how ? *how : decision_in_words(ruling.decision), "\n");
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

// What silences that name words are asked about: whom it quotes.
std::string document_of(const Incident& incident, const Owed& owed, const std::vector<StoredMention>& quotes, Time at) {
  DocumentInput input;
  input.incident = incident;
  input.purpose = owed.purpose;
  input.quotes = quotes;
  input.now = at;
  return make_document(input);
}

// Whom a message would reach, and what stands in its way.
Result<std::string> reached_by(const Incident& incident, const Owed& owed, const Settings& settings, Store& store,
                               Time at) {
  if (incident.shadow) return std::string("  nobody would be told: its rule is tried out\n");
  if (!incident.merged_into.empty())
    return concat("  nobody would be told: incident ", incident.merged_into, " tells its story\n");
  TRY(const std::vector<StoredMention> mentions, quotable(incident, store));
  std::set<std::string> languages;
  for (const StoredMention& mention : mentions) languages.insert(mention.judgement.lang);
  Incident copy = incident;
  if (copy.policy.targets.empty()) copy.policy = policy_for(copy.evidence, settings);  // of an earlier version
  const Dispatch whom = dispatch(copy, owed, languages, settings, at);
  std::string text;
  if (whom.recipients.empty()) text += "  nobody would be told: no route names anybody for it\n";
  StoreGate gate(settings, store);
  // In the order in which a sender takes them: by name, among endpoints of which none has waited longer.
  Turn turn{incident, whom, document_of(incident, owed, mentions, at), settings, store, gate, at};
  for (const Recipient& recipient : whom.recipients) {
    TRY(const std::string line, line_of(recipient, turn));
    text += line;
  }
  for (const std::string& gap : whom.gaps) text += concat("  nobody is on call in ", gap, "\n");
  return text;
}

// An incident as it was then, as far as its row still tells: on, its clocks not set.
Incident as_of(Incident incident) {
  if (!live(incident)) incident.state = IncidentState::open;
  incident.ended.reset();
  return incident;
}

// One that would open then, of which nothing is known but its brand.
Incident imagined(const std::string& brand, const Settings& settings, Time at) {
  constexpr int kHigh = 4;
  Incident incident;
  incident.brand = incident.evidence.brand = brand;
  incident.kind = incident.evidence.incident_kind;
  incident.state = IncidentState::open;
  incident.severity = incident.evidence.severity = kHigh;
  incident.opened = incident.updated = incident.evidence.at = at;
  incident.policy = policy_for(incident.evidence, settings);
  return incident;
}

}  // namespace

Result<std::string> whom_text(const Incident& incident, const Settings& settings, Store& store, Time at) {
  const Owed owed{live(incident) ? "worse" : "reopened", incident.last_seq + 1, "", {}};
  TRY(const std::string reached, reached_by(incident, owed, settings, store, at));
  const bool silent = incident.shadow || !incident.merged_into.empty();
  return concat("Were there news at ", format_rfc3339(at), "\n", reached,
                silent ? "" : next_step(incident, settings));
}

Result<std::string> whom_then(const std::string& brand, const Settings& settings, Store& store, Time at) {
  constexpr int kMost = 1000;
  TRY(const std::vector<Incident> all, store.incidents(brand, false, kMost));
  std::string text;
  for (const Incident& incident : all) {
    const bool on = incident.opened <= at && (!incident.ended || *incident.ended > at);
    if (!on || incident.state == IncidentState::discarded || incident.state == IncidentState::pending) continue;
    TRY(const std::string reached,
        reached_by(as_of(incident), {"worse", incident.last_seq + 1, "", {}}, settings, store, at));
    text += concat("  incident ", incident.id, " was on; news of it would go\n", reached);
  }
  if (!text.empty()) return text;
  TRY(const std::string reached, reached_by(imagined(brand, settings, at), {"first", 1, "", {}}, settings, store, at));
  return concat("  no incident was on; one that opens then, its severity high, would be told\n", reached);
}

}  // namespace vigie
