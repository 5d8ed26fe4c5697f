// `vigie verify`: everything that a wall's log, and what the wall shows beside it, allow anyone to check.

#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_client.h"
#include "wall/log/tiles.h"

namespace vigie {

struct VerifyRequest {
  std::string target;                // folder or http(s) address of a log, or of the wall above it
  std::string key{};                 // NAME+ID+BASE64
  std::string policy{};              // quorum file
  std::vector<std::string> known{};  // files: checkpoints or receipts kept from before
  std::string at{};                  // verify as of this time; "" = now
  std::vector<std::string> allow_private{};
  std::optional<std::int64_t> drawn_for{};  // entry of an outside audit's request: its reviews are drawn
};

// A log's files behind an address: PREFIX/checkpoint, PREFIX/tile/...
class WebFiles final : public tlog::Files {
 public:
  WebFiles(std::string prefix, HttpClient& http) : prefix_(std::move(prefix)), http_(http) {}
  Result<std::string> read(const std::string& path, std::size_t most) override;

 private:
  const std::string prefix_;
  HttpClient& http_;
};

// page: of the wall above the log, as people are shown it; absent: there is none to compare.
int verify_log(const VerifyRequest& request, tlog::Files& files, const std::optional<std::string>& page, Time now,
               std::ostream& out, std::ostream& err);
int cmd_verify(const VerifyRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
