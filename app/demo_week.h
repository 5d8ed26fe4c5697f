// One recorded week of a brand that does not exist, as collectors would have delivered it: what `vigie demo` plays
// back.
//
// Monday 2026-11-09 to Monday 2026-11-16, UTC. About 40 mentions an hour by day from five sources, in French and
// English, and:
//   Tuesday   mastodon is silent from 09:00 to 15:00, then what was missed arrives within two minutes
//   Wednesday a funny advert makes four times the usual volume, hardly any of it negative
//   Thursday  one author writes a dozen complaints an hour all afternoon
//   Friday    from 14:00, about 20 hours of late deliveries: six to eight times the usual negatives
// A review that the shop answers is delivered again with the answer, under the same id, as a real source would.

#pragma once

#include <string>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "model/batch.h"

namespace vigie {

inline constexpr Time kDemoStart = std::chrono::sys_days{std::chrono::year{2026} / 11 / 9};
inline constexpr Time kDemoEnd = std::chrono::sys_days{std::chrono::year{2026} / 11 / 16};

// Batches in order of their ingest stamps; the same random numbers give the same bytes.
std::vector<Batch> demo_week(Rng& rng);

// The configuration the week belongs to: config/demo/vigie.toml.
std::string demo_config();

}  // namespace vigie
