// The table of a long message.

#include <algorithm>
#include <cmath>

#include "alerts/finding.h"
#include "alerts/telling.h"

namespace vigie {
namespace {

constexpr std::size_t kSourcesShown = 4;
constexpr double kSureMonths = 120, kDoubtfulMonths = 12;  // a gap that chance makes once in so many months

class Table {
 public:
  explicit Table(const Telling& told)
      : told_(told), facts_(told.facts), say_(told.say), signal_(told.signal()), own_rule_(told.own_rule()) {}

  std::vector<Story::Row> write() {
    if (told_.is_plain_test()) {
      row("rows.endpoint", facts_.endpoint);
      row("rows.sent", say_.say("rows.since_plain", {{"date", say_.date_time(facts_.now)}, {"zone", say_.zone()}}));
    } else {
      told_.is_over() ? closing() : going_on();
    }
    return std::move(rows_);
  }

  // For those who read in passing: how sure it is and how far it went, without why.
  std::string weight() const {
    if (told_.is_plain_test() || told_.is_over() || own_rule_) return "";
    std::string out;
    if (!chance().empty()) out = say_.say("weight.confidence", {{"level", say_.say(confidence_level())}});
    if (signal_.reach <= 0) return out;
    const std::string all = say_.number(vigie::about(signal_.reach));
    const bool by_few = facts_.top_accounts > 0 && signal_.authors > facts_.top_accounts;
    const std::string reach =
        by_few ? say_.count("weight.reach_top", facts_.top_accounts,
                            {{"n", all},
                             {"share", say_.percent(std::floor(100 * facts_.top_share) / 100)},
                             {"accounts", std::to_string(facts_.top_accounts)}})
               : say_.say("weight.reach", {{"n", all}});
    return concat(out, out.empty() ? "" : " · ", reach);
  }

 private:
  std::string_view confidence_level() const {
    const double months = signal_.months_by_chance;
    return months < kDoubtfulMonths                  ? "rows.confidence_low"
           : months >= kSureMonths && agreeing() > 1 ? "rows.confidence_high"
                                                     : "rows.confidence_medium";
  }

  std::ptrdiff_t agreeing() const {
    return std::count_if(signal_.sources.begin(), signal_.sources.end(),
                         [](const SourceCount& source) { return source.negatives > 0; });
  }

  void row(std::string_view label_path, std::string value) {
    if (!value.empty()) rows_.push_back({say_.say(label_path), std::move(value)});
  }

  void going_on() {
    row("rows.since",
        say_.say("rows.since_value",
                 {{"date", say_.date_time(signal_.since)}, {"zone", say_.zone()}, {"time", told_.time(signal_.at)}}));
    if (own_rule_) {
      row("rows.rule", signal_.rule_name);
      row("rows.rule_count", finding(say_, signal_, "count"));
    } else {
      against_habit();
    }
    row("rows.about", about());
    row("rows.where", where());
    row("rows.reach", reach());
    if (signal_.copies > 0) row("rows.copies", counted("rows.copies_value", signal_.copies));
    row("rows.taken", facts_.acked_by);
    row("rows.assignee", facts_.assignee);
    row("rows.data", data());
  }

  void against_habit() {
    row("rows.count", say_.count("rows.count_value", signal_.observed,
                                 {{"n", say_.number(signal_.observed)},
                                  {"window", say_.duration(signal_.at - signal_.since)},
                                  {"expected", say_.habit(signal_.expected)},
                                  {"low", say_.number(signal_.expected_low)},
                                  {"high", say_.number(signal_.expected_high)}}));
    row("rows.share", share());
    row("rows.confidence", confidence());
  }

  // When, how long and how high is said above it.
  void closing() {
    if (own_rule_) {
      row("rows.rule", signal_.rule_name);
      row("rows.rule_last", finding(say_, signal_, "count"));
      return row("rows.ending", ending());
    }
    std::vector<std::string> themes;
    for (const std::string& id : facts_.themes) themes.push_back(told_.theme(id));
    row("rows.about", told_.join(themes));
    row("rows.taken", facts_.acked_by);
    row("rows.ending", ending());
  }

  std::string counted(std::string_view path, double n) const { return say_.count(path, n, {{"n", say_.number(n)}}); }

