#include "app/moderate.h"

#include <algorithm>

#include "app/author_letters.h"
#include "base/log.h"
#include "store/moderation.h"
#include "wall/checks.h"
#include "wall/improvements.h"
#include "wall/personal.h"

namespace vigie {
namespace {

constexpr int kAtOnce = 40;  // versions in one transaction: whoever waits for a receipt waits for it
constexpr Duration kLook = seconds(2);
constexpr Duration kMeasureAfter = 30 * kDay;  // by then enough new reviews came in, or never will
constexpr Duration kSenders = 365 * kDay;      // a notice's sender is known for as long as the evidence

ReviewAct automatic(std::string act, const ReviewVersion& version, std::string code = "") {
  ReviewAct done;
  done.act = std::move(act);
  done.code = std::move(code);
  done.by = "auto";
  done.version = version.leaf;
  return done;
}

const ReviewVersion* version_of(const Review& review, std::int64_t leaf) {
  const auto found = std::find_if(review.versions.begin(), review.versions.end(),
                                  [&](const ReviewVersion& one) { return one.leaf == leaf; });
  return found == review.versions.end() ? nullptr : &*found;
}

}  // namespace

struct Moderate::Case {
  std::shared_ptr<const Review> review;
  const ReviewVersion* version = nullptr;  // of it
  ReviewCheck check;
};

Result<ReviewCheck> Moderate::check(const Review& review, const ReviewVersion& version) {
  const Noticed noticed = check_fields(version.values);
  ReviewCheck check;
  check.review = review.id;
  check.version = version.leaf;
  check.at = clock_.now();
  check.marks = noticed.marks;
  check.spans = noticed.spans;
  check.print = noticed.print;
  if (check.print != 0) {
    TRY(const std::optional<std::int64_t> copied,
        store_.moderation().copy_of(review.brand, check.print, review.id, review.received - kCopiesWithin,
                                    review.received));
    if (copied) check.marks.emplace_back(kDuplicate);
  }
  // What was noticed at the door (a bot, a burst) counts as well.
  check.held = settings_.wall.hold_marked && (!check.marks.empty() || !review.marks.empty());
  return check;
}

Result<std::vector<Moderate::Case>> Moderate::cases_of(const std::vector<Undecided>& versions) {
  std::vector<Case> cases;
  for (const Undecided& one : versions) {
    TRY(std::optional<Review> found, store_.reviews().review(one.review));
    if (!found) continue;
    Case next;
    next.review = std::make_shared<const Review>(*std::move(found));
    next.version = version_of(*next.review, one.version);
    if (next.version == nullptr || next.version->state != ReviewState::waiting) continue;
    if (one.checked) {
      TRY(const std::vector<ReviewCheck> known, store_.moderation().checks(one.review));
      for (const ReviewCheck& check : known) {
        if (check.version == one.version) next.check = check;
      }
    } else {
      TRY(next.check, check(*next.review, *next.version));
      // Kept at once, so that the next one in this batch knows what it may be a copy of.
      for (const std::string& mark : next.check.marks) TRY(store_.reviews().add_mark(one.review, mark));
      TRY(store_.moderation().save_checks({next.check}));
    }
    cases.push_back(std::move(next));
  }
  return cases;
}

// Publishes each; where personal data was found, under a bar. False: nothing changed.
Result<bool> Moderate::settle(const std::vector<Case>& cases) {
  std::vector<ActOn> decisions;
  for (const Case& one : cases) {
    unsigned masked = 0;
    for (const FoundSpan& span : one.check.spans) masked |= 1u << span.field;
    if ((one.version->masked & masked) != masked) {
      ReviewAct mask = automatic("mask", *one.version, "PERSONAL-DATA");
      mask.masked = masked;
      if (masked & (1u << kText)) mask.masked_text = blacked_out(kText, one.version->values[kText], one.check.spans);
      decisions.push_back({one.review.get(), std::move(mask)});
    }
    decisions.push_back({one.review.get(), automatic("publish", *one.version)});
  }
  if (decisions.empty()) return false;
  TRY(const std::vector<Result<std::int64_t>> outcomes, book_.decide_all(decisions));
  logged_ = true;
  bool moved = false;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    moved = moved || outcomes[i].has_value();
    if (!outcomes[i])  // decided on by a person, or withdrawn, in this very moment
      log::info("moderate", outcomes[i].error().what, {{"act", decisions[i].act.act}});
  }
  return moved;
}

Result<bool> Moderate::decide_new() {
  TRY(const std::vector<Undecided> versions, store_.moderation().undecided(kAtOnce));
  TRY(std::vector<Case> cases, cases_of(versions));
  const auto held = std::erase_if(cases, [](const Case& one) { return one.check.held; });
  TRY(const bool moved, settle(cases));
  return versions.size() == kAtOnce && (moved || held > 0);
}

