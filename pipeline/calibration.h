// From what the words weigh to probabilities that mean what they say.

#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "pipeline/lexicon.h"

namespace vigie {

inline constexpr std::size_t kFeatures = 13;

using Features = std::array<double, kFeatures>;
using Probabilities = std::array<double, 3>;  // negative, neutral, positive; sum 1

Features features(const Opinion& opinion);

// Logistic map fitted per language and domain; see the .cpp for how.
Probabilities calibrated(const Features& features, std::string_view lang, std::string_view domain);

}  // namespace vigie