  std::string ending() const {
    const std::string time = say_.clock_time(facts_.ended.value_or(facts_.now));
    if (!told_.by_hand()) return say_.say("rows.ending_habit", {{"time", time}});
    const std::string reason = facts_.resolve_reason, who = facts_.resolved_by;
    const std::string why =
        reason == "merged" && !facts_.merged_into.empty()
            ? say_.say("rows.ending_merged", {{"reference", reference_of(facts_.brand, facts_.merged_into)}})
            : say_.name("reasons", reason, reason);
    return say_.say(who.empty() ? "rows.ending_closed" : "rows.ending_closed_by",
                    {{"time", time}, {"reason", why}, {"who", who}});
  }

  std::string share() const {
    if (signal_.total <= 0) return "";
    const std::string now = say_.percent(std::min(1.0, signal_.observed / signal_.total));
    if (signal_.usual_share <= 0) return say_.say("rows.share_alone", {{"share", now}});
    return say_.say("rows.share_value", {{"share", now}, {"usual", say_.percent(signal_.usual_share)}});
  }

  // In words, and what they rest on: how rarely chance alone makes such a gap, and how many sources tell of it.
  std::string confidence() const {
    const std::string why = chance();
    if (why.empty()) return "";
    const std::string n = std::to_string(agreeing());
    return say_.say("rows.confidence_value",
                    {{"level", say_.say(confidence_level())},
                     {"why", agreeing() > 1 ? say_.say("rows.confidence_sources", {{"why", why}, {"n", n}}) : why}});
  }

  std::string chance() const {
    const double months = signal_.months_by_chance;
    if (months <= 0) return "";
    const double years = months / 12;
    if (years >= 1000) return say_.say("rows.chance_never");
    if (months < 23.5)
      return say_.count("rows.chance_months", std::max(1.0, std::round(months)), {{"n", whole(months)}});
    return say_.count("rows.chance_years", std::round(years), {{"n", whole(years)}});
  }

  std::string whole(double value) const { return say_.number(std::max(1.0, std::round(value))); }

  std::string about() const {
    std::vector<std::string> themes;
    if (signal_.themes.size() == 1 && signal_.themes[0].theme == "other") return "";  // "other" than what?
    for (const ThemeCount& count : signal_.themes) {
      const std::string_view form = own_rule_             ? "rows.about_plain"
                                    : count.expected <= 0 ? "rows.about_new"
                                                          : "rows.about_item";
      themes.push_back(say_.say(form, {{"theme", told_.theme(count.theme)},
                                       {"n", say_.number(count.observed)},
                                       {"expected", say_.habit(count.expected)}}));
    }
    return told_.join(themes);
  }

  std::string where() const {
    double all = 0;
    for (const SourceCount& source : signal_.sources) all += source.negatives;
    if (all <= 0) return "";
    std::vector<std::string> first;
    for (std::size_t i = 0; i < std::min(kSourcesShown, signal_.sources.size()); ++i) {
      const SourceCount& source = signal_.sources[i];
      first.push_back(say_.say(
          "rows.where_item",
          {{"source", told_.source(source.source)}, {"share", say_.percent(std::round(100 * source.negatives / all) / 100)}}));
    }
    return told_.join(first);
  }

  std::string reach() const {
    if (signal_.reach <= 0) return "";
    const std::string all = counted("rows.reach_value", vigie::about(signal_.reach));
    if (facts_.top_accounts == 0 || signal_.authors <= facts_.top_accounts) return all;
    return say_.count("rows.reach_top", facts_.top_accounts,
                      {{"reach", all},
                       {"share", say_.percent(std::floor(100 * facts_.top_share) / 100)},
                       {"n", std::to_string(facts_.top_accounts)}});
  }

  std::string data() const {
    std::string fresh, silent;
    if (facts_.fresh) fresh = say_.say("rows.data_fresh", {{"time", told_.time(*facts_.fresh)}});
    if (!facts_.silent.empty()) {
      std::vector<std::string> names;
      for (const SilentSource& source : facts_.silent)
        names.push_back(say_.say("rows.data_source", {{"source", told_.source(source.source)}, {"time", told_.time(source.since)}}));
      silent = say_.say("rows.data_silent", {{"sources", told_.join(names)}});
    } else if (facts_.blind) {
      silent = say_.say("rows.data_blind");
    }
    if (fresh.empty() || silent.empty()) return fresh + silent;
    return say_.say("rows.data_parts", {{"first", fresh}, {"second", silent}});
  }

  const Telling& told_;
  const Facts& facts_;
  const Phrases& say_;
  const Signal& signal_;
  const bool own_rule_;
  std::vector<Story::Row> rows_;
};

}  // namespace

std::string weight_of(const Telling& told) { return Table(told).weight(); }

std::vector<Story::Row> rows_of(const Telling& told) { return Table(told).write(); }

}  // namespace vigie
