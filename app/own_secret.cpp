#include "app/own_secret.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kBytes = 32;

Result<std::string> read_key(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kBytes * 4, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  Result<std::string> key = from_base64(trim(text));
  if (!key || key->size() != kBytes)
    return fail(ErrorKind::bad_config,
                concat(path,
                       ": expected the 32 bytes in base64 that vigie wrote, found another text; put the file back "
                       "from a backup, or delete it (links in messages already sent then stop working)"));
  return key;
}

// Written beside and then given its name, unless another process was quicker: the name never stands for half a key.
Result<void> write_key(const std::string& path) {
  const std::string draft = concat(path, ".", std::to_string(::getpid()), ".new");
  const auto failed = [&](std::string_view what) {
    const std::string why = std::strerror(errno);
    ::unlink(draft.c_str());
    return fail(ErrorKind::denied,
                concat(path, ": could not be ", what, " (", why, "); make the data folder writable"));
  };
  const int file = ::open(draft.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return failed("created");
  const std::string text = concat(to_base64(random_bytes(kBytes)), "\n");
  const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!whole) return failed("written");
  if (::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST) return failed("named");
  ::unlink(draft.c_str());
  return {};
}

}  // namespace

Result<std::string> own_secret(const Settings& settings, std::string_view name) {
  std::error_code ignored;
  std::filesystem::create_directories(settings.data, ignored);
  const std::string path = concat(settings.data, "/", name, ".key");
  if (!std::filesystem::exists(path, ignored)) TRY(write_key(path));
  return read_key(path);
}

}  // namespace vigie
