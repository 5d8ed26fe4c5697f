#include "app/watch_step.h"

#include <algorithm>
#include <functional>
#include <map>

#include "alerts/dispatch.h"
#include "alerts/message.h"
#include "alerts/suppress.h"
#include "app/dead_source.h"
#include "base/log.h"
#include "pipeline/taxonomy.h"
#include "store/privacy.h"
#include "store/reviews.h"

namespace vigie {

namespace {

constexpr int kPage = 1000;
constexpr Duration kHurry = hours(1);         // sources of a brand that is talked about are asked twice as often
constexpr std::size_t kLookedAgain = 500;     // of the mentions that wait for a reply, each time
constexpr Duration kGlance = seconds(1);      // how often it is looked whether time or people ask for something
constexpr int kMostToldOf = 200;              // newest messages of an incident, more than one turn of it owes
constexpr Duration kLateTimers = minutes(2);  // time that nobody watched: what was due meanwhile happens now, in turn

// What is wrong in a file of themes was told when the settings were read.
std::unique_ptr<Rules> fresh_rules(const Settings& settings) {
  config::Problems told;
  return make_rules(settings, Taxonomy::with(settings.theme_files, told).ids());
}

// Once the state without them is stored.
Result<void> words_forgotten(PrivacyStore& store, std::int64_t up_to) {
  TRY(const std::vector<ErasureWork> all, store.unfinished());
  for (const ErasureWork& one : all) {
    if (one.number <= up_to) TRY(store.advance(one.number, ErasureStep::watch, ErasureStep::files));
  }
  return {};
}

Event event_of(const Act& act) {
  constexpr std::pair<ActKind, Event::Kind> kKinds[] = {
      {ActKind::ack, Event::Kind::ack},         {ActKind::unack, Event::Kind::unack},
      {ActKind::assign, Event::Kind::assign},   {ActKind::note, Event::Kind::note},
      {ActKind::resolve, Event::Kind::resolve}, {ActKind::merge, Event::Kind::merge},
      {ActKind::split, Event::Kind::split}};
  Event event;
  for (const auto& [act_kind, event_kind] : kKinds) {
    if (act_kind == act.kind) event.kind = event_kind;
  }
  event.actor = act.by;
  event.reason = act.reason;
  event.value = act.value;
  return event;
}

}  // namespace

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
    act_ = saved->acts;
  }
  TRY(const std::vector<Incident> unclosed, store_.incidents("", true, 1000));
  for (const Incident& incident : unclosed) incidents_.put(incident);  // newest first
  return {};
}

Result<bool> Watch::tick() {
  // First: what is erased behind this is read without its words, or forgotten at the next tick.
  const std::int64_t known_erasure = erasure_;
  TRY(const bool forgot, forget_erased());
  TRY(const std::vector<StoredMention> page, store_.mentions_after(offset_, kPage));
  TRY(verdicts_, store_.verdicts_after(verdict_));
  TRY(acts_, store_.acts_after(act_));
  TRY(silences_, store_.silences(page.empty() ? clock_.now() : std::min(page.front().ingested, clock_.now())));
  Step step;
  std::vector<Signal> found;
  for (const StoredMention& mention : page) {
    offset_ = mention.seq;
    if (!mention.history) TRY(take_verdicts_until(mention.ingested, step));
    found.clear();
    rules_->observe(mention, found);
    if (offset_ <= told_) continue;
    TRY(signals(found, step));
    if (mention.history) continue;
    TRY(take_acts_until(mention.ingested, step));
    TRY(timers(mention.ingested, step));
  }
  const bool more = page.size() == static_cast<std::size_t>(kPage);
  if (!more) {
    const Time now = clock_.now();
    told_ = std::min(told_, offset_);  // the last ones may have been deleted since
    TRY(take_verdicts_until(Time::max(), step));
    TRY(look_again());
    found.clear();
    rules_->tick(now, found);
    if (now - ticked_ > kLateTimers) incidents_.wake(now);
    ticked_ = now;
    TRY(signals(found, step));
    TRY(take_acts_until(Time::max(), step));
    TRY(see_who_watches(now, step));
    TRY(timers(now, step));
  }
  const bool taught = verdict_ > acted_;
  if (page.empty() && step.touched.empty() && step.commit.signals.empty() && step.commit.act_outcomes.empty() &&
      !taught && !forgot)
    return more;
  if (offset_ < told_) {  // learning anew: killed here, it begins again, and nothing is told twice
    erasure_ = known_erasure;
    return more;
  }

  step.commit.offset = offset_;
  step.commit.verdicts = acted_ = std::max(acted_, verdict_);
  step.commit.acts = act_;
  step.commit.state = rules_->save();
  for (auto& [id, incident] : step.touched) step.commit.incidents.push_back(std::move(incident));
  TRY(store_.commit_watch(step.commit));
  if (!step.commit.notifications.empty()) owed_.notify();
  if (forgot) TRY(words_forgotten(store_.reviews().privacy(), erasure_));
  return more;
}