Result<bool> Moderate::decide_due() {
  TRY(const std::vector<Undecided> versions, store_.moderation().due(clock_.now(), kAtOnce));
  TRY(const std::vector<Case> cases, cases_of(versions));
  TRY(const bool moved, settle(cases));
  return versions.size() == kAtOnce && moved;
}

Result<bool> Moderate::tick() {
  TRY(const bool more_collected, adopt_.tick());
  TRY(const bool more_new, decide_new());
  TRY(const bool more_due, decide_due());
  TRY(const bool more_words, tell());
  TRY(tell_of_improvements());
  logged_ = logged_ || more_collected || more_new || more_due;
  return more_collected || more_new || more_due || more_words;
}

// Whoever cannot be written to reads it on the page behind the receipt, or behind the notice; the author of a review that
// was collected has neither, and is not said to have been told.
Result<bool> Moderate::tell() {
  TRY(const std::vector<Untold> untold, store_.moderation().untold(kAtOnce));
  for (const Untold& one : untold) {
    TRY(const std::optional<Notification> owed, owed_to_author(one, settings_, store_, clock_.now()));
    if (owed) TRY(store_.add_notifications({*owed}));
    TRY(const std::optional<Review> review, store_.reviews().review(one.review));
    const bool has_page = one.what.starts_with("notice") || (review && !review->receipt.empty());
    const std::string_view how = owed ? "mail" : has_page ? "page" : "nobody";
    TRY(store_.moderation().set_told(one.review, one.about(), std::string(how), clock_.now()));
    owed_ = owed_ || owed;
  }
  return untold.size() >= kAtOnce;
}

// Once an improvement is done, the authors who wanted to hear of it do; then it is told. Told or not, it is measured when
// enough time has passed: nobody having asked to be told says nothing of whether it worked.
Result<bool> Moderate::tell_of_improvements() {
  for (const BrandSettings& brand : settings_.brands) {
    TRY(const std::vector<Improvement> improvements, store_.moderation().unmeasured(brand.id));
    for (const Improvement& one : improvements) {
      if (one.state == ImprovementState::done) TRY(tell_of(one));
      if (clock_.now() - *one.since(ImprovementState::done) < kMeasureAfter) continue;
      TRY(step_improvement(book_, store_, one.id, ImprovementState::measured, "", "", clock_.now()));
      logged_ = true;
    }
  }
  return false;
}

Result<void> Moderate::tell_of(const Improvement& improvement) {
  TRY(const std::vector<std::int64_t> reviews, store_.moderation().to_tell(improvement.id));
  bool told = false;
  for (const std::int64_t review : reviews) {
    TRY(const std::optional<Notification> owed,
        owed_about_improvement(improvement.id, review, settings_, store_, clock_.now()));
    if (!owed) continue;
    TRY(store_.add_notifications({*owed}));
    TRY(store_.moderation().asked(improvement.id, review, clock_.now()));
    told = owed_ = true;
  }
  if (!told && improvement.asked == 0) return {};
  TRY(step_improvement(book_, store_, improvement.id, ImprovementState::told, "", "", clock_.now()));
  logged_ = true;
  return {};
}

Result<void> Moderate::hourly() {
  const Time now = clock_.now();
  for (bool more = true; more;) {
    TRY(const std::vector<std::int64_t> old, store_.moderation().to_expire(now - settings_.wall.keep, kAtOnce));
    for (const std::int64_t id : old) {
      TRY(const std::optional<Review> review, store_.reviews().review(id));
      if (review) TRY(book_.erase(*review, "retention", ""));
    }
    more = old.size() == kAtOnce;
  }
  TRY(store_.moderation().drop_evidence(now));
  TRY(store_.moderation().forget_senders(now - kSenders));
  return {};
}

void Moderate::run(const std::stop_token& stop, Pulse& pulse, const std::function<void()>& logged,
                   const std::function<void()>& owed) {
  const std::stop_callback wake(stop, [&pulse] { pulse.notify(); });
  std::optional<Time> kept;
  while (!stop.stop_requested()) {
    const Result<bool> more = tick();
    if (!more) log::warn("moderate", "reviews wait; trying again", {{"error", more.error().what}});
    if (!kept || clock_.now() - *kept >= hours(1)) {
      kept = clock_.now();
      if (Result<void> done = hourly(); !done)
        log::warn("moderate", "what is over could not be taken away; trying again in an hour",
                  {{"error", done.error().what}});
    }
    if (logged_ && logged) logged();
    if (owed_ && owed) owed();
    logged_ = owed_ = false;
    if (!more || !*more) pulse.wait(kLook);
  }
}

}  // namespace vigie
