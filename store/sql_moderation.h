// The store of what surrounds reviews, over any driver. Its queries stand by subject: moderation.cpp (checks, collected
// reviews, who was told), replies.cpp, improvements.cpp, notices.cpp (with appeals), sealed_evidence.cpp.

#pragma once

#include "store/moderation.h"
#include "store/rows.h"

namespace vigie {

class SqlModerationStore final : public ModerationStore {
 public:
  explicit SqlModerationStore(Driver& driver) : driver_(driver) {}

  Result<std::vector<Undecided>> undecided(int limit) override;
  Result<std::vector<Undecided>> due(Time now, int limit) override;
  Result<void> save_checks(const std::vector<ReviewCheck>& checks) override;
  Result<std::vector<ReviewCheck>> checks(std::int64_t review) override;
  Result<std::optional<std::int64_t>> copy_of(const std::string& brand, std::uint64_t print, std::int64_t besides,
                                              Time since, Time until) override;
  Result<std::vector<std::int64_t>> to_expire(Time received_before, int limit) override;
  Result<std::vector<ChangedMention>> changed_mentions(int limit) override;
  Result<void> taken_changes(std::int64_t number) override;

  Result<std::int64_t> add_reply(const Reply& reply, const LeafToAppend& leaf) override;
  Result<void> withdraw_reply(std::int64_t id, Time at, const LeafToAppend& leaf) override;
  Result<std::optional<Reply>> reply(std::int64_t id) override;
  Result<std::optional<Reply>> reply_to(std::int64_t review) override;
  Result<std::vector<Reply>> replies_to(std::int64_t review) override;

  Result<std::int64_t> add_improvement(const Improvement& improvement, const ImprovementStep& first,
                                       const LeafToAppend& leaf) override;
  Result<void> add_step(std::int64_t improvement, const ImprovementStep& step, const std::optional<Effect>& effect,
                        const LeafToAppend& leaf) override;
  Result<std::optional<Improvement>> improvement(std::int64_t id) override;
  Result<std::vector<Improvement>> improvements(const std::string& brand, int limit, int offset) override;
  Result<std::int64_t> count_improvements(const std::string& brand, std::int64_t newer_than) override;
  Result<std::vector<Improvement>> unmeasured(const std::string& brand) override;
  Result<std::vector<Improvement>> improvements_of(std::int64_t review) override;
  Result<std::vector<std::int64_t>> to_tell(std::int64_t improvement) override;
  Result<void> asked(std::int64_t improvement, std::int64_t review, Time at) override;
  Result<void> answered(std::int64_t improvement, std::int64_t review, bool worked, Time at) override;

  Result<std::int64_t> add_notice(const Notice& notice) override;
  Result<std::optional<Notice>> notice(std::int64_t id) override;
  Result<std::optional<Notice>> notice_of_status(const std::string& hash) override;
  Result<std::vector<Notice>> notices(bool waiting_only, int limit) override;
  Result<std::vector<Notice>> notices_of(std::int64_t review) override;
  Result<void> decide_notice(std::int64_t id, const std::string& outcome, const std::string& words,
                             const std::string& by, Time at) override;
  Result<std::int64_t> forget_senders(Time before) override;

  Result<std::int64_t> add_appeal(const Appeal& appeal) override;
  Result<std::vector<Appeal>> appeals(bool waiting_only, int limit) override;
  Result<std::vector<Appeal>> appeals_of(std::int64_t review) override;
  Result<void> decide_appeal(std::int64_t id, const std::string& outcome, const std::string& answer,
                             const std::string& by, Time at) override;

  Result<void> add_evidence(const SealedEvidence& evidence) override;
  Result<std::vector<SealedEvidence>> evidence(std::int64_t review) override;
  Result<std::optional<SealedEvidence>> sealed_evidence(std::int64_t id) override;
  Result<std::int64_t> drop_evidence(Time now) override;

  Result<std::vector<Untold>> untold(int limit) override;
  Result<std::optional<ReviewAct>> act(std::int64_t number) override;
  Result<void> stop_telling(std::int64_t review) override;
  Result<void> set_told(std::int64_t review, const std::string& about, const std::string& how, Time at) override;
  Result<std::string> how_told(std::int64_t review) override;

 private:
  // One statement that gives no rows.
  template <class Bind>
  Result<void> run(std::string_view sql, const Bind& bind) {
    TRY(const Query query, driver_.prepare(sql));
    Parameters to(*query);
    bind(to);
    TRY(query->step());
    return {};
  }
  // Each row through `read`.
  template <class Row, class Bind, class Read>
  Result<std::vector<Row>> all(std::string_view sql, const Bind& bind, const Read& read) {
    TRY(const Query query, driver_.prepare(sql));
    Parameters to(*query);
    bind(to);
    std::vector<Row> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      Columns row(*query);
      found.push_back(read(row));
    }
  }
  template <class Bind>
  Result<std::int64_t> insert(std::string_view sql, const Bind& bind) {  // ... returning id
    TRY(const Query query, driver_.prepare(sql));
    Parameters to(*query);
    bind(to);
    TRY(query->step());
    return query->integer(0);
  }

  Result<std::int64_t> append(const std::string& brand, const LeafToAppend& leaf);
  Result<void> keep_fields(const std::string& brand, std::int64_t leaf, const SealedFields& fields);
  Result<SealedFields> fields_of(const std::string& brand, std::int64_t leaf);
  Result<std::vector<Reply>> read_replies(std::string_view condition, std::int64_t key);
  Result<std::vector<Improvement>> read_improvements(std::string_view condition, std::int64_t key,
                                                     std::string_view brand, int limit, int offset);
  Result<void> insert_step(std::int64_t improvement, const std::string& brand, std::int64_t leaf,
                           const ImprovementStep& step);

  Driver& driver_;
};

}  // namespace vigie
