#include "wall/stamp.h"

#include "base/result.h"
#include "base/secret.h"
#include "wall/log/encoding.h"

namespace vigie {
namespace {

constexpr std::size_t kTime = 8, kChance = 8, kSeal = 16;

std::string seal_of(std::string_view key, std::string_view bytes) {
  return hmac_sha256(key, concat("stamp", bytes)).substr(0, kSeal);
}

}  // namespace

std::string make_stamp(std::string_view key, Time now) {
  const std::string bytes =
      tlog::big_endian(static_cast<std::uint64_t>(to_epoch_micros(now)), kTime) + random_bytes(kChance);
  return to_base64url(bytes + seal_of(key, bytes));
}

std::optional<Time> read_stamp(std::string_view key, std::string_view stamp) {
  const std::optional<std::string> all = tlog::from_strict_base64url(stamp);
  if (!all || all->size() != kTime + kChance + kSeal) return std::nullopt;
  const std::string_view bytes = std::string_view(*all).substr(0, kTime + kChance);
  if (!equal_constant_time(seal_of(key, bytes), std::string_view(*all).substr(kTime + kChance))) return std::nullopt;
  return from_epoch_micros(static_cast<std::int64_t>(tlog::from_big_endian(bytes.substr(0, kTime))));
}

}  // namespace vigie
