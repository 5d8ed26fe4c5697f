#include "alerts/web_push.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <memory>

#include "base/http.h"
#include "base/json.h"
#include "base/jwt.h"
#include "base/secret.h"
#include "base/text.h"

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
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, With<EVP_PKEY_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, With<EVP_CIPHER_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, With<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, With<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, With<EC_POINT_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, With<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, With<OSSL_PARAM_free>>;
using Memory = std::unique_ptr<BIO, With<BIO_free>>;

constexpr std::size_t kNumber = 32, kPoint = 65, kAuth = 16, kSalt = 16, kTag = 16;
constexpr std::uint32_t kRecord = 4096;
constexpr std::size_t kPlain = 3993;  // 4,096 less header (86), mark and tag: RFC 8291, 4

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

tl::unexpected<Error> broken(std::string_view what) { return fail(ErrorKind::bug, concat("web push: ", what)); }

Number number_of(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

// The point of the curve that belongs to a private number; "" for 0 and for what is beyond the curve's order.
std::string public_of(std::string_view number) {
  const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Number secret = number_of(number);
  if (!group || !secret || BN_is_zero(secret.get()) || BN_cmp(secret.get(), EC_GROUP_get0_order(group.get())) >= 0)
    return "";
  const Point point(EC_POINT_new(group.get()));
  if (!point || EC_POINT_mul(group.get(), point.get(), secret.get(), nullptr, nullptr, nullptr) != 1) return "";
  std::string out(kPoint, '\0');
  const std::size_t written =
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes_of(out), out.size(), nullptr);
  return written == kPoint ? out : "";
}

// A public key, or with `number` a pair. Null where the point is not on the curve.
Key key_of(std::string_view point, std::string_view number = {}) {
  const Builder builder(OSSL_PARAM_BLD_new());
  const Number secret = number_of(number);
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
    return nullptr;
  if (!number.empty() && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get()) != 1)
    return nullptr;
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, number.empty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR,
                        parameters.get()) != 1)
    return nullptr;
  return Key(key);
}

// Never asks at the terminal: a key with a pass phrase cannot be used.
int no_pass_phrase(char*, int, int, void*) { return -1; }

Key read_pem(std::string_view pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
}

std::string write_pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) return "";
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : "";
}

std::string public_point(EVP_PKEY* key) {
  std::string point(kPoint, '\0');
  std::size_t size = 0;
  const bool found =
      EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes_of(point), point.size(), &size) == 1;
  return found && size == kPoint && EVP_PKEY_get_bits(key) == 256 ? point : "";
}

std::string agreed(EVP_PKEY* own, EVP_PKEY* other) {
  const KeyContext context(EVP_PKEY_CTX_new(own, nullptr));
  std::string secret(kNumber, '\0');
  std::size_t size = secret.size();
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), other) != 1 ||
      EVP_PKEY_derive(context.get(), bytes_of(secret), &size) != 1 || size != kNumber)
    return "";
  return secret;
}

// HKDF of RFC 5869 for one block: at most 32 bytes.
std::string derived(std::string_view salt, std::string_view secret, std::string_view info, std::size_t size) {
  return hmac_sha256(hmac_sha256(salt, secret), concat(info, "\x01")).substr(0, size);
}

// AES-128-GCM, the tag behind.
std::string sealed(std::string_view key, std::string_view nonce, std::string_view plain) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string out(plain.size() + kTag, '\0');
  int size = 0, last = 0;
  if (!cipher || EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, bytes_of(key), bytes_of(nonce)) != 1 ||
      EVP_EncryptUpdate(cipher.get(), bytes_of(out), &size, bytes_of(plain), static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(cipher.get(), bytes_of(out) + size, &last) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTag), bytes_of(out) + plain.size()) !=
          1)
    return "";
  return out;
}

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xFF));
  return out;
}