// The rules keep the words of the last complaints to explain a rise with.
Result<bool> Watch::forget_erased() {
  TRY(const std::vector<ErasureWork> erased, store_.reviews().privacy().erased_after(erasure_));
  for (const ErasureWork& one : erased) {
    rules_->forget(*one.seq);
    erasure_ = one.number;
  }
  return !erased.empty();
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
    const Incident* current = incidents_.find(judged->id);
    if (current == nullptr) return {};  // over already
    Event event;
    event.kind = Event::Kind::resolve;
    event.actor = verdict.by;
    event.reason = kFalsePositive;
    TRY(move(*current, event, verdict.at, step));
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
  TRY(carry_out(incidents_.take(found.brand, found.incident_kind, event, policy_for(found, settings_), found.at),
                found.at, step));
  if (found.kind != SignalKind::clear) return {};
  return see_who_watches(found.at, step);
}

// An incident that calms down ends because nothing is said any more. Where a source that gave much of it has stopped
// working that is not known: the incident is blind until the source is back, and calm for its hold time after that.
Result<void> Watch::see_who_watches(Time now, Step& step) {
  const std::vector<Incident> calming = incidents_.calming();
  if (calming.empty()) return {};
  TRY(const std::vector<SourceHealth> health, store_.sources());
  for (const Incident& incident : calming) {
    const bool dead = hangs_on_a_dead_source(incident.evidence, health, settings_.sources, now);
    if (dead == incident.blind) continue;
    if (!dead) {
      TRY(const bool by_us, blinded_by_sources(incident.id, step));
      if (!by_us) continue;
    }
    Event event;
    event.kind = Event::Kind::signal;
    event.signal = incident.evidence;
    event.signal.kind = dead ? SignalKind::no_data : SignalKind::clear;
    event.signal.id = concat(kBySources, "|", incident.id, "|", dead ? "dead" : "back", "|", format_rfc3339(now));
    event.signal.at = now;
    event.actor = kBySources;
    TRY(move(incident, event, now, step));
  }
  return {};
}

// Not by the detector, who would see for itself that people write again.
Result<bool> Watch::blinded_by_sources(const std::string& incident, const Step& step) {
  TRY(std::vector<Transition> history, store_.transitions(incident));
  for (const auto& [id, transition] : step.commit.transitions) {
    if (id == incident) history.push_back(transition);
  }
  const auto last = std::find_if(history.rbegin(), history.rend(),
                                 [](const Transition& one) { return one.event == to_text(SignalKind::no_data); });
  return last != history.rend() && last->actor == kBySources;
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
  hush(now, step);
  while (const Incident* const due = incidents_.due(now)) {
    TRY(const bool waits, waits_for_its_first_message(*due, step));
    if (waits) {
      Incident later = *due;
      begin_step_again(later, now);
      incidents_.replace(later);
      step.touched[later.id] = std::move(later);
      continue;
    }
    std::optional<OpenIncidents::Fired> fired = incidents_.fire(now);
    TRY(carry_out(std::move(fired->outcome), fired->at, step));
  }
  return {};
}

