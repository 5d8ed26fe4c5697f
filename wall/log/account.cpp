#include "wall/log/account.h"

#include <algorithm>
#include <numeric>

#include "base/secret.h"
#include "wall/log/commitment.h"
#include "wall/log/ed25519.h"
#include "wall/log/encoding.h"

namespace vigie::tlog {
namespace {

constexpr std::int64_t kSecondsOfADay = 86'400;

std::string leaf_name(std::int64_t index) { return concat("leaf ", std::to_string(index)); }

// The lower of the two in the middle: a number that was really there.
std::int64_t median_of(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

CountByRating medians_of(const std::map<std::string, std::vector<std::int64_t>>& delays) {
  CountByRating medians;
  for (const auto& [rating, values] : delays) medians[rating] = median_of(values);
  return medians;
}

// "1-5"; nothing for a scale of another kind.
std::optional<std::pair<std::int64_t, std::int64_t>> bounds_of(std::string_view scale) {
  const std::size_t dash = scale.find('-', 1);
  if (dash == std::string_view::npos) return std::nullopt;
  const auto low = from_strict_decimal(scale.substr(0, dash)), high = from_strict_decimal(scale.substr(dash + 1));
  if (!low || !high || *low >= *high) return std::nullopt;
  return std::pair(*low, *high);
}

}  // namespace

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::pending: return "pending";
    case Outcome::published: return "published";
    case Outcome::refused: return "refused";
    case Outcome::hidden: return "hidden";
    case Outcome::withdrawn: return "withdrawn";
    case Outcome::erased: return "erased";
    case Outcome::expired: return "expired";
  }
  return "";
}

std::string rating_text(const std::optional<std::int64_t>& rating) { return rating ? std::to_string(*rating) : "-"; }

std::string scale_key(std::string_view source, std::string_view scale) {
  return concat(source == "qr" ? kOpenAnswers : std::string_view(), scale);
}

std::string rating_key(std::string_view scale, const std::optional<std::int64_t>& rating) {
  return !rating || scale == kStars ? rating_text(rating) : concat(scale, ":", rating_text(rating));
}

Outcome LoggedReview::outcome() const {
  if (ended != Outcome::pending) return ended;
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (version->outcome == Outcome::published) return Outcome::published;
  }
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (version->outcome != Outcome::pending) return version->outcome;
  }
  return Outcome::pending;
}

const ReviewVersion* LoggedReview::shown() const {
  if (ended != Outcome::pending) return nullptr;
  const auto last = std::find_if(versions.rbegin(), versions.rend(),
                                 [](const ReviewVersion& version) { return version.outcome == Outcome::published; });
  return last == versions.rend() ? nullptr : &*last;
}

const ReviewVersion& LoggedReview::last() const {
  const auto shown = std::find_if(versions.rbegin(), versions.rend(),
                                  [](const ReviewVersion& version) { return version.outcome == Outcome::published; });
  return shown == versions.rend() ? versions.back() : *shown;
}

std::string erasure_proof(const ErasureLeaf& leaf) { return leaf.secret ? "attested" : leaf.basis; }

std::vector<std::string> Account::take(std::int64_t index, const Leaf& leaf) {
  faults_.clear();
  index_ = index;
  time_ = leaf.time;
  if (time_ < last_time_) {
    fault(concat("its time ", format_rfc3339(from_epoch(time_)), " lies before that of the entry above it, ",
                 format_rfc3339(from_epoch(last_time_))));
  }
  last_time_ = std::max(last_time_, time_);
  std::visit([this](const auto& body) { take_body(body); }, leaf.body);
  return std::move(faults_);
}

void Account::skip(std::int64_t index) { index_ = index; }

Account::Day& Account::today() { return days_[time_ / kSecondsOfADay]; }

const LoggedReview* Account::review(std::int64_t leaf) const {
  const auto place = places_.find(leaf);
  return place == places_.end() || place->second.version != 0 ? nullptr : &reviews_[place->second.review];
}

// --- policies and invitations

void Account::take_body(const PolicyLeaf& leaf) {
  if (leaf.from < time_) fault("a policy that applies before it was logged");
  if (!policies_.empty() && leaf.from < policies_.back().rules.from) {
    fault(concat("a policy that applies before the one of ", leaf_name(policies_.back().leaf)));
  }
  policies_.push_back({index_, leaf});
}

const Account::Policy* Account::policy_at(std::int64_t time) const {
  const auto last = std::find_if(policies_.rbegin(), policies_.rend(),
                                 [&](const Policy& policy) { return policy.rules.from <= time; });
  return last == policies_.rend() ? nullptr : &*last;
}

const PolicyLeaf* Account::rules_at(std::int64_t time) const {
  const Policy* policy = policy_at(time);
  return policy == nullptr ? nullptr : &policy->rules;
}

