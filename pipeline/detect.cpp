#include "pipeline/detect.h"

#include <algorithm>

#include <xxhash.h>
#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/bytes.h"
#include "pipeline/watched_brand.h"

namespace vigie {
namespace {

constexpr std::string_view kStateVersion = "vigie detector 1\n";

std::uint64_t hash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

class RiseDetector final : public Detector {
 public:
  explicit RiseDetector(double budget) : budget_(budget > 0 ? budget : 1) {}

  void observe(const Observation& observation, std::vector<Signal>& out) override {
    clock_ = std::max(clock_, seconds_of(observation.ingested));
    brand(observation.brand).observe(observation, clock_, budget_, out);
  }

  void tick(Time now, std::vector<Signal>& out) override {
    const double seconds = seconds_of(now);
    if (seconds <= clock_) return;
    clock_ = seconds;
    for (WatchedBrand& brand : brands_) brand.tick(clock_, out);
  }

  std::string save() const override {
    ByteWriter out;
    out.value(clock_);
    out.value(static_cast<std::uint32_t>(brands_.size()));
    for (const WatchedBrand& brand : brands_) brand.save(out);
    std::string body = out.take();
    ByteWriter head;
    head.value(hash(body));
    return concat(kStateVersion, head.take(), body);
  }

  Result<void> restore(std::string_view state) override {
    if (!state.starts_with(kStateVersion)) {
      return fail(ErrorKind::bad_data,
                  "detector state of another version; it will be learnt anew from the stored mentions");
    }
    state.remove_prefix(kStateVersion.size());
    std::uint64_t sum = 0;
    ByteReader head(state.substr(0, sizeof sum));
    head.value(sum);
    if (!head.done() || hash(state.substr(sizeof sum)) != sum)
      return fail(ErrorKind::bad_data, "detector state is damaged");
    ByteReader in(state.substr(sizeof sum));
    double clock = 0;
    in.value(clock);
    std::vector<WatchedBrand> brands;
    const std::uint32_t count = in.count(sizeof(Counts));
    for (std::uint32_t i = 0; i < count && in.good(); ++i) brands.emplace_back("", clock).restore(in);
    if (!in.done()) return fail(ErrorKind::bad_data, "detector state is cut short");

    clock_ = clock;
    brands_ = std::move(brands);
    places_.clear();
    for (std::size_t i = 0; i < brands_.size(); ++i) places_[brands_[i].id()] = i;
    return {};
  }

 private:
  static double seconds_of(Time time) { return static_cast<double>(to_epoch_micros(time)) / 1e6; }

  WatchedBrand& brand(std::string_view id) {
    key_.assign(id);
    const auto [place, fresh] = places_.try_emplace(key_, brands_.size());
    if (fresh) brands_.emplace_back(key_, clock_);
    return brands_[place->second];
  }

  double budget_;
  double clock_ = 0;
  std::string key_;                   // reused: a look-up need not allocate
  std::vector<WatchedBrand> brands_;  // in order of first sight, so that a tick speaks in the same order every time
  boost::unordered_flat_map<std::string, std::size_t> places_;
};

}  // namespace

std::unique_ptr<Detector> make_detector(double budget) { return std::make_unique<RiseDetector>(budget); }

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
    one.author = author.empty() ? 0 : hash(author);
    // A person's correction counts instead of the machine's guess.
    one.p_neg = judgement.human ? (*judgement.human == Label::negative ? 1.0 : 0.0) : judgement.p_neg;
    one.copy = stored.original != 0;
    one.source = stored.mention.source;
    one.themes = judgement.themes;
    one.text =
        stored.mention.text.empty() ? std::string_view(stored.mention.title) : std::string_view(stored.mention.text);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace vigie
