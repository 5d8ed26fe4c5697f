#include "wall/log/tree.h"

#include <fstream>

#include "tests/log/log_support.h"

#include <rapidcheck/gtest.h>

namespace vigie::test {
namespace {

using testing::IsEmpty;

constexpr std::int64_t kLeaves = 70;

TEST(Tree, GivesTheRootsOfTheReferenceTree) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/proofs");
  const json::Document document = json_file(folder / "reference-tree.json");
  const json::Value roots = document.root().at("root_hashes_hex_by_size");
  const json::Value inputs = document.root().at("leaf_inputs_hex");
  RightEdge edge;

  for (std::size_t size = 0; size < roots.size(); ++size) {
    if (size > 0) {
      const std::string hex(inputs[size - 1].raw());
      std::string bytes;
      for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
      edge.append(leaf_hash(bytes));
    }
    EXPECT_EQ(to_hex(bytes_of(edge.root())), roots[size].raw()) << size;
  }
}

TEST(Tree, HashesAnEmptyTreeAndOneLeafAsTheRfcSays) {
  EXPECT_EQ(to_hex(bytes_of(empty_root())), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(bytes_of(leaf_hash(""))), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST(Tree, ProvesEveryLeafOfEverySize) {
  const std::vector<Hash> leaves = numbered_leaves(kLeaves);
  LeafNodes nodes(leaves);

  for (std::int64_t size = 1; size <= kLeaves; ++size) {
    const Hash root = head_of(leaves, size).root;
    EXPECT_EQ(root_of(nodes, size).value(), root);
    for (std::int64_t index = 0; index < size; ++index) {
      const Proof proof = inclusion_proof(nodes, index, size).value();
      const Hash& leaf = leaves[static_cast<std::size_t>(index)];
      EXPECT_TRUE(check_inclusion(index, size, leaf, proof, root)) << index << " of " << size;
      EXPECT_FALSE(check_inclusion(index == 0 ? 1 : 0, size, leaf, proof, root)) << index << " of " << size;
    }
  }
}

TEST(Tree, ProvesThatEverySizeExtendsEverySmallerOne) {
  const std::vector<Hash> leaves = numbered_leaves(kLeaves);
  LeafNodes nodes(leaves);

  for (std::int64_t first = 1; first <= kLeaves; ++first) {
    for (std::int64_t second = first; second <= kLeaves; ++second) {
      const Proof proof = consistency_proof(nodes, first, second).value();
      const Hash old_root = head_of(leaves, first).root, new_root = head_of(leaves, second).root;
      EXPECT_TRUE(check_consistency(first, second, old_root, new_root, proof)) << first << " to " << second;
      EXPECT_FALSE(check_consistency(first, second, leaf_hash("other"), new_root, proof)) << first << " to " << second;
    }
  }
}

TEST(Tree, SaysNothingOfTheEmptyTree) {
  const std::vector<Hash> leaves = numbered_leaves(3);
  LeafNodes nodes(leaves);

  EXPECT_THAT(consistency_proof(nodes, 0, 3).value(), IsEmpty());
  EXPECT_FALSE(check_consistency(0, 3, empty_root(), head_of(leaves, 3).root, {}));
  EXPECT_FALSE(check_inclusion(0, 0, leaves[0], {}, empty_root()));
}

RC_GTEST_PROP(Tree, RefusesAProofWithAnyBitChanged, ()) {
  const std::int64_t size = *rc::gen::inRange<std::int64_t>(2, kLeaves + 1);
  const std::int64_t index = *rc::gen::inRange<std::int64_t>(0, size);
  const std::vector<Hash> leaves = numbered_leaves(size);
  LeafNodes nodes(leaves);
  Proof proof = inclusion_proof(nodes, index, size).value();
  const auto line = *rc::gen::inRange<std::size_t>(0, proof.size());
  const auto bit = *rc::gen::inRange<std::size_t>(0, 256);

  proof[line][bit / 8] ^= static_cast<unsigned char>(1u << (bit % 8));

  RC_ASSERT(!check_inclusion(index, size, leaves[static_cast<std::size_t>(index)], proof, head_of(leaves, size).root));
}

// --- published proofs

std::optional<Proof> proof_in(const json::Value& list) {
  Proof proof;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::optional<Hash> hash = hash_from_base64(list[i].raw());
    if (!hash) return std::nullopt;
    proof.push_back(*hash);
  }
  return proof;
}

std::vector<json::Document> json_lines(const std::filesystem::path& path) {
  std::vector<json::Document> documents;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) documents.push_back(json::parse(line).value());
  return documents;
}

TEST(PublishedProofs, OfInclusionAreTakenAndRefusedAsStated) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/proofs");
  int seen = 0;

  for (const json::Document& document : json_lines(folder / "inclusion.jsonl")) {
    const json::Value v = document.root();
    const auto root = hash_from_base64(v.text_or("root", "")), leaf = hash_from_base64(v.text_or("leafHash", ""));
    const auto proof = proof_in(v.find("proof"));
    const bool good = root && leaf && proof &&
                      check_inclusion(v.integer_or("leafIdx", -1), v.integer_or("treeSize", -1), *leaf, *proof, *root);
    EXPECT_EQ(good, !v.boolean_or("wantErr", false)) << v.text_or("name", "");
    ++seen;
  }

  EXPECT_GT(seen, 30);
}

TEST(PublishedProofs, OfConsistencyAreTakenAndRefusedAsStated) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/proofs");
  int seen = 0;

  for (const json::Document& document : json_lines(folder / "consistency.jsonl")) {
    const json::Value v = document.root();
    if (v.text_or("name", "").find("sizes-are-equal-one-and-proof-is-empty") != std::string::npos)
      continue;  // roots of 12 bytes
    const auto first = hash_from_base64(v.text_or("root1", "")), second = hash_from_base64(v.text_or("root2", ""));
    const auto proof = proof_in(v.find("proof"));
    const bool good = first && second && proof &&
                      check_consistency(v.integer_or("size1", -1), v.integer_or("size2", -1), *first, *second, *proof);
    EXPECT_EQ(good, !v.boolean_or("wantErr", false)) << v.text_or("name", "");
    ++seen;
  }

  EXPECT_GT(seen, 30);
}

}  // namespace
}  // namespace vigie::test
