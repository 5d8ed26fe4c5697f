// The reviews of the walls. Each writing function is one durable transaction: the rows and the log's entry are there
// together or not at all (DESIGN.md: the store is the log's truth). No function changes a text, and none looks at a
// rating.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/logged.h"
#include "model/review.h"
#include "store/driver.h"

namespace vigie {

class PrivacyStore;  // store/privacy.h

struct NewReview {
  Review review;      // with one version; id and leaves are the store's to give
  LeafToAppend leaf;  // its sub; `once`: a second one of the same mark changes nothing
};

struct ReceivedReview {
  std::int64_t id = 0, leaf = -1;
  bool fresh = true;  // false: there was one of this mark already; this is that one
};

struct ReviewDecision {
  ReviewAct act;
  LeafToAppend leaf;
};

struct ReviewFilter {
  std::string brand{};                   // "" = all
  std::vector<ReviewState> states{};     // of the review as a whole; empty = any
  bool shown = false;                    // only what stands on the wall: a published version, not over
  std::optional<std::int64_t> rating{};  // of the version shown, with `scale`
  std::string scale{}, survey{}, origin{}, not_origin{};
  std::string lang{};                  // written in
  bool undecided = false;              // some version waits for its decision
  std::optional<Time> due{};           // some version's deadline is this or earlier
  std::optional<Time> received_before{}, received_from{};
  std::int64_t after = 0;              // id, by which they are read then; -1 = from the first
  bool oldest_first = false;           // else newest first, by receipt
  int offset = 0, limit = 20;          // limit <= 10,000
};

struct ShownReview {
  std::int64_t leaf = -1;
  Time published{};  // of its first version that was
  Time changed{};    // of the version shown
};

// How a wall's published numbers stood at a size of its log: JSON as wall/numbers.h writes it.
struct WallSnapshot {
  std::int64_t size = 0;
  Time at{};
  std::string json;
};

class ReviewStore {
 public:
  virtual ~ReviewStore() = default;

  // A whole batch of one brand in one transaction, in order.
  virtual Result<std::vector<ReceivedReview>> receive(const std::string& brand,
                                                      const std::vector<NewReview>& batch) = 0;
  // The author's update; returns the ver entry's index. gone: no such review, or it is over.
  virtual Result<std::int64_t> add_version(std::int64_t review, const ReviewVersion& version,
                                           const LeafToAppend& leaf) = 0;
  // publish, refuse, mask, hide or restore one version: act.version names it. Returns the entry's index. gone: no such
  // version, or the review is over; bad_data: not an act for the state it is in (a refused one cannot be hidden). The
  // same act in the same state twice is bad_data too.
  virtual Result<std::int64_t> decide(const ReviewAct& act, const LeafToAppend& leaf) = 0;
  // Many in one transaction, in order; one that cannot be is passed over and has its error in its place.
  virtual Result<std::vector<Result<std::int64_t>>> decide_all(const std::vector<ReviewDecision>& decisions) = 0;
  // Ends it: state withdrawn, erased or expired. Erased and expired destroy every value and key, the contact, the words
  // of its history and its masked text, and what other rows kept of them (store/forgetting.h), in the same
  // transaction; a withdrawn one keeps them until it is erased, and stays withdrawn then. gone: no such review, or it is
  // so already.
  virtual Result<std::int64_t> end(const ReviewAct& act, ReviewState state, const LeafToAppend& leaf) = 0;

  virtual Result<std::optional<Review>> review(std::int64_t id) = 0;
  virtual Result<std::optional<Review>> review_at(const std::string& brand, std::int64_t leaf) = 0;  // of its sub
  virtual Result<std::optional<Review>> review_of_receipt(const std::string& hash) = 0;
  virtual Result<std::optional<Review>> review_of_invitation(const std::string& hash) = 0;
  virtual Result<std::optional<Review>> review_of_mention(const std::string& source, const std::string& mention) = 0;
  virtual Result<std::vector<Review>> reviews(const ReviewFilter& filter) = 0;
  virtual Result<std::int64_t> count(const ReviewFilter& filter) = 0;
  virtual Result<std::vector<ReviewAct>> acts(std::int64_t review) = 0;  // oldest first
  virtual Result<std::vector<ReviewAct>> acts_after(std::int64_t number, int limit) = 0;  // of all walls, by number
  // Of what stands on a wall: the languages it is written in, and the leaf and first publication of each review behind
  // `after`, in order of leaves; limit <= 10,000.
  virtual Result<std::vector<std::string>> languages(const std::string& brand) = 0;
  virtual Result<std::vector<ShownReview>> shown(const std::string& brand, std::int64_t after, int limit) = 0;
  virtual Result<void> add_mark(std::int64_t review, const std::string& mark) = 0;

  virtual Result<WallSnapshot> snapshot(const std::string& brand) = 0;  // size 0: there is none
  virtual Result<void> save_snapshot(const std::string& brand, const WallSnapshot& snapshot) = 0;

  virtual PrivacyStore& privacy() = 0;  // what becomes of erased ones, and of people's data; lent
};

std::unique_ptr<ReviewStore> make_review_store(Driver& driver);

}  // namespace vigie
