#include "base/whole_file.h"

#include <array>
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

Result<std::string> read_whole(const fs::path& path, std::size_t most) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return fail(ErrorKind::bad_config, "no such file");
  if (status.type() == fs::file_type::directory) return fail(ErrorKind::bad_config, "a folder");
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return fail(ErrorKind::denied, concat("a file that cannot be opened: ", std::generic_category().message(errno)));
  }
  std::string bytes;
  std::array<char, 1 << 16> chunk{};
  while (in && bytes.size() <= most) {  // a size told beforehand may be wrong, and of a pipe there is none
    in.read(chunk.data(), chunk.size());
    bytes.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return fail(ErrorKind::denied, "a file that cannot be read");
  if (bytes.size() > most) return fail(ErrorKind::bad_data, concat("more than ", std::to_string(most >> 10), " KiB"));
  return bytes;
}

}  // namespace vigie
