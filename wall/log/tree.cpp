#include "wall/log/tree.h"

#include <openssl/evp.h>

#include <bit>
#include <cstdlib>
#include <memory>

namespace vigie::tlog {
namespace {

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Finding the algorithm and making a context takes longer than hashing a node: both are kept, a context a thread.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) {
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!context_ || !algorithm || EVP_DigestInit_ex2(context_.get(), algorithm, nullptr) != 1) std::abort();
  }
  Sha256& start() {
    if (EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) != 1) std::abort();
    return *this;
  }
  Sha256& add(const void* bytes, std::size_t count) {
    if (EVP_DigestUpdate(context_.get(), bytes, count) != 1) std::abort();
    return *this;
  }
  Hash finish() {
    Hash hash{};
    if (EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) != 1) std::abort();
    return hash;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, FreeDigest> context_;
};

Sha256& hasher() {
  thread_local Sha256 one;
  return one.start();
}

std::int64_t largest_power_below(std::int64_t size) {
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size - 1)));
}

// The root over leaves [begin, end), begin a multiple of the next power of two.
Result<Hash> range_root(Nodes& nodes, std::int64_t begin, std::int64_t end) {
  const auto count = static_cast<std::uint64_t>(end - begin);
  if (std::has_single_bit(count)) {
    const int level = std::countr_zero(count);
    return nodes.node(level, begin >> level);
  }
  const std::int64_t middle = begin + largest_power_below(end - begin);
  TRY(const Hash left, range_root(nodes, begin, middle));
  TRY(const Hash right, range_root(nodes, middle, end));
  return node_hash(left, right);
}

// SUBPROOF of RFC 6962 2.1.2: `known` says that the verifier has the root over [begin, begin + first) already.
Result<void> add_consistency(Nodes& nodes, std::int64_t first, std::int64_t begin, std::int64_t end, bool known,
                             Proof& proof) {
  if (first == end - begin) {
    if (known) return {};
    TRY(const Hash root, range_root(nodes, begin, end));
    proof.push_back(root);
    return {};
  }
  const std::int64_t half = largest_power_below(end - begin);
  if (first <= half) {
    TRY(add_consistency(nodes, first, begin, begin + half, known, proof));
    TRY(const Hash right, range_root(nodes, begin + half, end));
    proof.push_back(right);
  } else {
    TRY(add_consistency(nodes, first - half, begin + half, end, false, proof));
    TRY(const Hash left, range_root(nodes, begin, begin + half));
    proof.push_back(left);
  }
  return {};
}

tl::unexpected<Error> wrong_length(std::size_t found) {
  return fail(ErrorKind::bad_data, concat("a proof of ", std::to_string(found), " hashes does not fit these sizes"));
}

}  // namespace

Hash leaf_hash(std::string_view entry) {
  constexpr unsigned char kLeaf = 0;
  return hasher().add(&kLeaf, 1).add(entry.data(), entry.size()).finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<unsigned char, 65> bytes{};
  bytes[0] = 1;
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 33);
  return hasher().add(bytes.data(), bytes.size()).finish();
}

Hash empty_root() { return hasher().finish(); }

Result<Hash> LeafNodes::node(int level, std::int64_t index) {
  const std::int64_t begin = index << level, end = (index + 1) << level;
  if (level < 0 || index < 0 || end > static_cast<std::int64_t>(leaves_.size())) {
    return fail(ErrorKind::bug, concat("no node ", std::to_string(index), " of level ", std::to_string(level)));
  }
  if (level == 0) return leaves_[static_cast<std::size_t>(index)];
  RightEdge edge;
  for (std::int64_t leaf = begin; leaf < end; ++leaf) edge.append(leaves_[static_cast<std::size_t>(leaf)]);
  return edge.root();
}

Result<Hash> root_of(Nodes& nodes, std::int64_t size) {
  if (size == 0) return empty_root();
  return range_root(nodes, 0, size);
}

