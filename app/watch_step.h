// What one tick of the watch will commit. Of app/watch*.cpp alone.

#pragma once

#include <map>
#include <string>

#include "app/watch.h"

namespace vigie {

struct Watch::Step {
  WatchCommit commit;
  std::map<std::string, Incident> touched;  // by id
};

}  // namespace vigie
