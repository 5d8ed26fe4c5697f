#include "wall/log/checkpoint.h"

namespace vigie::tlog {
namespace {

tl::unexpected<Error> bad(const char* what) { return fail(ErrorKind::bad_data, concat("a checkpoint: ", what)); }

}  // namespace

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  Checkpoint checkpoint;
  const std::optional<std::string_view> origin = take_line(text);
  if (!origin || origin->empty()) return bad("its first line, the origin, is empty");
  const std::optional<std::string_view> size_line = take_line(text);
  const std::optional<std::int64_t> size = size_line ? from_strict_decimal(*size_line) : std::nullopt;
  if (!size) return bad("its second line is not a number of leaves");
  const std::optional<std::string_view> root_line = take_line(text);
  const std::optional<Hash> root = root_line ? hash_from_base64(*root_line) : std::nullopt;
  if (!root) return bad("its third line is not 32 bytes in base64");
  checkpoint.origin = *origin;
  checkpoint.head = {*size, *root};
  while (const std::optional<std::string_view> line = take_line(text)) {
    if (line->empty()) return bad("an empty line among its extensions");
    checkpoint.extensions.emplace_back(*line);
  }
  if (!text.empty()) return bad("its last line has no newline");
  return checkpoint;
}

std::string to_text(const Checkpoint& checkpoint) {
  std::string text = concat(checkpoint.origin, "\n", std::to_string(checkpoint.head.size), "\n",
                            to_base64(checkpoint.head.root), "\n");
  for (const std::string& line : checkpoint.extensions) text += concat(line, "\n");
  return text;
}

Result<SignedNote> parse_signed_checkpoint(std::string_view bytes) {
  TRY(Note note, parse_note(bytes));
  TRY(Checkpoint checkpoint, parse_checkpoint(note.text));
  return SignedNote{std::move(note), std::move(checkpoint)};
}

}  // namespace vigie::tlog
