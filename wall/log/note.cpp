#include "wall/log/note.h"

#include <algorithm>

#include "base/secret.h"
#include "base/text.h"
#include "wall/log/cosignature.h"
#include "wall/log/ed25519.h"
#include "wall/log/encoding.h"

namespace vigie::tlog {
namespace {

constexpr std::string_view kDash = "\u2014 ";
constexpr std::string_view kPrivate = "PRIVATE+KEY+";
constexpr std::size_t kIdBytes = 4, kIdDigits = 8;
// Those beyond ASCII (White_Space of Unicode).
constexpr std::string_view kSpaces[] = {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                        "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                        "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

tl::unexpected<Error> bad(std::string_view what) { return fail(ErrorKind::bad_data, std::string(what)); }

std::optional<KeyType> key_type(char byte) {
  if (byte == '\x01') return KeyType::ed25519;
  if (byte == '\x04') return KeyType::cosignature;
  return std::nullopt;
}

std::string id_text(std::uint32_t id) { return to_hex(big_endian(id, kIdBytes)); }

struct KeyParts {
  std::string name, id;
  KeyType type{};
  std::string key;
};

// NAME+ID+BASE64(type || 32 bytes); the id may stand there but for the check, which needs the public key.
Result<KeyParts> split_key(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return bad("a key: expected NAME+ID+KEY");
  KeyParts parts{std::string(text.substr(0, first)), std::string(text.substr(first + 1, second - first - 1)), {}, {}};
  const bool hex = std::all_of(parts.id.begin(), parts.id.end(),
                               [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!is_key_name(parts.name)) return bad("a key: its name is empty or holds a space or a plus sign");
  if (parts.id.size() != kIdDigits || !hex) return bad("a key: expected an id of 8 hexadecimal digits");
  const std::optional<std::string> bytes = from_strict_base64(text.substr(second + 1));
  if (!bytes || bytes->empty()) return bad("a key: its last part is not base64");
  const std::optional<KeyType> type = key_type(bytes->front());
  if (!type) return bad("a key: of a type not known here; expected Ed25519 (1) or a cosigner's Ed25519 (4)");
  if (bytes->size() != 1 + kEd25519Key) return bad("a key: expected 32 bytes behind its type");
  parts.type = *type;
  parts.key = bytes->substr(1);
  return parts;
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty() || !is_valid_utf8(name) || name.find('+') != std::string_view::npos) return false;
  if (std::any_of(name.begin(), name.end(), [](char c) { return is_control(c) || c == ' ' || c == '\x7f'; }))
    return false;
  return std::none_of(std::begin(kSpaces), std::end(kSpaces),
                      [&](std::string_view space) { return name.find(space) != std::string_view::npos; });
}

std::uint32_t key_id(std::string_view name, KeyType type, std::string_view public_key) {
  const char byte = static_cast<char>(type);
  const std::string hash = sha256(concat(name, "\n", std::string_view(&byte, 1), public_key));
  return static_cast<std::uint32_t>(from_big_endian(std::string_view(hash).substr(0, kIdBytes)));
}

Result<VerifierKey> make_verifier_key(std::string name, KeyType type, std::string public_key) {
  if (!is_key_name(name)) return bad("a key's name must not be empty nor hold a space or a plus sign");
  const std::uint32_t id = key_id(name, type, public_key);
  return VerifierKey{std::move(name), id, type, std::move(public_key)};
}

Result<VerifierKey> parse_verifier_key(std::string_view text) {
  TRY(KeyParts parts, split_key(text));
  const std::uint32_t id = key_id(parts.name, parts.type, parts.key);
  if (id_text(id) != parts.id) return bad("a key: its id is not that of its name and bytes; was it copied whole?");
  return VerifierKey{std::move(parts.name), id, parts.type, std::move(parts.key)};
}

Result<SigningKey> parse_signing_key(std::string_view text) {
  if (!text.starts_with(kPrivate)) return bad("a private key: expected PRIVATE+KEY+NAME+ID+KEY");
  TRY(KeyParts parts, split_key(text.substr(kPrivate.size())));
  SigningKey key{std::move(parts.name), parts.type, std::move(parts.key)};
  TRY(const VerifierKey verifier, verifier_of(key));
  if (id_text(verifier.id) != parts.id) return bad("a private key: its id is not that of its name and bytes");
  return key;
}

Result<VerifierKey> verifier_of(const SigningKey& key) {
  TRY(std::string public_key, ed25519_public(key.seed));
  return make_verifier_key(key.name, key.type, std::move(public_key));
}

std::string to_text(const VerifierKey& key) {
  const char type = static_cast<char>(key.type);
  return concat(key.name, "+", id_text(key.id), "+",
                vigie::to_base64(concat(std::string_view(&type, 1), key.public_key)));
}

Result<std::string> to_text(const SigningKey& key) {
  TRY(const VerifierKey verifier, verifier_of(key));
  const char type = static_cast<char>(key.type);
  return concat(kPrivate, key.name, "+", id_text(verifier.id), "+",
                vigie::to_base64(concat(std::string_view(&type, 1), key.seed)));
}

Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kDash)) return bad("a signature line: expected it to begin with an em dash and a space");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return bad("a signature line: expected a name and base64");
  const std::string_view name = line.substr(0, space);
  if (!is_key_name(name)) return bad("a signature line: the name is empty or holds a space or a plus sign");
  const std::optional<std::string> bytes = from_padded_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kIdBytes) return bad("a signature line: expected base64 of an id and a signature");
  const auto id = static_cast<std::uint32_t>(from_big_endian(std::string_view(*bytes).substr(0, kIdBytes)));
  return NoteSignature{std::string(name), id, bytes->substr(kIdBytes)};
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kMostNoteBytes) return bad("a note: more than 1 MiB");
  if (!is_valid_utf8(bytes)) return bad("a note: not UTF-8");
  if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return is_control(c) && c != '\n'; })) {
    return bad("a note: control characters");
  }
  const std::size_t blank = bytes.rfind("\n\n");
  if (blank == std::string_view::npos) return bad("a note: no blank line between text and signatures");
  Note note{std::string(bytes.substr(0, blank + 1)), {}};
  std::string_view lines = bytes.substr(blank + 2);
  if (lines.empty() || lines.back() != '\n') return bad("a note: expected signature lines, each with its newline");
  while (const std::optional<std::string_view> line = take_line(lines)) {
    if (note.signatures.size() == kMostSignatures) return bad("a note: more than 100 signatures");
    TRY(NoteSignature signature, parse_signature_line(*line));
    note.signatures.push_back(std::move(signature));
  }
  return note;
}

