// `vigie explain` says of a time what the watch and a sender do at that time: both are run, on any settings and any state
// of the store, and compared message by message.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "alerts/dispatch.h"
#include "app/gate.h"
#include "app/stand_in.h"
#include "app/watch.h"
#include "app/whom.h"
#include "base/log.h"
#include "base/text.h"
#include "tests/alerts/often.h"
#include "tests/app/stored_weeks.h"
#include "tests/outbox/bench.h"

namespace vigie {
namespace {

using namespace test;

constexpr int kParts = 8;
constexpr int kRunsAStore = 20;  // then a new one: it grows with every run

bool one_in(int n) { return *rc::gen::inRange(0, n) == 0; }

template <class T>
T one_of(const std::vector<T>& all) {
  return *rc::gen::elementOf(all);
}

std::vector<std::string> some_of(const std::vector<std::string>& all) {
  return *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange(0, 3), rc::gen::elementOf(all));
}

// What becomes of the message to each endpoint: the first words of its line, or the same of its row.
using Fates = std::map<std::string, std::string>;

class Situation : public OutboxBench {
 public:
  void compare() {
    begin();
    const Time at = kNoon + minutes(*rc::gen::inRange(0, 7 * 24 * 60));
    const Incident incident = keep_incident("a", at);
    if (one_in(3)) keep_incident("b", at);
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) add_silence(at);
    for (const std::string& endpoint : some_of(endpoints_))
      RC_ASSERT(store->set_subscribed(endpoint, brand_, false, "ana", at - hours(1)).has_value());
    spend(at);
    for (const std::string& endpoint : some_of(endpoints_)) ail(endpoint, at);

    const Result<std::string> text = whom_text(incident, settings, *store, at);
    RC_ASSERT(text.has_value());
    RC_LOG(*text);
    const Result<std::string> standing = whom_then(brand_, settings, *store, at);
    RC_ASSERT(standing.has_value());
    const Fates done = run_at(at, incident);

    for (const auto& [endpoint, fate] : done) RC_LOG(concat(endpoint, ": ", fate));
    RC_ASSERT(fates_told(*text) == done);
    if (incident.state != IncidentState::pending)
      RC_ASSERT(fates_told(section_of(incident.id, *standing)) == done);
  }

