#include "pipeline/rules.h"

#include <algorithm>

#include "pipeline/detect.h"
#include "pipeline/rules/own_rules.h"
#include "pipeline/state.h"

namespace vigie {
namespace {

constexpr std::string_view kStateVersion = "vigie rules 1\n";
constexpr std::string_view kBuiltIn = "negative";

// A batch is stamped when it is fetched and read here a moment later: a minute is left open that long.
constexpr Duration kSettle = seconds(10);

// A [[rule]] of kind budget: a detector of its own.
struct Budget {
  Budget(const RuleSettings& of, const std::vector<std::string>& themes)
      : settings(&of), filter(of), detector(make_detector(of.budget, themes)) {}

  // As this rule's, so that the same rise told by two budgets is two signals.
  void sign(std::vector<Signal>& signals, std::vector<Signal>& out) const {
    for (Signal& signal : signals) {
      signal.incident_kind = settings->id;
      signal.rule_name = settings->name;
      signal.shadow = settings->shadow;
      signal.id = signal_id(concat(settings->id, "\n", signal.id));
      out.push_back(std::move(signal));
    }
    signals.clear();
  }

  // Which mentions it has learnt from.
  std::string meaning() const {
    std::string text = settings->match;
    for (const std::string& theme : settings->themes) text += concat("\ntheme ", theme);
    for (const std::string& type : settings->types) text += concat("\ntype ", type);
    return text;
  }

  const RuleSettings* settings;
  RuleFilter filter;
  std::unique_ptr<Detector> detector;
};

// For brands rarely spoken of, beside the budget: an id of the file's own takes the place of one of these.
std::vector<RuleSettings> with_small(const Settings& settings) {
  std::vector<RuleSettings> rules = settings.rules;
  if (!settings.detect.small) return rules;
  RuleSettings each, drift;
  each.id = "each-complaint";
  each.kind = RuleSettings::Kind::each;
  each.window = kDay;
  each.severity = 2;
  drift.id = "slow-drift";
  drift.kind = RuleSettings::Kind::drift;
  drift.measure = Measure::share;
  drift.window = 7 * kDay;
  drift.budget = settings.detect.budget;
  for (RuleSettings* rule : {&each, &drift}) {
    rule->shadow = settings.detect.shadow;
    const bool taken =
        std::any_of(rules.begin(), rules.end(), [&](const RuleSettings& other) { return other.id == rule->id; });
    if (!taken) rules.push_back(*rule);
  }
  return rules;
}

class AllRules final : public Rules {
 public:
  AllRules(const Settings& settings, std::vector<std::string> themes, std::string_view brand)
      : settings_(settings),
        themes_(std::move(themes)),
        only_(brand),
        built_in_(make_detector(settings.detect.budget, themes_)),
        rules_(with_small(settings)),
        own_(rules_, themes_) {
    for (const RuleSettings& rule : settings.rules) {
      if (rule.kind == RuleSettings::Kind::budget) budgets_.emplace_back(rule, themes_);
    }
  }

  void observe(const StoredMention& mention, std::vector<Signal>& out) override {
    if (mention.history || mention.deleted) return;
    if (!own_.empty()) reach(minute_of(mention.ingested), out);
    LazyText text(mention);
    for (const Observation& seen : observations(mention)) {
      if (!only_.empty() && seen.brand != only_) continue;
      built_in([&](std::vector<Signal>& said) { built_in_->observe(seen, said); }, out);
      for (Budget& budget : budgets_) {
        if (!budget.settings->covers(seen.brand) || !budget.filter.fits(mention, text)) continue;
        budget.detector->observe(seen, said_);
        budget.sign(said_, out);
      }
      if (!own_.empty()) own_.take(mention, seen.brand, text);
    }
  }

  void tick(Time now, std::vector<Signal>& out) override {
    const Time settled = now - kSettle;
    if (!own_.empty()) reach(minute_of(settled), out);
    built_in([&](std::vector<Signal>& said) { built_in_->tick(settled, said); }, out);
    for (Budget& budget : budgets_) {
      budget.detector->tick(settled, said_);
      budget.sign(said_, out);
    }
  }

  void accept(std::string_view brand, std::string_view incident_kind, Time now, std::vector<Signal>& out) override {
    if (incident_kind == kBuiltIn) {
      built_in([&](std::vector<Signal>& said) { built_in_->accept(brand, now, said); }, out);
    }
    for (Budget& budget : budgets_) {
      if (budget.settings->id != incident_kind) continue;
      budget.detector->accept(brand, now, said_);
      budget.sign(said_, out);
    }
    if (!own_.empty()) {
      reach(minute_of(now - kSettle), out);
      own_.accept(brand, incident_kind, now, out);
    }
  }

  void forget(std::int64_t seq) override {
    built_in_->forget(seq);
    for (Budget& budget : budgets_) budget.detector->forget(seq);
  }

  std::vector<std::int64_t> waiting() const override { return own_.waiting(); }
  void again(const StoredMention& mention) override { own_.again(mention); }

  std::string save() const override {
    ByteWriter body;
    body.text(built_in_->save());
    body.value(static_cast<std::uint32_t>(budgets_.size()));
    for (const Budget& budget : budgets_) {
      body.text(budget.settings->id);
      body.text(budget.meaning());
      body.text(budget.detector->save());
    }
    body.value(minute_);
    own_.save(body);
    return seal_state(kStateVersion, body.take());
  }

  Result<void> restore(std::string_view state) override {
    TRY(const std::string_view body, open_state(kStateVersion, state, "the rules'"));
    ByteReader in(body);
    std::string detector;
    in.text(detector);
    TRY(built_in_->restore(detector));
    restore_budgets(in);
    in.value(minute_);
    own_.restore(in);
    if (!in.done()) return fail(ErrorKind::bad_data, "state of the rules is cut short");
    return {};
  }

 private:
  void reach(std::int64_t minute, std::vector<Signal>& out) {
    if (minute <= minute_) return;
    minute_ = minute;
    own_.run_until(minute, out);
  }

  template <class Speak>
  void built_in(const Speak& speak, std::vector<Signal>& out) {
    const std::size_t before = out.size();
    speak(out);
    for (std::size_t i = before; i < out.size(); ++i) out[i].shadow = settings_.detect.shadow;
  }

  // A budget that was not there, or was of other mentions, starts with nothing learnt.
  void restore_budgets(ByteReader& in) {
    const std::uint32_t count = in.count(3 * sizeof(std::uint32_t));
    for (std::uint32_t i = 0; i < count; ++i) {
      std::string id, meaning, state;
      in.text(id);
      in.text(meaning);
      in.text(state);
      for (Budget& budget : budgets_) {
        if (budget.settings->id != id || budget.meaning() != meaning) continue;
        if (!budget.detector->restore(state)) budget.detector = make_detector(budget.settings->budget, themes_);
      }
    }
  }

  const Settings& settings_;
  const std::vector<std::string> themes_;
  const std::string only_;
  std::unique_ptr<Detector> built_in_;
  std::vector<Budget> budgets_;
  const std::vector<RuleSettings> rules_;  // the file's, and those for small brands
  OwnRules own_;
  std::int64_t minute_ = 0;
  std::vector<Signal> said_;
};

}  // namespace

std::unique_ptr<Rules> make_rules(const Settings& settings, std::vector<std::string> themes, std::string_view brand) {
  return std::make_unique<AllRules>(settings, std::move(themes), brand);
}

}  // namespace vigie
