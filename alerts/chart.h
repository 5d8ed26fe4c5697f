// The day's complaints as a picture for a mail: a bar an hour, the expected level as a dashed line.

#pragma once

#include <string>

#include "alerts/story.h"
#include "base/result.h"

namespace vigie {

inline constexpr int kChartWidth = 600, kChartHeight = 160;

// A PNG of that size, at most 40 KB; "" where the story has no chart. Its background is transparent and its colours
// stand out from white and from black alike, for nobody knows what a mail program puts behind it. Its figures are drawn
// with lines of our own: a server has no fonts, and the same story gives the same bytes.
Result<std::string> chart_png(const Story& story);

}  // namespace vigie
