// Signed notes (c2sp.org/signed-note): a text, and lines that each carry a key's signature over it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie::tlog {

inline constexpr std::size_t kMostNoteBytes = 1u << 20;
inline constexpr std::size_t kMostSignatures = 100;  // 16 must be taken; one after quantum computers is 3.3 kB

enum class KeyType : unsigned char {
  ed25519 = 0x01,
  cosignature = 0x04,  // Ed25519 with a time (c2sp.org/tlog-cosignature)
};

// Who may have signed: NAME+ID+BASE64, the ID the first bytes of a hash over name, type and key.
struct VerifierKey {
  std::string name;
  std::uint32_t id = 0;
  KeyType type = KeyType::ed25519;
  std::string public_key{};  // 32 bytes

  bool operator==(const VerifierKey&) const = default;
};

// PRIVATE+KEY+NAME+ID+BASE64.
struct SigningKey {
  std::string name;
  KeyType type = KeyType::ed25519;
  std::string seed{};  // 32 bytes, secret
};

struct NoteSignature {
  std::string name;
  std::uint32_t id = 0;
  std::string bytes{};  // behind the id
};

struct Note {
  std::string text;  // with its last newline
  std::vector<NoteSignature> signatures{};
};

// A key's name: not empty, no space of Unicode, no plus sign, no control character.
bool is_key_name(std::string_view name);
std::uint32_t key_id(std::string_view name, KeyType type, std::string_view public_key);

Result<VerifierKey> make_verifier_key(std::string name, KeyType type, std::string public_key);
Result<VerifierKey> parse_verifier_key(std::string_view text);  // bad_data
Result<SigningKey> parse_signing_key(std::string_view text);    // bad_data; says nothing of the key itself
Result<VerifierKey> verifier_of(const SigningKey& key);
std::string to_text(const VerifierKey& key);
Result<std::string> to_text(const SigningKey& key);

// Form alone: nothing is verified. bad_data.
Result<Note> parse_note(std::string_view bytes);
Result<NoteSignature> parse_signature_line(std::string_view line);  // without its newline
std::string to_text(const NoteSignature& signature);                // a line, with its newline
std::string to_text(const Note& note);

// The keys that signed, each once, in the order of their lines. Lines of other keys are passed over. bad_data when a
// known key's signature does not verify, or no known key signed.
Result<std::vector<VerifierKey>> check_note(const Note& note, const std::vector<VerifierKey>& known);

// A signature of type ed25519 over the note's text; cosignatures are made in cosignature.h.
Result<NoteSignature> sign_note(std::string_view text, const SigningKey& key);

}  // namespace vigie::tlog
