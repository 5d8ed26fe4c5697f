// What a reader is told about the log behind a wall: how long it is, when it was signed, who else saw it.

#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"
#include "wall/log/quorum.h"

namespace vigie {

struct ProofState {
  std::int64_t size = 0;  // of the last signed checkpoint; 0: none was signed yet
  Time signed_at{};
  std::size_t witnesses = 0, cosigned = 0;  // named by the quorum; of them, those that cosigned the same checkpoint
  Time cosigned_at{};                       // the last of them, when there is one
};

// Of the largest checkpoint that enough witnesses cosigned; of the largest that any did when none has enough.
Result<ProofState> proof_state(Store& store, const std::string& brand, const tlog::Quorum& quorum);

// The quorum of [wall] witnesses; an empty one when none is named. bad_config: it cannot be read.
Result<tlog::Quorum> named_quorum(const std::string& path);

}  // namespace vigie
