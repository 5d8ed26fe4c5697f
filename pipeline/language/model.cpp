#include "pipeline/language/model.h"

#include <bit>
#include <cmath>
#include <cstring>

#include <xxhash.h>

#include "base/embedded.h"

namespace vigie::language {
namespace {

constexpr std::array<char, 8> kMagic = {'v', 'i', 'g', 'i', 'e', 'l', 'm', '1'};
constexpr std::uint32_t kMostRows = 1u << 20, kMostText = 1u << 16;
constexpr std::int32_t kMostBias = 1 << 20;
constexpr std::string_view kShippedPath = "config/models/language.vlm";

// As it stands at the head of the file, little-endian; the rows follow it, then the provenance, then nothing.
struct Header {
  std::array<char, 8> magic = kMagic;
  std::uint64_t checksum = 0;  // XXH3 of everything behind it
  std::uint32_t rows = 0, tongues = kTongues, provenance_bytes = 0;
  float step = 0;
  std::array<std::int32_t, kTongues> bias{};
};
constexpr std::size_t kUnchecked = sizeof(kMagic) + sizeof(std::uint64_t);
static_assert(sizeof(Header) == 32 + 4 * kTongues && std::endian::native == std::endian::little);

bool sensible(const Header& header) {
  for (const std::int32_t bias : header.bias) {
    if (bias > kMostBias || bias < -kMostBias) return false;
  }
  return header.tongues == kTongues && std::has_single_bit(header.rows) && header.rows <= kMostRows &&
         header.provenance_bytes <= kMostText && std::isfinite(header.step) && header.step > 0;
}

std::uint64_t checksum_of(std::string_view file) {
  return XXH3_64bits(file.data() + kUnchecked, file.size() - kUnchecked);
}

}  // namespace

std::string to_bytes(const ModelParts& parts) {
  Header header;
  header.rows = static_cast<std::uint32_t>(parts.weights.size() / kTongues);
  header.provenance_bytes = static_cast<std::uint32_t>(parts.provenance.size());
  header.step = parts.step;
  header.bias = parts.bias;
  std::string out(sizeof(Header), '\0');
  std::memcpy(out.data(), &header, sizeof(Header));
  out.append(reinterpret_cast<const char*>(parts.weights.data()), parts.weights.size());
  out += parts.provenance;
  header.checksum = checksum_of(out);
  std::memcpy(out.data(), &header, sizeof(Header));
  return out;
}

Result<std::shared_ptr<const Model>> Model::over(std::string_view bytes) {
  const auto bad = [](std::string_view why) {
    return fail(ErrorKind::bad_data, concat("not a language model: ", why));
  };
  Header header;
  if (bytes.size() < sizeof(Header)) return bad("it is shorter than the head of one");
  std::memcpy(&header, bytes.data(), sizeof(Header));
  if (header.magic != kMagic) return bad("it does not begin with \"vigielm1\"");
  if (!sensible(header)) return bad("its head holds numbers that no model has");
  const std::size_t weights = std::size_t{header.rows} * kTongues;
  if (bytes.size() != sizeof(Header) + weights + header.provenance_bytes)
    return bad("its length does not fit its head");
  if (checksum_of(bytes) != header.checksum) return bad("its checksum does not fit: the file was damaged");

  const auto model = std::make_shared<Model>();
  model->weights_ = bytes.substr(sizeof(Header), weights);
  model->provenance_ = bytes.substr(sizeof(Header) + weights);
  model->bias_ = header.bias;
  model->step_ = header.step;
  model->mask_ = header.rows - 1;
  return std::shared_ptr<const Model>(model);
}

const Model& Model::shipped() {
  static const std::shared_ptr<const Model> model = [] {
    auto made = over(embedded(kShippedPath).value_or(std::string_view()));
    return made ? *made : std::make_shared<const Model>();
  }();
  return *model;
}

Sums Model::sums_of(const Features& features) const {
  Sums sums{};
  for (std::size_t i = 0; i < features.size; ++i) {
    const auto* row =
        reinterpret_cast<const std::int8_t*>(weights_.data()) + std::size_t{features.hashes[i] & mask_} * kTongues;
    for (std::size_t t = 0; t < kTongues; ++t) sums[t] = static_cast<std::int16_t>(sums[t] + row[t]);
  }
  return sums;
}

}  // namespace vigie::language