const Account::Policy* Account::policy_of(std::int64_t leaf) const {
  const auto found =
      std::find_if(policies_.begin(), policies_.end(), [&](const Policy& policy) { return policy.leaf == leaf; });
  return found == policies_.end() ? nullptr : &*found;
}

void Account::take_body(const InvitationLeaf& leaf) {
  if (leaf.sent > leaf.eligible) fault("more invitations than people who could be invited");
  campaigns_[leaf.survey].sent += leaf.sent;
  today().counts.invited += leaf.sent;
}

// --- reviews

void Account::take_body(const SubmissionLeaf& leaf) {
  const Policy* policy = policy_at(time_);
  if (!policy) fault("a review received while no policy was in force");
  check_answer(leaf);
  check_rating(leaf.scale, leaf.rating);
  LoggedReview review;
  review.leaf = index_;
  review.time = time_;
  review.deadline = policy ? policy->rules.delay + policy->rules.grain : 0;  // from its receipt, whose hour is floored
  review.lock = leaf.lock;
  review.scale = scale_key(leaf.source, leaf.scale);
  const std::string rating = rating_key(review.scale, leaf.rating);
  reviews_.push_back(std::move(review));
  add_version(reviews_.size() - 1, leaf.commitment, leaf.rating);
  ++today().counts.received;
  ++today().counts.histogram[rating];
}

void Account::check_answer(const SubmissionLeaf& leaf) {
  const bool invited = leaf.source == "inv";
  if (invited != leaf.nullifier.has_value()) {
    fault(invited ? "an invited review without its invitation's nullifier" : "a nullifier without an invitation");
  }
  if (leaf.nullifier && !nullifiers_.insert(*leaf.nullifier).second) fault("its invitation was used before");
  if (!invited) return;
  Campaign& campaign = campaigns_[leaf.survey];
  if (++campaign.answered > campaign.sent) fault("more invited reviews of this survey than invitations sent");
}

void Account::check_rating(const std::string& scale, const std::optional<std::int64_t>& rating) {
  const auto bounds = bounds_of(scale);
  if (!bounds) return fault("a scale that is not LOW-HIGH");
  if (rating && (*rating < bounds->first || *rating > bounds->second)) fault("a rating outside its scale");
}

void Account::add_version(std::size_t review, const std::string& commitment,
                          const std::optional<std::int64_t>& rating) {
  LoggedReview& all = reviews_[review];
  places_[index_] = {review, all.versions.size()};
  ReviewVersion version;
  version.leaf = index_;
  version.time = time_;
  version.commitment = commitment;
  version.rating = rating;
  all.versions.push_back(std::move(version));
}

// The review of a sub that has not ended; a fault and nothing otherwise.
LoggedReview* Account::living(std::int64_t ref, std::string_view act) {
  const auto place = places_.find(ref);
  if (place == places_.end() || place->second.version != 0) {
    fault(concat(act, " of ", leaf_name(ref), ", which is no review above it"));
    return nullptr;
  }
  LoggedReview& review = reviews_[place->second.review];
  if (review.ended == Outcome::pending) return &review;
  fault(concat(act, " of ", leaf_name(ref), ", which is ", to_text(review.ended), " already"));
  return nullptr;
}

void Account::take_body(const VersionLeaf& leaf) {
  LoggedReview* review = living(leaf.ref, "an update");
  if (!review) return;
  check_rating(review->scale, leaf.rating);
  add_version(places_.at(leaf.ref).review, leaf.commitment, leaf.rating);
}

void Account::take_body(const WithdrawalLeaf& leaf) {
  const auto place = places_.find(leaf.ref);
  LoggedReview* review = living(leaf.ref, "a withdrawal");
  if (review && secret_lock(leaf.secret) != review->lock) {
    fault(concat("its secret does not open the lock of ", leaf_name(leaf.ref), ": the author did not withdraw it"));
  }
  if (place != places_.end()) ++today().counts.withdrawn;
  if (review) review->ended = Outcome::withdrawn;
}

void Account::take_body(const ErasureLeaf& leaf) {
  const auto place = places_.find(leaf.ref);
  if (place == places_.end() || place->second.version != 0) {
    return fault(concat("an erasure of ", leaf_name(leaf.ref), ", which is no review above it"));
  }
  LoggedReview& review = reviews_[place->second.review];
  if (review.ended == Outcome::erased || review.ended == Outcome::expired) {
    fault(concat("an erasure of ", leaf_name(leaf.ref), ", which is ", to_text(review.ended), " already"));
  }
  if (leaf.secret && secret_lock(*leaf.secret) != review.lock) {
    fault(concat("its secret does not open the lock of ", leaf_name(leaf.ref), ": the author does not attest it"));
  }
  ++today().counts.erased;
  // What its author withdrew stays withdrawn when its content is destroyed.
  if (review.ended != Outcome::pending) return;
  review.ended = leaf.basis == "retention" ? Outcome::expired : Outcome::erased;
  review.ended_by = erasure_proof(leaf);
  check_kept(review);
}

