#include "store/reviews.h"

#include <algorithm>

#include "base/text.h"
#include "store/forgetting.h"
#include "store/log_leaves.h"
#include "store/privacy.h"
#include "store/rows.h"

namespace vigie {
namespace {

constexpr int kMostRead = 10'000;

constexpr std::string_view kColumns =
    "r.id, r.brand, r.leaf, r.survey, r.origin, r.channel, r.scale, r.lang, r.incentive, r.verified, r.received, "
    "r.state, r.lock, r.secret_by, coalesce(r.receipt, x''), coalesce(r.invitation, x''), r.contact, r.tell, r.marks, "
    "coalesce(r.source, ''), coalesce(r.mention, '')";

constexpr std::string_view kActs =
    "select number, review, version, leaf, act, code, words, by, who, at, masked, masked_text from review_acts ";

Result<ReviewState> state_of(std::string_view text) {
  if (const std::optional<ReviewState> state = review_state_from(text)) return *state;
  return fail(ErrorKind::bug, concat("reviews: expected a state, found \"", text, "\""));
}

Result<Review> read_review(const Statement& statement) {
  Columns row(statement);
  Review review;
  review.id = row.integer();
  review.brand = row.text();
  review.leaf = row.integer();
  review.survey = row.text();
  review.origin = row.text();
  review.channel = row.text();
  review.scale = row.text();
  review.lang = row.text();
  review.incentive = row.text();
  review.verified = row.text();
  review.received = row.time();
  TRY(review.state, state_of(row.view()));
  review.lock = row.text();
  review.secret_by = row.text();
  review.receipt = row.text();
  review.invitation = row.text();
  review.contact = row.text();
  review.tell = row.flag();
  review.marks = split_words(row.view());
  review.source = row.text();
  review.mention = row.text();
  return review;
}

// The conditions of a filter, and then their parameters in the same order.
struct Conditions {
  std::string sql = " where true";
  std::vector<std::string> texts;  // of states
};

Conditions conditions_of(const ReviewFilter& filter) {
  Conditions out;
  if (!filter.brand.empty()) out.sql += " and r.brand = ?";
  if (!filter.states.empty()) {
    out.sql += " and r.state in (";
    for (std::size_t i = 0; i < filter.states.size(); ++i) {
      out.sql += i == 0 ? "?" : ", ?";
      out.texts.emplace_back(to_text(filter.states[i]));
    }
    out.sql += ")";
  }
  if (filter.shown) out.sql += " and r.shown is not null";
  if (filter.undecided) out.sql += " and r.undecided > 0";
  if (filter.due) {
    out.sql += " and r.id in (select v.review from review_versions v where v.state = 'waiting' and v.deadline <= ?)";
    out.sql += " and r.undecided > 0";
  }
  if (filter.rating) out.sql += " and r.shown is not null and r.rating = ?";
  if (!filter.scale.empty()) out.sql += " and r.scale = ?";
  if (!filter.survey.empty()) out.sql += " and r.survey = ?";
  if (!filter.origin.empty()) out.sql += " and r.origin = ?";
  if (!filter.not_origin.empty()) out.sql += " and r.origin <> ?";
  if (!filter.lang.empty()) out.sql += " and r.lang = ?";
  if (filter.received_before) out.sql += " and r.received < ?";
  if (filter.received_from) out.sql += " and r.received >= ?";
  if (filter.after != 0) out.sql += " and r.id > ?";
  return out;
}

Parameters bind_conditions(Statement& query, const ReviewFilter& filter, const Conditions& conditions) {
  Parameters to(query);
  if (!filter.brand.empty()) to.text(filter.brand);
  for (const std::string& state : conditions.texts) to.text(state);
  if (filter.due) to.time(*filter.due);
  if (filter.rating) to.integer(*filter.rating);
  if (!filter.scale.empty()) to.text(filter.scale);
  if (!filter.survey.empty()) to.text(filter.survey);
  if (!filter.origin.empty()) to.text(filter.origin);
  if (!filter.not_origin.empty()) to.text(filter.not_origin);
  if (!filter.lang.empty()) to.text(filter.lang);
  if (filter.received_before) to.time(*filter.received_before);
  if (filter.received_from) to.time(*filter.received_from);
  if (filter.after != 0) to.integer(filter.after);
  return to;
}

// Shown, but in part: what restore gives back is then what is under the mask.
bool lifts_mask(std::string_view act, const ReviewVersion& version) {
  return act == "restore" && version.state == ReviewState::published && version.masked != 0;
}

// What an act makes of a version; nothing when it is no act for the state it is in.
std::optional<ReviewState> after(std::string_view act, const ReviewVersion& version) {
  using State = ReviewState;
  const State state = version.state;
  if (lifts_mask(act, version)) return state;
  if (act == "publish" && state == State::waiting) return State::published;
  if (act == "refuse" && state == State::waiting) return State::refused;
  if (act == "hide" && state == State::published) return State::hidden;
  if (act == "restore" && (state == State::hidden || state == State::refused)) return State::published;
  if (act == "mask" && (state == State::waiting || state == State::published)) return state;
  return std::nullopt;
}

bool is_destroyed(const Review& review) { return review.versions.front().keys[kText].empty(); }

class SqlReviewStore final : public ReviewStore {
 public:
  explicit SqlReviewStore(Driver& driver) : driver_(driver), privacy_(make_privacy_store(driver)) {}

