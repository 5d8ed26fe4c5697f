#include "app/wall_log.h"

#include "wall/log/keys.h"

namespace vigie {

Result<std::unique_ptr<tlog::Publisher>> open_publisher(const WallLogPlace& place, const std::string& brand,
                                                        Store& store, const Clock& clock) {
  TRY(std::vector<tlog::SigningKey> keys, tlog::read_keys(place.key));
  return tlog::Publisher::open({brand, place.folder, std::move(keys)}, store, clock);
}

}  // namespace vigie
