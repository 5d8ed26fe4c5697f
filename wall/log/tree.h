// The Merkle tree of RFC 6962 section 2.1: hashes, roots, proofs and their verification.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wall/log/encoding.h"

namespace vigie::tlog {

Hash leaf_hash(std::string_view entry);               // SHA-256(0x00 || entry)
Hash node_hash(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)
Hash empty_root();                                    // of a tree without leaves: SHA-256 of nothing

using Proof = std::vector<Hash>;

// The tree's hashes, wherever they are kept. A node of level l covers 2^l leaves, all of them present.
class Nodes {
 public:
  virtual ~Nodes() = default;
  virtual Result<Hash> node(int level, std::int64_t index) = 0;
};

// The leaves' hashes in memory.
class LeafNodes final : public Nodes {
 public:
  explicit LeafNodes(const std::vector<Hash>& leaves) : leaves_(leaves) {}
  Result<Hash> node(int level, std::int64_t index) override;

 private:
  const std::vector<Hash>& leaves_;
};

Result<Hash> root_of(Nodes& nodes, std::int64_t size);

// bug when there is no such proof: index >= size, first > second.
Result<Proof> inclusion_proof(Nodes& nodes, std::int64_t index, std::int64_t size);
Result<Proof> consistency_proof(Nodes& nodes, std::int64_t first, std::int64_t second);

// The root that the proof leads to; bad_data when its length does not fit.
Result<Hash> root_from_inclusion(std::int64_t index, std::int64_t size, const Hash& leaf, const Proof& proof);

// bad_data, saying why, unless the proof holds. Consistency from size 0 proves nothing and is refused: who may begin at
// an empty tree (a witness, a first visit) looks at the size before asking.
Result<void> check_inclusion(std::int64_t index, std::int64_t size, const Hash& leaf, const Proof& proof,
                             const Hash& root);
Result<void> check_consistency(std::int64_t first, std::int64_t second, const Hash& first_root, const Hash& second_root,
                               const Proof& proof);

// The root of a growing tree, from its right edge alone: at most 63 hashes, whatever its size.
class RightEdge {
 public:
  void append(const Hash& leaf);
  std::int64_t size() const { return size_; }
  Hash root() const;

 private:
  std::int64_t size_ = 0;
  std::vector<Hash> peaks_;  // roots of the complete subtrees, largest first
};

}  // namespace vigie::tlog
