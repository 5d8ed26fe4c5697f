#include "wall/book.h"

#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "wall/log/append.h"
#include "wall/log/commitment.h"
#include "wall/policies.h"

namespace vigie {
namespace {

constexpr std::string_view kFormula = "mean-1";
constexpr Duration kCountAgain = minutes(1);
constexpr std::string_view kActs[] = {"publish", "refuse", "mask", "hide", "restore"};

std::int64_t in_seconds(Duration duration) { return std::chrono::duration_cast<seconds>(duration).count(); }

tlog::Fields fields_of(const ReviewVersion& version) {
  tlog::Fields fields;
  for (std::size_t i = 0; i < kReviewFields; ++i) {
    fields[i].value = version.values[i];
    fields[i].key = version.keys[i];
  }
  return fields;
}

std::string commitment_text(const ReviewVersion& version) {
  return std::string(tlog::bytes_of(commitment_of(version)));
}

void seal(ReviewVersion& version, const std::array<std::string, kReviewFields>& values) {
  version.values = values;
  const tlog::Fields sealed = tlog::seal(values);
  for (std::size_t i = 0; i < kReviewFields; ++i) version.keys[i] = sealed[i].key;
}

bool is_reason(std::string_view code) {
  return std::find(std::begin(tlog::kReasonCodes), std::end(tlog::kReasonCodes), code) != std::end(tlog::kReasonCodes);
}

Result<void> check(const ReviewAct& act) {
  if (std::find(std::begin(kActs), std::end(kActs), act.act) == std::end(kActs))
    return fail(ErrorKind::bad_data,
                concat("expected publish, refuse, mask, hide or restore, found \"", act.act, "\""));
  const bool withholds = act.act == "refuse" || act.act == "hide" || act.act == "mask";
  if (withholds && !is_reason(act.code))
    return fail(ErrorKind::bad_data, concat("code: expected one of the reason codes, found \"", act.code, "\""));
  if (!withholds && !act.code.empty())
    return fail(ErrorKind::bad_data, concat("code: expected no reason to ", act.act, ", found \"", act.code, "\""));
  if (act.act == "refuse" && act.code == "PERSONAL-DATA")
    return fail(ErrorKind::bad_data, "code: personal data is masked, never a reason to refuse");
  if (act.act == "mask" && act.masked == 0) return fail(ErrorKind::bad_data, "expected fields to mask, found none");
  return {};
}

}  // namespace

tlog::Hash commitment_of(const ReviewVersion& version) { return tlog::commitment(fields_of(version)); }

std::string charter_url(const Settings& settings, const std::string& brand) {
  if (!settings.wall.charter_url.empty()) return settings.wall.charter_url;
  return concat(settings.serve.public_url, "/wall/", brand, "/method");
}

std::string charter(const Settings& settings, const std::string& brand) {
  const WallSettings& wall = settings.wall;
  json::Writer out;
  out.begin_object().member("address", wall.address).member("brand", brand).key("codes").begin_array();
  for (const std::string_view code : tlog::kReasonCodes) out.string(code);
  out.end_array().member("contact", wall.contact);
  out.key("decide_within").integer(in_seconds(wall.decide_within));
  out.member("formula", kFormula).key("hold_marked").boolean(wall.hold_marked);
  out.key("keep").integer(in_seconds(wall.keep)).member("organisation", settings.organisation);
  out.key("reply_within").integer(in_seconds(wall.reply_within)).member("selection", wall.selection);
  out.key("surveys").begin_array();
  for (const SurveySettings& survey : settings.surveys) {
    if (survey.brand != brand || !survey.wall) continue;
    out.begin_object().key("expires").integer(in_seconds(survey.expires)).member("id", survey.id);
    out.member("incentive", survey.incentive).member("measure", to_text(survey.measure));
    out.key("quarantine").integer(in_seconds(survey.quarantine)).key("remind_after");
    out.integer(in_seconds(survey.remind_after)).member("scale", scale_of(survey.measure));
    out.member("subject", survey.subject).key("wait").integer(in_seconds(survey.wait)).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

Result<Duration> Book::grain(const std::string& brand) {
  const Time now = clock_.now();
  if (const auto known = grains_.find(brand);
      known != grains_.end() && now >= known->second.at && now - known->second.at < kCountAgain) {
    return known->second.duration;
  }
  ReviewFilter today;
  today.brand = brand;
  today.received_from = now - kDay;
  TRY(const std::int64_t count, store_.reviews().count(today));
  grains_[brand] = {now, tlog::grain_of(count)};
  return grains_[brand].duration;
}

LeafToAppend Book::entry(const std::string& brand, tlog::LeafBody body, std::string once) {
  return tlog::leaf_to_append(std::move(body), clock_, grain(brand).value_or(Duration(hours(1))), std::move(once));
}

Result<std::int64_t> Book::policy(const std::string& brand) {
  const std::string text = charter(settings_, brand), hash = sha256(text);
  const std::string key = concat("policy|", brand);
  TRY(const std::string known, store_.get_setting(key));  // "INDEX HASH"
  if (const std::size_t space = known.find(' ');
      space != std::string::npos && known.substr(space + 1) == to_hex(hash)) {
    const auto index = tlog::from_strict_decimal(known.substr(0, space));
    if (index) return *index;
  }
  TRY(store_.set_setting(concat("charter|", to_hex(hash)), text));
  tlog::PolicyLeaf leaf;
  leaf.charter = hash;
  leaf.url = charter_url(settings_, brand);
  leaf.codes.assign(std::begin(tlog::kReasonCodes), std::end(tlog::kReasonCodes));
  leaf.delay = in_seconds(settings_.wall.decide_within);
  leaf.reply = in_seconds(settings_.wall.reply_within);
  leaf.keep = in_seconds(settings_.wall.keep);
  leaf.grain = in_seconds(kDay);
  leaf.formula = kFormula;
  leaf.select = settings_.wall.selection;
  TRY(const Duration grain_now, grain(brand));
  const LeafToAppend entry{[&](const LeafPlace& place) -> Result<NewLeaf> {
    const std::int64_t time = tlog::leaf_time(clock_.now(), grain_now, place.not_before);
    leaf.from = time;
    TRY(std::string bytes, tlog::to_bytes({time, leaf}));
    return NewLeaf{std::move(bytes), time};
  }};
  TRY(const std::vector<AppendedLeaf> appended, store_.append_leaves(brand, {entry}));
  TRY(add_policy(store_, brand, {appended.front().index, from_epoch(leaf.from), to_hex(hash)}));
  TRY(store_.set_setting(key, concat(std::to_string(appended.front().index), " ", to_hex(hash))));
  return appended.front().index;
}

Result<std::vector<Received>> Book::receive(const std::string& brand, std::vector<Submission> batch) {
  TRY(policy(brand));
  TRY(const Duration grain_now, grain(brand));
  const Time now = clock_.now();
  std::vector<NewReview> fresh;
  std::vector<std::string> secrets;
  for (Submission& one : batch) {
    NewReview& next = fresh.emplace_back();
    Review& review = next.review;
    review.brand = brand;
    review.survey = std::move(one.survey);
    review.origin = std::move(one.origin);
    review.channel = std::move(one.channel);
    review.scale = std::move(one.scale);
    review.lang = std::move(one.lang);
    review.incentive = std::move(one.incentive);
    review.verified = std::move(one.verified);
    review.received = now;
    review.lock = std::move(one.lock);
    std::string& secret = secrets.emplace_back();
    if (review.lock.empty()) {
      secret = random_bytes(tlog::kSecretBytes);
      review.lock = tlog::secret_lock(secret);
      review.secret_by = "server";
    }
    review.receipt = std::move(one.receipt);
    if (!one.invitation.empty()) review.invitation = sha256(one.invitation);
    review.contact = std::move(one.contact);
    review.tell = one.tell;
    review.marks = std::move(one.marks);
    review.source = std::move(one.source);
    review.mention = std::move(one.mention);
    ReviewVersion& version = review.versions.emplace_back();
    version.at = now;
    version.deadline = now + settings_.wall.decide_within;
    version.rating = one.rating;
    seal(version, one.values);

    tlog::SubmissionLeaf leaf;
    leaf.source = review.origin;
    leaf.survey = review.survey;
    leaf.scale = review.scale;
    leaf.rating = one.rating;
    leaf.lang = review.lang;
    leaf.incentive = review.incentive;
    leaf.verified = review.verified;
    leaf.commitment = commitment_text(version);
    leaf.lock = review.lock;
    leaf.secret_by = review.secret_by;
    std::string once = one.once.empty() ? "" : concat("o:", one.once);
    if (!one.invitation.empty()) {
      leaf.nullifier = tlog::nullifier(one.invitation);
      once = concat("k:", to_hex(*leaf.nullifier));
    }
    next.leaf = tlog::leaf_to_append(std::move(leaf), clock_, grain_now, std::move(once));
  }
  TRY(const std::vector<ReceivedReview> stored, store_.reviews().receive(brand, fresh));
  std::vector<Received> received;
  received.reserve(stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    Received& one = received.emplace_back();
    one.id = stored[i].id;
    one.leaf = stored[i].leaf;
    one.fresh = stored[i].fresh;
    if (!one.fresh) continue;
    one.secret = std::move(secrets[i]);
    one.keys = std::move(fresh[i].review.versions.front().keys);
  }
  return received;
}

Result<std::int64_t> Book::update(const Review& review, std::optional<std::int64_t> rating,
                                  const std::array<std::string, kReviewFields>& values) {
  ReviewVersion version;
  version.at = clock_.now();
  const ReviewVersion& first = review.versions.front();
  version.deadline = version.at + (first.deadline - first.at);  // what was announced when it was received
  version.rating = rating;
  seal(version, values);
  tlog::VersionLeaf leaf;
  leaf.ref = review.leaf;
  leaf.commitment = commitment_text(version);
  leaf.rating = rating;
  return store_.reviews().add_version(review.id, version, entry(review.brand, leaf));
}

Result<std::int64_t> Book::decide(const Review& review, ReviewAct act) {
  TRY(check(act));
  act.review = review.id;
  act.at = clock_.now();
  tlog::ModerationLeaf leaf;
  leaf.ref = act.version;
  leaf.act = act.act;
  leaf.code = act.code;
  leaf.by = act.by;
  TRY(leaf.policy, policy(review.brand));
  return store_.reviews().decide(act, entry(review.brand, leaf));
}

Result<std::vector<Result<std::int64_t>>> Book::decide_all(const std::vector<ActOn>& decisions) {
  struct Rules {
    std::int64_t policy = 0;
    Duration grain{};
  };
  std::map<std::string, Rules> rules;  // by brand
  std::vector<ReviewDecision> all;
  all.reserve(decisions.size());
  for (const ActOn& one : decisions) {
    TRY(check(one.act));
    const auto [known, fresh] = rules.try_emplace(one.review->brand);
    if (fresh) {
      TRY(known->second.policy, policy(one.review->brand));
      TRY(known->second.grain, grain(one.review->brand));
    }
    tlog::ModerationLeaf leaf;
    leaf.ref = one.act.version;
    leaf.act = one.act.act;
    leaf.code = one.act.code;
    leaf.by = one.act.by;
    leaf.policy = known->second.policy;
    ReviewAct act = one.act;
    act.review = one.review->id;
    act.at = clock_.now();
    all.push_back({std::move(act), tlog::leaf_to_append(std::move(leaf), clock_, known->second.grain)});
  }
  return store_.reviews().decide_all(all);
}

Result<std::int64_t> Book::withdraw(const Review& review, const std::string& secret) {
  if (!equal_constant_time(tlog::secret_lock(secret), review.lock))
    return fail(ErrorKind::denied, "this is not the secret that withdraws this review");
  ReviewAct act;
  act.review = review.id;
  act.act = "withdraw";
  act.by = "author";
  act.at = clock_.now();
  tlog::WithdrawalLeaf leaf;
  leaf.ref = review.leaf;
  leaf.secret = secret;
  return store_.reviews().end(act, ReviewState::withdrawn, entry(review.brand, leaf));
}

Result<std::int64_t> Book::erase(const Review& review, const std::string& basis, const std::string& who,
                                 const std::optional<std::string>& secret) {
  if (secret && !equal_constant_time(tlog::secret_lock(*secret), review.lock))
    return fail(ErrorKind::denied, "this is not the secret of this review");
  if (basis == "retention") TRY(policy(review.brand));  // a shorter time is announced before anything ends by it
  ReviewAct act;
  act.review = review.id;
  act.act = "erase";
  act.code = basis;
  act.by = secret ? "author" : "human";
  act.who = who;
  act.at = clock_.now();
  tlog::ErasureLeaf leaf;
  leaf.ref = review.leaf;
  leaf.basis = basis;
  leaf.secret = secret;
  const ReviewState state = basis == "retention" ? ReviewState::expired : ReviewState::erased;
  return store_.reviews().end(act, state, entry(review.brand, leaf));
}

}  // namespace vigie