std::string to_text(const NoteSignature& signature) {
  return concat(kDash, signature.name, " ",
                vigie::to_base64(concat(big_endian(signature.id, kIdBytes), signature.bytes)), "\n");
}

std::string to_text(const Note& note) {
  std::string out = concat(note.text, "\n");
  for (const NoteSignature& signature : note.signatures) out += to_text(signature);
  return out;
}

Result<std::vector<VerifierKey>> check_note(const Note& note, const std::vector<VerifierKey>& known) {
  std::vector<VerifierKey> signers;
  for (const NoteSignature& signature : note.signatures) {
    const auto key = std::find_if(known.begin(), known.end(), [&](const VerifierKey& candidate) {
      return candidate.name == signature.name && candidate.id == signature.id;
    });
    if (key == known.end() || std::find(signers.begin(), signers.end(), *key) != signers.end()) continue;
    const bool valid = key->type == KeyType::cosignature
                           ? cosigned_at(note.text, *key, signature).has_value()
                           : ed25519_verifies(key->public_key, note.text, signature.bytes);
    if (!valid) return bad(concat("invalid signature of ", key->name, "+", id_text(key->id)));
    signers.push_back(*key);
  }
  if (signers.empty()) return bad("no verifiable signature: none of the keys trusted signed it");
  return signers;
}

Result<NoteSignature> sign_note(std::string_view text, const SigningKey& key) {
  if (key.type != KeyType::ed25519) return fail(ErrorKind::bug, "a cosigner's key cannot sign a plain note");
  TRY(const VerifierKey verifier, verifier_of(key));
  TRY(std::string bytes, ed25519_sign(key.seed, text));
  return NoteSignature{key.name, verifier.id, std::move(bytes)};
}

}  // namespace vigie::tlog
