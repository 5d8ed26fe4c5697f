#include "alerts/suppress.h"

#include <algorithm>

#include "alerts/quiet.h"
#include "alerts/silence.h"

namespace vigie {
namespace {

constexpr Duration kAskAgain = minutes(1);      // how long a greater incident lasts nobody knows
constexpr Duration kAfterGreater = minutes(1);  // its end and what it held back are not told in the same second
constexpr int kCritical = 5;
constexpr std::string_view kOfBrand = "negative";  // of everything said of a brand, which may speak for its rules

bool is_running(const Incident& incident) {
  return incident.state == IncidentState::open || incident.state == IncidentState::acked ||
         incident.state == IncidentState::recovering;
}

bool is_over(const Incident& incident) { return !is_running(incident) && incident.state != IncidentState::pending; }

bool tells_an_end(const Notification& due) { return due.purpose == "resolved" || due.purpose == "over"; }

// Raises an alarm, as opposed to following up on one that was raised.
bool raises(const Notification& due) { return !tells_an_end(due) && due.purpose != "acked"; }

// Whatever its messages quote.
bool is_silenced(const Incident& incident, const std::vector<Silence>& silences, Time now) {
  return std::any_of(silences.begin(), silences.end(), [&](const Silence& silence) {
    return silence.in_force(now) && silence.text.empty() && is_about(silence, incident, {});
  });
}

bool is_critical(const std::optional<Incident>& incident) { return incident && incident->severity >= kCritical; }

Decision held(std::string reason, std::string detail, Time until, std::int64_t silence = 0) {
  return {Decision::Kind::hold, until, std::move(reason), std::move(detail), silence};
}

Decision for_digest(std::string reason, std::string detail) {
  return {Decision::Kind::digest, {}, std::move(reason), std::move(detail)};
}

// Holds the other back for as long as it lasts, and a minute longer.
bool is_greater(const Incident& one, const Incident& other, const std::vector<Silence>& silences, Time now) {
  if (one.kind != kOfBrand || one.brand != other.brand || one.id == other.id || one.shadow) return false;
  if (one.severity < other.severity || one.opened > other.opened) return false;
  // One that is silenced itself is told to nobody: it may not silence another.
  if (is_silenced(one, silences, now)) return false;
  return is_running(one) || (one.ended && now < *one.ended + kAfterGreater);
}

class Decider {
 public:
  Decider(const Circumstances& all, Time now) : all_(all), due_(all.due), now_(now) {}

  Result<Ruling> decide() {
    if (all_.incident) {
      find_silences();
      if (by_silence(true) || by_silence(false) || was_silenced_away() || by_greater()) return std::move(out_);
    }
    TRY(const bool quiet, by_quiet_hours());
    if (!quiet) by_budget();
    return std::move(out_);
  }

 private:
  bool pass(std::string name, std::string text) {
    out_.checks.push_back({std::move(name), false, std::move(text)});
    return false;
  }

  bool stop(std::string name, Decision decision) {
    out_.checks.push_back({std::move(name), true, decision.detail});
    out_.decision = std::move(decision);
    return true;
  }

  void find_silences() {
    const bool by_words = std::any_of(all_.silences.begin(), all_.silences.end(),
                                      [](const Silence& silence) { return !silence.text.empty(); });
    const std::vector<std::string> quotes = by_words ? quotes_of(due_.document) : std::vector<std::string>{};
    for (const Silence& silence : all_.silences) {
      if (is_about(silence, *all_.incident, quotes)) about_it_.push_back(&silence);
    }
  }

  // Of several the one that lasts longest: the message is asked about once.
  bool by_silence(bool maintenance) {
    const std::string name = maintenance ? "maintenance" : "silence";
    const Silence* longest = nullptr;
    for (const Silence* silence : about_it_) {
      if (silence->maintenance != maintenance || !silence->in_force(now_)) continue;
      if (longest == nullptr || silence->over_at() > longest->over_at()) longest = silence;
    }
    if (longest == nullptr) return pass(name, "none in force is about it");
    return stop(name, held(name, describe(*longest), longest->over_at(), longest->id));
  }

  // What was silenced and is over by now nobody needs on their device: a line of the digest will do.
  bool was_silenced_away() {
    if (!is_over(*all_.incident) || !raises(due_)) return false;
    const auto held_it = [&](const Silence* silence) {
      return silence->over_at() <= now_ && std::max(due_.created, silence->starts) < silence->over_at();
    };
    const auto found = std::find_if(about_it_.begin(), about_it_.end(), held_it);
    if (found == about_it_.end()) return false;
    return stop("silence", or_nothing("over", concat("it was over before the end of ", describe(**found))));
  }