// The end of its time is no reason to be rid of a review before that time.
void Account::check_kept(const LoggedReview& review) {
  const Policy* policy = policy_at(time_);
  if (review.ended != Outcome::expired || !policy) return;
  const std::int64_t until = review.time + policy->rules.keep;
  if (time_ + policy->rules.grain < until)
    fault(concat("it ends ", leaf_name(review.leaf), " at the end of its time, which is ",
                 format_rfc3339(from_epoch(until)), " by the policy in force"));
}

// --- moderation

void Account::take_body(const ModerationLeaf& leaf) {
  const auto place = places_.find(leaf.ref);
  if (place == places_.end())
    return fault(concat("it decides on ", leaf_name(leaf.ref), ", which is no review above it"));
  const Policy* policy = policy_of(leaf.policy);
  if (!policy) {
    fault(concat("it names ", leaf_name(leaf.policy), " as its policy, which is none above it"));
  } else if (policy->rules.from > time_) {
    fault(concat("it is judged by the policy of ", leaf_name(leaf.policy), ", which does not apply yet"));
  } else if (!leaf.code.empty() && std::find(policy->rules.codes.begin(), policy->rules.codes.end(), leaf.code) ==
                                       policy->rules.codes.end()) {
    fault(concat("its reason ", leaf.code, " is not one of the policy in ", leaf_name(leaf.policy)));
  }
  LoggedReview& review = reviews_[place->second.review];
  if (review.ended != Outcome::pending) {
    return fault(concat(leaf.act, " of ", leaf_name(leaf.ref), ", which is ", to_text(review.ended), " already"));
  }
  decide(review, review.versions[place->second.version], leaf);
}

void Account::decide(LoggedReview& review, ReviewVersion& version, const ModerationLeaf& leaf) {
  const Outcome was = version.outcome;
  const auto not_from_here = [&] {
    fault(concat(leaf.act, " of ", leaf_name(leaf.ref), ", which is ", to_text(was), " already"));
  };
  if (leaf.act == "publish") {
    if (was != Outcome::pending) not_from_here();
    publish(review, version);
  } else if (leaf.act == "refuse") {
    if (was != Outcome::pending) not_from_here();
    if (leaf.code == "PERSONAL-DATA") fault("personal data is masked, never a reason to refuse");
    version.outcome = Outcome::refused;
    version.decided = time_;
    const std::string rating = rating_key(review.scale, version.rating);
    ++today().counts.refused[leaf.code][rating];
    ++refused_by_[leaf.code][rating];
  } else if (leaf.act == "hide") {
    if (was != Outcome::published) not_from_here();
    version.outcome = Outcome::hidden;
    ++hidden_by_[leaf.code][rating_key(review.scale, version.rating)];
  } else if (leaf.act == "restore") {
    const bool lifts = was == Outcome::published && version.masked;
    if (was != Outcome::hidden && was != Outcome::refused && !lifts) not_from_here();
    if (was == Outcome::refused) return publish(review, version);
    if (lifts) version.masked = false;  // one taken off and shown again stays under its mask
    version.outcome = Outcome::published;
  } else {
    version.masked = true;
  }
}

void Account::publish(const LoggedReview& review, ReviewVersion& version) {
  version.outcome = Outcome::published;
  version.decided = time_;
  const std::int64_t delay = std::max<std::int64_t>(0, time_ - version.time);
  const std::string rating = rating_key(review.scale, version.rating);
  ++today().counts.published;
  today().delays[rating].push_back(delay);
  if (version.leaf == review.leaf) delays_[rating].push_back(delay);
}

// --- what goes with reviews

void Account::take_body(const ReplyLeaf& leaf) {
  const auto place = places_.find(leaf.ref);
  if (place == places_.end()) fault(concat("a reply to ", leaf_name(leaf.ref), ", which is no review above it"));
}

void Account::take_body(const ImprovementLeaf& leaf) {
  for (const std::int64_t ref : leaf.refs) {
    if (!places_.contains(ref)) fault(concat("an improvement after ", leaf_name(ref), ", which is no review above it"));
  }
  if (leaf.of && !improvements_.contains(*leaf.of))
    fault(concat("it goes on from ", leaf_name(*leaf.of), ", which is no improvement above it"));
  if (!leaf.of && leaf.refs.empty()) fault("an improvement that no review led to");
  if (!leaf.of) improvements_[index_] = leaf.status;
}

void Account::take_body(const ExternalLeaf& leaf) {
  if (leaf.fetched > time_ + kSecondsOfADay) fault("it was fetched after it was logged");
}

