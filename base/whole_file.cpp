#include "base/whole_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace vigie {

namespace fs = std::filesystem;

Error not_written(const fs::path& path, int code) {
  const ErrorKind kind =
      code == EACCES || code == EPERM || code == EROFS || code == ENOTDIR ? ErrorKind::denied : ErrorKind::transient;
  return {kind, concat("cannot write ", path.string(), ": ", std::generic_category().message(code)), std::nullopt};
}

Result<void> write_whole(const fs::path& path, std::string_view bytes) {
  const fs::path partial = path.string() + ".part";
  errno = 0;
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  int code = file ? 0 : errno == 0 ? EIO : errno;
  const fs::path& failed = file ? path : partial;
  std::error_code error;
  if (code == 0) {
    fs::rename(partial, path, error);
    code = error.value();
  }
  if (code == 0) return {};
  fs::remove(partial, error);
  return fail(not_written(failed, code));
}

}  // namespace vigie
