#include "pipeline/sentiment/model.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/embedded.h"

namespace vigie::sentiment {
namespace {

constexpr std::array<char, 8> kMagic = {'v', 'i', 'g', 'i', 'e', 's', 'm', '3'};
constexpr std::size_t kAlign = 64;  // a row never straddles what the processor fetches at once
constexpr std::uint32_t kMostBits = 24, kMostSlots = 64, kMostText = 1 << 20;
constexpr std::string_view kShippedPath = "config/models/sentiment.vsm";

// As it stands at the head of the file, little-endian. Every section begins at the next multiple of 64 bytes.
struct Header {
  std::array<char, 8> magic = kMagic;
  std::uint64_t checksum = 0;  // of the head itself, with 0 here, and of everything behind it
  std::uint32_t bits = 0, slots = 0, columns = 0, word_slots = 0;
  std::uint32_t name_bytes = 0, provenance_bytes = 0;
  float step = 0;
  std::uint32_t reserved = 0;
};
static_assert(sizeof(Header) == 48 && sizeof(SlotSettings) == 56 && sizeof(Weight) == 2);

std::uint64_t checksum_of(Header header, std::string_view bytes) {
  header.checksum = 0;
  const std::uint64_t head = XXH3_64bits(&header, sizeof(Header));
  const std::string_view rest = bytes.substr(sizeof(Header));
  return XXH3_64bits_withSeed(rest.data(), rest.size(), head);
}

constexpr std::size_t aligned(std::size_t size) { return (size + kAlign - 1) / kAlign * kAlign; }

// The sections in order, and how many bytes each has.
enum Section : std::size_t { kWeights, kSeen, kSlots, kDense, kKeys, kValues, kPhrases, kName, kProvenance, kSections };

std::array<std::size_t, kSections> sizes_of(const Header& header) {
  const std::size_t rows = Model::rows(header.bits);
  return {rows * sizeof(Weight),
          (std::size_t{1} << kSeenBits) / 8,
          (header.slots + 1) * sizeof(SlotSettings),
          std::size_t{header.slots + 1} * header.columns * kStatistics * 2 * sizeof(float),
          header.word_slots * sizeof(std::uint32_t),
          std::size_t{header.word_slots} * WordTable::kMostColumns,
          WordTable::kPhraseWords * sizeof(std::uint64_t),
          header.name_bytes,
          header.provenance_bytes};
}

bool sensible(const Header& header) {
  const bool table = header.word_slots == 0 ? true : std::has_single_bit(header.word_slots) && header.columns > 0;
  return header.bits >= 5 && header.bits <= kMostBits && header.slots <= kMostSlots && table &&
         header.columns <= WordTable::kMostColumns && header.word_slots <= (1u << kMostBits) &&
         header.name_bytes <= kMostText && header.provenance_bytes <= kMostText && std::isfinite(header.step) &&
         header.step > 0;
}

// The bytes of a file, mapped; unmapped with the last owner.
struct Mapping {
  void* at = nullptr;
  std::size_t size = 0;
  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (at != nullptr) ::munmap(at, size);
  }
};

template <class T>
std::span<const T> elements(std::string_view bytes) {
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};  // aligned: see kAlign
}

}  // namespace

bool sensible(const SlotSettings& slot) {
  const auto fine = [](float x) { return std::isfinite(x) && std::abs(x) < 1e4F; };
  return fine(slot.scale) && slot.scale > 0 && fine(slot.neutral_scale) && slot.neutral_scale > 0 &&
         std::all_of(slot.bias.begin(), slot.bias.end(), fine) &&
         std::all_of(slot.choice.begin(), slot.choice.end(), [&](float x) { return fine(x) && x > 0; }) &&
         slot.lang.back() == 0 &&
         std::all_of(slot.exclaimed.begin(), slot.exclaimed.end(), [&](float x) { return fine(x) && x >= 0; });
}

Result<std::shared_ptr<const Model>> Model::over(std::string_view bytes, std::shared_ptr<const void> owner,
                                                 bool check_sum) {
  const auto bad = [](std::string_view why) {
    return fail(ErrorKind::bad_data, concat("not a sentiment model: ", why));
  };
  Header header;
  if (bytes.size() < sizeof(Header)) return bad("it is shorter than the head of one");
  std::memcpy(&header, bytes.data(), sizeof(Header));
  if (std::string_view(header.magic.data(), header.magic.size()) == "vigiesm2")
    return fail(ErrorKind::bad_data,
                "a sentiment model of an earlier version; vigie train makes it anew from its rows");
  if (header.magic != kMagic) return bad("it does not begin with \"vigiesm3\"");
  if (!sensible(header)) return bad("its head holds sizes that no model has");
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlign != 0)
    return fail(ErrorKind::bug, "a model must begin at a multiple of 64 bytes");

  const std::array<std::size_t, kSections> sizes = sizes_of(header);
  std::array<std::string_view, kSections> sections;
  std::size_t at = aligned(sizeof(Header));
  for (std::size_t i = 0; i < kSections; ++i) {
    if (at + sizes[i] > bytes.size())
      return bad(fmt::format("it ends after {} bytes, expected at least {}", bytes.size(), at + sizes[i]));
    sections[i] = bytes.substr(at, sizes[i]);
    at = aligned(at + sizes[i]);
  }
  if (check_sum && checksum_of(header, bytes) != header.checksum) {
    return bad("its checksum does not fit: the file was damaged, take it from where it came once more");
  }

  const auto model = std::make_shared<Model>();
  const auto settings = elements<SlotSettings>(sections[kSlots]);
  if (!std::all_of(settings.begin(), settings.end(), [](const SlotSettings& s) { return sensible(s); })) {
    return bad("its calibration holds numbers that no training gives");
  }
  model->owner_ = std::move(owner);
  model->bytes_ = bytes;
  model->checksum_ = header.checksum;
  model->bits_ = header.bits;
  model->step_ = static_cast<double>(header.step);
  model->weights_ = elements<Weight>(sections[kWeights]);
  model->seen_ = elements<std::uint64_t>(sections[kSeen]);
  model->slots_ = settings.first(header.slots);
  model->shared_settings_ = settings.back();
  model->dense_ = elements<float>(sections[kDense]);
  if (!std::all_of(model->dense_.begin(), model->dense_.end(), [](float x) { return std::isfinite(x); }))
    return bad("a dense weight is not a number");
  model->words_ = WordTable(elements<std::uint32_t>(sections[kKeys]), elements<std::int8_t>(sections[kValues]),
                            elements<std::uint64_t>(sections[kPhrases]), header.columns);
  model->name_ = sections[kName];
  model->provenance_ = sections[kProvenance];
  return std::shared_ptr<const Model>(model);
}

