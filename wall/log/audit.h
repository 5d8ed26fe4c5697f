// Everything that a log and the wall beside it allow anyone to check (docs/transparency-log.md, "How to verify").

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wall/log/account.h"
#include "wall/log/quorum.h"
#include "wall/log/shown.h"
#include "wall/log/tiles.h"

namespace vigie::tlog {

struct AuditRequest {
  std::optional<VerifierKey> key{};  // any of the log's keys, past or present; absent: the log's own word is taken
  std::optional<Quorum> quorum{};    // its logs are keys too
  std::vector<std::string> known{};  // signed checkpoints seen before: the log must extend each
  Time now{};                        // by when what was announced must have happened
  std::optional<ShownNumbers> shown{};  // on the wall's page, read before the log
};

struct Audit {
  std::vector<std::string> findings{};  // one line each, naming the leaf, the item or the file; none: all is well
  std::string origin{};
  std::int64_t size = 0;
  WallNumbers numbers{};
  std::optional<PolicyLeaf> rules{};  // in force now
  bool own_key = false;                // the key was the log's own word
  std::optional<std::size_t> items{};  // compared; absent: there is no items.json
  std::vector<Cosigned> cosigned{};    // witnesses of the quorum, on the checkpoint that met it
  bool page = false;                   // its numbers were compared
  std::size_t named = 0;               // witnesses of the wall's own list, when no other quorum was given
};

// An error when the log cannot be read at all; whatever is wrong with what was read is a finding.
Result<Audit> audit(Files& files, const AuditRequest& request);

}  // namespace vigie::tlog
