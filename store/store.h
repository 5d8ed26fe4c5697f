// Everything that lasts. Every query of vigie is written once, in store/*.cpp, over the small driver of store/driver.h.
//
// One Store is one connection and belongs to one thread; several on the same database see each other's commits.
// Reading functions never block on a writer (WAL). Writing functions are one transaction each.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/act.h"
#include "model/batch.h"
#include "model/correction.h"
#include "model/held_back.h"
#include "model/endpoint_health.h"
#include "model/incident.h"
#include "model/logged.h"
#include "model/notification.h"
#include "model/signal.h"
#include "model/silence.h"
#include "model/stored.h"
#include "model/verdict.h"
#include "store/collecting.h"

namespace vigie {

class ReviewStore;      // store/reviews.h
class SurveyStore;      // store/surveys.h
class ModerationStore;  // store/moderation.h

// How a source is doing, in numbers and in words.
struct SourceHealth {
  std::string source;
  std::string state;                    // new ok failing suspended
  std::optional<Time> last_try, last_success, last_item;  // last_item: ingest stamp of the newest new mention
  std::optional<Time> next_try;
  std::optional<Time> newest_event;     // event time of the newest mention: lag = now - this
  int failures = 0;                     // in a row
  std::int64_t mentions = 0, rejected = 0, polls = 0;
  std::string error;                    // last one, for people; "" when fine
  std::optional<Time> failing_since{};  // first failure of the row
  std::string notices = "[]";           // what else there is to tell, JSON: [{"code", slots...}, ...] (console/source_line.h)
};

// One delivery's worth, judged; committed whole or not at all.
struct JudgedBatch {
  std::string source;
  std::vector<Judged> mentions;
  std::vector<Rejected> rejected;
  std::vector<std::string> gone;
  Time ingested{};
  bool history = false;
};

struct CommitSummary {
  int added = 0, edited = 0, repeated = 0, copies = 0, rejected = 0, gone = 0;
  int renamed = 0;  // stored mentions that took the new id their feed gives them
  std::int64_t last_seq = 0;
};

// Watch's one transaction: where it stands, what it remembers, what changed, what is owed.
struct WatchCommit {
  std::int64_t offset = 0;                     // seq of the last mention taken
  std::string state;                           // detector state, opaque bytes
  std::vector<Incident> incidents;             // whole rows, inserted or replaced
  std::vector<std::pair<std::string, Transition>> transitions;  // (incident id, transition), append-only
  std::vector<Signal> signals;
  std::vector<Notification> notifications;     // an id already there is left alone
  std::vector<std::pair<std::string, Time>> hurry{};  // (source, until): asked more often meanwhile
  std::int64_t verdicts = 0;                   // number of the last verdict taken
  std::int64_t acts = 0;                       // number of the last act carried out
  std::vector<std::pair<std::int64_t, std::string>> act_outcomes{};  // (number, what came of it)
};

struct WatchState {
  std::int64_t offset = 0;
  std::string state;
  std::int64_t verdicts = 0;
  std::int64_t acts = 0;
};

// What became of a claimed notification.
struct SendOutcome {
  NotificationState state = NotificationState::sent;  // sent unverified wait held superseded cancelled dead
  Time due{};                                         // wait, held: when to try again
  std::string remote_id{}, error{};
  Time at{};                                          // of the error
  std::string code{};                                 // Notification::last_code
  std::string reason{}, detail{};                     // held, superseded, cancelled, dead
  bool repeated = false;                              // it may have arrived: rendered again before the next try
  std::int64_t silence = 0;                           // held by this one: no longer than it lasts, should it end meanwhile
  bool tried = true;                                  // false: nothing was sent, it counts as no attempt
  std::vector<Notification> owed{};                   // what follows from it: a stand-in, a word to the operator
  std::optional<EndpointHealth> health{};             // of its endpoint, when that changed
};

// What a claimed notification is about to send.
struct SendStart {
  std::string purpose, document, payload;
  std::vector<Pace> paces{};  // of its endpoint: this message counts
  Time at{};
};

struct OutboxFilter {
  std::optional<NotificationState> state{};
  std::string endpoint{};  // "" = any
  int limit = 100;         // at most 1000
};

struct OutboxCounts {
  std::map<NotificationState, std::int64_t> by_state;
  std::optional<Time> oldest_ready;  // when the one that has waited longest could first go
};

// What a person did with a message that had ended.
struct OutboxAct {
  Time at{};
  std::string by, act, reason;  // act: retry discard
};

// One person's digest up to `told`, or the end of a period that had nothing to tell.
struct DigestCommit {
  std::string person;
  Time told{};
  std::string subject;                      // of its notifications
  std::vector<Notification> notifications;  // an id already there is left alone
  std::vector<std::string> taken;           // notifications held back that it tells
};

struct MentionFilter {
  std::string brand{}, source{}, search{};  // search: words, all of them, full text; "" = any
  std::optional<Label> label{};
  bool reviews_only = false;            // kind review or survey
  std::vector<std::string> sources{};   // any of these; empty = any
  std::optional<int> stars{};           // rating on its own scale folded to 1..5
  std::int64_t before = 0;              // seq below this; 0 = from the newest
  int limit = 50;                       // at most 1000
  bool by_event_time = false;           // newest written first instead of newest seq first
  int offset = 0;                       // with by_event_time
};

struct ChangedSince {
  std::int64_t deleted = 0, edited = 0, corrected = 0;  // edited and corrected: after `to`
};

struct HourCount {
  Time hour{};                          // start, event time
  std::int64_t total = 0, negatives = 0;  // negatives: distinct authors
};

// What replays read. Without words, only what rules count by is filled in: the text, its title and its link stay empty.
struct HistoryRead {
  std::string brand{};            // "" = of every brand
  std::int64_t after = 0;         // seq
  std::optional<Time> before{};   // ingest stamp
  bool words = false;
};

// Stored mentions one after the other, by seq, deleted ones left out. It belongs to its store's thread and ends before it; what it
// reads is as it was when it began.
class History {
 public:
  virtual ~History() = default;
  // False at the end. `into` is filled anew; keeping it from call to call spares most of its memory's coming and going.
  virtual Result<bool> next(StoredMention& into) = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // -- collect
  virtual Result<Cursor> cursor(const std::string& source) = 0;        // empty value before the first poll
  virtual Result<void> save_cursor(const std::string& source, const Cursor& cursor) = 0;  // durable (FULL)
  virtual Result<void> save_health(const SourceHealth& health) = 0;    // counters mentions/rejected/last_item/newest_event come from commit
  virtual Result<std::vector<SourceHealth>> sources() = 0;             // by id
  // Ids of a source's mentions that start with `prefix`, deleted ones left out; for an account that was closed.
  virtual Result<std::vector<std::string>> ids_under(const std::string& source, const std::string& prefix, int limit) = 0;
  virtual Result<void> save_facts(const SourceFacts& facts) = 0;
  virtual Result<std::vector<SourceFacts>> facts() = 0;                // by source
  virtual Result<std::vector<DayCount>> arrivals(const std::string& source) = 0;  // by day, the last 60, silent days left out
  virtual Result<std::vector<Allowance>> allowances() = 0;
  virtual Result<void> save_allowance(const Allowance& allowance) = 0;
  virtual Result<std::int64_t> spent(const std::string& name, Time period) = 0;
  virtual Result<std::int64_t> spend(const std::string& name, Time period, std::int64_t items) = 0;  // returns the new sum
  virtual Result<std::vector<Move>> moves() = 0;
  virtual Result<void> save_move(const Move& move) = 0;
  virtual Result<void> forget_move(const std::string& source) = 0;
  // Where looking again has come to. The first time for an age: behind what is old enough to have been looked at long ago.
  virtual Result<Look> look(const std::string& source, Duration age, Time now) = 0;
  virtual Result<void> save_look(const Look& look) = 0;                // durable (FULL)
  // Mentions of a source behind `look`, stored at least its age ago, not deleted, at most `limit`, none behind `to` unless it is 0.
  virtual Result<DueMentions> due_mentions(const Look& look, std::int64_t to, Time now, int limit) = 0;
  virtual Result<std::vector<std::string>> hurried(Time now) = 0;      // sources that are asked more often now

