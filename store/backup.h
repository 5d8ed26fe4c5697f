// Copies of the store while it is in use, and back.

#pragma once

#include <string>

#include "base/result.h"

namespace vigie {

struct BackupFiles {
  std::string data;  // the database without the keys of the reviews' fields
  std::string keys;  // those keys: without them no field of the log can be opened, with them alone nothing can be read
};

// A consistent copy of the SQLite database `url` names; writers go on meanwhile. Both files are there whole or not at
// all, mode 0600. bad_data: one of them exists. Keep them in different places.
Result<void> back_up_sqlite(const std::string& url, const BackupFiles& to);

// bad_data: the database exists, or the files are no backup of one moment.
Result<void> restore_sqlite(const BackupFiles& from, const std::string& url);

}  // namespace vigie