  Result<std::vector<ReceivedReview>> receive(const std::string& brand, const std::vector<NewReview>& batch) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    std::vector<LeafToAppend> leaves;
    leaves.reserve(batch.size());
    for (const NewReview& one : batch) leaves.push_back(one.leaf);
    TRY(const std::vector<AppendedLeaf> appended, append_to_log(driver_, brand, leaves));
    std::vector<ReceivedReview> received;
    received.reserve(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      ReceivedReview& one = received.emplace_back();
      one.leaf = appended[i].index;
      one.fresh = appended[i].fresh;
      if (one.fresh) {
        TRY(one.id, insert(brand, batch[i].review, one.leaf));
      } else {
        TRY(one.id, id_at(brand, one.leaf));
      }
    }
    TRY(transaction.commit());
    return received;
  }

  Result<std::int64_t> add_version(std::int64_t id, const ReviewVersion& version, const LeafToAppend& leaf) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(const Review review, living(id));
    TRY(const std::int64_t index, append(review.brand, leaf));
    TRY(insert_version(id, version, index));
    ReviewAct act;
    act.review = id;
    act.version = act.leaf = index;
    act.act = "version";
    act.by = "author";
    act.at = version.at;
    TRY(insert_act(act));
    TRY(settle(id));
    TRY(transaction.commit());
    return index;
  }

