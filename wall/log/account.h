// What a log's entries add up to, and whether they keep their own rules: one review one outcome, in time, by the
// reasons announced, withdrawn by who wrote it. A wall's numbers come from here, and so do those an auditor compares
// them with.

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "wall/log/leaf.h"
#include "wall/log/note.h"

namespace vigie::tlog {

enum class Outcome { pending, published, refused, hidden, withdrawn, erased, expired };
std::string_view to_text(Outcome outcome);

// One wording of a review: as received, or as its author changed it.
struct ReviewVersion {
  std::int64_t leaf = 0;
  std::int64_t time = 0;
  std::string commitment;
  std::optional<std::int64_t> rating;
  Outcome outcome = Outcome::pending;  // pending published refused hidden
  std::int64_t decided = 0;            // when it was published or refused
  bool masked = false;
};

struct LoggedReview {
  std::int64_t leaf = 0;
  std::int64_t time = 0;
  std::int64_t deadline = 0;  // of its decision, from the policy in force when it was received
  std::string lock;
  std::string scale;  // that its ratings are counted on: scale_key()
  std::vector<ReviewVersion> versions;
  Outcome ended = Outcome::pending;  // withdrawn, erased or expired; pending: it has not ended
  std::string ended_by;              // of an erasure: erasure_proof()

  // Of the review as a whole: how it ended, else what became of its last decided version.
  Outcome outcome() const;
  // What the wall shows: the last published version; nothing when none is.
  const ReviewVersion* shown() const;
  // What was shown last, or, of one that never was, the newest: whose rating the log tells of when it is over.
  const ReviewVersion& last() const;
};

// The numbers of a wall.
struct WallNumbers {
  std::int64_t received = 0, pending = 0, published = 0, refused = 0, hidden = 0, withdrawn = 0, erased = 0,
               expired = 0;
  std::int64_t mean_milli = 0;  // of the ratings shown on the scale 1-5, x 1000, rounded half up; 0 when there are none
  CountByRating histogram;      // of the ratings shown, of every scale
  std::map<std::string, CountByRating> refused_by;  // every refusal ever, by code and rating
  // What is not shown as it was received, or at all: none of it needs anybody's consent but the brand's, except what is
  // attested. So each is told by rating, from which anyone sees whom it spares.
  std::map<std::string, CountByRating> erased_by;  // of erased and expired, by erasure_proof() and rating
  std::map<std::string, CountByRating> hidden_by;  // every taking off display ever, by code and rating
  CountByRating masked_by;                         // of those shown under a mask
  std::map<std::string, CountByRating> changed_by;  // of those shown in a later version: by first and by shown rating
  CountByRating median_delay;                       // seconds from receipt to publication, by rating
  bool operator==(const WallNumbers&) const = default;
};

inline constexpr std::string_view kStars = "1-5";  // the scale of the mean

std::string rating_text(const std::optional<std::int64_t>& rating);  // "-" when it is not told
// Anyone may answer at a poster or a kiosk as often as they like: such answers are counted on a scale of their own,
// "qr/1-5", and never added to those of people who were invited or wrote by themselves.
std::string scale_key(std::string_view source, std::string_view scale);
// What counts by rating are kept under: "4" of the scale 1-5, "0-10:9" of another; "-" when it is not told. Ratings of
// two scales are never added up.
std::string rating_key(std::string_view scale, const std::optional<std::int64_t>& rating);

// What the log has to show for an erasure: "attested" by the author's secret; else what is given as its ground, "gdpr",
// "court" or "retention", and is declared.
std::string erasure_proof(const ErasureLeaf& leaf);

class Account {
 public:
  // Takes the next entry; what is wrong with it, one line each. `origin` is what keys are changed under.
  std::vector<std::string> take(std::int64_t index, const Leaf& leaf);
  // An entry that could not be read still has its place.
  void skip(std::int64_t index);

  explicit Account(std::string origin) : origin_(std::move(origin)) {}

  // Days that were over by then, have entries to add up and no `agg` yet: their sums. (day since 1970, counts)
  std::vector<std::pair<std::int64_t, DayCounts>> unsummed(Time now) const;

  // Versions that waited longer for their decision than the policy allows: (leaf, what).
  std::vector<std::pair<std::int64_t, std::string>> overdue(Time now) const;

  WallNumbers numbers() const;
  const std::vector<LoggedReview>& reviews() const { return reviews_; }
  const LoggedReview* review(std::int64_t leaf) const;  // by its sub
  // In force then; nothing before the first.
  const PolicyLeaf* rules_at(std::int64_t time) const;
  std::int64_t last_time() const { return last_time_; }
  // The keys told of in `key` entries, oldest first; each was allowed by the one before.
  const std::vector<VerifierKey>& keys() const { return keys_; }

 private:
  struct Policy {
    std::int64_t leaf = 0;
    PolicyLeaf rules;
  };
  struct Day {
    DayCounts counts;
    std::map<std::string, std::vector<std::int64_t>> delays;  // by rating
    bool summed = false;                                      // an `agg` tells of it

    DayCounts sum() const;
  };
  struct Place {
    std::size_t review = 0, version = 0;
  };
  struct Campaign {
    std::int64_t sent = 0, answered = 0;
  };

  void take_body(const PolicyLeaf& leaf);
  void take_body(const InvitationLeaf& leaf);
  void take_body(const SubmissionLeaf& leaf);
  void take_body(const ModerationLeaf& leaf);
  void take_body(const VersionLeaf& leaf);
  void take_body(const WithdrawalLeaf& leaf);
  void take_body(const ErasureLeaf& leaf);
  void take_body(const ReplyLeaf& leaf);
  void take_body(const ImprovementLeaf& leaf);
  void take_body(const ExternalLeaf& leaf);
  void take_body(const AggregateLeaf& leaf);
  void take_body(const KeyLeaf& leaf);
  void take_body(const AuditLeaf& leaf);

  void fault(std::string what) { faults_.push_back(std::move(what)); }
  const Policy* policy_at(std::int64_t time) const;
  const Policy* policy_of(std::int64_t leaf) const;
  void add_version(std::size_t review, const std::string& commitment, const std::optional<std::int64_t>& rating);
  void check_rating(const std::string& scale, const std::optional<std::int64_t>& rating);
  void check_answer(const SubmissionLeaf& leaf);
  void check_kept(const LoggedReview& review);
  LoggedReview* living(std::int64_t ref, std::string_view act);
  void decide(LoggedReview& review, ReviewVersion& version, const ModerationLeaf& leaf);
  void publish(const LoggedReview& review, ReviewVersion& version);
  Day& today();

  const std::string origin_;
  std::vector<LoggedReview> reviews_;
  std::unordered_map<std::int64_t, Place> places_;  // of sub and ver entries
  std::vector<Policy> policies_;
  std::map<std::string, Campaign> campaigns_;  // by survey
  std::set<std::string> nullifiers_;
  std::map<std::int64_t, Day> days_;                           // by day since 1970
  std::map<std::int64_t, std::string> audits_, improvements_;  // status
  std::vector<VerifierKey> keys_;
  std::map<std::string, CountByRating> refused_by_, hidden_by_;
  std::map<std::string, std::vector<std::int64_t>> delays_;

  std::int64_t index_ = 0, time_ = 0, last_time_ = 0;  // of the entry at hand; of the last one taken
  std::vector<std::string> faults_;
};

}  // namespace vigie::tlog
