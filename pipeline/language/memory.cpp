#include "pipeline/language/memory.h"

#include <algorithm>

#include <xxhash.h>

namespace vigie::language {

const Said& Memory::say(std::string_view written, std::string_view folded) {
  const std::uint64_t key = std::max<std::uint64_t>(1, XXH3_64bits(written.data(), written.size()));
  Said& said = places_[key % kPlaces];
  if (said.key == key) return said;
  Features features;
  read_features(written, folded, features);
  said = {key, model_.sums_of(features), features.latin, features.foreign};
  return said;
}

}  // namespace vigie::language