  bool by_greater() {
    const Incident& incident = *all_.incident;
    if (incident.kind == kOfBrand) return pass("inhibition", "nothing stands above what people say of the brand");
    if (!raises(due_)) return pass("inhibition", "it raises no alarm");
    for (const Incident& other : all_.others) {
      if (!is_greater(other, incident, all_.silences, now_)) continue;
      const std::string detail =
          concat("incident ", other.id, " of the same brand is at least as grave and began before");
      if (is_over(incident)) return stop("inhibition", or_nothing("part", concat(detail, "; this one is over")));
      return stop("inhibition", held("inhibited", detail, now_ + kAskAgain));
    }
    return pass("inhibition", "no greater incident of the brand is open");
  }

  Result<bool> by_quiet_hours() {
    if (!all_.person) return pass("quiet", "the endpoint is no person's");
    const PersonSettings& person = *all_.person;
    TRY(const std::optional<Time> until, end_of_window(person.quiet, person.time_zone, now_));
    if (!until) return pass("quiet", concat("not within the quiet hours of ", person.id));
    if (is_critical(all_.incident) && !person.strictly_quiet)
      return pass("quiet", concat("within the quiet hours of ", person.id, ", but it is critical"));
    const std::string detail = concat("quiet hours of ", person.id, " until ", format_rfc3339(*until));
    if (!has_digest()) return stop("quiet", held("quiet", detail, *until));
    return stop("quiet", for_digest("quiet", concat(detail, "; the digest tells it then")));
  }

  bool by_budget() {
    if (!all_.person) return pass("budget", "the endpoint is no person's");
    if (all_.counted) return pass("budget", "counted when it was tried before");
    const Time for_person = room_at(all_.spent, all_.person->budget, now_);
    const bool about_brand = all_.incident.has_value();
    const Time for_brand = about_brand ? room_for_brand_at(all_.spent_on_brand, all_.brand_per_hour, now_) : now_;
    const Time room = std::max(for_person, for_brand);
    if (room <= now_) return pass("budget", "there is room");
    const std::string reason = for_person > now_ ? "budget" : "brand_budget";
    const std::string detail = concat("the budget of ", all_.person->id, for_person > now_ ? "" : " for this brand",
                                      " is spent until ", format_rfc3339(room));
    // What is critical and what says that something is over goes out late rather than as a line among others.
    if (lane_of(due_, all_.incident) == BudgetLane::reserve || !has_digest())
      return stop("budget", held(reason, detail, room));
    return stop("budget", for_digest(reason, concat(detail, "; the digest tells it")));
  }

  bool has_digest() const {
    return all_.person && all_.person->digest != "never" &&
           (all_.person->digest == "hourly" || !all_.person->digest_at.empty());
  }

  // For a digest where there is one, else told to nobody: it is over.
  Decision or_nothing(std::string reason, std::string detail) const {
    if (has_digest()) return for_digest(std::move(reason), std::move(detail));
    return {Decision::Kind::cancel, {}, std::move(reason), std::move(detail)};
  }

  const Circumstances& all_;
  const Notification& due_;
  const Time now_;
  std::vector<const Silence*> about_it_;
  Ruling out_;
};

}  // namespace

BudgetLane lane_of(const Notification& due, const std::optional<Incident>& incident) {
  return is_critical(incident) || tells_an_end(due) ? BudgetLane::reserve : BudgetLane::ordinary;
}

// What a person asked for, or what tells of something held back, is never held back itself.
bool counts_against_budgets(const Notification& due) {
  return due.subject_kind == "incident" && due.purpose != "test" && due.purpose != "digest" && due.purpose != "budget";
}

bool is_hushed(const Incident& incident, const std::vector<Silence>& silences, const Incident* of_brand, Time now) {
  if (is_silenced(incident, silences, now)) return true;
  return incident.kind != kOfBrand && of_brand != nullptr && is_greater(*of_brand, incident, silences, now);
}

Result<Ruling> decide(const Circumstances& all, Time now) {
  if (!counts_against_budgets(all.due)) {
    return Ruling{{}, {{"purpose", false, concat("a message of purpose ", all.due.purpose, " always goes out")}}};
  }
  return Decider(all, now).decide();
}

}  // namespace vigie
