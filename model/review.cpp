#include "model/review.h"

#include <algorithm>

namespace vigie {
namespace {

constexpr std::array<std::string_view, 7> kStates = {"waiting",   "published", "refused", "hidden",
                                                     "withdrawn", "erased",    "expired"};

}  // namespace

std::string wall_source(std::string_view brand) { return std::string("wall:").append(brand); }

std::string_view to_text(ReviewState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<ReviewState> review_state_from(std::string_view text) {
  const auto found = std::find(kStates.begin(), kStates.end(), text);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<ReviewState>(found - kStates.begin());
}

bool is_over(ReviewState state) {
  return state == ReviewState::withdrawn || state == ReviewState::erased || state == ReviewState::expired;
}

const ReviewVersion* Review::shown() const {
  if (is_over(state)) return nullptr;
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (version->state == ReviewState::published) return &*version;
  }
  return nullptr;
}

}  // namespace vigie