void Account::take_body(const AggregateLeaf& leaf) {
  const Result<Time> start = parse_rfc3339(concat(leaf.day, "T00:00:00Z"));
  if (!start || format_rfc3339(*start).substr(0, 10) != leaf.day) return fault("its day is not a date");
  const std::int64_t day = to_epoch(*start) / kSecondsOfADay;
  if (time_ < (day + 1) * kSecondsOfADay) return fault(concat("it adds up ", leaf.day, ", which is not over yet"));
  const auto known = days_.find(day);
  DayCounts counted;
  if (known != days_.end()) {
    counted = known->second.sum();
    known->second.summed = true;
  }
  if (counted != leaf.counts) fault(concat("its counts of ", leaf.day, " are not those of the entries above it"));
}

void Account::take_body(const KeyLeaf& leaf) {
  const Result<VerifierKey> old_key = parse_verifier_key(leaf.old_key), new_key = parse_verifier_key(leaf.new_key);
  if (!old_key || !new_key || old_key->name != origin_ || new_key->name != origin_) {
    return fault("its keys are not two keys of this log");
  }
  if (!keys_.empty() && keys_.back() != *old_key) fault("the key it replaces was not the one in use");
  if (!ed25519_verifies(old_key->public_key, rotation_text(origin_, leaf.new_key), leaf.signature)) {
    return fault("the key it replaces did not sign for the new one");
  }
  if (keys_.empty()) keys_.push_back(*old_key);
  keys_.push_back(*new_key);
}

void Account::take_body(const AuditLeaf& leaf) {
  const bool asked = leaf.status == "asked";
  if (asked == leaf.ref.has_value()) fault("an audit's result names the request, a request names nothing");
  if (leaf.ref && !audits_.contains(*leaf.ref))
    fault(concat("it answers ", leaf_name(*leaf.ref), ", which is no audit asked for above it"));
  if (asked) audits_[index_] = leaf.status;
}

// --- sums

DayCounts Account::Day::sum() const {
  DayCounts sum = counts;
  sum.median_delay = medians_of(delays);
  return sum;
}

std::vector<std::pair<std::int64_t, DayCounts>> Account::unsummed(Time now) const {
  const std::int64_t today = to_epoch(now) / kSecondsOfADay;
  std::vector<std::pair<std::int64_t, DayCounts>> days;
  for (const auto& [day, counted] : days_) {
    if (day < today && !counted.summed) days.emplace_back(day, counted.sum());
  }
  return days;
}

std::vector<std::pair<std::int64_t, std::string>> Account::overdue(Time now) const {
  std::vector<std::pair<std::int64_t, std::string>> late;
  const std::int64_t at = to_epoch(now);
  for (const LoggedReview& review : reviews_) {
    if (review.ended != Outcome::pending) continue;
    for (const ReviewVersion& version : review.versions) {
      if (version.outcome != Outcome::pending || version.time + review.deadline >= at) continue;
      late.emplace_back(version.leaf, concat("received ", format_rfc3339(from_epoch(version.time)),
                                             ", neither published, refused, withdrawn, erased nor expired by ",
                                             format_rfc3339(from_epoch(version.time + review.deadline))));
    }
  }
  return late;
}

WallNumbers Account::numbers() const {
  WallNumbers sum;
  std::int64_t ratings = 0, total = 0;
  for (const LoggedReview& review : reviews_) {
    ++sum.received;
    switch (review.outcome()) {
      case Outcome::pending: ++sum.pending; break;
      case Outcome::published: ++sum.published; break;
      case Outcome::refused: ++sum.refused; break;
      case Outcome::hidden: ++sum.hidden; break;
      case Outcome::withdrawn: ++sum.withdrawn; break;
      case Outcome::erased: ++sum.erased; break;
      case Outcome::expired: ++sum.expired; break;
    }
    if (!review.ended_by.empty()) ++sum.erased_by[review.ended_by][rating_key(review.scale, review.last().rating)];
    const ReviewVersion* shown = review.shown();
    if (!shown) continue;
    const std::string rating = rating_key(review.scale, shown->rating);
    ++sum.histogram[rating];
    if (shown->masked) ++sum.masked_by[rating];
    if (shown->leaf != review.leaf) ++sum.changed_by[rating_key(review.scale, review.versions.front().rating)][rating];
    if (!shown->rating || review.scale != kStars) continue;
    ++ratings;
    total += *shown->rating;
  }
  if (ratings > 0) {
    const std::int64_t twice = 2000 * total + ratings;  // half up, also below zero
    sum.mean_milli = twice >= 0 ? twice / (2 * ratings) : -((-twice + 2 * ratings - 1) / (2 * ratings));
  }
  sum.refused_by = refused_by_;
  sum.hidden_by = hidden_by_;
  sum.median_delay = medians_of(delays_);
  return sum;
}

}  // namespace vigie::tlog
