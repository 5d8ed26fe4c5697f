#include "app/cmd_backup.h"

#include <filesystem>
#include <iostream>

#include "app/backends.h"
#include "app/erasures.h"
#include "app/exit.h"
#include "app/load.h"
#include "app/replay_log.h"
#include "base/clock.h"
#include "store/backup.h"

namespace vigie {
namespace {

BackupFiles files_of(const BackupRequest& request) {
  return {request.file, request.keys.empty() ? request.file + ".keys" : request.keys};
}

Result<void> back_up(const BackupRequest& request, std::ostream& out) {
  TRY(const Settings settings, load_settings(request.config));
  TRY(const std::unique_ptr<Store> migrated, open_store(settings));
  const BackupFiles files = files_of(request);
  TRY(back_up_sqlite(store_url(settings), files));
  out << files.data << "\n" << files.keys << "  (the keys of the reviews: keep them elsewhere)\n";
  return {};
}

Result<void> restore(const BackupRequest& request, std::ostream& out) {
  TRY(const Settings settings, load_settings(request.config));
  std::error_code ignored;
  std::filesystem::create_directories(settings.data, ignored);  // what cannot be made is told by the next line
  TRY(restore_sqlite(files_of(request), store_url(settings)));
  TRY(const std::unique_ptr<Store> store, open_store(settings));
  for (const BrandSettings& brand : settings.brands) {
    TRY(const Replayed replayed, replay_published(settings, brand.id, "", *store));
    out << brand.id << ": " << replayed.entries << " entries of the published log taken over, " << replayed.erased
        << " reviews erased again\n";
    for (const std::string& lost : replayed.lost) out << lost << "\n";
  }
  const SystemClock clock;
  TRY(Erasures(settings, *store, clock).tick());
  return {};
}

int status(const Result<void>& done, std::string_view command, std::ostream& err) {
  if (done) return kDone;
  err << "vigie " << command << ": " << done.error().what << "\n";
  return exit_status(done.error());
}

}  // namespace

int cmd_backup(const BackupRequest& request, std::ostream& out, std::ostream& err) {
  return status(back_up(request, out), "backup", err);
}

int cmd_restore(const BackupRequest& request, std::ostream& out, std::ostream& err) {
  return status(restore(request, out), "restore", err);
}

}  // namespace vigie
