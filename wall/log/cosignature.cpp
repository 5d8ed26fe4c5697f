#include "wall/log/cosignature.h"

#include "wall/log/ed25519.h"
#include "wall/log/encoding.h"

namespace vigie::tlog {
namespace {

constexpr std::size_t kTimeBytes = 8;
constexpr std::int64_t kLatest = 253'402'300'799;  // the year 9999: later ones overflow what times are kept in

std::string message(std::string_view text, std::int64_t seconds) {
  return concat("cosignature/v1\ntime ", std::to_string(seconds), "\n", text);
}

}  // namespace

Result<NoteSignature> cosign(std::string_view text, const SigningKey& key, Time at) {
  if (key.type != KeyType::cosignature) return fail(ErrorKind::bad_config, "not a witness's key (type 4)");
  const std::int64_t seconds = to_epoch(at);
  if (seconds < 0 || seconds > kLatest) return fail(ErrorKind::bug, "a time no cosignature can carry");
  TRY(const VerifierKey verifier, verifier_of(key));
  TRY(const std::string signature, ed25519_sign(key.seed, message(text, seconds)));
  return NoteSignature{key.name, verifier.id,
                       concat(big_endian(static_cast<std::uint64_t>(seconds), kTimeBytes), signature)};
}

std::optional<Time> cosigned_at(std::string_view text, const VerifierKey& key, const NoteSignature& signature) {
  if (key.type != KeyType::cosignature || signature.name != key.name || signature.id != key.id) return std::nullopt;
  if (signature.bytes.size() != kTimeBytes + kEd25519Signature) return std::nullopt;
  const std::string_view bytes = signature.bytes;
  const std::uint64_t seconds = from_big_endian(bytes.substr(0, kTimeBytes));
  if (seconds > static_cast<std::uint64_t>(kLatest)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(seconds);
  if (!ed25519_verifies(key.public_key, message(text, whole), bytes.substr(kTimeBytes))) return std::nullopt;
  return from_epoch(whole);
}

}  // namespace vigie::tlog
