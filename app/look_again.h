// Looking again at what one source brought: which mentions are due, and what may be believed of the answer. No request
// is made here.
//
// Mentions are asked for in rounds, oldest first, once at each age of the definition, and after the last age all of
// them again and again where the definition says how often. Per (source, age) one place in the order of seq is
// remembered, so that nothing is kept per mention. It moves once what a round found is stored.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collectors/source.h"
#include "store/store.h"

namespace vigie {

class LookAgain {
 public:
  // `delete_within`: how soon the source's terms want deletions to be followed; doubt never takes longer than a quarter
  // of it.
  LookAgain(Store& store, std::string source, const Recheck& recheck, std::optional<Duration> delete_within = {});

  Result<void> open(Time now);
  Time due() const;

  // Whether a mention is due; page() then holds those to ask for next.
  Result<bool> begin(Time now);
  const std::vector<KnownMention>& page() const { return page_; }

  // The answer to page(), as far as it may be stored. Deletions stand in the answer of a round's last page.
  Batch sift(Batch answer, Time now);
  // It is stored: the place moves on at the end of the round.
  Result<void> stored(Time now);
  // It could not be had: not before `until`. The round is asked again from its beginning.
  void put_off(Time until);

  // Mentions missing at once, not yet believed; and when they are asked for again.
  struct Held {
    std::size_t mentions = 0;  // 0: held by an earlier run
    Time until{};
  };
  std::optional<Held> held() const;

  // How long the last time through all mentions took, when that was longer than the definition wants.
  std::optional<Duration> late() const { return late_; }

 private:
  struct Age {
    Look look;
    Time due{};
    std::size_t missing = 0;          // while held
    std::optional<Duration> every{};  // through all mentions, again and again
  };
  struct Round {
    std::size_t age = 0;
    std::vector<DueMention> mentions;
    std::size_t asked = 0;
    std::vector<std::string> gone;
    bool hold = false;
  };

  Result<void> open_one(Duration age, std::optional<Duration> every, Time now);
  // No mention is due at this age: when the next one may be.
  Result<void> rest(Age& age, std::optional<Time> next, Time now);
  bool suspicious(const Round& round, const Look& look, Time now) const;
  void next_page();
  bool last_page() const { return round_->asked >= round_->mentions.size(); }

  Store& store_;
  const std::string source_;
  const Recheck& recheck_;
  const Duration hold_;  // before a mass disappearance is asked about again
  std::vector<Age> ages_;
  std::optional<Round> round_;
  std::vector<KnownMention> page_;
  Time not_before_{};
  std::optional<Duration> late_;
};

}  // namespace vigie
