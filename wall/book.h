// What happens to the reviews of a wall, each act with its entry in the log. Reviews, acts and entries meet nowhere
// else: whoever receives, moderates, withdraws or erases goes through here.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/settings.h"
#include "model/review.h"
#include "store/reviews.h"
#include "store/store.h"
#include "wall/log/commitment.h"
#include "wall/log/leaf.h"

namespace vigie {

// A review as it came in, checked (wall/submission.h), not yet anywhere.
struct Submission {
  std::string brand;
  std::string survey{};
  std::string origin = "web", channel = "web";
  std::string scale = "1-5";
  std::optional<std::int64_t> rating;
  std::array<std::string, kReviewFields> values{};
  std::string lang{};
  std::string incentive = "none", verified = "none";
  std::string lock{};        // "" = the secret is made here; see Received::secret
  std::string invitation{};  // the token itself; origin is inv then
  std::string receipt{};     // SHA-256 of the token of its author's page; "" = none
  std::string contact{};
  bool tell = false;
  std::vector<std::string> marks{};
  std::string source{}, mention{};  // of the mention it was before; "" = it is given one
  std::string once{};               // a second one of the same mark is the first; "" = none, or its invitation's
};

struct Received {
  std::int64_t id = 0, leaf = -1;
  bool fresh = true;     // false: its invitation was answered before; id and leaf are that answer's
  std::string secret{};  // that withdraws it, when its author made none; told once, never stored
  std::array<std::string, kReviewFields> keys{};  // that open what was committed to; when fresh
};

struct ActOn {
  const Review* review = nullptr;  // lent
  ReviewAct act;
};

// One book is used by one thread: it writes through the store it is given.
class Book {
 public:
  Book(const Settings& settings, Store& store, const Clock& clock)
      : settings_(settings), store_(store), clock_(clock) {}

  // A batch of one brand in one transaction: 1,000 cost about as much as one. An answer to an invitation that has been
  // answered changes nothing (the last answer wins by update(), not here).
  Result<std::vector<Received>> receive(const std::string& brand, std::vector<Submission> batch);

  // Its author's new wording. The fields are sealed anew.
  Result<std::int64_t> update(const Review& review, std::optional<std::int64_t> rating,
                              const std::array<std::string, kReviewFields>& values);

  // publish refuse mask hide restore; see ReviewStore::decide. bad_data: a code that is none of the list, or
  // PERSONAL-DATA to refuse. act.at is set here.
  Result<std::int64_t> decide(const Review& review, ReviewAct act);

  // Many in one transaction, in order: 1,000 cost little more than one. One that cannot be (decided on meanwhile, over)
  // has its error in its place and does not hold the others.
  Result<std::vector<Result<std::int64_t>>> decide_all(const std::vector<ActOn>& decisions);

  // By the secret that its author alone has. denied: it is not the one.
  Result<std::int64_t> withdraw(const Review& review, const std::string& secret);
  // basis: gdpr court retention. With the author's secret the erasure is attested; denied: it is not the one.
  Result<std::int64_t> erase(const Review& review, const std::string& basis, const std::string& who,
                             const std::optional<std::string>& secret = std::nullopt);

  // The index of the policy in force, logged first when the rules changed since. Its text is charter().
  Result<std::int64_t> policy(const std::string& brand);
  // Any entry that belongs to no review: inv, rep, imp, ext, agg, aud.
  LeafToAppend entry(const std::string& brand, tlog::LeafBody body, std::string once = "");

 private:
  Result<Duration> grain(const std::string& brand);
  struct Grain {
    Time at{};
    Duration duration{};
  };

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  std::map<std::string, Grain> grains_;  // by brand: counted once a minute
};

// The rules of a wall in full, as canonical JSON: what a policy entry's `charter` is the hash of, and what the method
// page says in words.
std::string charter(const Settings& settings, const std::string& brand);
std::string charter_url(const Settings& settings, const std::string& brand);

// What a version commits to, for showing and for checking: masked fields closed, the others opened.
tlog::Hash commitment_of(const ReviewVersion& version);

}  // namespace vigie
