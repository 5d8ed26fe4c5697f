// A person's search words as FTS5 sees them.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace vigie {

// Cut by FTS5's own tokenizer, so that what was written and what is asked for agree; each word quoted, so that nothing
// is read as syntax. "" when there is no word. At most 32 words count.
Result<std::string> fts5_expression(sqlite3* database, std::string_view words);

}  // namespace vigie
