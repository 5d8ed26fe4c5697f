#include "wall/proof_state.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/whole_file.h"

namespace vigie {
namespace {

constexpr std::size_t kMostPolicyBytes = 1u << 20;

// Who of the quorum cosigned the checkpoint of that size, into `state`; whether they are enough.
Result<bool> read_cosigned(Store& store, const std::string& brand, const tlog::Quorum& quorum, std::int64_t size,
                           ProofState& state) {
  TRY(const std::vector<StoredCosignature> all, store.cosignatures(brand, size));
  std::set<std::string> names;
  state.cosigned_at = {};
  for (const StoredCosignature& one : all) {
    const bool named = std::any_of(quorum.witnesses.begin(), quorum.witnesses.end(),
                                   [&](const tlog::TrustedWitness& witness) { return witness.name == one.witness; });
    if (!named) continue;
    names.insert(one.witness);
    state.cosigned_at = std::max(state.cosigned_at, one.at);
  }
  state.cosigned = names.size();
  return !names.empty() && quorum.met_by(names);
}

}  // namespace

Result<ProofState> proof_state(Store& store, const std::string& brand, const tlog::Quorum& quorum) {
  ProofState state;
  TRY(const std::optional<StoredCheckpoint> last, store.last_checkpoint(brand));
  if (last) {
    state.size = last->size;
    state.signed_at = last->at;
  }
  state.witnesses = quorum.witnesses.size();
  std::set<std::int64_t, std::greater<>> sizes;
  for (const tlog::TrustedWitness& witness : quorum.witnesses) {
    TRY(const std::int64_t size, store.cosigned_size(brand, witness.name));
    if (size > 0) sizes.insert(size);
  }
  for (const std::int64_t size : sizes) {
    TRY(const bool enough, read_cosigned(store, brand, quorum, size, state));
    if (enough) return state;
  }
  if (!sizes.empty()) TRY(read_cosigned(store, brand, quorum, *sizes.begin(), state));
  return state;
}

Result<tlog::Quorum> named_quorum(const std::string& path) {
  if (path.empty()) return tlog::Quorum{};
  TRY(const std::string text, read_whole(path, kMostPolicyBytes));
  return tlog::parse_quorum(text);
}

}  // namespace vigie