  // -- ingest: duplicates by (source, id); same content = counters refreshed only; new content = edited, version kept, judged anew;
  // copies: same exact hash, or near hash within 3 bits, of an earlier mention of the same brand within 14 days.
  // A record that the database itself refuses goes to rejected; it never takes its neighbours with it.
  // A source of the same network that brought the same mention before keeps it: brands are added there, nothing is stored twice.
  virtual Result<CommitSummary> commit(const JudgedBatch& batch) = 0;

  // -- watch
  virtual Result<std::vector<StoredMention>> mentions_after(std::int64_t seq, int limit) = 0;   // by seq, deleted ones left out
  virtual Result<std::optional<WatchState>> watch_state() = 0;
  virtual Result<void> commit_watch(const WatchCommit& commit) = 0;    // durable (FULL)
  virtual Result<std::vector<Incident>> incidents(std::string_view brand, bool unclosed_only, int limit) = 0;  // newest first; "" = all
  virtual Result<std::optional<Incident>> incident(const std::string& id) = 0;
  virtual Result<std::vector<Transition>> transitions(const std::string& incident_id) = 0;

  // -- verdicts: append-only; the last one of an incident is what stands. gone: no such incident
  virtual Result<void> add_verdict(const Verdict& verdict) = 0;        // its number is the store's to give; the same twice is one
  virtual Result<std::vector<Verdict>> verdicts(const std::string& incident_id) = 0;  // oldest first
  virtual Result<std::vector<Verdict>> verdicts_after(std::int64_t number) = 0;       // by number
  virtual Result<StandingVerdicts> standing_verdicts() = 0;

