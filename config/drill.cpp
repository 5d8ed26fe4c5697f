#include "config/drill.h"

#include "base/secret.h"
#include "base/text.h"
#include "base/zone.h"

namespace vigie {

Result<std::vector<Drill>> drills(const EndpointSettings& endpoint, Time now, int weeks) {
  TRY(const LocalTime local, to_local(now, endpoint.time_zone));
  LocalDay monday = day_of(local) - std::chrono::days(local.weekday - 1);
  std::vector<Drill> found;
  for (int i = 0; i < weeks; ++i, monday -= std::chrono::days(7)) {
    const std::string week = std::to_string(monday.time_since_epoch().count());
    found.push_back({week, to_hex(sha256(concat("drill|", endpoint.id, "|", week, "|"))).substr(0, 32)});
  }
  return found;
}

}  // namespace vigie
