#include "base/result.h"

namespace vigie {

std::string_view to_text(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::transient: return "transient";
    case ErrorKind::rate_limited: return "rate_limited";
    case ErrorKind::denied: return "denied";
    case ErrorKind::gone: return "gone";
    case ErrorKind::bad_data: return "bad_data";
    case ErrorKind::bad_config: return "bad_config";
    case ErrorKind::bug: return "bug";
  }
  return "bug";
}

}  // namespace vigie
