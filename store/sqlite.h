// The SQLite driver (3.40, WAL).

#pragma once

#include <memory>
#include <string>

#include "store/driver.h"

namespace vigie {

// `path`: a file, created (mode 0600) when absent, or ":memory:". The schema is not touched; errors as
// open_sqlite_store.
Result<std::unique_ptr<Driver>> open_sqlite_driver(const std::string& path);

// Brings the schema to the newest version, one transaction a step. bad_config when a newer vigie wrote it.
Result<void> migrate_sqlite(Driver& driver, const std::string& name);

}  // namespace vigie
