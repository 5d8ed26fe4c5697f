#include "base/jwt.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "base/secret.h"

namespace vigie {
namespace {

template <auto Free>
struct With {
  template <class T>
  void operator()(T* one) const {
    Free(one);
  }
};
using Key = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, With<EVP_MD_CTX_free>>;
using Memory = std::unique_ptr<BIO, With<BIO_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, With<ECDSA_SIG_free>>;

constexpr int kHalf = 32;  // bytes of each of the two numbers of an ES256 signature (RFC 7518, 3.4)

// Never asks at the terminal: a key with a pass phrase cannot be used.
int no_pass_phrase(char*, int, int, void*) { return -1; }

Key read_key(std::string_view pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
}

bool fits(std::string_view algorithm, const Key& key) {
  if (algorithm == "RS256")
    return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key.get()) >= 2048;
  return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC && EVP_PKEY_get_bits(key.get()) == 8 * kHalf;
}

// OpenSSL gives a DER sequence, a token wants the two numbers side by side.
std::string side_by_side(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::string out(2 * kHalf, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  const bool written = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes, kHalf) == kHalf &&
                       BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes + kHalf, kHalf) == kHalf;
  return written ? out : std::string();
}

std::string signed_digest(EVP_PKEY* key, std::string_view text) {
  const Context context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
    return "";
  std::string out(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes, text.size()) != 1)
    return "";
  out.resize(size);
  return out;
}

}  // namespace

Result<std::string> sign_jwt(std::string_view algorithm, std::string_view pem, std::string_view header,
                             std::string_view claims) {
  const bool elliptic = algorithm == "ES256";
  if (!elliptic && algorithm != "RS256")
    return fail(ErrorKind::bad_config, concat("expected ES256 or RS256, found \"", algorithm, "\""));
  const Key key = read_key(pem);
  if (!key || !fits(algorithm, key)) {
    return fail(ErrorKind::bad_config, concat("expected a private key in PEM for ", algorithm,
                                              elliptic ? " (P-256)" : " (RSA, 2048 bits or more)", ", found ",
                                              key ? "a key of another kind" : "something else"));
  }
  std::string token = concat(to_base64url(header), ".", to_base64url(claims));
  std::string signature = signed_digest(key.get(), token);
  if (elliptic) signature = side_by_side(signature);
  if (signature.empty()) return fail(ErrorKind::bug, "a token could not be signed");
  return concat(token, ".", to_base64url(signature));
}

}  // namespace vigie
