#include "pipeline/rules/own_rules.h"

#include <algorithm>

#include "base/secret.h"
#include "pipeline/rules/sample.h"

namespace vigie {
namespace {

using Kind = RuleSettings::Kind;

// Two settings of one meaning may share a state: which mentions are counted, over which time, has not changed. Bars,
// severity, brands and who is told are read anew.
std::uint64_t meaning_of(const RuleSettings& rule) {
  std::string text = concat(to_text(rule.kind), "\n", to_text(rule.measure), "\n", rule.match, "\n",
                            std::to_string(rule.window.count()), "\n", std::to_string(rule.before.count()));
  for (const std::string& theme : rule.themes) text += concat("\ntheme ", theme);
  for (const std::string& type : rule.types) text += concat("\ntype ", type);
  return hash64(text);
}

std::unique_ptr<RuleWatch> make_watch(const RuleSettings& rule, std::string_view brand,
                                      const std::vector<std::string>& themes) {
  switch (rule.kind) {
    case Kind::budget: return nullptr;
    case Kind::threshold:
    case Kind::each:
    case Kind::keyword: return watch_threshold(rule, brand, themes);
    case Kind::rating: return watch_rating(rule, brand, themes);
    case Kind::unanswered: return watch_unanswered(rule, brand, themes);
    case Kind::silence: return watch_silence(rule, brand, themes);
    case Kind::drift: return watch_drift(rule, brand, themes);
  }
  return nullptr;
}

Sighting seen(const StoredMention& mention, std::string_view brand, std::int64_t minute,
              const std::vector<std::string>& themes) {
  const std::string& author =
      mention.mention.author.id.empty() ? mention.mention.author.handle : mention.mention.author.id;
  Sighting sighting;
  sighting.mention = &mention;
  sighting.minute = minute;
  sighting.event_minute = std::min(minute_of(mention.event), minute);
  sighting.event = std::min(to_epoch_micros(mention.event), to_epoch_micros(time_of(minute + 1)));
  sighting.author = author.empty() ? 0 : hash64(author);
  sighting.key = hash64(concat(mention.mention.source, "\n", mention.mention.id));
  sighting.themes = theme_bits(mention.judgement.themes, themes);
  sighting.negative = mention.judgement.p_neg_for(brand) >= kNegative;
  sighting.copy = mention.original != 0;
  return sighting;
}

}  // namespace

OwnRules::OwnRules(const std::vector<RuleSettings>& rules, const std::vector<std::string>& themes) : themes_(themes) {
  for (const RuleSettings& rule : rules) {
    if (rule.kind != Kind::budget) rules_.push_back({&rule, RuleFilter(rule), meaning_of(rule)});
  }
}

OwnRules::Brand& OwnRules::brand(std::string_view id) {
  const auto [place, fresh] = places_.try_emplace(std::string(id), brands_.size());
  if (!fresh) return brands_[place->second];
  Brand brand;
  brand.id = id;
  for (const Rule& rule : rules_) {
    brand.watches.push_back(rule.settings->covers(id) ? make_watch(*rule.settings, id, themes_) : nullptr);
  }
  brand.scheduled.assign(rules_.size(), kNever);
  return brands_.emplace_back(std::move(brand));
}

void OwnRules::schedule(Place place) {
  std::int64_t& known = brands_[place / rules_.size()].scheduled[place % rules_.size()];
  const std::int64_t due = watch_at(place)->due();
  if (due == known) return;
  if (known != kNever) due_.erase({known, place});
  if (due != kNever) due_.insert({due, place});
  known = due;
}

void OwnRules::run_until(std::int64_t minute, std::vector<Signal>& out) {
  while (!due_.empty() && due_.begin()->first <= minute) {
    const auto [now, place] = *due_.begin();
    Brand& brand = brands_[place / rules_.size()];
    brand.volume.advance(now);
    watch_at(place)->evaluate(now, brand.volume, out);
    schedule(place);
  }
  minute_ = std::max(minute_, minute);
}

void OwnRules::take(const StoredMention& mention, std::string_view id, LazyText& text) {
  Brand& about = brand(id);
  const auto index = static_cast<std::size_t>(&about - brands_.data());
  about.volume.count(minute_);
  const Sighting sighting = seen(mention, id, minute_, themes_);
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!about.watches[i] || !rules_[i].filter.fits(mention, text)) continue;
    about.watches[i]->take(sighting);
    schedule(place_of(index, i));
  }
}

void OwnRules::accept(std::string_view id, std::string_view rule, Time at, std::vector<Signal>& out) {
  const auto known = places_.find(std::string(id));
  if (known == places_.end()) return;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].settings->id != rule || !brands_[known->second].watches[i]) continue;
    brands_[known->second].volume.advance(minute_);
    brands_[known->second].watches[i]->accept(minute_, at, out);
    schedule(place_of(known->second, i));
  }
}

std::vector<std::int64_t> OwnRules::waiting() const {
  std::vector<std::int64_t> seqs;
  for (const Brand& brand : brands_) {
    for (const auto& watch : brand.watches) {
      if (watch) watch->waiting(minute_, seqs);
    }
  }
  std::sort(seqs.begin(), seqs.end());
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  return seqs;
}

void OwnRules::again(const StoredMention& mention) {
  for (const std::string& id : mention.brands) {
    const auto known = places_.find(id);
    if (known == places_.end()) continue;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      RuleWatch* const watch = brands_[known->second].watches[i].get();
      if (watch == nullptr) continue;
      watch->again(mention, minute_);
      schedule(place_of(known->second, i));
    }
  }
}

void OwnRules::save(ByteWriter& out) const {
  out.value(minute_);
  out.value(static_cast<std::uint32_t>(rules_.size()));
  for (const Rule& rule : rules_) {
    out.text(rule.settings->id);
    out.value(rule.meaning);
  }
  out.value(static_cast<std::uint32_t>(brands_.size()));
  for (const Brand& brand : brands_) {
    out.text(brand.id);
    brand.volume.save(out);
    for (const auto& watch : brand.watches) {
      ByteWriter own;
      if (watch) watch->save(own, minute_);
      out.text(own.take());
    }
  }
}

void OwnRules::restore(ByteReader& in) {
  in.value(minute_);
  const std::uint32_t count = in.count(sizeof(std::uint32_t) + sizeof(std::uint64_t));
  std::vector<std::size_t> now;  // by rule as saved: its place in today's file, or past the end
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string id;
    std::uint64_t meaning = 0;
    in.text(id);
    in.value(meaning);
    const auto same = std::find_if(rules_.begin(), rules_.end(),
                                   [&](const Rule& r) { return r.settings->id == id && r.meaning == meaning; });
    now.push_back(static_cast<std::size_t>(same - rules_.begin()));
  }
  const std::uint32_t brands = in.count(sizeof(std::uint32_t));
  for (std::uint32_t i = 0; i < brands && in.good(); ++i) {
    std::string id;
    in.text(id);
    Brand& about = brand(id);
    about.volume.restore(in);
    for (const std::size_t rule : now) {
      std::string own;
      in.text(own);
      if (own.empty() || rule >= rules_.size() || !about.watches[rule]) continue;
      ByteReader state(own);
      about.watches[rule]->restore(state);
      // A blob that does not fit its rule is another version's: that rule learns anew.
      if (!state.done()) about.watches[rule] = make_watch(*rules_[rule].settings, id, themes_);
      schedule(place_of(static_cast<std::size_t>(&about - brands_.data()), rule));
    }
  }
}

}  // namespace vigie