// Strings of C end at a NUL, these do not.
constexpr std::string_view kInfo("WebPush: info\0", 14);
constexpr std::string_view kKeyInfo("Content-Encoding: aes128gcm\0", 28);
constexpr std::string_view kNonceInfo("Content-Encoding: nonce\0", 24);

}  // namespace

Result<PushSubscription> read_subscription(std::string_view text) {
  const auto wrong = [] {
    return fail(ErrorKind::bad_config,
                "secrets.subscription: expected what the browser's pushManager.subscribe() gave, as JSON");
  };
  const Result<json::Document> document = json::parse(text, 4);
  if (!document) return wrong();
  const json::Value root = document->root();
  PushSubscription out;
  out.endpoint = root.text_or("endpoint", "");
  out.public_key = from_base64(root.text_or("keys.p256dh", "")).value_or("");
  out.auth = from_base64(root.text_or("keys.auth", "")).value_or("");
  if (origin_of(out.endpoint).empty() || out.auth.size() != kAuth || out.public_key.size() != kPoint ||
      !key_of(out.public_key))
    return wrong();
  return out;
}

Result<PushKey> push_key_of(std::string_view number) {
  const std::string point = number.size() == kNumber ? public_of(number) : "";
  const Key key = point.empty() ? nullptr : key_of(point, number);
  if (!key) return fail(ErrorKind::bad_config, "expected a private key on the curve P-256, found another number");
  return PushKey{write_pem(key.get()), point};
}

Result<PushKey> read_push_key(std::string_view text) {
  const std::string_view written = trim(text);
  if (!written.starts_with("-----BEGIN ")) {
    const Result<std::string> number = from_base64(written);
    if (number && number->size() == kNumber) return push_key_of(*number);
  } else if (const Key key = read_pem(written)) {
    const std::string point = public_point(key.get());
    if (!point.empty()) return PushKey{std::string(written), point};
  }
  return fail(ErrorKind::bad_config, "secrets.vapid: expected a private key on the curve P-256, in PEM or base64url");
}

Result<std::string> seal_push(std::string_view plain, const PushSubscription& to, const PushKey& key,
                              std::string_view salt) {
  if (plain.size() > kPlain)
    return fail(ErrorKind::bad_data, concat("expected at most ", std::to_string(kPlain), " bytes of a pushed message"));
  const Key own = read_pem(key.pem), other = key_of(to.public_key);
  const std::string shared = own && other ? agreed(own.get(), other.get()) : "";
  if (shared.empty()) return broken("no common secret of these two keys");
  const std::string secret = derived(to.auth, shared, concat(kInfo, to.public_key, key.public_key), 32);
  const std::string record = sealed(derived(salt, secret, kKeyInfo, 16), derived(salt, secret, kNonceInfo, 12),
                                    concat(plain, "\x02"));  // 2: the last record
  if (record.empty()) return broken("could not be sealed");
  return concat(salt, big_endian(kRecord), "\x41", key.public_key, record);  // 0x41: 65 bytes of key
}

Result<std::string> seal_push(std::string_view plain, const PushSubscription& to) {
  // One number in 2^32 is beyond the curve's order.
  for (int tries = 0; tries < 4; ++tries) {
    if (const Result<PushKey> key = push_key_of(random_bytes(kNumber)))
      return seal_push(plain, to, *key, random_bytes(kSalt));
  }
  return broken("no key could be drawn");
}

Result<std::string> vapid(const PushSubscription& to, const PushKey& key, std::string_view sender, Time now) {
  json::Writer claims;
  claims.begin_object().member("aud", origin_of(to.endpoint));
  claims.key("exp").integer(to_epoch(now + hours(12))).member("sub", sender).end_object();
  TRY(const std::string token, sign_jwt("ES256", key.pem, R"({"typ":"JWT","alg":"ES256"})", claims.text()));
  return concat("vapid t=", token, ", k=", to_base64url(key.public_key));
}

}  // namespace vigie
