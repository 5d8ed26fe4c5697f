#include "app/watch.h"

#include <algorithm>

#include "alerts/message.h"
#include "alerts/notifier.h"
#include "base/log.h"
#include "base/secret.h"
#include "pipeline/taxonomy.h"

namespace vigie {

namespace {

constexpr int kPage = 1000;
constexpr Duration kHurry = hours(1);        // sources of a brand that is talked about are asked twice as often
constexpr Duration kTimeStep = seconds(30);  // how often silence is looked at
constexpr std::size_t kLookedAgain = 500;    // of the mentions that wait for a reply, each time

std::string key_of(std::string_view brand, std::string_view kind) { return concat(brand, "|", kind); }

// The candidates that show best what people complain about come first: surely negative, and about the incident's main
// theme.
void most_telling_first(std::vector<StoredMention>& candidates, const Signal& evidence) {
  const std::string theme = evidence.themes.empty() ? "" : evidence.themes.front().theme;
  const auto telling = [&theme](const StoredMention& m) {
    const bool about_it =
        std::find(m.judgement.themes.begin(), m.judgement.themes.end(), theme) != m.judgement.themes.end();
    const bool negative = m.judgement.effective() == Label::negative;
    return m.judgement.p_neg + (negative ? 1 : 0) + (about_it ? 1 : 0) - (m.original != 0 ? 0.5 : 0);
  };
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&telling](const StoredMention& a, const StoredMention& b) { return telling(a) > telling(b); });
}

// What is wrong in a file of themes was told when the settings were read.
std::unique_ptr<Rules> fresh_rules(const Settings& settings) {
  config::Problems told;
  return make_rules(settings, Taxonomy::with(settings.theme_files, told).ids());
}

bool over(const Incident& incident) {
  return incident.state == IncidentState::closed || incident.state == IncidentState::discarded;
}

}  // namespace

// What one tick will commit.
struct Watch::Step {
  WatchCommit commit;
  std::map<std::string, Incident> touched;  // by id
};

Watch::Watch(const Settings& settings, Store& store, const Clock& clock, Metrics& metrics, Pulse& owed)
    : settings_(settings),
      store_(store),
      clock_(clock),
      metrics_(metrics),
      owed_(owed),
      rules_(fresh_rules(settings)) {}

Result<void> Watch::open() {
  TRY(const std::optional<WatchState> saved, store_.watch_state());
  if (saved) {
    if (Result<void> restored = rules_->restore(saved->state); restored) {
      offset_ = saved->offset;
      verdict_ = saved->verdicts;
    } else {
      log::warn("watch", "the rules' state is of another version: they learn again from the stored mentions",
                {{"reason", restored.error().what}});
      rules_ = fresh_rules(settings_);
    }
    told_ = saved->offset;
    acted_ = saved->verdicts;
  }
  TRY(const std::vector<Incident> unclosed, store_.incidents("", true, 1000));
  for (const Incident& incident : unclosed)
    current_.emplace(key_of(incident.brand, incident.kind), incident);  // newest first
  return {};
}

Result<bool> Watch::tick() {
  TRY(const std::vector<StoredMention> page, store_.mentions_after(offset_, kPage));
  TRY(verdicts_, store_.verdicts_after(verdict_));
  Step step;
  std::vector<Signal> found;
  for (const StoredMention& mention : page) {
    offset_ = mention.seq;
    if (!mention.history) TRY(take_verdicts_until(mention.ingested, step));
    found.clear();
    rules_->observe(mention, found);
    if (offset_ <= told_) continue;
    TRY(signals(found, step));
    if (!mention.history) TRY(timers(mention.ingested, step));
  }
  const bool more = page.size() == static_cast<std::size_t>(kPage);
  if (!more) {
    const Time now = clock_.now();
    told_ = std::min(told_, offset_);  // the last ones may have been deleted since
    TRY(take_verdicts_until(Time::max(), step));
    TRY(look_again());
    found.clear();
    rules_->tick(now, found);
    TRY(signals(found, step));
    TRY(timers(now, step));
  }
  const bool taught = verdict_ > acted_;
  if (page.empty() && step.touched.empty() && step.commit.signals.empty() && !taught) return more;
  if (offset_ < told_) return more;  // learning anew: killed here, it begins again, and nothing is told twice

  step.commit.offset = offset_;
  step.commit.verdicts = acted_ = std::max(acted_, verdict_);
  step.commit.state = rules_->save();
  for (auto& [id, incident] : step.touched) step.commit.incidents.push_back(std::move(incident));
  TRY(store_.commit_watch(step.commit));
  if (!step.commit.notifications.empty()) owed_.notify();
  return more;
}

