// SQLite's result codes in the words of vigie.

#pragma once

#include <string>

#include "base/result.h"

struct sqlite3;

namespace vigie {

// `name`: the file's name, for people. `code`: an extended result code.
Error sqlite_error(const std::string& name, int code, const std::string& message);

}  // namespace vigie
