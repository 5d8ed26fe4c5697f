#include "app/evidence_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "wall/evidence.h"

namespace vigie {
namespace {

constexpr std::string_view kFile = "evidence.secret";

Result<std::string> read_opening_half(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  Result<std::string> key = from_base64(trim(text.str()));
  if (!in || !key || key->size() != make_box_keys().open_with.size())
    return fail(ErrorKind::bad_config,
                concat(file,
                       ": expected the secret half of a key for evidence, found another text; put it elsewhere, or "
                       "make a key with `vigie review evidence key`"));
  return key;
}

}  // namespace

// Written beside and then given its name: the name never stands for half a key.
Result<void> write_opening_half(const std::string& file, const BoxKeys& keys) {
  const std::string draft = concat(file, ".", std::to_string(::getpid()), ".new");
  const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0)
    return fail(ErrorKind::denied,
                concat(file, ": could not be created (", std::strerror(errno), "); make its folder writable"));
  const std::string line = concat(to_base64url(keys.open_with), "\n");
  const bool written =
      ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  const bool named = written && ::link(draft.c_str(), file.c_str()) == 0;
  const int why = errno;
  ::unlink(draft.c_str());
  if (written && !named && why == EEXIST)
    return fail(ErrorKind::bad_data, concat(file, ": there is such a file; name another"));
  if (!named) return fail(ErrorKind::denied, concat(file, ": could not be written (", std::strerror(why), ")"));
  return {};
}

Result<void> have_evidence_key(const Settings& settings, Store& store) {
  TRY(const std::string known, evidence_key(store));
  if (!known.empty()) return {};
  std::error_code ignored;
  std::filesystem::create_directories(settings.data, ignored);
  const std::string file = concat(settings.data, "/", kFile);
  // Another process was quicker, or this one was stopped before it kept the other half: then the file's key counts.
  if (const auto made = write_opening_half(file, make_box_keys()); !made && made.error().kind != ErrorKind::bad_data)
    return fail(made.error());
  TRY(const std::string open_with, read_opening_half(file));
  TRY(const std::string close_with, closing_half(open_with));
  TRY(set_evidence_key(store, close_with));
  log::warn("review", "a key was made to seal evidence with: take the file that opens it off this machine",
            {{"file", file}});
  return {};
}

}  // namespace vigie
