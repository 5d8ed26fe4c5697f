// Which reviews an audit looks at: drawn so that neither the brand could tell when the audit was asked for, nor the
// auditor choose.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wall/log/tree.h"

namespace vigie::tlog {

// `count` of `reviews`, or all when there are fewer, ascending: those with the least
// SHA-256("vigie-audit-v1\n" + root + asked + review), both numbers as 8 bytes, the greatest first. `root`: of a
// checkpoint signed after the request stood in the log as entry `asked`.
std::vector<std::int64_t> draw(const Hash& root, std::int64_t asked, std::span<const std::int64_t> reviews,
                               std::size_t count);

}  // namespace vigie::tlog
