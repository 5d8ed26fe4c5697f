// Stored mentions by the minute, and what the rules of some settings say of them.

#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "pipeline/rules.h"
#include "pipeline/themes.h"

namespace vigie {

inline void PrintTo(const Signal& signal, std::ostream* out) { *out << to_json(signal); }

namespace test {

inline const Time kMonday = from_epoch(1767571200);  // 2026-01-05 00:00Z

struct Said {
  std::string author;  // "" = unknown
  bool negative = true;
  std::string text = "Acme lost my parcel";
  std::string brand = "acme";
  std::string source = "forum";
  std::string kind = "post";
  std::vector<std::string> themes{};
  std::optional<int> stars{};
  std::optional<OwnReply> reply{};
  bool copy = false, history = false;
  Duration late{};  // written so long before it came
};

// Mentions in the order they come.
class Stream {
 public:
  void say(Time at, const Said& said) {
    StoredMention one;
    one.seq = static_cast<std::int64_t>(all.size()) + 1;
    one.mention.source = said.source;
    one.mention.id = std::to_string(one.seq);
    one.mention.kind = said.kind;
    one.mention.text = said.text;
    one.mention.author.handle = said.author;
    if (said.stars) one.mention.rating = Rating{static_cast<double>(*said.stars), 1, 5};
    one.mention.reply = said.reply;
    one.judgement.lang = "en";
    one.judgement.p_neg = said.negative ? 0.9 : 0.1;
    one.judgement.label = said.negative ? Label::negative : Label::positive;
    one.judgement.themes = said.themes;
    one.brands = {said.brand};
    one.ingested = at;
    one.event = at - said.late;
    one.original = said.copy ? 1 : 0;
    one.history = said.history;
    all.push_back(one);
  }

  // `n` mentions of authors who wrote nothing before, one every `step`.
  Time many(Time from, int n, Duration step, Said said = {}) {
    for (int i = 0; i < n; ++i) {
      said.author = "client-" + std::to_string(++authors_);
      say(from + i * step, said);
    }
    return from + n * step;
  }

  std::vector<StoredMention> all;

 private:
  int authors_ = 0;
};

inline RuleSettings rule(RuleSettings::Kind kind, const std::string& id, int count, Duration window) {
  RuleSettings rule;
  rule.id = rule.name = id;
  rule.kind = kind;
  rule.count = count;
  rule.window = window;
  if (kind != RuleSettings::Kind::threshold) rule.measure = Measure::mentions;
  if (kind == RuleSettings::Kind::rating) rule.measure = Measure::stars;
  return rule;
}

inline Settings settings_of(std::vector<RuleSettings> rules) {
  Settings settings;
  for (const std::string id : {"acme", "other"}) {
    BrandSettings brand;
    brand.id = brand.name = id;
    settings.brands.push_back(brand);
  }
  settings.rules = std::move(rules);
  return settings;
}

inline void observe(Rules& rules, const std::vector<StoredMention>& mentions, std::vector<Signal>& out) {
  for (const StoredMention& mention : mentions) rules.observe(mention, out);
}

// All that is said of the stream, and until `end` after it.
inline std::vector<Signal> signals_of(const Settings& settings, const std::vector<StoredMention>& mentions, Time end,
                                      std::string_view brand = "") {
  const auto rules = make_rules(settings, theme_ids(), brand);
  std::vector<Signal> out;
  observe(*rules, mentions, out);
  rules->tick(end, out);
  return out;
}

inline std::vector<Signal> of(const std::vector<Signal>& signals, SignalKind kind, std::string_view rule = "") {
  std::vector<Signal> found;
  std::copy_if(signals.begin(), signals.end(), std::back_inserter(found), [&](const Signal& signal) {
    return signal.kind == kind && (rule.empty() || signal.incident_kind == rule);
  });
  return found;
}

inline std::string lines(const std::vector<Signal>& signals) {
  std::string text;
  for (const Signal& signal : signals) text += to_json(signal) + "\n";
  return text;
}

}  // namespace test
}  // namespace vigie
