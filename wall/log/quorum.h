// Which logs and which witnesses are trusted, and how many of these must have cosigned (c2sp.org/tlog-policy).

#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wall/log/checkpoint.h"
#include "wall/log/cosignature.h"

namespace vigie::tlog {

struct TrustedLog {
  VerifierKey key;
  std::string url{};
};

struct TrustedWitness {
  std::string name;  // in the file alone; a key has its own
  VerifierKey key;
  std::string url{};  // submission prefix
};

struct WitnessGroup {
  std::string name;
  std::size_t threshold = 1;
  std::vector<std::string> members{};
};

struct Quorum {
  std::vector<TrustedLog> logs{};
  std::vector<TrustedWitness> witnesses{};
  std::vector<WitnessGroup> groups{};  // each after those it names
  std::string rule = "none";           // a witness, a group, or none

  // Whether these witnesses, by name, are enough.
  bool met_by(const std::set<std::string>& names) const;
};

Result<Quorum> parse_quorum(std::string_view text);  // bad_config, with the line's number

// Witnesses, groups and rule, as a wall publishes them: without logs, and without the addresses that are asked.
std::string to_text(const Quorum& quorum);

struct Cosigned {
  std::string witness;  // its name in the quorum file
  Time at{};
};

// Who of the quorum's witnesses cosigned this note, and when; lines that do not verify are passed over.
std::vector<Cosigned> cosigners(const Quorum& quorum, const Note& note);

// Witnesses in whose name, and under whose key's number, a line stands that they did not sign.
std::vector<std::string> forged(const Quorum& quorum, const Note& note);

}  // namespace vigie::tlog
