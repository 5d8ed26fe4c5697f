#include "app/replay_log.h"

#include "app/wall_log.h"
#include "base/log.h"
#include "wall/log/folder.h"
#include "wall/log/keys.h"

namespace vigie {

Result<Replayed> replay_published(const Settings& settings, const std::string& brand, const std::string& folder,
                                  Store& store) {
  TRY(const WallLogPlace place, wall_log_place(settings, brand));
  const std::filesystem::path published = folder.empty() ? place.folder : std::filesystem::path(folder);
  if (!std::filesystem::exists(published / tlog::kCheckpointFile)) return Replayed{};
  TRY(const std::vector<tlog::SigningKey> keys, tlog::read_keys(place.key));
  std::vector<tlog::VerifierKey> known;
  for (const tlog::SigningKey& key : keys) {
    TRY(tlog::VerifierKey verifier, tlog::verifier_of(key));
    known.push_back(std::move(verifier));
  }
  tlog::FolderFiles files(published);
  return replay_log(files, brand, known, store);
}

Result<void> replay_published(const Settings& settings, Store& store) {
  for (const BrandSettings& brand : settings.brands) {
    TRY(const Replayed replayed, replay_published(settings, brand.id, "", store));
    if (replayed.entries == 0) continue;
    log::warn("keep", "the database is older than the published log: what was erased since is erased again",
              {{"brand", brand.id},
               {"entries", std::to_string(replayed.entries)},
               {"erased", std::to_string(replayed.erased)},
               {"contents_lost", std::to_string(replayed.lost.size())}});
  }
  return {};
}

}  // namespace vigie
