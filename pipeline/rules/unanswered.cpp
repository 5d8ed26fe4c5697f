// Kind unanswered: what people wrote to the brand and got no reply to within the time set. A reply counts from when it
// was written; one that has no date, from when it was seen.

#include <algorithm>
#include <tuple>

#include "pipeline/rules/rule_watch.h"
#include "pipeline/rules/sample.h"

namespace vigie {
namespace {

constexpr std::size_t kMost = 2048;              // of them wait; the oldest are let go
constexpr std::int64_t kGivenUp = 30 * 24 * 60;  // minutes after its time: nobody will answer it any more
constexpr std::int64_t kLookedAt = 2;            // minutes before its time it is looked at again
constexpr double kLowerBar = 0.75, kGraver = 3, kMuchGraver = 10;
constexpr std::int64_t kPause = 60, kStep = 15;  // minutes

class Unanswered final : public RuleWatch {
 public:
  using RuleWatch::RuleWatch;

  void take(const Sighting& seen) override {
    Letter letter;
    letter.due = seen.event_minute + whole_minutes(rule_.window);
    letter.answered = answered_at(*seen.mention, 0);
    if (letter.answered <= letter.due || letter.due + kGivenUp <= seen.minute) return;
    letter.event = seen.event;
    letter.key = seen.key;
    letter.seq = seen.mention->seq;
    letter.themes = seen.themes;
    letter.source = seen.mention->mention.source;
    waiting_.insert(std::upper_bound(waiting_.begin(), waiting_.end(), letter, before), std::move(letter));
    if (waiting_.size() > kMost) waiting_.erase(waiting_.begin());
    wake(std::max(letter_due(seen), seen.minute + 1));
  }

  void evaluate(std::int64_t minute, const Volume&, std::vector<Signal>& out) override {
    std::erase_if(waiting_, [&](const Letter& one) { return one.answered <= minute || one.due + kGivenUp <= minute; });
    const std::int64_t late = overdue(minute);
    const std::int64_t known = std::exchange(late_, late);
    const bool more = late > most_;
    if (!is_on() || more) most_ = late;
    follow(minute, read(late), late > known, more, false, out);
    due_ = next(minute);
  }

  void accept(std::int64_t minute, Time at, std::vector<Signal>& out) override {
    if (!is_on()) return;
    RuleWatch::accept(minute, at, out);
    unmute();
    std::erase_if(waiting_, [&](const Letter& one) { return one.due <= minute; });
    late_ = 0;
    due_ = next(minute);
  }

  void waiting(std::int64_t minute, std::vector<std::int64_t>& seqs) const override {
    for (const Letter& one : waiting_) {
      if (one.due > minute + kLookedAt) break;
      if (one.answered == kNever) seqs.push_back(one.seq);
    }
  }

  void again(const StoredMention& mention, std::int64_t minute) override {
    const auto found =
        std::find_if(waiting_.begin(), waiting_.end(), [&](const Letter& one) { return one.seq == mention.seq; });
    if (found == waiting_.end()) return;
    found->answered = mention.deleted ? minute : std::min(found->answered, answered_at(mention, minute));
    if (found->answered != kNever) wake(std::max(minute + 1, found->answered));
  }

  void save(ByteWriter& out, std::int64_t minute) const override {
    RuleWatch::save(out, minute);
    out.value(late_);
    out.value(most_);
    out.value(static_cast<std::uint32_t>(waiting_.size()));
    for (const Letter& one : waiting_) {
      for (const std::int64_t number : {one.due, one.answered, one.event, one.seq}) out.value(number);
      out.value(one.key);
      out.value(one.themes);
      out.text(one.source);
    }
  }

  void restore(ByteReader& in) override {
    RuleWatch::restore(in);
    in.value(late_);
    in.value(most_);
    waiting_.clear();
    const std::uint32_t count = in.count(6 * sizeof(std::int64_t) + sizeof(std::uint32_t));
    for (std::uint32_t i = 0; i < count; ++i) {
      Letter one;
      for (std::int64_t* const number : {&one.due, &one.answered, &one.event, &one.seq}) in.value(*number);
      in.value(one.key);
      in.value(one.themes);
      in.text(one.source);
      waiting_.push_back(std::move(one));
    }
  }

 private:
  struct Letter {
    std::int64_t due = 0;            // minute at which its time is up
    std::int64_t answered = kNever;  // minute
    std::int64_t event = 0;          // microseconds
    std::int64_t seq = 0;
    std::uint64_t key = 0, themes = 0;
    std::string source;
  };
  static bool before(const Letter& a, const Letter& b) {
    return std::tie(a.due, a.event, a.key) < std::tie(b.due, b.event, b.key);
  }

  std::int64_t letter_due(const Sighting& seen) const { return seen.event_minute + whole_minutes(rule_.window); }

  // A reply without a date was there at minute `seen`.
  static std::int64_t answered_at(const StoredMention& mention, std::int64_t seen) {
    const std::optional<OwnReply>& reply = mention.mention.reply;
    if (!reply) return kNever;
    return reply->created ? minute_of(*reply->created) : seen;
  }

  std::int64_t overdue(std::int64_t minute) const {
    return std::count_if(waiting_.begin(), waiting_.end(), [&](const Letter& one) { return one.due <= minute; });
  }

  Reading read(std::int64_t late) const {
    if (late >= rule_.count) return Reading::high;
    const auto low = static_cast<std::int64_t>(kLowerBar * rule_.count);
    return late <= std::min<std::int64_t>(low, rule_.count - 1) ? Reading::low : Reading::between;
  }

  // When something next changes by itself.
  std::int64_t next(std::int64_t minute) const {
    std::int64_t first = is_on() || is_muted() ? minute + kStep : kNever;
    for (const Letter& one : waiting_) {
      for (const std::int64_t then : {one.due, one.answered, one.due + kGivenUp}) {
        if (then > minute) first = std::min(first, then);
      }
    }
    return first;
  }

  void describe(Signal& signal, std::int64_t minute) const override {
    Sample late;
    for (const Letter& one : waiting_) {
      if (one.due <= minute) late.add_another({one.due, one.event, 0, one.key, one.seq, one.themes, one.source});
    }
    late.explain(0, themes_, signal);
    signal.observed = signal.total = static_cast<double>(late_);
    signal.measure = "unanswered";
    signal.limit = rule_.count;
    signal.authors = static_cast<int>(late_);
  }

  Time since(std::int64_t minute) const override {
    return waiting_.empty() ? time_of(minute) : from_epoch_micros(waiting_.front().event);
  }

  int growth(std::int64_t) const override {
    const auto late = static_cast<double>(late_);
    return late >= kMuchGraver * rule_.count ? 2 : late >= kGraver * rule_.count ? 1 : 0;
  }
  std::int64_t least_pause() const override { return kPause; }

  std::vector<Letter> waiting_;  // sorted, first due first
  std::int64_t late_ = 0;        // overdue when last evaluated
  std::int64_t most_ = 0;        // at once, since it opened
};

}  // namespace

std::unique_ptr<RuleWatch> watch_unanswered(const RuleSettings& rule, std::string_view brand,
                                            const std::vector<std::string>& themes) {
  return std::make_unique<Unanswered>(rule, brand, themes);
}

}  // namespace vigie