// Each where it was said among the mentions, so that whoever learns again from both learns the same.
Result<void> Watch::take_verdicts_until(Time time, Step& step) {
  std::size_t taken = 0;
  const auto due = [&](const Verdict& verdict) {
    const bool learning = offset_ < told_ && verdict.number > acted_;
    return verdict.at < time && !learning;
  };
  for (; taken < verdicts_.size() && due(verdicts_[taken]); ++taken) TRY(take_verdict(verdicts_[taken], step));
  verdicts_.erase(verdicts_.begin(), verdicts_.begin() + static_cast<std::ptrdiff_t>(taken));
  return {};
}

Result<void> Watch::take_verdict(const Verdict& verdict, Step& step) {
  verdict_ = verdict.number;
  TRY(const std::optional<Incident> judged, store_.incident(verdict.incident));
  if (!judged || !verdict.word) return {};
  const bool known = verdict.number <= acted_;
  if (*verdict.word == VerdictWord::normal) {
    std::vector<Signal> found;
    rules_->accept(judged->brand, judged->kind, verdict.at, found);
    return known ? Result<void>() : signals(found, step);
  } else if (*verdict.word == VerdictWord::false_alarm && !known) {
    const std::string key = key_of(judged->brand, judged->kind);
    const auto current = current_.find(key);
    if (current == current_.end() || current->second.id != judged->id) return {};  // over already
    Event event;
    event.kind = Event::Kind::resolve;
    event.actor = verdict.by;
    event.reason = kFalsePositive;
    return move(key, event, verdict.at, step);
  }
  return {};
}

// A reply of the brand comes as an edit: it is found by reading those that wait for one again, so many at a time.
Result<void> Watch::look_again() {
  std::vector<std::int64_t> waiting = rules_->waiting();
  if (waiting.empty()) return {};
  const auto next = std::upper_bound(waiting.begin(), waiting.end(), looked_);
  std::rotate(waiting.begin(), next, waiting.end());
  waiting.resize(std::min(waiting.size(), kLookedAgain));
  looked_ = waiting.back();
  TRY(const std::vector<StoredMention> now, store_.mentions_by_seq(waiting));
  for (const StoredMention& mention : now) rules_->again(mention);
  return {};
}

// A timer is due before any signal of the same instant.
Result<void> Watch::signals(const std::vector<Signal>& found, Step& step) {
  for (const Signal& one : found) {
    TRY(timers(one.at, step));
    TRY(signal(one, step));
  }
  return {};
}

Result<void> Watch::signal(const Signal& found, Step& step) {
  step.commit.signals.push_back(found);
  metrics_.add("vigie_signals_total", "Signals of the rules, by kind.", {{"kind", std::string(to_text(found.kind))}});
  if (found.kind == SignalKind::raise) hurry(found, step);
  Event event;
  event.kind = Event::Kind::signal;
  event.signal = found;
  event.actor = "detector";
  return move(key_of(found.brand, found.incident_kind), event, found.at, step);
}

// Where people complain of it, and where only this brand is spoken of, the next word is asked for sooner.
void Watch::hurry(const Signal& found, Step& step) const {
  const Time until = clock_.now() + kHurry;
  for (const SourceCount& source : found.sources) step.commit.hurry.emplace_back(source.source, until);
  for (const SourceSettings& source : settings_.sources) {
    if (source.brand == found.brand) step.commit.hurry.emplace_back(source.id, until);
  }
}

// Each at its own instant, the earliest first, so that when the watch looks changes nothing of the story.
Result<void> Watch::timers(Time now, Step& step) {
  for (;;) {
    const auto earlier = [](const auto& a, const auto& b) {
      const Time never = Time::max();
      return a.second.hold_until.value_or(never) < b.second.hold_until.value_or(never);
    };
    const auto next = std::min_element(current_.begin(), current_.end(), earlier);
    if (next == current_.end() || next->second.hold_until.value_or(Time::max()) > now) return {};
    const std::string key = next->first;
    const Time due = *next->second.hold_until;
    Event event;
    event.kind = Event::Kind::timer;
    event.actor = "timer";
    TRY(move(key, event, due, step));
  }
}

