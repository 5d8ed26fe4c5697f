// `vigie run`: every loop of one installation in one process, until SIGTERM.

#pragma once

#include <iosfwd>
#include <string>

#include "config/settings.h"

namespace vigie {

// Exit status: 0 stopped in good order, 2 configuration, 3 a fault outside (port taken, store not writable).
int cmd_run(const std::string& config, std::ostream& out, std::ostream& err);
// The same with settings that no file holds.
int run_installation(Settings settings, std::ostream& out, std::ostream& err);

}  // namespace vigie
