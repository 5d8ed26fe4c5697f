#include "app/list_walls.h"

#include "app/wall_log.h"
#include "base/log.h"
#include "base/pulse.h"
#include "wall/log/checkpoint.h"
#include "wall/log/folder.h"

namespace vigie {
namespace {

constexpr Duration kEvery = seconds(1);

}  // namespace

ListWalls::ListWalls(const Settings& settings, OpenStore open, const Clock& clock)
    : open_(std::move(open)), clock_(clock) {
  for (const BrandSettings& brand : settings.brands) {
    const Result<WallLogPlace> place = wall_log_place(settings, brand.id);
    if (place)
      walls_.push_back(
          std::make_unique<Listed>(Listed{brand.id, place->folder, ItemsFile(brand.id, place->origin, place->folder)}));
  }
}

// The file's word, not the store's: the store knows of a checkpoint a moment before readers do.
Result<void> ListWalls::write(Listed& wall) {
  if (!store_) {
    TRY(store_, open_());
  }
  Result<std::string> bytes = tlog::FolderFiles(wall.folder).read(tlog::kCheckpointFile, tlog::kMostNoteBytes);
  if (!bytes && bytes.error().kind == ErrorKind::gone) return {};  // nothing was published yet
  if (!bytes) return fail(bytes.error());
  TRY(const tlog::SignedNote head, tlog::parse_signed_checkpoint(*bytes));
  return wall.file.write(*store_, head.checkpoint.head.size, clock_.now());
}

void ListWalls::tick() {
  for (const std::unique_ptr<Listed>& wall : walls_) {
    const Result<void> written = write(*wall);
    const std::string what = written ? "" : written.error().what;
    if (!what.empty() && what != wall->trouble)
      log::error("wall", concat("items.json was not written: ", what), {{"wall", wall->brand}});
    wall->trouble = what;
  }
}

void ListWalls::run(const std::stop_token& stop) {
  Pulse woken;
  const std::stop_callback wakes(stop, [&woken] { woken.notify(); });
  while (!stop.stop_requested()) {
    tick();
    woken.wait(kEvery);
  }
}

}  // namespace vigie
