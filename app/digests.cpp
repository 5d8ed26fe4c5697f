#include "app/digests.h"

#include <algorithm>
#include <map>

#include "alerts/links.h"
#include "alerts/quiet.h"
#include "app/reach.h"
#include "base/log.h"
#include "base/secret.h"

namespace vigie {
namespace {

constexpr int kMostIncidents = 1000;

std::string id_of(std::string_view what) { return to_hex(sha256(what)).substr(0, 32); }

bool by_budget(const HeldBack& held) { return held.reason == "budget" || held.reason == "brand_budget"; }

bool is_open(const Incident& incident) {
  return incident.state == IncidentState::open || incident.state == IncidentState::acked ||
         incident.state == IncidentState::recovering;
}

Notification to(const EndpointSettings& endpoint, const PersonSettings& person, const std::string& subject,
                const DigestInput& input) {
  Notification owed;
  owed.subject_kind = "digest";
  owed.subject_id = subject;
  owed.purpose = input.purpose;
  owed.endpoint = endpoint.id;
  owed.recipient = person.id;
  owed.id = id_of(concat("digest|", subject, "|", endpoint.id));
  owed.document = make_digest(input);
  owed.created = owed.due = input.now;
  return owed;
}

}  // namespace

Result<int> Digests::tick(Time now) {
  int owed = 0;
  for (const PersonSettings& person : settings_.people) {
    const EndpointSettings* const at = endpoint_of(person);
    if (at == nullptr || person.digest == "never") continue;
    TRY(const bool wanted, store_.subscribed(at->id, std::string(kDigests)));
    if (!wanted) continue;
    TRY(const std::vector<HeldBack> held, store_.held_back(person.id));
    TRY(const bool told, digest(person, held, now));
    bool warned = false;
    if (!told) {
      TRY(warned, overflow(person, held, now));
    }
    owed += (told ? 1 : 0) + (warned ? 1 : 0);
  }
  return owed;
}

void Digests::run(const std::stop_token& stop, const Clock& clock, Pulse& pulse, Pulse& owed) {
  const std::stop_callback wake(stop, [&pulse] { pulse.notify(); });
  while (!stop.stop_requested()) {
    const Result<int> told = tick(clock.now());
    if (!told) log::error("digests", "could not be made; trying again in a minute", {{"error", told.error().what}});
    if (told && *told > 0) owed.notify();
    pulse.wait(minutes(1));
  }
}

// Once from the first message that was over the budget until the digest that tells it.
Result<bool> Digests::overflow(const PersonSettings& person, const std::vector<HeldBack>& held, Time now) {
  const auto first = std::find_if(held.begin(), held.end(), by_budget);
  if (first == held.end()) return false;
  TRY(const bool quiet, within(person.quiet, person.time_zone, now));
  const EndpointSettings* const at = endpoint(first->endpoint);
  if (quiet || at == nullptr) return false;
  const std::string subject = id_of(concat("budget|", person.id, "|", first->notification));
  TRY(const std::vector<Notification> before, store_.notifications(subject, 1));
  if (!before.empty()) return false;
  std::vector<HeldBack> over;
  std::copy_if(held.begin(), held.end(), std::back_inserter(over), by_budget);
  DigestInput input;
  input.purpose = "budget";
  input.period = {first->at, now};
  TRY(input.held, lines(over));
  input.console_url = concat(settings_.serve.console_url, "/incidents");
  input.now = now;
  TRY(store_.add_notifications({to(*at, person, subject, input)}));
  log::info("digests", "budget spent", {{"person", person.id}});
  return true;
}

Result<bool> Digests::digest(const PersonSettings& person, const std::vector<HeldBack>& held, Time now) {
  const bool after_quiet =
      std::any_of(held.begin(), held.end(), [](const HeldBack& one) { return one.reason == "quiet"; });
  TRY(std::optional<DigestTime> due, last_digest(person, now, after_quiet));
  if (!due) return false;
  TRY(const std::optional<Time> told, store_.digest_told(person.id));
  if (told && *told >= due->period.to) return false;

  DigestCommit commit;
  commit.person = person.id;
  commit.told = due->period.to;
  commit.subject = id_of(concat("digest|", person.id, "|", format_rfc3339(due->period.to)));
  const bool summary = person.digest == "weekly" && due->regular && told;
  // The first time only the clock is set: what was before is no period of theirs.
  if (!held.empty() || summary) {
    // What the digests before did not come to: vigie was down, or nothing was there to tell.
    if (told && !summary) due->period.from = std::max(*told, due->period.to - kDay);
    TRY(DigestInput input, gather(person, *due, held, now));
    input.now = now;
    commit.notifications.push_back(to(*endpoint_of(person), person, commit.subject, input));
    for (const HeldBack& one : held) commit.taken.push_back(one.notification);
  }
  TRY(store_.commit_digest(commit));
  return !commit.notifications.empty();
}

Result<DigestInput> Digests::gather(const PersonSettings& person, const DigestTime& due,
                                    const std::vector<HeldBack>& held, Time now) {
  DigestInput input;
  input.cadence = due.regular ? person.digest : "quiet";
  input.period = due.period;
  input.console_url = concat(settings_.serve.console_url, "/incidents");
  TRY(input.held, lines(held));
  const std::vector<std::string> brands = brands_told(settings_, person.id);
  TRY(const std::vector<Incident> unclosed, store_.incidents("", true, kMostIncidents));
  for (const Incident& incident : unclosed) {
    if (is_open(incident) && !incident.shadow &&
        std::find(brands.begin(), brands.end(), incident.brand) != brands.end())
      input.open.push_back({incident, brand_name(incident.brand), {}, 0});
  }
  // Hours are counted whole, here as in the console: from the hour in which the period began until the end of the one in
  // which it ends, or until now. The label says so.
  const TimeSpan whole{std::chrono::floor<hours>(due.period.from), std::chrono::ceil<hours>(due.period.to)};
  input.counted = {whole.from, std::min(now, whole.to)};
  for (const std::string& brand : brands) {
    TRY(const std::vector<HourCount> counts, store_.hourly(brand, whole.from, whole.to));
    DigestInput::Numbers numbers{brand, brand_name(brand), 0, 0};
    for (const HourCount& hour : counts) {
      numbers.mentions += hour.total;
      numbers.negatives += hour.negatives;
    }
    input.numbers.push_back(std::move(numbers));
  }
  if (person.digest == "weekly" && due.regular) {
    TRY(input.week, week(due.period, brands));
  }
  return input;
}

// One line an incident, in the order in which they began to be held back.
Result<std::vector<DigestInput::Line>> Digests::lines(const std::vector<HeldBack>& held) {
  std::vector<DigestInput::Line> found;
  std::map<std::string, std::size_t> places;
  for (const HeldBack& one : held) {
    const auto [place, fresh] = places.emplace(one.incident, found.size());
    if (fresh) {
      TRY(std::optional<Incident> incident, store_.incident(one.incident));
      if (!incident) {
        places.erase(place);
        continue;
      }
      found.push_back({*std::move(incident), brand_name(one.brand), {}, 0});
    }
    DigestInput::Line& line = found[place->second];
    ++line.messages;
    if (std::find(line.reasons.begin(), line.reasons.end(), one.reason) == line.reasons.end())
      line.reasons.push_back(one.reason);
  }
  return found;
}

Result<DigestInput::Week> Digests::week(const TimeSpan& period, const std::vector<std::string>& brands) {
  DigestInput::Week week;
  Duration waited{};
  TRY(const std::vector<Incident> newest, store_.incidents("", false, kMostIncidents));
  TRY(const StandingVerdicts verdicts, store_.standing_verdicts());
  for (const Incident& incident : newest) {
    const bool within_it = incident.opened >= period.from && incident.opened < period.to;
    const bool theirs = std::find(brands.begin(), brands.end(), incident.brand) != brands.end();
    if (!within_it || !theirs || incident.shadow || incident.state == IncidentState::discarded) continue;
    ++week.incidents;
    if (const auto said = verdicts.find(incident.id); said != verdicts.end() && said->second.word) {
      ++week.judged;
      week.false_alarms += *said->second.word == VerdictWord::false_alarm ? 1 : 0;
    }
    TRY(const std::vector<Transition> history, store_.transitions(incident.id));
    const auto taken =
        std::find_if(history.begin(), history.end(), [](const Transition& t) { return t.event == "ack"; });
    if (taken == history.end()) continue;
    ++week.taken;
    waited += taken->at - incident.opened;
  }
  if (week.taken > 0) week.until_taken = waited / week.taken;
  return week;
}

std::string Digests::brand_name(const std::string& id) const {
  for (const BrandSettings& brand : settings_.brands) {
    if (brand.id == id) return brand.name;
  }
  return id;
}

// A digest is long: their mailbox, where they have one.
const EndpointSettings* Digests::endpoint_of(const PersonSettings& person) const {
  const EndpointSettings* first = nullptr;
  for (const EndpointSettings& endpoint : settings_.endpoints) {
    if (endpoint.person != person.id) continue;
    if (endpoint.kind == "email") return &endpoint;
    if (first == nullptr) first = &endpoint;
  }
  return first;
}

const EndpointSettings* Digests::endpoint(const std::string& id) const {
  const auto found = std::find_if(settings_.endpoints.begin(), settings_.endpoints.end(),
                                  [&](const EndpointSettings& endpoint) { return endpoint.id == id; });
  return found == settings_.endpoints.end() ? nullptr : &*found;
}

}  // namespace vigie
