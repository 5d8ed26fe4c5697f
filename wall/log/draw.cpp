#include "wall/log/draw.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/secret.h"
#include "base/text.h"

namespace vigie::tlog {
namespace {

std::string eight_bytes(std::int64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
  return bytes;
}

}  // namespace

std::vector<std::int64_t> draw(const Hash& root, std::int64_t asked, std::span<const std::int64_t> reviews,
                               std::size_t count) {
  const std::string before = concat("vigie-audit-v1\n", std::string(root.begin(), root.end()), eight_bytes(asked));
  std::vector<std::pair<std::string, std::int64_t>> lots;
  for (const std::int64_t review : reviews) lots.emplace_back(sha256(concat(before, eight_bytes(review))), review);
  const auto end = lots.begin() + static_cast<std::ptrdiff_t>(std::min(count, lots.size()));
  std::partial_sort(lots.begin(), end, lots.end());
  std::vector<std::int64_t> drawn;
  for (auto lot = lots.begin(); lot != end; ++lot) drawn.push_back(lot->second);
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

}  // namespace vigie::tlog
