#include "app/gate.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "alerts/dispatch.h"

namespace vigie {
namespace {

constexpr Duration kKnownFor = seconds(1);
constexpr Duration kOldest = 40 * kDay;  // a silence lasts 30 days at most, a message a day longer
constexpr int kMostUnclosed = 1000;
constexpr int kMostAsked = 3;
constexpr Duration kAskAgain = seconds(1);

}  // namespace

// Others send at the same time: the room that this decision counts on is taken at once, and what comes too late for it
// is decided anew.
Result<Decision> StoreGate::look(const Notification& due, Time now) {
  TRY(const bool wanted, is_wanted(due, now));
  if (!wanted) return Decision{Decision::Kind::cancel, {}, "unsubscribed", "its reader unsubscribed from this brand"};
  for (int asked = 0; asked < kMostAsked; ++asked) {
    TRY(const Circumstances all, circumstances(due, now));
    TRY(const Ruling found, decide(all, now));
    if (found.decision.silence != 0) {
      TRY(const bool again, read_silences_again(now));
      if (again) continue;
    }
    if (found.decision.kind == Decision::Kind::digest) TRY(put_aside(all, found.decision, now));
    if (found.decision.kind != Decision::Kind::deliver) return found.decision;
    TRY(const bool taken, take_room(all, now, false));
    if (taken) return found.decision;
  }
  return Decision{Decision::Kind::hold, now + kAskAgain, "budget", "others are sending to the same person just now"};
}

// Who is on call or was given an incident is told all the same.
Result<bool> StoreGate::is_wanted(const Notification& due, Time now) {
  if (due.subject_kind != "incident" || due.purpose == "escalate") return true;
  TRY(const std::optional<Incident> incident, store_.incident(due.subject_id));
  if (!incident || (!due.recipient.empty() && incident->assignee == due.recipient)) return true;
  TRY(const bool subscribed, store_.subscribed(due.endpoint, incident->brand));
  return subscribed || is_on_duty(*incident, due.endpoint, now);
}

bool StoreGate::is_on_duty(const Incident& incident, const std::string& endpoint, Time now) const {
  std::vector<std::string> schedules;
  for (const Policy::Target& target : incident.policy.targets) {
    std::copy_if(target.to.begin(), target.to.end(), std::back_inserter(schedules),
                 [](const std::string& name) { return name.starts_with("oncall:"); });
  }
  const std::vector<std::string> reached = named_by(schedules, settings_, now).endpoints;
  return std::find(reached.begin(), reached.end(), endpoint) != reached.end();
}

Result<Ruling> StoreGate::explain(const Notification& due, Time now, const Incident* about, Spending* before) {
  TRY(Circumstances all, circumstances(due, now, about));
  if (before == nullptr || !all.person) return decide(all, now);
  const BudgetLane lane = lane_of(all.due, all.incident);
  Spent& spent = before->try_emplace(bucket_name(all.person->id, lane), all.spent).first->second;
  Spent& on_brand = before->try_emplace(bucket_name(all.person->id, lane, all.incident ? all.incident->brand : ""),
                                        all.spent_on_brand)
                        .first->second;
  all.spent = spent;
  all.spent_on_brand = on_brand;
  TRY(Ruling found, decide(all, now));
  if (found.decision.kind == Decision::Kind::deliver && !all.counted && counts_against_budgets(all.due)) {
    spent = spend(std::move(spent), all.person->budget, now);
    on_brand = spend_for_brand(std::move(on_brand), all.brand_per_hour, now);
  }
  return found;
}

// Counted by look() already, unless somebody sends without asking.
Result<void> StoreGate::passed(const Notification& sent, Time now) {
  TRY(const Circumstances all, circumstances(sent, now));
  TRY(take_room(all, now, true));
  return {};
}

Result<void> StoreGate::put_aside(const Circumstances& all, const Decision& decision, Time now) {
  HeldBack held;
  held.notification = all.due.id;
  held.person = all.due.recipient;
  held.endpoint = all.due.endpoint;
  held.purpose = all.due.purpose;
  held.reason = decision.reason;
  held.at = now;
  if (all.incident) {
    held.incident = all.incident->id;
    held.brand = all.incident->brand;
    held.severity = all.incident->severity;
  }
  return store_.hold_back(held);
}

Result<bool> StoreGate::take_room(const Circumstances& all, Time now, bool in_any_case) {
  if (!all.person || all.counted || !counts_against_budgets(all.due)) return true;
  const BudgetLane lane = lane_of(all.due, all.incident);
  const MessageBudget budget = all.person->budget;
  const int per_hour = all.brand_per_hour;
  const std::string name = bucket_name(all.person->id, lane);
  const std::string on_brand = bucket_name(all.person->id, lane, all.incident ? all.incident->brand : "");
  const auto spend_both =
      [&](const std::map<std::string, std::string>& bodies) -> std::optional<std::map<std::string, std::string>> {
    Spent spent = spent_from_json(bodies.at(name)), of_brand = spent_from_json(bodies.at(on_brand));
    const bool room = room_at(spent, budget, now) <= now && room_for_brand_at(of_brand, per_hour, now) <= now;
    if (!room && !in_any_case) return std::nullopt;
    return std::map<std::string, std::string>{{name, to_json(spend(std::move(spent), budget, now))},
                                              {on_brand, to_json(spend_for_brand(std::move(of_brand), per_hour, now))}};
  };
  return store_.count_passed(all.due.id, now, {name, on_brand}, spend_both);
}

Result<Circumstances> StoreGate::circumstances(const Notification& due, Time now, const Incident* about) {
  Circumstances all;
  all.due = due;
  all.brand_per_hour = settings_.alerting.brand_per_hour;
  if (about != nullptr) {
    all.incident = *about;
  } else if (due.subject_kind == "incident") {
    TRY(all.incident, store_.incident(due.subject_id));
  }
  if (all.incident) {
    TRY(const Known* const all_known, known(now));
    all.silences = all_known->silences;
    std::erase_if(all.silences, [&](const Silence& silence) { return silence.over_at() <= due.created; });
    for (const Incident& other : all_known->unclosed) {
      if (other.brand == all.incident->brand && other.id != all.incident->id) all.others.push_back(other);
    }
  }
  if (const PersonSettings* const to = person(due.recipient)) {
    const BudgetLane lane = lane_of(due, all.incident);
    all.person = *to;
    TRY(all.spent, bucket(bucket_name(to->id, lane)));
    if (all.incident) {
      TRY(all.spent_on_brand, bucket(bucket_name(to->id, lane, all.incident->brand)));
    }
    TRY(all.counted, store_.was_counted(due.id));
  }
  return all;
}

Result<const StoreGate::Known*> StoreGate::known(Time now) {
  const bool fresh = known_ && known_->read <= now && now < known_->read + kKnownFor;
  if (!fresh) {
    Known read;
    read.read = read.silences_read = now;
    TRY(read.silences, store_.silences(now - kOldest));
    TRY(read.unclosed, store_.incidents("", true, kMostUnclosed));
    known_ = std::move(read);
  }
  return &*known_;
}

// Somebody may have ended one since. False: they are of this moment.
Result<bool> StoreGate::read_silences_again(Time now) {
  if (known_->silences_read == now) return false;
  known_->silences_read = now;
  TRY(known_->silences, store_.silences(now - kOldest));
  return true;
}

Result<Spent> StoreGate::bucket(const std::string& name) {
  TRY(const std::string body, store_.bucket(name));
  return spent_from_json(body);
}

const PersonSettings* StoreGate::person(const std::string& id) const {
  if (id.empty()) return nullptr;
  const auto found = std::find_if(settings_.people.begin(), settings_.people.end(),
                                  [&](const PersonSettings& person) { return person.id == id; });
  return found == settings_.people.end() ? nullptr : &*found;
}

}  // namespace vigie
