// Any bytes: the log's parsers never crash, and what they take is written back the same. The first byte says which.

#include <cstdlib>

#include "wall/log/commitment.h"
#include "wall/log/items.h"
#include "wall/log/leaf.h"
#include "wall/log/quorum.h"
#include "wall/log/receipt.h"
#include "wall/log/witness.h"

namespace {

using namespace vigie::tlog;

template <class T>
void same_again(const T& read, std::string_view bytes) {
  if (read && to_text(*read) != bytes) std::abort();
}

void try_one(unsigned char which, std::string_view bytes) {
  switch (which % 10) {
    case 0:
      if (const auto note = parse_note(bytes)) {
        const std::string once = to_text(*note);  // bits that fill up base64 may differ: the second time nothing does
        same_again(parse_note(once), once);
      }
      break;
    case 1: same_again(parse_checkpoint(bytes), bytes); break;
    case 2: same_again(parse_receipt(bytes), bytes); break;
    case 3: same_again(parse_add_checkpoint(bytes), bytes); break;
    case 4: {
      const auto tile = parse_tile_path(bytes);
      if (tile && path_of(*tile) != bytes) std::abort();
      break;
    }
    case 5: same_again(parse_verifier_key(bytes), bytes); break;
    case 6: (void)parse_quorum(bytes); break;
    case 7: {
      const auto leaf = parse_leaf(bytes);
      if (leaf && to_bytes(*leaf) != std::string(bytes)) std::abort();
      break;
    }
    case 8: (void)read_items(bytes); break;
    default: (void)parse_bundle(bytes, 256);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) try_one(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