Result<void> Watch::move(const std::string& key, const Event& event, Time now, Step& step) {
  const auto known = current_.find(key);
  const std::optional<Incident> before =
      known == current_.end() ? std::nullopt : std::optional<Incident>(known->second);
  Outcome outcome = apply(before, event, Policy{}, now);
  if (!outcome.incident) return {};

  const Incident incident = *std::move(outcome.incident);
  for (Transition& transition : outcome.transitions)
    step.commit.transitions.emplace_back(incident.id, std::move(transition));
  step.touched[incident.id] = incident;
  if (over(incident)) {
    current_.erase(key);
  } else {
    current_[key] = incident;
  }
  for (const Owed& owed : outcome.owed) TRY(owe(incident, owed, now, step));
  return {};
}

Result<void> Watch::owe(const Incident& incident, const Owed& owed, Time now, Step& step) {
  log::info(
      "watch", "incident",
      {{"id", incident.id}, {"brand", incident.brand}, {"purpose", owed.purpose}, {"state", to_text(incident.state)}});
  metrics_.add("vigie_incident_events_total", "What happened to incidents, by kind.", {{"event", owed.purpose}});
  const std::vector<std::string> endpoints = route(incident, settings_.routes);
  if (endpoints.empty()) return {};

  DocumentInput input;
  input.incident = incident;
  input.purpose = owed.purpose;
  input.seq = owed.seq;
  input.reason = owed.reason;
  input.brand_name = incident.brand;
  for (const BrandSettings& brand : settings_.brands) {
    if (brand.id == incident.brand) input.brand_name = brand.name;
  }
  TRY(input.quotes, store_.mentions_by_seq(incident.evidence.mentions));
  if (counts_complaints(incident.evidence)) most_telling_first(input.quotes, incident.evidence);
  const Time this_hour = std::chrono::floor<hours>(now);
  TRY(const std::vector<HourCount> day, store_.hourly(incident.brand, this_hour - hours(23), this_hour + hours(1)));
  for (const HourCount& hour : day) input.hourly_negatives.push_back(static_cast<double>(hour.negatives));
  input.incident_url = concat(settings_.serve.console_url, "/incidents/", incident.id);
  input.wall_url = concat(settings_.serve.public_url, "/wall/", incident.brand);
  for (const PersonSettings& person : settings_.people) {
    if (person.id == incident.acked_by) input.people[person.id] = person.name;
  }
  input.now = now;
  const std::string document = make_document(input);

  for (const std::string& endpoint : endpoints) {
    Notification notification;
    notification.subject_kind = "incident";
    notification.subject_id = incident.id;
    notification.seq = owed.seq;
    notification.purpose = owed.purpose;
    notification.endpoint = endpoint;
    for (const EndpointSettings& settings : settings_.endpoints) {
      if (settings.id == endpoint) notification.recipient = settings.person;
    }
    notification.id = to_hex(sha256(concat("incident|", incident.id, "|", std::to_string(owed.seq), "|", owed.purpose,
                                           "|", endpoint, "|", notification.recipient)))
                          .substr(0, 32);
    notification.document = document;
    notification.created = now;
    notification.due = now;
    step.commit.notifications.push_back(std::move(notification));
  }
  return {};
}

void Watch::run(const std::stop_token& stop, Pulse& committed) {
  const std::stop_callback wake(stop, [&committed] { committed.notify(); });
  while (!stop.stop_requested()) {
    const Result<bool> more = tick();
    if (!more) log::error("watch", "could not go on; trying again", {{"error", more.error().what}});
    if (!more) {
      // Nothing of the failed step was committed: start again from what was.
      rules_ = fresh_rules(settings_);
      offset_ = told_ = verdict_ = acted_ = 0;
      current_.clear();
      if (Result<void> reopened = open(); !reopened)
        log::error("watch", "state could not be read", {{"error", reopened.error().what}});
    }
    if (!more || !*more) committed.wait(more ? Duration(kTimeStep) : Duration(seconds(1)));
  }
}

}  // namespace vigie
