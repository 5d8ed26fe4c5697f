// A log's signed head: origin, size, root (c2sp.org/tlog-checkpoint).

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wall/log/encoding.h"
#include "wall/log/note.h"

namespace vigie::tlog {

struct TreeHead {
  std::int64_t size = 0;
  Hash root{};
  bool operator==(const TreeHead&) const = default;
};

struct Checkpoint {
  std::string origin;
  TreeHead head{};
  std::vector<std::string> extensions{};  // lines that nobody can audit; vigie writes none
};

Result<Checkpoint> parse_checkpoint(std::string_view text);  // a note's text; bad_data
std::string to_text(const Checkpoint& checkpoint);           // a note's text

// A whole signed note whose text is a checkpoint; signatures are not verified.
struct SignedNote {
  Note note;
  Checkpoint checkpoint;
};
Result<SignedNote> parse_signed_checkpoint(std::string_view bytes);

}  // namespace vigie::tlog
