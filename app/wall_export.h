// Everything the public listener shows of the walls, as files that any web server can show: `vigie wall export`.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/clock.h"
#include "base/http_server.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

struct ExportRequest {
  std::filesystem::path folder;
  std::string base_url{};  // where it will be shown; "" = anywhere: canonical addresses stay the server's
};

struct Exported {
  std::int64_t pages = 0;    // asked for and looked at
  std::int64_t written = 0;  // of these and the logs' files: new or changed
  std::int64_t removed = 0;  // no longer there
  std::int64_t kept = 0;     // a review's own page whose entries are those of the last time: not asked for again
};

// `pages`: what answers on the public listener. May be called while vigie runs; a folder belongs to one caller at a
// time. What was exported before into the same folder is brought up to date: what has not changed is not written, what
// is gone (withdrawn, erased) is taken away.
Result<Exported> export_walls(const ExportRequest& request, const Settings& settings, const Handler& pages,
                              Store& store);

}  // namespace vigie
