// The [[rule]] blocks but those of kind budget: each brand's watches, and when each must next be looked at.

#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/rules/filter.h"
#include "pipeline/rules/rule_watch.h"

namespace vigie {

class OwnRules {
 public:
  // `rules` and `themes` outlive it; rules of kind budget are passed over.
  OwnRules(const std::vector<RuleSettings>& rules, const std::vector<std::string>& themes);

  bool empty() const { return rules_.empty(); }

  // Judges every minute before `minute`.
  void run_until(std::int64_t minute, std::vector<Signal>& out);
  // A mention of `brand`, of the minute that run_until() reached.
  void take(const StoredMention& mention, std::string_view brand, LazyText& text);
  void accept(std::string_view brand, std::string_view rule, Time at, std::vector<Signal>& out);

  std::vector<std::int64_t> waiting() const;
  void again(const StoredMention& mention);

  void save(ByteWriter& out) const;
  void restore(ByteReader& in);

 private:
  struct Rule {
    const RuleSettings* settings;
    RuleFilter filter;
    std::uint64_t meaning;  // what its state counts
  };
  struct Brand {
    std::string id;
    Volume volume;
    std::vector<std::unique_ptr<RuleWatch>> watches;  // by rule; none where the rule is not for it
    std::vector<std::int64_t> scheduled;
  };
  using Place = std::uint32_t;  // brand and rule in one number

  Brand& brand(std::string_view id);
  void schedule(Place place);
  Place place_of(std::size_t brand, std::size_t rule) const { return static_cast<Place>(brand * rules_.size() + rule); }
  RuleWatch* watch_at(Place place) { return brands_[place / rules_.size()].watches[place % rules_.size()].get(); }

  std::vector<Rule> rules_;
  const std::vector<std::string>& themes_;
  std::int64_t minute_ = 0;
  std::vector<Brand> brands_;  // in order of first sight
  boost::unordered_flat_map<std::string, std::size_t> places_;
  std::set<std::pair<std::int64_t, Place>> due_;
};

}  // namespace vigie
