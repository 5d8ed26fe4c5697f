#include "store/sqlite_error.h"

#include <sqlite3.h>

namespace vigie {
namespace {

Error error(ErrorKind kind, std::string what) { return {kind, std::move(what), std::nullopt}; }

}  // namespace

Error sqlite_error(const std::string& name, int code, const std::string& message) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return error(ErrorKind::transient, concat(name, ": disk full; free some space, nothing was written"));
    case SQLITE_IOERR:
      return error(ErrorKind::transient, concat(name, ": disk full or failing (", message, ", code ",
                                                std::to_string(code), "); nothing was written"));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return error(ErrorKind::transient,
                   concat(name, ": another connection kept it locked for too long; trying again later"));
    case SQLITE_NOMEM: return error(ErrorKind::transient, concat(name, ": out of memory"));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return error(ErrorKind::denied, concat(name, ": cannot be written (", message,
                                             "); give vigie's user write access to the file and its folder"));
    case SQLITE_NOTADB:
      return error(ErrorKind::bad_config,
                   concat(name, ": not a vigie database; name another file, or move this one away"));
    case SQLITE_CORRUPT:
      return error(ErrorKind::denied,
                   concat(name, ": the database is damaged (", message, "); stop vigie and restore a backup"));
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH: return error(ErrorKind::bad_data, concat("refused by the database: ", message));
    default: return error(ErrorKind::bug, concat(name, ": ", message, " (code ", std::to_string(code), ")"));
  }
}

}  // namespace vigie
