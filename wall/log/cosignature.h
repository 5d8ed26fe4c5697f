// A witness's word that, at a time, this was the largest tree it had seen (c2sp.org/tlog-cosignature, type 0x04).

#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "wall/log/note.h"

namespace vigie::tlog {

// Over a checkpoint's text. `key` is a cosigner's.
Result<NoteSignature> cosign(std::string_view text, const SigningKey& key, Time at);

// When it was made; nothing unless `key` made it over this text.
std::optional<Time> cosigned_at(std::string_view text, const VerifierKey& key, const NoteSignature& signature);

}  // namespace vigie::tlog
