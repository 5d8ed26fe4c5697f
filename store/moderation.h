// What surrounds reviews: what checks noticed, readers' notices, authors' appeals, sealed evidence, the brand's replies
// and its improvements. What is said in public is committed together with its entry in the log (rep, imp).

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/logged.h"
#include "model/moderation.h"
#include "store/driver.h"

namespace vigie {

// A version that nobody has decided on.
struct Undecided {
  std::int64_t review = 0, version = -1;
  bool checked = false;
};

struct Untold {
  std::string what;            // act appeal notice notice-decided
  std::int64_t id = 0;         // of it
  std::int64_t review = 0;
  std::string about() const { return concat(what, ":", std::to_string(id)); }
};

struct ChangedMention {
  std::int64_t number = 0, seq = 0;
};

class ModerationStore {
 public:
  virtual ~ModerationStore() = default;

  // -- checks
  // Versions that wait without being held for a person, in order of receipt; limit <= 10,000.
  virtual Result<std::vector<Undecided>> undecided(int limit) = 0;
  // Versions whose deadline is `now` or earlier, the earliest first.
  virtual Result<std::vector<Undecided>> due(Time now, int limit) = 0;
  virtual Result<void> save_checks(const std::vector<ReviewCheck>& checks) = 0;
  virtual Result<std::vector<ReviewCheck>> checks(std::int64_t review) = 0;  // by version
  // Another review of the brand with this fingerprint, received in [since, until]; nothing when there is none.
  virtual Result<std::optional<std::int64_t>> copy_of(const std::string& brand, std::uint64_t print,
                                                      std::int64_t besides, Time since, Time until) = 0;
  // Ids of reviews received before then that still have their values, oldest first.
  virtual Result<std::vector<std::int64_t>> to_expire(Time received_before, int limit) = 0;

  // -- collected reviews
  // Adopted mentions that were edited, deleted or erased since, in order; each stays until it is taken.
  virtual Result<std::vector<ChangedMention>> changed_mentions(int limit) = 0;
  virtual Result<void> taken_changes(std::int64_t number) = 0;  // up to this one

  // -- replies; each is its entry's transaction
  virtual Result<std::int64_t> add_reply(const Reply& reply, const LeafToAppend& leaf) = 0;  // its id
  // gone: no such reply, or it is withdrawn already.
  virtual Result<void> withdraw_reply(std::int64_t id, Time at, const LeafToAppend& leaf) = 0;
  virtual Result<std::optional<Reply>> reply(std::int64_t id) = 0;
  virtual Result<std::optional<Reply>> reply_to(std::int64_t review) = 0;  // the last that stands
  virtual Result<std::vector<Reply>> replies_to(std::int64_t review) = 0;  // oldest first, withdrawn ones as well

  // -- improvements; each step is its entry's transaction
  // refs are numbers of reviews of the brand. bad_data when one is none.
  virtual Result<std::int64_t> add_improvement(const Improvement& improvement, const ImprovementStep& first,
                                               const LeafToAppend& leaf) = 0;  // its id
  // `effect`: with measured. gone: there is none.
  virtual Result<void> add_step(std::int64_t improvement, const ImprovementStep& step,
                                const std::optional<Effect>& effect, const LeafToAppend& leaf) = 0;
  virtual Result<std::optional<Improvement>> improvement(std::int64_t id) = 0;
  virtual Result<std::vector<Improvement>> improvements(const std::string& brand, int limit,
                                                        int offset = 0) = 0;  // newest first
  // How many of the brand are newer than this one; 0: all.
  virtual Result<std::int64_t> count_improvements(const std::string& brand, std::int64_t newer_than) = 0;
  // Those that are done and not measured yet, all of them, newest first.
  virtual Result<std::vector<Improvement>> unmeasured(const std::string& brand) = 0;
  virtual Result<std::vector<Improvement>> improvements_of(std::int64_t review) = 0;  // oldest first
  // Reviews that led to it whose authors were not told yet, want to be, and can be: ids.
  virtual Result<std::vector<std::int64_t>> to_tell(std::int64_t improvement) = 0;
  virtual Result<void> asked(std::int64_t improvement, std::int64_t review, Time at) = 0;
  // The author's answer; the last one counts. gone: this review did not lead to it.
  virtual Result<void> answered(std::int64_t improvement, std::int64_t review, bool worked, Time at) = 0;

  // -- notices
  virtual Result<std::int64_t> add_notice(const Notice& notice) = 0;  // its id
  virtual Result<std::optional<Notice>> notice(std::int64_t id) = 0;
  virtual Result<std::optional<Notice>> notice_of_status(const std::string& hash) = 0;
  virtual Result<std::vector<Notice>> notices(bool waiting_only, int limit) = 0;  // waiting: oldest first, else newest
  virtual Result<std::vector<Notice>> notices_of(std::int64_t review) = 0;        // oldest first
  // gone: none, or it is decided.
  virtual Result<void> decide_notice(std::int64_t id, const std::string& outcome, const std::string& words,
                                     const std::string& by, Time at) = 0;
  virtual Result<std::int64_t> forget_senders(Time before) = 0;  // names and addresses of notices decided before then

  // -- appeals
  // Its id; that of the one that waits already when there is one.
  virtual Result<std::int64_t> add_appeal(const Appeal& appeal) = 0;
  virtual Result<std::vector<Appeal>> appeals(bool waiting_only, int limit) = 0;
  virtual Result<std::vector<Appeal>> appeals_of(std::int64_t review) = 0;  // oldest first
  virtual Result<void> decide_appeal(std::int64_t id, const std::string& outcome, const std::string& answer,
                                     const std::string& by, Time at) = 0;

  // -- evidence
  virtual Result<void> add_evidence(const SealedEvidence& evidence) = 0;          // the same version and code twice is one
  virtual Result<std::vector<SealedEvidence>> evidence(std::int64_t review) = 0;  // 0 = all, newest first, without boxes
  virtual Result<std::optional<SealedEvidence>> sealed_evidence(std::int64_t id) = 0;
  virtual Result<std::int64_t> drop_evidence(Time now) = 0;  // what is over; how many

  // -- who was told
  // What somebody is owed a word about and was not told yet: decisions that withhold, answers to appeals, notices that
  // arrived, notices decided on. Oldest first.
  virtual Result<std::vector<Untold>> untold(int limit) = 0;
  virtual Result<std::optional<ReviewAct>> act(std::int64_t number) = 0;
  virtual Result<void> stop_telling(std::int64_t review) = 0;  // about improvements
  // mail page nobody
  virtual Result<void> set_told(std::int64_t review, const std::string& about, const std::string& how, Time at) = 0;
  // How its author was told of the last decision; "" before anybody was.
  virtual Result<std::string> how_told(std::int64_t review) = 0;
};

std::unique_ptr<ModerationStore> make_moderation_store(Driver& driver);

}  // namespace vigie