  // -- acts: append-only but for their outcome
  // False when an act of this id is there already: nothing changed. gone: no such incident.
  virtual Result<bool> add_act(const Act& act) = 0;                    // its number is the store's to give
  virtual Result<std::vector<Act>> acts(const std::string& incident_id) = 0;          // oldest first
  virtual Result<std::vector<Act>> acts_after(std::int64_t number) = 0;               // by number
  virtual Result<std::optional<Act>> act(const std::string& id) = 0;
  // Whether whoever reads that endpoint still wants messages about the brand; true unless they said otherwise.
  virtual Result<bool> subscribed(const std::string& endpoint, const std::string& brand) = 0;
  virtual Result<void> set_subscribed(const std::string& endpoint, const std::string& brand, bool wanted, const std::string& by, Time at) = 0;

  // -- notify
  // A due notification that may go now (ready, or wait with due <= now, or held until now, or claimed with lease over), first of
  // its (subject, endpoint) not yet ended, on an endpoint that has none on its way and may be asked; claimed for `lease`. Endpoints
  // take turns. A power cut may undo a claim, not more. only_healthy: of endpoints that answered last time.
  virtual Result<std::optional<Notification>> claim_notification(Time now, Duration lease, bool only_healthy = false) = 0;
  // One of this endpoint that could first go before `ripe_before` (repeat and acked: before `repeat_before`), whatever the
  // endpoint's health.
  virtual Result<std::optional<Notification>> claim_expired(const std::string& endpoint, Time now, Duration lease, Time ripe_before,
                                                            Time repeat_before) = 0;
  // Keeps what is going to be sent. False when the claim was lost meanwhile.
  virtual Result<bool> begin_sending(const std::string& id, std::int64_t claim_no, const SendStart& start) = 0;
  // False when the claim was lost meanwhile (another claim_no): nothing changed.
  virtual Result<bool> finish_notification(const std::string& id, std::int64_t claim_no, const SendOutcome& outcome) = 0;
  virtual Result<void> add_notifications(const std::vector<Notification>& notifications) = 0;
  virtual Result<std::vector<Notification>> notifications(const std::string& subject_id, int limit) = 0;  // "" = all, newest first
  virtual Result<std::optional<Time>> next_notification_due() = 0;
  // Whether anybody else, of this program or another, committed anything since this was asked last. Costs next to nothing.
  virtual Result<bool> changed_elsewhere() = 0;
  virtual Result<Neighbours> neighbours(const Notification& of, int limit) = 0;  // its neighbours, at most `limit` each way
  virtual Result<MessageThread> thread(const std::string& subject_id, const std::string& endpoint) = 0;
  virtual Result<std::optional<Neighbour>> stand_in(const std::string& id, std::string& endpoint) = 0;  // of that message, and where
  virtual Result<EndpointHealth> endpoint_health(const std::string& endpoint) = 0;  // well when nothing is known
  virtual Result<void> save_endpoint_health(const EndpointHealth& health) = 0;
  virtual Result<std::vector<EndpointHealth>> endpoints_health() = 0;               // by id
  // After the clock was set back: nothing waits longer than it would have.
  virtual Result<void> replan_notifications(Time now, Duration longest_wait, Duration lease) = 0;
  virtual Result<std::optional<Notification>> notification(const std::string& id) = 0;  // with its payload
  virtual Result<std::vector<std::string>> notification_ids(const std::string& prefix, int limit) = 0;
  virtual Result<std::vector<Notification>> outbox(const OutboxFilter& filter) = 0;     // newest first
  virtual Result<OutboxCounts> outbox_counts(Time now) = 0;
  // By a person; kept with who and why. retry: a dead one is ready again. discard: one that has not gone is cancelled. gone: there
  // is none; bad_data: it is in no state for that.
  virtual Result<void> act_on_notification(const std::string& id, const OutboxAct& act) = 0;
  virtual Result<std::vector<OutboxAct>> outbox_acts(const std::string& id) = 0;  // oldest first

