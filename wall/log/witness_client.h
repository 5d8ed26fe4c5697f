// Asks witnesses to cosign a checkpoint, each from the size it knows.

#pragma once

#include "base/http_client.h"
#include "wall/log/witness.h"

namespace vigie::tlog {

// A clock this far from a witness's is wrong: times in the log must mean something to others.
inline constexpr Duration kMostDrift = minutes(5);

struct Witnessed {
  NoteSignature line;
  Time at{};
};

// The witness's cosignature of this signed checkpoint, verified. `known_size`: what it cosigned last, as far as known;
// another answer of its (409) is followed once. denied: it refuses (403, 404), the trees do not fit (409, 422), or its
// clock is more than kMostDrift away from `now`. transient: no answer, or a fault of its own.
Result<Witnessed> ask_witness(HttpClient& http, const TrustedWitness& witness, const std::string& signed_checkpoint,
                              std::int64_t known_size, Nodes& nodes, Time now);

}  // namespace vigie::tlog
