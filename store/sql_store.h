// The store over any driver. Its queries stand in the files of store/, by who asks: ingest.cpp, watch.cpp, outbox.cpp,
// outbox_claim.cpp, outbox_acts.cpp, endpoint_health.cpp, reading.cpp, collecting.cpp, erasing.cpp, labels.cpp,
// verdicts.cpp, acts.cpp, quiet.cpp, history.cpp, log.cpp, and the rest in store.cpp; each is written once.

#pragma once

#include <memory>

#include "store/committer.h"
#include "store/driver.h"
#include "store/moderation.h"
#include "store/reviews.h"
#include "store/store.h"
#include "store/surveys.h"

namespace vigie {

class SqlStore final : public Store {
 public:
  explicit SqlStore(std::unique_ptr<Driver> driver)
      : driver_(std::move(driver)),
        committer_(*driver_),
        reviews_(make_review_store(*driver_)),
        surveys_(make_survey_store(*driver_)),
        moderation_(make_moderation_store(*driver_)) {}

  Result<Cursor> cursor(const std::string& source) override;
  Result<void> save_cursor(const std::string& source, const Cursor& cursor) override;
  Result<void> save_health(const SourceHealth& health) override;
  Result<std::vector<SourceHealth>> sources() override;
  Result<std::vector<std::string>> ids_under(const std::string& source, const std::string& prefix, int limit) override;
  Result<void> save_facts(const SourceFacts& facts) override;
  Result<std::vector<SourceFacts>> facts() override;
  Result<std::vector<DayCount>> arrivals(const std::string& source) override;
  Result<std::vector<Allowance>> allowances() override;
  Result<void> save_allowance(const Allowance& allowance) override;
  Result<std::int64_t> spent(const std::string& name, Time period) override;
  Result<std::int64_t> spend(const std::string& name, Time period, std::int64_t items) override;
  Result<std::vector<Move>> moves() override;
  Result<void> save_move(const Move& move) override;
  Result<void> forget_move(const std::string& source) override;
  Result<Look> look(const std::string& source, Duration age, Time now) override;
  Result<void> save_look(const Look& look) override;
  Result<DueMentions> due_mentions(const Look& look, std::int64_t to, Time now, int limit) override;
  Result<std::vector<std::string>> hurried(Time now) override;

  Result<CommitSummary> commit(const JudgedBatch& batch) override;

  Result<std::vector<StoredMention>> mentions_after(std::int64_t seq, int limit) override;
  Result<std::optional<WatchState>> watch_state() override;
  Result<void> commit_watch(const WatchCommit& commit) override;
  Result<std::vector<Incident>> incidents(std::string_view brand, bool unclosed_only, int limit) override;
  Result<std::optional<Incident>> incident(const std::string& id) override;
  Result<std::vector<Transition>> transitions(const std::string& incident_id) override;

  Result<void> add_verdict(const Verdict& verdict) override;
  Result<std::vector<Verdict>> verdicts(const std::string& incident_id) override;
  Result<std::vector<Verdict>> verdicts_after(std::int64_t number) override;
  Result<StandingVerdicts> standing_verdicts() override;
  Result<bool> add_act(const Act& act) override;
  Result<std::vector<Act>> acts(const std::string& incident_id) override;
  Result<std::vector<Act>> acts_after(std::int64_t number) override;
  Result<std::optional<Act>> act(const std::string& id) override;
  Result<bool> subscribed(const std::string& endpoint, const std::string& brand) override;
  Result<void> set_subscribed(const std::string& endpoint, const std::string& brand, bool wanted, const std::string& by,
                              Time at) override;

  Result<std::optional<Notification>> claim_notification(Time now, Duration lease, bool only_healthy) override;
  Result<std::optional<Notification>> claim_expired(const std::string& endpoint, Time now, Duration lease,
                                                    Time ripe_before, Time repeat_before) override;
  Result<bool> begin_sending(const std::string& id, std::int64_t claim_no, const SendStart& start) override;
  Result<bool> finish_notification(const std::string& id, std::int64_t claim_no, const SendOutcome& outcome) override;
  Result<void> add_notifications(const std::vector<Notification>& notifications) override;
  Result<std::vector<Notification>> notifications(const std::string& subject_id, int limit) override;
  Result<std::optional<Time>> next_notification_due() override;
  Result<bool> changed_elsewhere() override;
  Result<Neighbours> neighbours(const Notification& of, int limit) override;
  Result<MessageThread> thread(const std::string& subject_id, const std::string& endpoint) override;
  Result<std::optional<Neighbour>> stand_in(const std::string& id, std::string& endpoint) override;
  Result<EndpointHealth> endpoint_health(const std::string& endpoint) override;
  Result<void> save_endpoint_health(const EndpointHealth& health) override;
  Result<std::vector<EndpointHealth>> endpoints_health() override;
  Result<void> replan_notifications(Time now, Duration longest_wait, Duration lease) override;
  Result<std::optional<Notification>> notification(const std::string& id) override;
  Result<std::vector<std::string>> notification_ids(const std::string& prefix, int limit) override;
  Result<std::vector<Notification>> outbox(const OutboxFilter& filter) override;
  Result<OutboxCounts> outbox_counts(Time now) override;
  Result<void> act_on_notification(const std::string& id, const OutboxAct& act) override;
  Result<std::vector<OutboxAct>> outbox_acts(const std::string& id) override;

