// Mentions as a table: the columns of CSV files, out and in, and the guard against cells that a spreadsheet would run.

#pragma once

#include <string>
#include <string_view>

#include "model/mention.h"

namespace vigie {

// "id,source,url,...": the names of the JSONL form, nested ones dotted.
std::string csv_header();
std::string csv_record(const Mention& mention);  // without a line end of its own; a quoted cell may hold some
bool is_mention_column(std::string_view name);

// A cell that begins with = + - @, a tab or a carriage return is a formula to spreadsheets, and may fetch or run
// things. An apostrophe in front makes it text; plain_cell() takes it away again, and only where safe_cell() had put
// it.
std::string safe_cell(std::string_view text);
std::string_view plain_cell(std::string_view cell);

}  // namespace vigie
