// What a command tells the shell.

#pragma once

#include "base/result.h"

namespace vigie {

inline constexpr int kDone = 0;
inline constexpr int kAnswerIsNo = 1;
inline constexpr int kBadInput = 2;      // bad input or configuration
inline constexpr int kOutsideFault = 3;  // a fault outside: network, disk, another program

inline int exit_status(const Error& error) {
  return error.kind == ErrorKind::bad_config || error.kind == ErrorKind::bad_data ? kBadInput : kOutsideFault;
}

}  // namespace vigie
