#include "wall/log/keys.h"

#include <sys/stat.h>

#include "base/secret.h"
#include "base/whole_file.h"
#include "wall/log/append.h"
#include "wall/log/ed25519.h"
#include "wall/log/encoding.h"
#include "wall/log/folder.h"

namespace vigie::tlog {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFile = 64u << 10;

fs::path next_of(const fs::path& file) { return file.string() + ".next"; }

Result<std::string> lines_of(const std::vector<SigningKey>& keys) {
  std::string lines;
  for (const SigningKey& key : keys) {
    TRY(const std::string line, to_text(key));
    lines += concat(line, "\n");
  }
  return lines;
}

// The key that is to come: the one of an interrupted rotation, or a new one, on disk before it is logged.
Result<SigningKey> coming_key(const fs::path& file, const SigningKey& current) {
  std::error_code error;
  if (fs::exists(next_of(file), error)) {
    TRY(const std::vector<SigningKey> kept, read_keys(next_of(file)));
    return kept.front();
  }
  SigningKey key = new_key(current.name, KeyType::ed25519);
  TRY(const std::string line, lines_of({key}));
  TRY(write_durably(next_of(file), line, true));
  return key;
}

Result<LeafToAppend> rotation_leaf(const SigningKey& old_key, const SigningKey& fresh, const Clock& clock) {
  TRY(const VerifierKey old_verifier, verifier_of(old_key));
  TRY(const VerifierKey new_verifier, verifier_of(fresh));
  KeyLeaf leaf{to_text(old_verifier), to_text(new_verifier), {}};
  TRY(leaf.signature, ed25519_sign(old_key.seed, rotation_text(old_key.name, leaf.new_key)));
  const std::string once = concat("key:", leaf.new_key);
  return leaf_to_append(std::move(leaf), clock, hours(1), once);
}

}  // namespace

SigningKey new_key(std::string name, KeyType type) { return {std::move(name), type, random_bytes(kEd25519Key)}; }

Result<std::vector<SigningKey>> read_keys(const fs::path& file) {
  const Result<std::string> bytes = read_whole(file, kMostFile);
  if (!bytes) return fail(bytes.error().kind, concat(file.string(), ": expected a key, found ", bytes.error().what));
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorKind::denied, concat(file.string(), ": others may read this private key; chmod 600 it"));
  }
  std::vector<SigningKey> keys;
  std::string_view rest = *bytes;
  while (const std::optional<std::string_view> line = take_line(rest)) {
    Result<SigningKey> key = parse_signing_key(*line);
    if (!key) return fail(ErrorKind::bad_config, concat(file.string(), ": ", key.error().what));
    if (!keys.empty() && keys.front().name != key->name) {
      return fail(ErrorKind::bad_config, concat(file.string(), ": keys of several names"));
    }
    keys.push_back(*std::move(key));
  }
  if (keys.empty()) return fail(ErrorKind::bad_config, concat(file.string(), ": no key in it"));
  return keys;
}

Result<SigningKey> make_key_file(const fs::path& file, std::string name, KeyType type) {
  std::error_code error;
  if (fs::exists(file, error)) {
    return fail(ErrorKind::bad_config, concat(file.string(), ": exists already; a lost key cannot be made again"));
  }
  if (!is_key_name(name)) {
    return fail(ErrorKind::bad_config, concat("\"", name, "\" cannot name a key: expected no space and no plus sign"));
  }
  SigningKey key = new_key(std::move(name), type);
  TRY(const std::string line, lines_of({key}));
  TRY(write_durably(file, line, true));
  return key;
}

Result<SigningKey> rotate_key(const fs::path& file, const std::string& wall, Store& store, const Clock& clock) {
  TRY(std::vector<SigningKey> keys, read_keys(file));
  std::error_code error;
  TRY(const SigningKey fresh, coming_key(file, keys.front()));
  if (fresh.seed != keys.front().seed) {  // equal: the last step alone is missing
    TRY(LeafToAppend leaf, rotation_leaf(keys.front(), fresh, clock));
    TRY(store.append_leaves(wall, {std::move(leaf)}));
    keys.insert(keys.begin(), fresh);
    TRY(const std::string lines, lines_of(keys));
    TRY(write_durably(file, lines, true));
  }
  fs::remove(next_of(file), error);
  if (error) return fail(not_written(next_of(file), error.value()));
  return fresh;
}

}  // namespace vigie::tlog