void Watch::hush(Time now, Step& step) {
  for (Incident& incident : incidents_.hush(silences_, now)) step.touched[incident.id] = std::move(incident);
}

// Whoever was to be told before the next step of its chain is not told yet, and no sender has tried: vigie was off, or
// is behind. Nobody failed to answer then. What a sender held back, or could not bring anywhere, is no reason to wait:
// others are told instead.
Result<bool> Watch::waits_for_its_first_message(const Incident& incident, const Step& step) {
  if (!incident.escalate_at || incident.escalate_at != next_timer(incident)) return false;
  const auto is_new = [&](const Notification& one) {
    return one.subject_id == incident.id && one.created >= incident.last_told;
  };
  const bool owed_now = std::any_of(step.commit.notifications.begin(), step.commit.notifications.end(), is_new);
  TRY(std::vector<Notification> known, store_.notifications(incident.id, kMostToldOf));
  std::erase_if(known, std::not_fn(is_new));
  const auto untried = [](const Notification& one) {
    return one.state == NotificationState::ready && one.attempts == 0;
  };
  return (owed_now || !known.empty()) && std::all_of(known.begin(), known.end(), untried);
}

Result<void> Watch::take_acts_until(Time time, Step& step) {
  std::size_t taken = 0;
  for (; taken < acts_.size() && acts_[taken].at < time; ++taken) TRY(take_act(acts_[taken], step));
  acts_.erase(acts_.begin(), acts_.begin() + static_cast<std::ptrdiff_t>(taken));
  return {};
}

Result<void> Watch::take_act(const Act& act, Step& step) {
  act_ = act.number;
  const auto answer = [&](std::string outcome) -> Result<void> {
    step.commit.act_outcomes.emplace_back(act.number, std::move(outcome));
    return {};
  };
  const Incident* incident = incidents_.find(act.incident);
  if (incident == nullptr) return answer("it is over and closed");
  const Incident* other = act.kind == ActKind::merge ? incidents_.find(act.value) : nullptr;
  const bool joins = other != nullptr && other->id != incident->id && other->brand == incident->brand;
  if (act.kind == ActKind::merge && !joins) return answer("that is no other open incident of the brand");
  const Time now = std::max(act.at, incident->updated);
  const std::string joined = concat("joined by ", incident->id, " (", incident->kind, ")");
  TRY(const bool changed, move(*incident, event_of(act), now, step));
  if (changed && joins) {
    Event told;
    told.kind = Event::Kind::note;
    told.actor = act.by;
    told.reason = joined;
    TRY(move(*incidents_.find(act.value), told, now, step));
  }
  return answer(changed ? "done" : "nothing to change: it is so already, or it is over");
}

// True when it changed anything that its history tells.
Result<bool> Watch::move(const Incident& incident, const Event& event, Time now, Step& step) {
  Outcome outcome = incidents_.take(incident.brand, incident.kind, event, {}, now);
  const bool changed = !outcome.transitions.empty();
  TRY(carry_out(std::move(outcome), now, step));
  return changed;
}

Result<void> Watch::carry_out(Outcome outcome, Time now, Step& step) {
  if (!outcome.incident) return {};
  Incident incident = *std::move(outcome.incident);
  for (Transition& transition : outcome.transitions)
    step.commit.transitions.emplace_back(incident.id, std::move(transition));
  // Before its message is written: one that waits for the end of a silence names no time for the next step.
  vigie::hush(incident, is_hushed(incident, silences_, incidents_.find(incident.brand, "negative"), now), now);
  for (const Owed& owed : outcome.owed) TRY(owe(incident, owed, now, step));
  incidents_.replace(incident);
  step.touched[incident.id] = std::move(incident);
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
      offset_ = told_ = verdict_ = acted_ = act_ = 0;
      incidents_.clear();
      if (Result<void> reopened = open(); !reopened)
        log::error("watch", "state could not be read", {{"error", reopened.error().what}});
    }
    if (!more || !*more) committed.wait(kGlance);
  }
}

}  // namespace vigie
