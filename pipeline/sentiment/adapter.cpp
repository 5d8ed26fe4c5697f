#include "pipeline/sentiment/adapter.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/whole_file.h"
#include "pipeline/bytes.h"
#include "pipeline/sentiment/word_table.h"

namespace vigie::sentiment {
namespace {

constexpr std::string_view kMagic = "vigieva2";
constexpr std::size_t kHead = 16;              // magic and checksum
constexpr std::size_t kMostBytes = 64u << 20;  // fifty times what the most labels give
constexpr float kMostWeight = 1e4F;

bool fine(float x) { return std::isfinite(x) && std::abs(x) < kMostWeight; }

bool sensible(const std::vector<AdapterWeight>& weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!fine(weights[i].polarity) || !fine(weights[i].neutrality)) return false;
    if (i > 0 && weights[i - 1].feature >= weights[i].feature) return false;
  }
  return true;
}

std::uint64_t checksum_of(std::string_view body) { return XXH3_64bits(body.data(), body.size()); }

AdapterParts read_parts(ByteReader& in) {
  AdapterParts parts;
  in.value(parts.base);
  in.value(parts.number);
  in.value(parts.before);
  in.value(parts.labels);
  parts.slots.resize(in.count(sizeof(SlotSettings)));
  for (SlotSettings& slot : parts.slots) in.value(slot);
  in.value(parts.shared);
  parts.weights.resize(in.count(sizeof(AdapterWeight)));
  for (AdapterWeight& weight : parts.weights) in.value(weight);
  return parts;
}

}  // namespace

void adapter_features(const std::vector<Token>& tokens, std::string_view lang, std::vector<AdapterFeature>& out) {
  out.clear();
  const std::uint64_t salt = language_salt(lang);
  const auto own = [&](std::uint64_t hash) { return (hash ^ salt) * 0x9E3779B97F4A7C15ull; };
  std::array<float, 2> counts{};  // words, pairs
  std::uint64_t previous = own(kBorder), before = 0;
  for (std::uint32_t i = 0; i < tokens.size(); ++i) {
    const std::uint64_t hash = own(tokens[i].hash);
    const auto take = [&](bool pair, Feature feature) {
      counts[pair] += 1;
      out.push_back({feature, pair ? 1.0F : 0.0F, i});
    };
    take(false, scatter(hash));
    if (tokens[i].negated) take(false, scatter(hash ^ 0x6E6567ull));
    take(true, pair_of(previous, hash));
    if (before != 0) take(true, skip_of(before, hash));
    before = i == 0 ? 0 : previous;
    previous = hash;
  }
  const std::array<float, 2> values = {1 / std::sqrt(counts[0] + 1), 1 / std::sqrt(counts[1] + 1)};
  for (AdapterFeature& feature : out) feature.value = values[feature.value > 0];
}

std::string to_bytes(const AdapterParts& parts) {
  ByteWriter out;
  out.value(parts.base);
  out.value(parts.number);
  out.value(parts.before);
  out.value(parts.labels);
  out.value(static_cast<std::uint32_t>(parts.slots.size()));
  for (const SlotSettings& slot : parts.slots) out.value(slot);
  out.value(parts.shared);
  out.value(static_cast<std::uint32_t>(parts.weights.size()));
  for (const AdapterWeight& weight : parts.weights) out.value(weight);
  const std::string body = out.take();
  ByteWriter head;
  head.value(checksum_of(body));
  return concat(kMagic, head.take(), body);
}

Result<std::shared_ptr<const Adapter>> Adapter::read(std::string_view bytes, const Model& base) {
  const auto bad = [](std::string_view why) { return fail(ErrorKind::bad_data, concat("not an adapter: ", why)); };
  if (bytes.starts_with("vigieva1"))
    return fail(ErrorKind::bad_config,
                "made for another model, by an earlier version; vigie adapt learns one that fits");
  if (!bytes.starts_with(kMagic)) return bad("it does not begin with \"vigieva2\"");
  if (bytes.size() < kHead) return bad("it is shorter than the head of one");
  std::uint64_t checksum = 0;
  ByteReader(bytes.substr(kMagic.size(), kHead - kMagic.size())).value(checksum);
  const std::string_view body = bytes.substr(kHead);
  if (checksum_of(body) != checksum) return bad("its checksum does not fit: the file is damaged or cut short");

  ByteReader in(body);
  AdapterParts parts = read_parts(in);
  if (!in.done()) return bad("its sizes do not fit its length");
  if (parts.base != base.checksum()) {
    return fail(ErrorKind::bad_config,
                concat("made for another model than ", base.name(), "; vigie adapt makes one that fits"));
  }
  const auto settled = [](const SlotSettings& slot) { return sentiment::sensible(slot); };
  const bool slots = parts.slots.size() == base.slots().size() && settled(parts.shared) &&
                     std::all_of(parts.slots.begin(), parts.slots.end(), settled);
  if (!slots || !sensible(parts.weights)) return bad("it holds numbers that no learning gives");
  return of(std::move(parts), base);
}

Result<std::shared_ptr<const Adapter>> Adapter::open(const std::string& path, const Model& base) {
  const Result<std::string> bytes = read_whole(path, kMostBytes);
  if (!bytes) return fail(bytes.error().kind, concat(path, ": expected an adapter, found ", bytes.error().what));
  auto adapter = read(*bytes, base);
  if (!adapter) return fail(adapter.error().kind, concat(path, ": ", adapter.error().what));
  return adapter;
}

std::shared_ptr<const Adapter> Adapter::of(AdapterParts parts, const Model& base) {
  const auto adapter = std::make_shared<Adapter>();
  adapter->parts_ = std::move(parts);
  adapter->name_ = fmt::format("{}+a{}", base.name(), adapter->parts_.number);
  const std::vector<AdapterWeight>& weights = adapter->parts_.weights;
  std::vector<std::uint32_t>& places = adapter->places_;
  places.assign(std::bit_ceil(2 * weights.size() + 2), 0);
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    std::size_t at = weights[i].feature & (places.size() - 1);
    while (places[at] != 0) at = (at + 1) & (places.size() - 1);
    places[at] = i + 1;
  }
  return adapter;
}

}  // namespace vigie::sentiment