  // -- quiet: silences, budgets, and what waits for a digest
  virtual Result<std::int64_t> add_silence(const Silence& silence) = 0;  // its id; bad_data as check() tells
  virtual Result<std::optional<Silence>> silence(std::int64_t id) = 0;
  // What is held is due at once, to be asked about again. False: there is none, or it is over already.
  virtual Result<bool> end_silence(std::int64_t id, const std::string& by, Time at) = 0;
  virtual Result<std::vector<Silence>> silences(Time since) = 0;       // those over after then, by id
  virtual Result<std::string> bucket(const std::string& name) = 0;     // "" = nothing spent
  virtual Result<bool> was_counted(const std::string& notification) = 0;
  // Counts a notification against buckets, once: `spend` is given their bodies by name and returns the new ones, or nothing when there is
  // no room. One transaction, so that two senders never spend the same room. False: no room, nothing changed.
  using Spend = std::function<std::optional<std::map<std::string, std::string>>(const std::map<std::string, std::string>& bodies)>;
  virtual Result<bool> count_passed(const std::string& notification, Time at, const std::vector<std::string>& buckets, const Spend& spend) = 0;
  virtual Result<void> hold_back(const HeldBack& held) = 0;            // the same notification twice is once
  virtual Result<std::vector<HeldBack>> held_back(const std::string& person) = 0;  // in no digest yet, oldest first, at most 1000
  virtual Result<std::optional<Time>> digest_told(const std::string& person) = 0;  // up to when the last one tells
  virtual Result<void> commit_digest(const DigestCommit& digest) = 0;  // durable (FULL)

  // -- read
  virtual Result<std::vector<StoredMention>> mentions(const MentionFilter& filter) = 0;
  virtual Result<std::optional<StoredMention>> mention(std::int64_t seq) = 0;
  virtual Result<std::vector<StoredMention>> mentions_by_seq(const std::vector<std::int64_t>& seqs) = 0;  // in the order asked, missing ones left out
  virtual Result<std::unique_ptr<History>> history(const HistoryRead& read) = 0;
  virtual Result<std::int64_t> seq_before(Time ingested) = 0;  // of the last mention stored before then; 0 = none
  virtual Result<std::int64_t> last_seq() = 0;
  // What became of a brand's mentions written in [from, to) and stored until `to`, since then: why a count may differ now.
  virtual Result<ChangedSince> changed_since(const std::string& brand, Time from, Time to) = 0;
  virtual Result<std::vector<HourCount>> hourly(const std::string& brand, Time from, Time to) = 0;  // silent hours present as 0
  virtual Result<std::int64_t> count_mentions() = 0;
  virtual Result<std::int64_t> count_rejected() = 0;
  struct RejectedRow { std::int64_t id = 0; std::string source, reason, bytes; Time at{}; };
  virtual Result<std::vector<RejectedRow>> rejected(std::string_view source, int limit) = 0;  // newest first; "" = all

