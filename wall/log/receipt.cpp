#include "wall/log/receipt.h"

#include "base/secret.h"

namespace vigie::tlog {
namespace {

constexpr std::string_view kFirst = "c2sp.org/tlog-proof@v1", kExtra = "extra ", kIndex = "index ";
constexpr std::size_t kMostHashes = 63;

tl::unexpected<Error> bad(const char* what) { return fail(ErrorKind::bad_data, concat("a receipt: ", what)); }

Result<std::string_view> next_line(std::string_view& text) {
  const std::optional<std::string_view> line = take_line(text);
  if (!line) return bad("it ends too early");
  if (line->size() >= kMostReceiptLine) return bad("a line of 64 KiB or more");
  return *line;
}

}  // namespace

Result<Receipt> parse_receipt(std::string_view text) {
  Receipt receipt;
  TRY(std::string_view line, next_line(text));
  if (line != kFirst) return bad("expected c2sp.org/tlog-proof@v1 on its first line");
  TRY(line, next_line(text));
  if (line.starts_with(kExtra)) {
    receipt.extra = from_strict_base64(line.substr(kExtra.size()));
    if (!receipt.extra) return bad("what stands behind extra is not base64");
    TRY(line, next_line(text));
  }
  const std::optional<std::int64_t> index =
      line.starts_with(kIndex) ? from_strict_decimal(line.substr(kIndex.size())) : std::nullopt;
  if (!index) return bad("expected index and a number");
  receipt.index = *index;
  TRY(line, next_line(text));
  for (; !line.empty();) {
    const std::optional<Hash> hash = hash_from_base64(line);
    if (!hash || receipt.proof.size() == kMostHashes) return bad("expected at most 63 lines of 32 bytes in base64");
    receipt.proof.push_back(*hash);
    TRY(line, next_line(text));
  }
  if (text.empty() || text.size() > kMostNoteBytes) return bad("no checkpoint behind the blank line, or one too long");
  receipt.checkpoint = text;
  return receipt;
}

std::string to_text(const Receipt& receipt) {
  std::string text = concat(kFirst, "\n");
  if (receipt.extra) text += concat(kExtra, vigie::to_base64(*receipt.extra), "\n");
  text += concat(kIndex, std::to_string(receipt.index), "\n");
  for (const Hash& hash : receipt.proof) text += concat(to_base64(hash), "\n");
  return concat(text, "\n", receipt.checkpoint);
}

Result<Receipt> make_receipt(Nodes& nodes, std::int64_t index, const std::string& signed_checkpoint) {
  TRY(const SignedNote head, parse_signed_checkpoint(signed_checkpoint));
  Receipt receipt;
  receipt.index = index;
  TRY(receipt.proof, inclusion_proof(nodes, index, head.checkpoint.head.size));
  receipt.checkpoint = signed_checkpoint;
  return receipt;
}

Result<SignedNote> check_receipt(const Receipt& receipt, std::string_view leaf, const std::vector<VerifierKey>& keys) {
  TRY(SignedNote signed_note, parse_signed_checkpoint(receipt.checkpoint));
  TRY(check_note(signed_note.note, keys));
  const TreeHead& head = signed_note.checkpoint.head;
  TRY(check_inclusion(receipt.index, head.size, leaf_hash(leaf), receipt.proof, head.root));
  return signed_note;
}

}  // namespace vigie::tlog
