#include "tests/base/certificates.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>

namespace vigie::test {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Deleter<X509_free>>;

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  ASSERT_TRUE(extension) << value;
  X509_add_ext(certificate, extension.get(), -1);
}

Cert begin(EVP_PKEY* key, const std::string& name, long serial, long from, long to) {
  Cert certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

void write_certificate(const std::string& path, X509* certificate) {
  const std::unique_ptr<FILE, Deleter<fclose>> file(fopen(path.c_str(), "w"));
  ASSERT_TRUE(file && PEM_write_X509(file.get(), certificate) == 1) << path;
}

void write_key(const std::string& path, EVP_PKEY* key) {
  const std::unique_ptr<FILE, Deleter<fclose>> file(fopen(path.c_str(), "w"));
  ASSERT_TRUE(file && PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1) << path;
}

}  // namespace

struct Authority::Parts {
  Key key{EVP_EC_gen("P-256")};
  Cert certificate;
};

Authority::Authority(std::string directory) : directory_(std::move(directory)), parts_(std::make_unique<Parts>()) {
  parts_->certificate = begin(parts_->key.get(), "test authority", 1, -10 * 86400, 10 * 86400);
  X509* const certificate = parts_->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate, parts_->key.get(), EVP_sha256());
  write_certificate(file(), certificate);
}

Authority::~Authority() = default;

Certificate Authority::issue(const CertificateWish& wish) const {
  const Key key(EVP_EC_gen("P-256"));
  const Cert certificate = begin(key.get(), wish.name, 2, wish.valid_from_seconds, wish.valid_to_seconds);
  X509* const issuer = wish.self_signed ? certificate.get() : parts_->certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  add_extension(certificate.get(), issuer, NID_subject_alt_name, wish.subject_alternative);
  X509_sign(certificate.get(), wish.self_signed ? key.get() : parts_->key.get(), EVP_sha256());

  const Certificate files{directory_ + "/" + wish.name + ".pem", directory_ + "/" + wish.name + ".key"};
  write_certificate(files.certificate_file, certificate.get());
  write_key(files.key_file, key.get());
  return files;
}

}  // namespace vigie::test
