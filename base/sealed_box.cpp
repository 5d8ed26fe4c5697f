#include "base/sealed_box.h"

#include <sodium.h>

namespace vigie {
namespace {

const unsigned char* in(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* out(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

bool ready() { return sodium_init() >= 0; }

tl::unexpected<Error> not_ready() { return fail(ErrorKind::bug, "libsodium cannot be started"); }

}  // namespace

BoxKeys make_box_keys() {
  BoxKeys keys;
  keys.open_with.resize(crypto_box_SECRETKEYBYTES);
  keys.close_with.resize(crypto_box_PUBLICKEYBYTES);
  if (!ready() || crypto_box_keypair(out(keys.close_with), out(keys.open_with)) != 0) std::abort();
  return keys;
}

Result<std::string> closing_half(std::string_view open_with) {
  if (!ready()) return not_ready();
  if (open_with.size() != crypto_box_SECRETKEYBYTES)
    return fail(ErrorKind::bad_data, "expected a secret key of 32 bytes");
  std::string close_with(crypto_box_PUBLICKEYBYTES, '\0');
  if (crypto_scalarmult_base(out(close_with), in(open_with)) != 0)
    return fail(ErrorKind::bad_data, "this is no secret key");
  return close_with;
}

Result<std::string> seal_box(std::string_view bytes, std::string_view close_with) {
  if (!ready()) return not_ready();
  if (close_with.size() != crypto_box_PUBLICKEYBYTES)
    return fail(ErrorKind::bad_data, "expected a public key of 32 bytes");
  std::string box(bytes.size() + crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal(out(box), in(bytes), bytes.size(), in(close_with)) != 0)
    return fail(ErrorKind::bad_data, "this public key cannot be sealed to");
  return box;
}

Result<std::string> open_box(std::string_view box, std::string_view open_with) {
  if (!ready()) return not_ready();
  if (open_with.size() != crypto_box_SECRETKEYBYTES)
    return fail(ErrorKind::bad_data, "expected a secret key of 32 bytes");
  std::string close_with(crypto_box_PUBLICKEYBYTES, '\0');
  if (crypto_scalarmult_base(out(close_with), in(open_with)) != 0 || box.size() < crypto_box_SEALBYTES)
    return fail(ErrorKind::bad_data, "this is no sealed box, or no key");
  std::string bytes(box.size() - crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal_open(out(bytes), in(box), box.size(), in(close_with), in(open_with)) != 0)
    return fail(ErrorKind::bad_data, "this key does not open it: it was sealed for another, or changed");
  return bytes;
}

}  // namespace vigie
