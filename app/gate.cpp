#include "app/gate.h"

#include <algorithm>
#include <map>

namespace vigie {
namespace {

constexpr Duration kKnownFor = seconds(1);
constexpr Duration kOldest = 40 * kDay;  // a silence lasts 30 days at most, a message a day longer
constexpr int kMostUnclosed = 1000;

}  // namespace

Result<Decision> StoreGate::look(const Notification& due, Time now) {
  TRY(const Circumstances all, circumstances(due, now));
  TRY(const Explanation found, decide(all, now));
  if (found.decision.kind != Decision::Kind::digest) return found.decision;
  HeldBack held;
  held.notification = due.id;
  held.person = due.recipient;
  held.endpoint = due.endpoint;
  held.purpose = due.purpose;
  held.reason = found.decision.reason;
  held.at = now;
  if (all.incident) {
    held.incident = all.incident->id;
    held.brand = all.incident->brand;
    held.severity = all.incident->severity;
  }
  TRY(store_.hold_back(held));
  return found.decision;
}

Result<Explanation> StoreGate::explain(const Notification& due, Time now) {
  TRY(const Circumstances all, circumstances(due, now));
  return decide(all, now);
}

Result<void> StoreGate::passed(const Notification& sent, Time now) {
  const PersonSettings* const to = person(sent.recipient);
  if (to == nullptr || sent.subject_kind != "incident") return {};
  TRY(const Circumstances all, circumstances(sent, now));
  const Lane lane = lane_of(sent, all.incident);
  std::map<std::string, std::string> buckets;
  buckets[bucket_name(to->id, lane)] = to_json(spend(all.spent, to->budget, now));
  if (all.incident) {
    buckets[bucket_name(to->id, lane, all.incident->brand)] =
        to_json(spend_for_brand(all.spent_on_brand, all.brand_per_hour, now));
  }
  TRY(store_.count_passed(sent.id, now, buckets));
  return {};
}

Result<Circumstances> StoreGate::circumstances(const Notification& due, Time now) {
  Circumstances all;
  all.due = due;
  all.brand_per_hour = settings_.alerting.brand_per_hour;
  if (due.subject_kind == "incident") {
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
    const Lane lane = lane_of(due, all.incident);
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
    read.read = now;
    TRY(read.silences, store_.silences(now - kOldest));
    TRY(read.unclosed, store_.incidents("", true, kMostUnclosed));
    known_ = std::move(read);
  }
  return &*known_;
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
