#include "wall/log/folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "base/whole_file.h"

namespace vigie::tlog {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSyncOneByOne = 64;  // more files than these are left to one syncfs

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  const int number_;
};

Result<void> sync_folder(const fs::path& folder) {
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return fail(not_written(folder, errno));
  return {};
}

enum class Sync { now, later };

Result<void> write_all(int file, const fs::path& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return fail(not_written(path, errno));
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> write_beside(const fs::path& path, std::string_view bytes, mode_t mode, Sync sync) {
  const fs::path fresh = path.string() + ".new";
  const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (file.get() < 0) return fail(not_written(path, errno));
  TRY(write_all(file.get(), path, bytes));
  if (sync == Sync::now && ::fsync(file.get()) != 0) return fail(not_written(path, errno));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return fail(not_written(path, errno));
  return {};
}

}  // namespace

Result<void> write_durably(const fs::path& path, std::string_view bytes, bool secret) {
  TRY(write_beside(path, bytes, secret ? 0600 : 0644, Sync::now));
  const fs::path parent = path.parent_path();
  return sync_folder(parent.empty() ? fs::path(".") : parent);
}

Result<std::string> FolderFiles::read(const std::string& path, std::size_t most) {
  const fs::path file = folder_ / path;
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return fail(ErrorKind::gone, concat(path, ": no such file"));
  Result<std::string> bytes = read_whole(file, most);
  if (!bytes) return fail(bytes.error().kind, concat(path, ": ", bytes.error().what));
  return bytes;
}

Result<void> FolderBatch::write(const std::string& path, std::string_view bytes) {
  const fs::path file = folder_ / path;
  const std::string parent = file.parent_path().string();
  if (parent != last_parent_) {
    std::error_code error;
    const bool made = fs::create_directories(parent, error);
    if (error) return fail(not_written(parent, error.value()));
    for (fs::path one = parent; made && one != folder_.parent_path() && !one.empty(); one = one.parent_path())
      settled_.erase(one);
    last_parent_ = parent;
  }
  // A new file is written in place: no checkpoint speaks of it before sync(), and what a crash cut short is written
  // again. Who reads an old one keeps it whole.
  const Descriptor fresh(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (fresh.get() >= 0) {
    TRY(write_all(fresh.get(), file, bytes));
  } else {
    TRY(write_beside(file, bytes, 0644, Sync::later));
  }
  if (written_.size() < kSyncOneByOne) written_.push_back(file);
  ++many_;
  return {};
}

Result<void> FolderBatch::sync() {
  if (many_ == 0) return {};
  if (many_ > kSyncOneByOne) {
    const Descriptor directory(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::syncfs(directory.get()) != 0) return fail(not_written(folder_, errno));
  } else {
    std::set<fs::path> folders;
    for (const fs::path& path : written_) {
      const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
      if (file.get() < 0 || ::fsync(file.get()) != 0) return fail(not_written(path, errno));
      // Its folder tells of it; the folders above tell of that folder, once.
      folders.insert(path.parent_path());
      for (fs::path folder = path.parent_path(); folder != folder_ && !folder.empty(); folder = folder.parent_path()) {
        if (!settled_.insert(folder).second) break;
        folders.insert(folder.parent_path());
      }
    }
    for (const fs::path& folder : folders) {
      if (Result<void> synced = sync_folder(folder); !synced) {
        settled_.clear();
        return synced;
      }
    }
  }
  written_.clear();
  many_ = 0;
  return {};
}

bool is_public_file(std::string_view path) {
  return path == kCheckpointFile || path == kCosignedFile || path == kKeyFile || path == kItemsFile ||
         path == kWitnessesFile ||
         parse_tile_path(path).has_value();
}

void remove_partial(const fs::path& folder, const Tile& full) {
  std::error_code error;  // one that stays harms nobody
  fs::remove_all(concat((folder / path_of(full)).string(), ".p"), error);
}

}  // namespace vigie::tlog