  Result<std::int64_t> add_silence(const Silence& silence) override;
  Result<std::optional<Silence>> silence(std::int64_t id) override;
  Result<bool> end_silence(std::int64_t id, const std::string& by, Time at) override;
  Result<std::vector<Silence>> silences(Time since) override;
  Result<std::string> bucket(const std::string& name) override;
  Result<bool> was_counted(const std::string& notification) override;
  Result<bool> count_passed(const std::string& notification, Time at, const std::vector<std::string>& buckets,
                            const Spend& spend) override;
  Result<void> hold_back(const HeldBack& held) override;
  Result<std::vector<HeldBack>> held_back(const std::string& person) override;
  Result<std::optional<Time>> digest_told(const std::string& person) override;
  Result<void> commit_digest(const DigestCommit& digest) override;

  Result<std::vector<StoredMention>> mentions(const MentionFilter& filter) override;
  Result<std::optional<StoredMention>> mention(std::int64_t seq) override;
  Result<std::vector<StoredMention>> mentions_by_seq(const std::vector<std::int64_t>& seqs) override;
  Result<std::unique_ptr<History>> history(const HistoryRead& read) override;
  Result<std::int64_t> seq_before(Time ingested) override;
  Result<std::int64_t> last_seq() override;
  Result<ChangedSince> changed_since(const std::string& brand, Time from, Time to) override;
  Result<std::vector<HourCount>> hourly(const std::string& brand, Time from, Time to) override;
  Result<std::int64_t> count_mentions() override;
  Result<std::int64_t> count_rejected() override;
  Result<std::vector<RejectedRow>> rejected(std::string_view source, int limit) override;

  Result<void> save_token(const std::string& hash, const std::string& purpose, Time expires) override;
  Result<bool> use_token(const std::string& hash, const std::string& purpose, Time now, bool once) override;

  Result<void> set_human_label(std::int64_t seq, std::optional<Label> label, const std::string& by, Time at) override;
  Result<std::vector<Correction>> corrections(std::int64_t seq) override;
  Result<std::vector<StoredMention>> labelled_after(std::int64_t seq, int limit) override;
  Result<std::optional<std::int64_t>> seq_of(const std::string& source, const std::string& id) override;

  Result<std::int64_t> erase_expired(Time now, int limit) override;
  Result<void> tidy(Time now) override;
  Result<std::string> get_setting(const std::string& key) override;
  Result<void> set_setting(const std::string& key, const std::string& value) override;

  ReviewStore& reviews() override { return *reviews_; }
  SurveyStore& surveys() override { return *surveys_; }
  ModerationStore& moderation() override { return *moderation_; }

  Result<std::vector<AppendedLeaf>> append_leaves(const std::string& wall,
                                                  const std::vector<LeafToAppend>& leaves) override;
  Result<LogState> log_state(const std::string& wall) override;
  Result<std::vector<std::string>> logged_walls() override;
  Result<std::vector<LoggedLeaf>> leaves(const std::string& wall, std::int64_t from, int limit) override;
  Result<std::optional<std::int64_t>> leaf_marked(const std::string& wall, const std::string& once) override;
  Result<void> promise_head(const std::string& wall, const LogHead& from, const LogHead& to) override;
  Result<void> save_checkpoint(const std::string& wall, const StoredCheckpoint& checkpoint) override;
  Result<std::optional<StoredCheckpoint>> last_checkpoint(const std::string& wall) override;
  Result<std::optional<StoredCheckpoint>> checkpoint_of(const std::string& wall, std::int64_t size) override;
  Result<void> save_cosignature(const std::string& wall, const StoredCosignature& cosignature) override;
  Result<std::vector<StoredCosignature>> cosignatures(const std::string& wall, std::int64_t size) override;
  Result<std::int64_t> cosigned_size(const std::string& wall, const std::string& witness) override;

 private:
  Result<void> insert_notifications(const std::vector<Notification>& notifications);
  Result<void> find_head(std::string_view subject_id, std::string_view endpoint);
  Result<void> know_endpoint(std::string_view endpoint);
  Result<void> write_health(const EndpointHealth& health);
  Result<std::optional<Notification>> claim(const std::string& id, Time now, Duration lease);
  Result<void> count_send(const std::string& endpoint, const SendStart& start);

  std::unique_ptr<Driver> driver_;
  Committer committer_;
  std::int64_t version_ = 0;  // of the database, when it was asked for last
  std::unique_ptr<ReviewStore> reviews_;
  std::unique_ptr<SurveyStore> surveys_;
  std::unique_ptr<ModerationStore> moderation_;
};

}  // namespace vigie
