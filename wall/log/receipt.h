// A proof that stands alone (c2sp.org/tlog-proof@v1): a leaf's place, the hashes up to the root, the signed checkpoint.
// What an author keeps. `extra` is the keeper's own and proves nothing by itself.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wall/log/tiles.h"

namespace vigie::tlog {

inline constexpr std::size_t kMostReceiptLine = 64u << 10;

struct Receipt {
  std::optional<std::string> extra{};  // bytes
  std::int64_t index = 0;
  Proof proof{};
  std::string checkpoint{};  // the signed note, verbatim
};

Result<Receipt> parse_receipt(std::string_view text);  // form alone: not even the checkpoint's is looked at; bad_data
std::string to_text(const Receipt& receipt);

// The receipt of a leaf under a signed checkpoint that covers it.
Result<Receipt> make_receipt(Nodes& nodes, std::int64_t index, const std::string& signed_checkpoint);

// bad_data, saying why, unless these bytes are at that place of the checkpoint, and one of `keys` signed it. The
// checkpoint is returned.
Result<SignedNote> check_receipt(const Receipt& receipt, std::string_view leaf, const std::vector<VerifierKey>& keys);

}  // namespace vigie::tlog
