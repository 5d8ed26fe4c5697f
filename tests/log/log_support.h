// Keys that are always the same, trees of numbered leaves, shared vectors as JSON.

#pragma once

#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/secret.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"
#include "wall/log/cosignature.h"
#include "wall/log/receipt.h"

namespace vigie::test {

using namespace vigie::tlog;

inline SigningKey log_key(const std::string& name = "avis.example/log", const std::string& seed = "log") {
  return {name, KeyType::ed25519, sha256(seed)};
}
inline SigningKey witness_key(const std::string& name) { return {name, KeyType::cosignature, sha256(name)}; }

inline std::vector<Hash> numbered_leaves(std::int64_t count) {
  std::vector<Hash> leaves;
  for (std::int64_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(concat("entry ", std::to_string(i))));
  return leaves;
}

inline TreeHead head_of(const std::vector<Hash>& leaves, std::int64_t size) {
  RightEdge edge;
  for (std::int64_t i = 0; i < size; ++i) edge.append(leaves[static_cast<std::size_t>(i)]);
  return {size, edge.root()};
}

inline std::string signed_head(const TreeHead& head, const SigningKey& key = log_key()) {
  Note note{to_text(Checkpoint{key.name, head, {}}), {}};
  note.signatures.push_back(sign_note(note.text, key).value());
  return to_text(note);
}

// Files in memory.
class MapFiles final : public Files {
 public:
  Result<std::string> read(const std::string& path, std::size_t most) override {
    const auto found = files.find(path);
    if (found == files.end()) return fail(ErrorKind::gone, concat(path, ": no such file"));
    if (found->second.size() > most) return fail(ErrorKind::bad_data, concat(path, ": too large"));
    return found->second;
  }
  std::map<std::string, std::string> files;
};

inline json::Document json_file(const std::filesystem::path& path) {
  Result<json::Document> document = json::parse(read_bytes(path));
  EXPECT_TRUE(document) << path;
  return *std::move(document);
}

inline std::string decoded(const json::Value& value, std::string_view path) {
  return from_base64(value.text_or(path, "")).value_or("");
}

}  // namespace vigie::test
