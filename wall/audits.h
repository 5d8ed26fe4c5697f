// Audits by somebody from outside: asked for in the log, of reviews that a later checkpoint draws (wall/log/draw.h), and
// answered in the log with the hash of the report. The method page lists them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/wording.h"
#include "wall/book.h"
#include "wall/view.h"

namespace vigie {

struct WallAudit {
  std::int64_t entry = 0;  // of the request
  std::string by;          // who audits, one line
  std::int64_t reviews = 0;
  std::string status = "asked";  // asked passed failed
  Time at{};                     // of the request, or of the result
};

inline constexpr std::int64_t kMostAudited = 10'000;

// The entry that asks. bad_data naming what cannot be.
Result<std::int64_t> ask_for_audit(Book& book, Store& store, const std::string& brand, const std::string& by,
                                   std::int64_t reviews, Time now);

// The entry of the result. gone: no such audit; bad_data: it has its result already.
Result<std::int64_t> note_audit_result(Book& book, Store& store, const std::string& brand, std::int64_t entry,
                                       bool passed, std::string_view report, Time now);

Result<std::vector<WallAudit>> audits_of(Store& store, const std::string& brand);  // oldest first
Result<void> write_audits(json::Writer& out, const WallView& view, const Wording& words, Store& store);

}  // namespace vigie