Result<std::shared_ptr<const Model>> Model::open(const std::string& path) {
  const auto cannot = [&] {
    return fail(ErrorKind::bad_config, fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return cannot();
  const auto mapping = std::make_shared<Mapping>();
  struct stat status {};
  const bool sized = ::fstat(file, &status) == 0 && status.st_size > 0;
  if (sized) {
    mapping->size = static_cast<std::size_t>(status.st_size);
    void* const at = ::mmap(nullptr, mapping->size, PROT_READ, MAP_PRIVATE, file, 0);
    if (at != MAP_FAILED) mapping->at = at;
  }
  ::close(file);
  if (sized && mapping->at == nullptr) return cannot();
  auto model = over({static_cast<const char*>(mapping->at), mapping->size}, mapping, true);
  if (!model) return fail(ErrorKind::bad_config, concat(path, ": ", model.error().what));
  return model;
}

std::shared_ptr<const Model> Model::shipped() {
  // Once a process: the file is part of the program, so a fault in it is a fault of the build.
  static const std::shared_ptr<const Model> model = [] {
    const auto bytes = embedded(kShippedPath);
    auto made = over(bytes.value_or(std::string_view()), nullptr, false);
    return made ? *made : nullptr;
  }();
  return model;
}

Register register_of(std::string_view domain, const Words& words) {
  if (domain == "review") return Register::review;
  return is_addressed(words) ? Register::addressed : Register::tweet;
}

Slot Model::slot(std::string_view lang, Register of) const {
  Slot found = kNoSlot;
  for (Slot i = 0; i < slots_.size(); ++i) {
    if (lang != std::string_view(slots_[i].lang.data())) continue;
    if (slots_[i].of == of) return i;
    if (found == kNoSlot || slots_[i].of == Register::tweet) found = i;
  }
  return found;
}

std::span<const float> Model::dense(Slot slot) const {
  const std::size_t size = words_.columns() * kStatistics * 2;
  return dense_.subspan((slot == kNoSlot ? slots_.size() : slot) * size, size);
}

std::string to_bytes(const ModelParts& parts) {
  Header header;
  header.bits = parts.bits;
  header.slots = static_cast<std::uint32_t>(parts.slots.size());
  header.columns = static_cast<std::uint32_t>(parts.words.columns());
  header.word_slots = static_cast<std::uint32_t>(parts.words.slots());
  header.name_bytes = static_cast<std::uint32_t>(parts.name.size());
  header.provenance_bytes = static_cast<std::uint32_t>(parts.provenance.size());
  header.step = parts.step;

  std::string out(aligned(sizeof(Header)), '\0');
  const auto put = [&](const void* data, std::size_t size) {
    out.append(static_cast<const char*>(data), size);
    out.resize(aligned(out.size()));
  };
  std::vector<SlotSettings> settings = parts.slots;
  settings.push_back(parts.shared);
  put(parts.weights.data(), parts.weights.size() * sizeof(Weight));
  std::vector<std::uint64_t> seen((std::size_t{1} << kSeenBits) / 64);
  for (const Feature feature : parts.seen) {
    const std::uint32_t bit = feature >> (32 - kSeenBits);
    seen[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  put(seen.data(), seen.size() * sizeof(std::uint64_t));
  put(settings.data(), settings.size() * sizeof(SlotSettings));
  put(parts.dense.data(), parts.dense.size() * sizeof(float));
  put(parts.words.keys().data(), parts.words.keys().size_bytes());
  put(parts.words.values().data(), parts.words.values().size());
  std::vector<std::uint64_t> phrases(parts.words.phrases().begin(), parts.words.phrases().end());
  phrases.resize(WordTable::kPhraseWords);
  put(phrases.data(), phrases.size() * sizeof(std::uint64_t));
  put(parts.name.data(), parts.name.size());
  put(parts.provenance.data(), parts.provenance.size());
  header.checksum = checksum_of(header, out);
  std::memcpy(out.data(), &header, sizeof(Header));
  return out;
}

}  // namespace vigie::sentiment
