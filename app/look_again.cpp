#include "app/look_again.h"

#include <algorithm>

namespace vigie {
namespace {

// Networks that tell of one mention at a time are judged by rounds of this many: one answer says nothing of an outage.
constexpr std::size_t kSmallestRound = 20;
constexpr std::size_t kFewestToDoubt = 4;
constexpr Duration kHold = kDay, kBelieved = kDay;
constexpr int kShareOfDuty = 4;  // of the time that a duty to delete leaves, doubt may take one such part
// Between two pages of all that is stored. Polls share their network's allowance with them: twelve requests a minute
// are a small part of any, and go through 200,000 mentions of a network that takes 25 at once in half a day.
constexpr Duration kBetweenPages = seconds(5);

// One author who left while others are still there: one person's wish, however many posts.
bool is_of_one_author(const std::vector<DueMention>& asked, const std::vector<std::string>& gone) {
  std::string author;
  bool others_stay = false;
  for (const DueMention& mention : asked) {
    if (std::find(gone.begin(), gone.end(), mention.id) == gone.end()) continue;
    if (mention.author.empty() || (!author.empty() && mention.author != author)) return false;
    author = mention.author;
  }
  for (const DueMention& mention : asked) {
    const bool is_gone = std::find(gone.begin(), gone.end(), mention.id) != gone.end();
    others_stay = others_stay || (!is_gone && mention.author != author);
  }
  return others_stay;
}

}  // namespace

LookAgain::LookAgain(Store& store, std::string source, const Recheck& recheck, std::optional<Duration> delete_within)
    : store_(store),
      source_(std::move(source)),
      recheck_(recheck),
      hold_(std::min(kHold, delete_within.value_or(kHold * kShareOfDuty) / kShareOfDuty)) {}

Result<void> LookAgain::open(Time now) {
  ages_.clear();
  for (const Duration age : recheck_.ages()) TRY(open_one(age, std::nullopt, now));
  if (recheck_.every()) TRY(open_one(Duration::zero(), recheck_.every(), now));
  return {};
}

Result<void> LookAgain::open_one(Duration age, std::optional<Duration> every, Time now) {
  Age one;
  one.every = every;
  TRY(one.look, store_.look(source_, age, now));
  if (every && !one.look.begun) one.look.begun = now;
  TRY(store_.save_look(one.look));
  one.due = std::max(one.look.held_until.value_or(now), one.look.begun.value_or(now));
  ages_.push_back(std::move(one));
  return {};
}

Time LookAgain::due() const {
  if (round_) return not_before_;
  Time soonest = Time::max();
  for (const Age& age : ages_) soonest = std::min(soonest, age.due);
  return std::max(soonest, not_before_);
}

std::optional<LookAgain::Held> LookAgain::held() const {
  for (const Age& age : ages_) {
    if (age.look.held_until) return Held{age.missing, *age.look.held_until};
  }
  return std::nullopt;
}

Result<bool> LookAgain::begin(Time now) {
  if (now < not_before_) return false;
  if (round_) return true;
  const std::size_t most = std::max(std::max<std::size_t>(recheck_.at_once(), 1), kSmallestRound);
  for (std::size_t i = 0; i < ages_.size(); ++i) {
    Age& age = ages_[i];
    if (age.due > now) continue;
    const std::int64_t to = age.look.held_until ? age.look.held_to : 0;
    Look old_enough = age.look;
    if (age.every) old_enough.age = recheck_.ages().back();
    TRY(DueMentions due, store_.due_mentions(old_enough, to, now, static_cast<int>(most)));
    if (due.mentions.empty()) {
      TRY(rest(age, due.next, now));
      continue;
    }
    round_ = Round{i, std::move(due.mentions), 0, {}, false};
    next_page();
    return true;
  }
  return false;
}

Result<void> LookAgain::rest(Age& age, std::optional<Time> next, Time now) {
  // Held ones that were deleted meanwhile, one by one, are no reason to wait.
  const bool held = age.look.held_until.has_value();
  age.look.held_until.reset();
  if (!age.every) {
    age.due = next.value_or(now) + age.look.age;
    return {};
  }
  if (held) {  // there may be others behind them
    age.look.held_to = 0;
    age.due = now;
    return store_.save_look(age.look);
  }
  // Through all of them. The next time begins when it would have had this one taken no longer than it should.
  const Duration took = now - *age.look.begun;
  late_ = took > *age.every ? std::optional<Duration>(took) : std::nullopt;
  age.look.seq = 0;
  age.look.begun = std::max(now, *age.look.begun + *age.every);
  age.due = *age.look.begun;
  return store_.save_look(age.look);
}

void LookAgain::next_page() {
  const std::size_t end =
      std::min(round_->mentions.size(), round_->asked + std::max<std::size_t>(recheck_.at_once(), 1));
  page_.clear();
  for (std::size_t i = round_->asked; i < end; ++i) {
    page_.push_back({round_->mentions[i].id, round_->mentions[i].native});
  }
}

// Most of a page gone at once is more often an outage or a lost permission than that many people's wish.
bool LookAgain::suspicious(const Round& round, const Look& look, Time now) const {
  if (round.mentions.size() < kFewestToDoubt || round.gone.size() * 2 <= round.mentions.size()) return false;
  if (is_of_one_author(round.mentions, round.gone)) return false;
  const bool confirmed = look.held_until && *look.held_until <= now;
  const bool believed = look.believed_until && *look.believed_until > now;
  return !confirmed && !believed;
}

Batch LookAgain::sift(Batch answer, Time now) {
  round_->asked += page_.size();
  for (std::string& id : answer.gone) {
    const auto asked = [&id](const KnownMention& mention) { return mention.id == id; };
    if (std::any_of(page_.begin(), page_.end(), asked)) round_->gone.push_back(std::move(id));
  }
  answer.gone.clear();
  if (!last_page()) return answer;
  round_->hold = suspicious(*round_, ages_[round_->age].look, now);
  if (!round_->hold) answer.gone = round_->gone;
  return answer;
}

Result<void> LookAgain::stored(Time now) {
  if (ages_[round_->age].every) not_before_ = now + kBetweenPages;
  if (!last_page()) {
    next_page();
    return {};
  }
  Age& age = ages_[round_->age];
  Look look = age.look;
  const std::int64_t last = round_->mentions.back().seq;
  if (round_->hold) {
    look.held_until = now + hold_;
    look.held_to = last;
    age.missing = round_->gone.size();
  } else {
    if (look.held_until) look.believed_until = now + kBelieved;
    look.seq = last;
    look.held_until.reset();
    look.held_to = 0;
  }
  round_.reset();
  page_.clear();
  TRY(store_.save_look(look));
  age.look = look;
  age.due = look.held_until.value_or(now);
  return {};
}

void LookAgain::put_off(Time until) {
  not_before_ = until;
  round_.reset();
  page_.clear();
}

}  // namespace vigie