 private:
  // Each run has its own names, so that one store serves many.
  void begin() {
    if (runs_++ % kRunsAStore == 0) {
      open("sqlite::memory:");
      StoredWeeks weeks(*store);
      for (int i = 0; i < 3; ++i) weeks.add("elsewhere", kNoon - kDay, true, concat("author-", std::to_string(i)));
    }
    clear_away();
    const std::string run = std::to_string(runs_);
    brand_ = concat("acme-", run);
    settings = Settings();
    settings.people = {person(concat("ana-", run)), person(concat("ben-", run))};
    endpoints_.clear();
    const std::string& ana = settings.people[0].id;
    for (const auto& [name, owner] : std::vector<std::pair<std::string, std::string>>{
             {"chat", ana}, {"hook", settings.people[1].id}, {"mail", ana}, {"room", ""}}) {
      settings.endpoints.push_back(endpoint(concat(name, "-", run), owner));
      endpoints_.push_back(settings.endpoints.back().id);
    }
    if (one_in(3)) settings.endpoints[1].fallback = endpoints_[3];
    TeamSettings team;
    team.id = "shop";
    team.people = {settings.people[0].id, settings.people[1].id};
    settings.teams = {team};
    settings.schedules = {schedule()};
    settings.alerting.brand_per_hour = *rc::gen::inRange(1, 5);
    settings.routes.clear();
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) settings.routes.push_back(route());
    remotes.clear();
    gate = &gate_.emplace(settings, *store);
  }

  // What runs before this one left to be sent would reach its endpoints as words of trouble.
  void clear_away() {
    const auto rows = store->notifications("", 1000);
    RC_ASSERT(rows.has_value());
    for (const Notification& row : *rows) {
      if (is_pending(row.state))
        RC_ASSERT(store->act_on_notification(row.id, {clock.now(), "ana", "discard", "over"}).has_value());
    }
  }

  std::vector<WeekWindow> windows() {
    return one_of<std::vector<WeekWindow>>(
        {{}, {{0x7f, 22 * 60, 7 * 60}}, {{0x1f, 9 * 60, 18 * 60}}, {{0x7f, 0, 1440}}});
  }
  std::string zone() {
    return one_of<std::string>({"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"});
  }

  PersonSettings person(const std::string& id) {
    PersonSettings person;
    person.id = id;
    person.time_zone = zone();
    person.quiet = windows();
    person.strictly_quiet = one_in(2);
    person.budget = {*rc::gen::inRange(1, 4), minutes(20), *rc::gen::inRange(1, 6)};
    person.digest = one_of<std::string>({"daily", "hourly", "never"});
    return person;
  }

  ScheduleSettings schedule() {
    ScheduleSettings schedule;
    schedule.id = "support";
    schedule.time_zone = zone();
    schedule.people = {settings.people[0].id, settings.people[1].id};
    schedule.days = *rc::gen::inRange(1, 3);
    schedule.hours = windows();
    return schedule;
  }

  RouteSettings route() {
    RouteSettings route;
    route.to = some_of({concat("person:", settings.people[0].id), endpoints_[1], endpoints_[3], "team:shop",
                        "oncall:support"});
    route.min_severity = one_of<Severity>({Severity::info, Severity::info, Severity::high, Severity::critical});
    if (one_in(4)) route.themes = {one_of<std::string>({"delivery", "price"})};
    if (one_in(4)) route.languages = {one_of<std::string>({"en", "fr"})};
    if (one_in(4)) route.sources = {one_of<std::string>({"mastodon", "forum"})};
    if (one_in(4)) route.kinds = {one_of<std::string>({"negative", "boycott"})};
    return route;
  }

  // One that has news to tell at that time.
  Incident keep_incident(const std::string& name, Time at) {
    Incident incident;
    incident.id = concat(name, "-", brand_);
    incident.brand = brand_;
    incident.kind = name == "b" ? "negative" : one_of<std::string>({"negative", "boycott", "boycott"});
    if (name == "b" && store->incident(concat("a-", brand_)).value()->kind == "negative") incident.kind = "stars";
    incident.state = one_of<IncidentState>({IncidentState::open, IncidentState::acked, IncidentState::recovering});
    incident.severity = *rc::gen::inRange(1, 6);
    incident.opened = at - minutes(*rc::gen::inRange(1, 300));
    incident.updated = incident.opened;
    incident.evidence = rising();
    incident.evidence.brand = brand_;
    incident.evidence.incident_kind = incident.kind;
    incident.evidence.severity = incident.severity;
    incident.evidence.mentions = {1, 2, 3};
    incident.evidence.at = incident.opened;
    incident.themes = some_of({"delivery", "price"});
    incident.policy = policy_for(incident.evidence, settings);
    incident.announced = true;
    incident.last_seq = 3;
    incident.told = some_of(endpoints_);
    std::sort(incident.told.begin(), incident.told.end());
    if (incident.state == IncidentState::acked) {
      incident.acked_by = one_of<std::string>({settings.people[0].id, settings.people[1].id, "somebody"});
      incident.recovering_from = IncidentState::acked;
    }
    if (one_in(4)) incident.assignee = settings.people[0].id;
    incident.shadow = one_in(10);
    if (name == "a") {
      incident.untold = {"delivery"};
      incident.worse_at = at;
    }
    WatchCommit commit;
    commit.incidents = {incident};
    RC_ASSERT(store->commit_watch(commit).has_value());
    return incident;
  }

  void add_silence(Time at) {
    Silence silence;
    silence.maintenance = one_in(4);
    silence.brands = {brand_};
    silence.kinds = some_of({"negative", "boycott"});
    silence.themes = some_of({"delivery", "price"});
    silence.text = one_of<std::string>({"", "", "PARCEL never", "nothing of that kind"});
    silence.least = *rc::gen::inRange(1, 6);
    silence.starts = silence.created = at - minutes(*rc::gen::inRange(-100, 300));
    silence.ends = silence.starts + minutes(*rc::gen::inRange(5, 600));
    silence.author = "ana";
    silence.reason = "release";
    RC_ASSERT(store->add_silence(silence).has_value());
  }

  // Messages that went out before.
  void spend(Time at) {
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
      Notification sent = owed("first", i, one_of<std::string>(endpoints_), concat("a-", brand_));
      sent.recipient = one_of<PersonSettings>(settings.people).id;
      RC_ASSERT(gate_->passed(sent, at - minutes(*rc::gen::inRange(0, 60))).has_value());
    }
  }

  void ail(const std::string& endpoint, Time at) {
    EndpointHealth health;
    health.endpoint = endpoint;
    health.address = address_of(*std::find_if(settings.endpoints.begin(), settings.endpoints.end(),
                                              [&](const EndpointSettings& one) { return one.id == endpoint; }));
    health.circuit = one_of<Circuit>({Circuit::closed, Circuit::open, Circuit::disabled});
    health.reason = "503 from a gateway";
    if (health.circuit == Circuit::closed) health.blocked_until = at + minutes(*rc::gen::inRange(-5, 10));
    if (health.circuit == Circuit::open) {
      health.open_until = at + minutes(*rc::gen::inRange(-5, 10));
      health.diverted = one_in(2);
    }
    if (health.circuit != Circuit::closed) {
      health.told = true;
      health.failures = 5;
    }
    RC_ASSERT(store->save_endpoint_health(health).has_value());
  }

  Fates run_at(Time at, const Incident& incident) {
    clock.set(at);
    Watch watch(settings, *store, clock, metrics, owed_);
    RC_ASSERT(watch.open().has_value());
    RC_ASSERT(watch.tick().has_value());
    const std::unique_ptr<Notify> worker = make();
    for (;;) {
      const Result<bool> more = worker->tick();
      RC_ASSERT(more.has_value());
      if (!*more) break;
    }
    Fates fates;
    const auto rows = store->notifications(incident.id, 1000);
    RC_ASSERT(rows.has_value());
    for (const Notification& row : *rows) {
      if (row.stands_for.empty()) fates[row.endpoint] = fate_of(row, *rows);
    }
    return fates;
  }

  std::string fate_of(const Notification& row, const std::vector<Notification>& rows) {
    if (was_accepted(row.state)) return "at once";
    for (const Notification& other : rows) {
      if (other.stands_for == row.id) return concat("through ", other.endpoint, " instead");
    }
    switch (row.state) {
      case NotificationState::held:
        return concat("held until ", format_rfc3339(*row.held_until), " (", row.reason, ": ", row.detail, ")");
      case NotificationState::cancelled: {
        if (row.reason == "unsubscribed") return "not at all (unsubscribed)";
        const auto aside = store->held_back(row.recipient);
        RC_ASSERT(aside.has_value());
        const bool in_digest = std::any_of(aside->begin(), aside->end(),
                                           [&](const HeldBack& held) { return held.notification == row.id; });
        return concat(in_digest ? "in the next summary (" : "not at all (", row.reason, ": ", row.detail, ")");
      }
      case NotificationState::dead: return "not at all (it is switched off";
      case NotificationState::wait:
      case NotificationState::ready: {
        const auto health = store->endpoint_health(row.endpoint);
        RC_ASSERT(health.has_value());
        return concat("when it answers, asked again at ",
                      format_rfc3339(std::max(health->open_until, health->blocked_until)));
      }
      default: return std::string(to_text(row.state));
    }
  }

  // "    mail (mail, ana): at once" and so on; of a way round, what stands before its reason.
  static Fates fates_told(const std::string& text) {
    Fates fates;
    for (const std::string_view line : split(text, '\n')) {
      if (!line.starts_with("    ") || line.substr(4).starts_with(' ')) continue;
      const std::size_t name = line.find(" ("), how = line.find("): ");
      std::string fate(line.substr(how + 3));
      if (const std::size_t ill = fate.find(" (it "); ill != std::string::npos) fate.resize(ill);
      if (fate == "not at all") fate = "not at all (it is switched off";
      fates.emplace(line.substr(4, name - 4), fate);
    }
    return fates;
  }

  static std::string section_of(const std::string& id, const std::string& text) {
    const std::size_t begin = text.find(concat("  incident ", id, " was on"));
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find("\n  incident ", begin + 1) - begin);
  }

  int runs_ = 0;
  std::string brand_;
  std::vector<std::string> endpoints_;
  std::optional<StoreGate> gate_;
  Pulse owed_;
};

class Explanation : public testing::TestWithParam<int> {};

TEST_P(Explanation, IsWhatThenHappens) {
  log::set_sink([](std::string_view) {});
  Situation situation;

  holds_often([&] { situation.compare(); }, {.part = GetParam(), .parts = kParts});

  log::set_sink({});
}

INSTANTIATE_TEST_SUITE_P(Part, Explanation, testing::Range(0, kParts));

}  // namespace
}  // namespace vigie