  // -- console
  // One-time login links and sessions: only hashes are stored.
  virtual Result<void> save_token(const std::string& hash, const std::string& purpose, Time expires) = 0;
  virtual Result<bool> use_token(const std::string& hash, const std::string& purpose, Time now, bool once) = 0;
  // A person's label counts instead of the machine's; nothing takes it back. Each act is kept. gone: no such mention.
  virtual Result<void> set_human_label(std::int64_t seq, std::optional<Label> label, const std::string& by, Time at) = 0;
  virtual Result<std::vector<Correction>> corrections(std::int64_t seq) = 0;  // of a mention, oldest first
  // Mentions that carry a person's label and still have their text, by seq.
  virtual Result<std::vector<StoredMention>> labelled_after(std::int64_t seq, int limit) = 0;
  virtual Result<std::optional<std::int64_t>> seq_of(const std::string& source, const std::string& id) = 0;

  // -- keep
  // Erases text and author of mentions kept as long as their source's terms allow, at most `limit`; returns how many. For good: a later
  // poll does not bring them back.
  virtual Result<std::int64_t> erase_expired(Time now, int limit) = 0;
  virtual Result<void> tidy(Time now) = 0;          // old tokens, near-duplicate memory, WAL checkpoint, planner statistics
  virtual Result<std::string> get_setting(const std::string& key) = 0;  // "" when unset
  virtual Result<void> set_setting(const std::string& key, const std::string& value) = 0;

  // -- walls, each in a header of its own; lent, they live as long as this store
  virtual ReviewStore& reviews() = 0;
  virtual SurveyStore& surveys() = 0;
  virtual ModerationStore& moderation() = 0;

  // -- transparency log of a wall (wall/log): append-only, every writing function durable (FULL). To commit something else with
  // entries, use append_to_log() of store/log_leaves.h inside its transaction.
  virtual Result<std::vector<AppendedLeaf>> append_leaves(const std::string& wall, const std::vector<LeafToAppend>& leaves) = 0;
  virtual Result<LogState> log_state(const std::string& wall) = 0;
  virtual Result<std::vector<std::string>> logged_walls() = 0;
  virtual Result<std::vector<LoggedLeaf>> leaves(const std::string& wall, std::int64_t from, int limit) = 0;  // by index, limit <= 10,000
  virtual Result<std::optional<std::int64_t>> leaf_marked(const std::string& wall, const std::string& once) = 0;
  // Before a signature: from here on only trees that extend `to` may be signed. denied when another process promised meanwhile.
  virtual Result<void> promise_head(const std::string& wall, const LogHead& from, const LogHead& to) = 0;
  virtual Result<void> save_checkpoint(const std::string& wall, const StoredCheckpoint& checkpoint) = 0;
  virtual Result<std::optional<StoredCheckpoint>> last_checkpoint(const std::string& wall) = 0;
  virtual Result<std::optional<StoredCheckpoint>> checkpoint_of(const std::string& wall, std::int64_t size) = 0;
  virtual Result<void> save_cosignature(const std::string& wall, const StoredCosignature& cosignature) = 0;
  virtual Result<std::vector<StoredCosignature>> cosignatures(const std::string& wall, std::int64_t size) = 0;  // oldest first
  virtual Result<std::int64_t> cosigned_size(const std::string& wall, const std::string& witness) = 0;  // largest; 0 = none
};

// "sqlite:PATH" ("sqlite::memory:" for tests). Creates and migrates. bad_config: not a database, a database written by a newer version
// (says which and what to do), another application's. denied: not writable. The only place that knows a backend is app/backends.cpp;
// this function is the SQLite one.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& url);

}  // namespace vigie
