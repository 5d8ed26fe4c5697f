#include "pipeline/detect.h"

#include <algorithm>
#include <functional>
#include <map>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/secret.h"
#include "pipeline/bytes.h"
#include "pipeline/severity.h"
#include "pipeline/state.h"
#include "pipeline/watched_brand.h"

namespace vigie {
namespace {

constexpr std::string_view kStateVersion = "vigie detector 3\n";

// What is praised in passing is not what people complain about.
std::vector<std::string> complained_of(const Judgement& judgement) {
  std::vector<std::string> themes;
  for (const std::string& theme : judgement.themes) {
    if (judgement.complains_of(theme)) themes.push_back(theme);
  }
  return themes.empty() ? judgement.themes : themes;
}

class RiseDetector final : public Detector {
 public:
  RiseDetector(double budget, std::vector<std::string> themes)
      : budget_(budget > 0 ? budget : 1), themes_(std::move(themes)) {
    themes_.resize(std::min(themes_.size(), kThemes));
  }

  void observe(const Observation& observation, std::vector<Signal>& out) override {
    clock_ = std::max(clock_, to_seconds(observation.ingested));
    brand(observation.brand, to_seconds(observation.ingested)).observe(observation, out);
  }

  void tick(Time now, std::vector<Signal>& out) override {
    const double seconds = to_seconds(now);
    if (seconds <= clock_) return;
    clock_ = seconds;
    for (const auto& [id, place] : places_) brands_[place].tick(clock_, out);
  }

  void accept(std::string_view id, Time now, std::vector<Signal>& out) override {
    const auto place = quick_.find(id);
    if (place != quick_.end()) brands_[place->second].accept(to_seconds(now), out);
  }

  void forget(std::int64_t seq) override {
    for (WatchedBrand& brand : brands_) brand.forget(seq);
  }

  std::string save() const override {
    ByteWriter out;
    out.text(names());
    out.value(clock_);
    out.value(static_cast<std::uint32_t>(brands_.size()));
    for (const WatchedBrand& brand : brands_) brand.save(out);
    return seal_state(kStateVersion, out.take());
  }

  Result<void> restore(std::string_view state) override {
    TRY(const std::string_view body, open_state(kStateVersion, state, "detector"));
    ByteReader in(body);
    std::string names_then;
    in.text(names_then);
    if (in.good() && names_then != names()) {
      return fail(ErrorKind::bad_data,
                  "detector state of other themes; it will be learnt anew from the stored mentions");
    }
    double clock = 0;
    in.value(clock);
    std::vector<WatchedBrand> brands;
    const std::uint32_t count = in.count(sizeof(Counts));
    for (std::uint32_t i = 0; i < count && in.good(); ++i) brands.emplace_back("", clock, themes_, budget_).restore(in);
    if (!in.done()) return fail(ErrorKind::bad_data, "detector state is cut short");

    clock_ = clock;
    brands_ = std::move(brands);
    places_.clear();
    quick_.clear();
    for (std::size_t i = 0; i < brands_.size(); ++i) {
      places_[brands_[i].id()] = i;
      quick_[brands_[i].id()] = i;
    }
    return {};
  }

 private:
  WatchedBrand& brand(std::string_view id, double now) {
    const auto known = quick_.find(id);
    if (known != quick_.end()) return brands_[known->second];
    const std::string key(id);
    places_.emplace(key, brands_.size());
    quick_.emplace(key, brands_.size());
    return brands_.emplace_back(key, now, themes_, budget_);
  }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return hash64(text); }
  };

  std::string names() const {
    std::string names;
    for (const std::string& theme : themes_) (names += theme) += '\n';
    return names;
  }

  double budget_;
  std::vector<std::string> themes_;
  double clock_ = 0;
  std::vector<WatchedBrand> brands_;           // in order of first sight
  std::map<std::string, std::size_t> places_;  // by id, so that a tick speaks in the same order every time
  boost::unordered_flat_map<std::string, std::size_t, Hash, std::equal_to<>> quick_;
};

}  // namespace

std::unique_ptr<Detector> make_detector(double budget, std::vector<std::string> themes) {
  return std::make_unique<RiseDetector>(budget, std::move(themes));
}

std::vector<Observation> observations(const StoredMention& stored) {
  std::vector<Observation> out;
  if (stored.history || stored.deleted) return out;
  const std::string& author =
      stored.mention.author.id.empty() ? stored.mention.author.handle : stored.mention.author.id;
  const Judgement& judgement = stored.judgement;
  for (const std::string& brand : stored.brands) {
    Observation one;
    one.seq = stored.seq;
    one.brand = brand;
    one.event = stored.event;
    one.ingested = stored.ingested;
    one.author = author.empty() ? 0 : hash64(author);
    one.p_neg = judgement.p_neg_for(brand);
    one.copy = stored.original != 0;
    one.cues = cue_bits(judgement.cues);
    one.reach = static_cast<double>(stored.mention.author.followers.value_or(0));
    one.source = stored.mention.source;
    one.themes = complained_of(judgement);
    one.text =
        stored.mention.text.empty() ? std::string_view(stored.mention.title) : std::string_view(stored.mention.text);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace vigie
