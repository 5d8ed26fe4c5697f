// Certificates made on the spot: a private authority and what it signs, valid or not.

#pragma once

#include <string>

namespace vigie::test {

struct Certificate {
  std::string certificate_file;
  std::string key_file;
};

struct CertificateWish {
  std::string name;                      // of the files
  std::string subject_alternative;       // "IP:127.0.0.1", "DNS:example.org"
  long valid_from_seconds = -2 * 86400;  // from now
  long valid_to_seconds = 86400;
  bool self_signed = false;
};

// Files under `directory`; the authority's own certificate is authority().
class Authority {
 public:
  explicit Authority(std::string directory);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  std::string file() const { return directory_ + "/authority.pem"; }
  Certificate issue(const CertificateWish& wish) const;

 private:
  struct Parts;
  const std::string directory_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vigie::test