Result<Proof> inclusion_proof(Nodes& nodes, std::int64_t index, std::int64_t size) {
  if (index < 0 || index >= size) return fail(ErrorKind::bug, "inclusion asked of a leaf outside the tree");
  // From the root down, the proof's end first.
  Proof proof;
  std::int64_t begin = 0, end = size;
  while (end - begin > 1) {
    const std::int64_t middle = begin + largest_power_below(end - begin);
    const bool left = index < middle;
    TRY(const Hash sibling, left ? range_root(nodes, middle, end) : range_root(nodes, begin, middle));
    proof.push_back(sibling);
    (left ? end : begin) = middle;
  }
  return Proof(proof.rbegin(), proof.rend());
}

Result<Proof> consistency_proof(Nodes& nodes, std::int64_t first, std::int64_t second) {
  if (first < 0 || first > second) return fail(ErrorKind::bug, "consistency asked of a larger tree with a smaller one");
  Proof proof;
  if (first == 0) return proof;
  TRY(add_consistency(nodes, first, 0, second, true, proof));
  return proof;
}

// RFC 9162 2.1.3.2.
Result<Hash> root_from_inclusion(std::int64_t index, std::int64_t size, const Hash& leaf, const Proof& proof) {
  if (index < 0 || index >= size) {
    return fail(ErrorKind::bad_data,
                concat("leaf ", std::to_string(index), " lies outside a tree of ", std::to_string(size)));
  }
  std::int64_t place = index, last = size - 1;
  Hash root = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return wrong_length(proof.size());
    if ((place & 1) != 0 || place == last) {
      root = node_hash(sibling, root);
      while ((place & 1) == 0 && place != 0) place >>= 1, last >>= 1;
    } else {
      root = node_hash(root, sibling);
    }
    place >>= 1, last >>= 1;
  }
  if (last != 0) return wrong_length(proof.size());
  return root;
}

Result<void> check_inclusion(std::int64_t index, std::int64_t size, const Hash& leaf, const Proof& proof,
                             const Hash& root) {
  TRY(const Hash found, root_from_inclusion(index, size, leaf, proof));
  if (found == root) return {};
  return fail(ErrorKind::bad_data, concat("the proof of leaf ", std::to_string(index), " leads to another root"));
}

// RFC 9162 2.1.4.2.
Result<void> check_consistency(std::int64_t first, std::int64_t second, const Hash& first_root, const Hash& second_root,
                               const Proof& proof) {
  if (first <= 0 || second < first) {
    return fail(ErrorKind::bad_data,
                concat("no consistency from ", std::to_string(first), " to ", std::to_string(second)));
  }
  if (first == second) {
    if (!proof.empty()) return wrong_length(proof.size());
    if (first_root != second_root) return fail(ErrorKind::bad_data, "two trees of one size have different roots");
    return {};
  }
  if (proof.empty()) return wrong_length(0);
  Proof path = proof;
  if (std::has_single_bit(static_cast<std::uint64_t>(first))) path.insert(path.begin(), first_root);
  std::int64_t place = first - 1, last = second - 1;
  while ((place & 1) != 0) place >>= 1, last >>= 1;
  Hash old_root = path.front(), new_root = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return wrong_length(proof.size());
    if ((place & 1) != 0 || place == last) {
      old_root = node_hash(path[i], old_root);
      new_root = node_hash(path[i], new_root);
      while ((place & 1) == 0 && place != 0) place >>= 1, last >>= 1;
    } else {
      new_root = node_hash(new_root, path[i]);
    }
    place >>= 1, last >>= 1;
  }
  if (last != 0) return wrong_length(proof.size());
  if (old_root != first_root) return fail(ErrorKind::bad_data, "the proof does not lead to the smaller tree's root");
  if (new_root != second_root) return fail(ErrorKind::bad_data, "the proof does not lead to the larger tree's root");
  return {};
}

void RightEdge::append(const Hash& leaf) {
  Hash peak = leaf;
  for (std::int64_t full = size_; (full & 1) != 0; full >>= 1) {
    peak = node_hash(peaks_.back(), peak);
    peaks_.pop_back();
  }
  peaks_.push_back(peak);
  ++size_;
}

Hash RightEdge::root() const {
  if (peaks_.empty()) return empty_root();
  Hash root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i > 0; --i) root = node_hash(peaks_[i - 1], root);
  return root;
}

}  // namespace vigie::tlog