  Result<std::int64_t> decide(const ReviewAct& act, const LeafToAppend& leaf) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(const std::int64_t index, decide_one(act, leaf));
    TRY(transaction.commit());
    return index;
  }

  Result<std::vector<Result<std::int64_t>>> decide_all(const std::vector<ReviewDecision>& decisions) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    std::vector<Result<std::int64_t>> outcomes;
    outcomes.reserve(decisions.size());
    for (const ReviewDecision& one : decisions) {
      Result<std::int64_t> outcome = decide_one(one.act, one.leaf);
      const bool passed_over =
          !outcome && (outcome.error().kind == ErrorKind::gone || outcome.error().kind == ErrorKind::bad_data);
      if (!outcome && !passed_over) return fail(outcome.error());
      outcomes.push_back(std::move(outcome));
    }
    TRY(transaction.commit());
    return outcomes;
  }

  Result<std::int64_t> end(const ReviewAct& act, ReviewState state, const LeafToAppend& leaf) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(const std::optional<Review> review, read(act.review));
    const bool destroys = state != ReviewState::withdrawn;
    if (!review || (destroys ? is_destroyed(*review) : is_over(review->state)))
      return fail(ErrorKind::gone, concat("review ", std::to_string(act.review), " is over already"));
    TRY(const std::int64_t index, append(review->brand, leaf));
    ReviewAct kept = act;
    kept.leaf = index;
    TRY(insert_act(kept));
    if (destroys) {
      TRY(forget_review(driver_, *review, act.at));
      TRY(destroy(act.review));
    }
    if (!is_over(review->state)) {
      TRY(run("update reviews set state = ? where id = ?",
              [&](Parameters& to) { to.text(to_text(state)).integer(act.review); }));
    }
    TRY(settle(act.review));
    TRY(transaction.commit());
    return index;
  }

  Result<std::optional<Review>> review(std::int64_t id) override { return read(id); }

  Result<std::optional<Review>> review_at(const std::string& brand, std::int64_t leaf) override {
    return read_by("r.brand = ? and r.leaf = ?", [&](Parameters& to) { to.text(brand).integer(leaf); });
  }
  Result<std::optional<Review>> review_of_receipt(const std::string& hash) override {
    return read_by("r.receipt = ?", [&](Parameters& to) { to.blob(hash); });
  }
  Result<std::optional<Review>> review_of_invitation(const std::string& hash) override {
    return read_by("r.invitation = ?", [&](Parameters& to) { to.blob(hash); });
  }
  Result<std::optional<Review>> review_of_mention(const std::string& source, const std::string& mention) override {
    return read_by("r.source = ? and r.mention = ?", [&](Parameters& to) { to.text(source).text(mention); });
  }

  Result<std::vector<Review>> reviews(const ReviewFilter& filter) override {
    const Conditions conditions = conditions_of(filter);
    TRY(const Query query, driver_.prepare(concat("select ", kColumns, " from reviews r", conditions.sql,
                                                  filter.after != 0     ? " order by r.id"
                                                  : filter.oldest_first ? " order by r.received, r.id"
                                                                        : " order by r.received desc, r.id desc",
                                                  " limit ? offset ?")));
    bind_conditions(*query, filter, conditions)
        .integer(std::clamp(filter.limit, 0, kMostRead))
        .integer(std::max(0, filter.offset));
    return read_all(*query);
  }

  Result<std::int64_t> count(const ReviewFilter& filter) override {
    const Conditions conditions = conditions_of(filter);
    TRY(const Query query, driver_.prepare(concat("select count(*) from reviews r", conditions.sql)));
    bind_conditions(*query, filter, conditions);
    TRY(query->step());
    return query->integer(0);
  }

  Result<std::vector<ReviewAct>> acts(std::int64_t review) override {
    TRY(const Query query, driver_.prepare(concat(kActs, "where review = ? order by number")));
    query->bind_integer(1, review);
    return read_acts(*query);
  }

  Result<std::vector<ReviewAct>> acts_after(std::int64_t number, int limit) override {
    TRY(const Query query, driver_.prepare(concat(kActs, "where number > ? order by number limit ?")));
    Parameters(*query).integer(number).integer(std::clamp(limit, 0, kMostRead));
    return read_acts(*query);
  }

  static Result<std::vector<ReviewAct>> read_acts(Statement& query) {
    std::vector<ReviewAct> found;
    for (;;) {
      TRY(const bool more, query.step());
      if (!more) return found;
      Columns row(query);
      ReviewAct& act = found.emplace_back();
      act.number = row.integer();
      act.review = row.integer();
      act.version = row.integer();
      act.leaf = row.integer();
      act.act = row.text();
      act.code = row.text();
      act.words = row.text();
      act.by = row.text();
      act.who = row.text();
      act.at = row.time();
      act.masked = static_cast<unsigned>(row.integer());
      act.masked_text = row.text();
    }
  }

  Result<std::vector<std::string>> languages(const std::string& brand) override {
    TRY(const Query query, driver_.prepare("select distinct lang from reviews where brand = ? and shown is not null "
                                           "and lang <> '' order by lang"));
    query->bind_text(1, brand);
    std::vector<std::string> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      found.emplace_back(query->text(0));
    }
  }

  Result<std::vector<ShownReview>> shown(const std::string& brand, std::int64_t after, int limit) override {
    TRY(const Query query,
        driver_.prepare("select r.leaf, min(v.published), max(case when v.leaf = r.shown then v.published end) from "
                        "reviews r join review_versions v on v.review = r.id where r.brand = ? and r.shown is not null "
                        "and r.leaf > ? group by r.leaf order by r.leaf limit ?"));
    Parameters(*query).text(brand).integer(after).integer(std::clamp(limit, 0, kMostRead));
    std::vector<ShownReview> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      Columns row(*query);
      ShownReview& one = found.emplace_back();
      one.leaf = row.integer();
      one.published = row.time_or_null().value_or(Time{});
      one.changed = row.time_or_null().value_or(one.published);
    }
  }

  Result<void> add_mark(std::int64_t id, const std::string& mark) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
    TRY(const std::optional<Review> review, read(id));
    if (!review) return fail(ErrorKind::gone, concat("there is no review ", std::to_string(id)));
    std::vector<std::string> marks = review->marks;
    if (std::find(marks.begin(), marks.end(), mark) != marks.end()) return {};
    marks.push_back(mark);
    const std::string all = join_words(marks);
    TRY(run("update reviews set marks = ? where id = ?", [&](Parameters& to) { to.text(all).integer(id); }));
    return transaction.commit();
  }

  Result<WallSnapshot> snapshot(const std::string& brand) override {
    TRY(const Query query, driver_.prepare("select size, at, json from wall_snapshots where brand = ?"));
    query->bind_text(1, brand);
    TRY(const bool found, query->step());
    WallSnapshot snapshot;
    if (!found) return snapshot;
    Columns row(*query);
    snapshot.size = row.integer();
    snapshot.at = row.time();
    snapshot.json = row.text();
    return snapshot;
  }

  Result<void> save_snapshot(const std::string& brand, const WallSnapshot& snapshot) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
    TRY(
        run("insert into wall_snapshots (brand, size, at, json) values (?, ?, ?, ?) on conflict (brand) do update set "
            "size = excluded.size, at = excluded.at, json = excluded.json",
            [&](Parameters& to) { to.text(brand).integer(snapshot.size).time(snapshot.at).text(snapshot.json); }));
    return transaction.commit();
  }

  PrivacyStore& privacy() override { return *privacy_; }

 private:
  template <class Bind>
  Result<void> run(std::string_view sql, const Bind& bind) {
    TRY(const Query query, driver_.prepare(sql));
    Parameters to(*query);
    bind(to);
    TRY(query->step());
    return {};
  }

  template <class Bind>
  Result<std::optional<Review>> read_by(std::string_view condition, const Bind& bind) {
    TRY(const Query query, driver_.prepare(concat("select ", kColumns, " from reviews r where ", condition)));
    Parameters to(*query);
    bind(to);
    TRY(std::vector<Review> found, read_all(*query));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  }

  Result<std::optional<Review>> read(std::int64_t id) {
    return read_by("r.id = ?", [&](Parameters& to) { to.integer(id); });
  }

  Result<std::vector<Review>> read_all(Statement& query) {
    std::vector<Review> found;
    for (;;) {
      TRY(const bool more, query.step());
      if (!more) break;
      TRY(Review review, read_review(query));
      found.push_back(std::move(review));
    }
    for (Review& review : found) TRY(read_versions(review));
    return found;
  }

  Result<void> read_versions(Review& review) {
    TRY(const Query query,
        driver_.prepare("select leaf, at, rating, state, deadline, decided, published, code, masked, "
                        "masked_text from review_versions where review = ? order by leaf"));
    query->bind_integer(1, review.id);
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) break;
      Columns row(*query);
      ReviewVersion& version = review.versions.emplace_back();
      version.leaf = row.integer();
      version.at = row.time();
      version.rating = row.integer_or_null();
      TRY(version.state, state_of(row.view()));
      version.deadline = row.time();
      version.decided = row.time_or_null();
      version.published = row.time_or_null();
      version.code = row.text();
      version.masked = static_cast<unsigned>(row.integer());
      version.masked_text = row.text();
    }
    for (ReviewVersion& version : review.versions) {
      TRY(read_fields("select field, value from review_values where review = ? and leaf = ?", review.id, version.leaf,
                      version.values));
      TRY(read_fields("select field, key from review_keys where review = ? and leaf = ?", review.id, version.leaf,
                      version.keys));
    }
    return {};
  }

  Result<void> read_fields(std::string_view sql, std::int64_t review, std::int64_t leaf,
                           std::array<std::string, kReviewFields>& into) {
    TRY(const Query query, driver_.prepare(sql));
    Parameters(*query).integer(review).integer(leaf);
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return {};
      const std::int64_t field = query->integer(0);
      if (field >= 0 && field < static_cast<std::int64_t>(kReviewFields))
        into[static_cast<std::size_t>(field)] = query->text(1);
    }
  }

  Result<Review> living(std::int64_t id) {
    TRY(std::optional<Review> review, read(id));
    if (!review) return fail(ErrorKind::gone, concat("there is no review ", std::to_string(id)));
    if (is_over(review->state)) {
      return fail(ErrorKind::gone, concat("review ", std::to_string(id), " is ", to_text(review->state)));
    }
    return *std::move(review);
  }

  // Nothing is written before everything was checked.
  Result<std::int64_t> decide_one(const ReviewAct& act, const LeafToAppend& leaf) {
    TRY(const Review review, living(act.review));
    const auto version = std::find_if(review.versions.begin(), review.versions.end(),
                                      [&](const ReviewVersion& one) { return one.leaf == act.version; });
    if (version == review.versions.end())
      return fail(ErrorKind::gone,
                  concat("review ", std::to_string(act.review), " has no version ", std::to_string(act.version)));
    const std::optional<ReviewState> next = vigie::after(act.act, *version);
    if (!next || (act.act == "mask" && (version->masked | act.masked) == version->masked &&
                  act.masked_text == version->masked_text)) {
      return fail(ErrorKind::bad_data, concat("review ", std::to_string(act.review), " cannot be the subject of \"",
                                              act.act, "\": it is ", to_text(version->state)));
    }
    const Result<std::int64_t> index = append(review.brand, leaf);
    if (!index) return fail(ErrorKind::bug, index.error().what);  // half an entry may be there: all must go
    TRY(update_version(act, *version, *next));
    ReviewAct kept = act;
    kept.leaf = *index;
    TRY(insert_act(kept));
    TRY(settle(act.review));
    return *index;
  }

  Result<std::int64_t> append(const std::string& brand, const LeafToAppend& leaf) {
    TRY(const std::vector<AppendedLeaf> appended, append_to_log(driver_, brand, {leaf}));
    return appended.front().index;
  }

  Result<std::int64_t> id_at(const std::string& brand, std::int64_t leaf) {
    TRY(const Query query, driver_.prepare("select id from reviews where brand = ? and leaf = ?"));
    Parameters(*query).text(brand).integer(leaf);
    TRY(const bool found, query->step());
    if (!found)
      return fail(ErrorKind::bug, concat("entry ", std::to_string(leaf), " of ", brand, "'s log is no review's"));
    return query->integer(0);
  }

  Result<std::int64_t> insert(const std::string& brand, const Review& review, std::int64_t leaf) {
    TRY(const Query query,
        driver_.prepare("insert into reviews (brand, leaf, survey, origin, channel, scale, lang, incentive, verified, "
                        "received, state, lock, secret_by, receipt, invitation, contact, tell, marks, source, mention) "
                        "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id"));
    const std::string marks = join_words(review.marks);
    Parameters to(*query);
    to.text(brand).integer(leaf).text(review.survey).text(review.origin).text(review.channel).text(review.scale);
    to.text(review.lang).text(review.incentive).text(review.verified).time(review.received).blob(review.lock);
    to.text(review.secret_by);
    to.blob_or_null(review.receipt);
    to.blob_or_null(review.invitation);
    to.text(review.contact).integer(review.tell ? 1 : 0).text(marks);
    const bool own = review.mention.empty();  // it was written here: its mention is made from it
    const std::string source = own ? wall_source(brand) : review.source;
    const std::string mention = own ? std::to_string(leaf) : review.mention;
    to.text(source).text(mention);
    TRY(query->step());
    const std::int64_t id = query->integer(0);
    query->reset();
    TRY(insert_version(id, review.versions.front(), leaf));
    return id;
  }

  Result<void> insert_version(std::int64_t review, const ReviewVersion& version, std::int64_t leaf) {
    TRY(run("insert into review_versions (review, leaf, at, rating, state, deadline) values (?, ?, ?, ?, 'waiting', ?)",
            [&](Parameters& to) {
              to.integer(review).integer(leaf).time(version.at).integer_or_null(version.rating).time(version.deadline);
            }));
    for (std::size_t field = 0; field < kReviewFields; ++field) {
      const auto at = static_cast<std::int64_t>(field);
      TRY(run("insert into review_values (review, leaf, field, value) values (?, ?, ?, ?)",
              [&](Parameters& to) { to.integer(review).integer(leaf).integer(at).text(version.values[field]); }));
      TRY(run("insert into review_keys (review, leaf, field, key) values (?, ?, ?, ?)",
              [&](Parameters& to) { to.integer(review).integer(leaf).integer(at).blob(version.keys[field]); }));
    }
    return {};
  }

  Result<void> update_version(const ReviewAct& act, const ReviewVersion& version, ReviewState next) {
    const bool masks = act.act == "mask";
    const std::optional<Time> decided = version.decided || masks ? version.decided : act.at;
    const bool first = next == ReviewState::published && !version.published;
    const std::optional<Time> published = first && !masks ? std::optional(act.at) : version.published;
    const bool withheld = next == ReviewState::refused || next == ReviewState::hidden;
    const std::string code = withheld ? act.code : "";
    const bool lifts = lifts_mask(act.act, version);
    const unsigned masked = lifts ? 0 : version.masked | act.masked;
    const std::string text = lifts ? "" : masks && !act.masked_text.empty() ? act.masked_text : version.masked_text;
    return run(
        "update review_versions set state = ?, decided = ?, published = ?, code = ?, masked = ?, masked_text = ? "
        "where review = ? and leaf = ?",
        [&](Parameters& to) {
          to.text(to_text(next)).time_or_null(decided).time_or_null(published).text(code);
          to.integer(masked).text(text).integer(act.review).integer(version.leaf);
        });
  }

  // What of a review stands on its wall, and what it is as a whole, follow from its versions.
  Result<void> settle(std::int64_t id) {
    TRY(const std::optional<Review> review, read(id));
    if (!review) return fail(ErrorKind::bug, "a review is gone in the middle of a transaction");
    const ReviewVersion* shown = review->shown();
    ReviewState state = review->state;
    std::int64_t undecided = 0;
    if (is_over(state)) {
      shown = nullptr;
    } else {
      state = ReviewState::waiting;
      for (const ReviewVersion& version : review->versions) {
        if (version.state == ReviewState::waiting)
          ++undecided;
        else
          state = version.state;
      }
      if (shown != nullptr) state = ReviewState::published;
    }
    return run("update reviews set state = ?, shown = ?, rating = ?, undecided = ? where id = ?", [&](Parameters& to) {
      to.text(to_text(state));
      to.integer_or_null(shown != nullptr ? std::optional(shown->leaf) : std::nullopt);
      to.integer_or_null(shown != nullptr ? shown->rating : std::nullopt).integer(undecided).integer(id);
    });
  }

  Result<void> destroy(std::int64_t id) {
    for (const std::string_view sql :
         {"delete from review_values where review = ?", "delete from review_keys where review = ?",
          "update review_versions set masked_text = '' where review = ?",
          "update review_acts set words = '', masked_text = '' where review = ?",
          "update reviews set contact = '', tell = 0 where id = ?", "delete from review_checks where review = ?",
          "delete from wall_fields where (brand, leaf) in (select brand, leaf from replies where review = ?)",
          "update appeals set words = '', answer = '' where review = ?",
          "update notices set reason = '', words = '' where review = ?"}) {
      TRY(run(sql, [&](Parameters& to) { to.integer(id); }));
    }
    return {};
  }

  Result<void> insert_act(const ReviewAct& act) {
    return run(
        "insert into review_acts (review, version, leaf, act, code, words, by, who, at, masked, masked_text) values "
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [&](Parameters& to) {
          to.integer(act.review).integer(act.version).integer(act.leaf).text(act.act).text(act.code).text(act.words);
          to.text(act.by).text(act.who).time(act.at).integer(act.masked).text(act.masked_text);
        });
  }

  Driver& driver_;
  std::unique_ptr<PrivacyStore> privacy_;
};

}  // namespace

std::unique_ptr<ReviewStore> make_review_store(Driver& driver) { return std::make_unique<SqlReviewStore>(driver); }

}  // namespace vigie
