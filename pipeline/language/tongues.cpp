#include "pipeline/language/tongues.h"

#include <algorithm>
#include <utility>

namespace vigie::language {
namespace {

constexpr std::pair<std::string_view, std::string_view> kNeighbours[] = {
    {"af", "nl"}, {"fy", "nl"}, {"da", "sv"},  {"nb", "sv"}, {"nn", "sv"}, {"no", "sv"}, {"is", "sv"},
    {"cs", "pl"}, {"sk", "pl"}, {"sl", "pl"},  {"hr", "pl"}, {"sh", "pl"}, {"bs", "pl"}, {"az", "tr"},
    {"uz", "tr"}, {"ms", "id"}, {"fil", "id"}, {"tl", "id"}, {"et", "fi"}, {"hu", "fi"},
};

}  // namespace

std::size_t tongue_of(std::string_view code) {
  for (const auto& [neighbour, group] : kNeighbours) {
    if (code == neighbour) code = group;
  }
  const auto found = std::find(kCodes.begin(), kCodes.end(), code);
  return found == kCodes.end() ? kTongues - 1 : static_cast<std::size_t>(found - kCodes.begin());
}

}  // namespace vigie::language
