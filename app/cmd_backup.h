// vigie backup and vigie restore: the database as files, the keys of the reviews apart.

#pragma once

#include <iosfwd>
#include <string>

#include "config/settings.h"

namespace vigie {

struct BackupRequest {
  std::string config = "vigie.toml";
  std::string file;
  std::string keys;  // "" = FILE.keys
};

int cmd_backup(const BackupRequest& request, std::ostream& out, std::ostream& err);
int cmd_restore(const BackupRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
