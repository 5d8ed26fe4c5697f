// The verifier's page: a reader's own browser checks the log and, of it, one review or a receipt. The script is
// wall/assets/verify.js; here are its words and its policies.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/page.h"
#include "base/result.h"
#include "base/wording.h"
#include "config/settings.h"

namespace vigie {

// Where things are for who opens the page: on our server by absolute paths, in an export by relative ones.
struct VerifyPlaces {
  std::string log;   // "/wall/acme": what the script fetches /log/... from
  std::string wall;  // back to the reviews; "" = no link
  std::string style, script, witnesses_script, icon;
  std::string as_of{};                                         // what the command for everything is told besides
  std::vector<std::pair<std::string, std::string>> languages;  // (language, address)
};

// What `vigie verify` is told besides a log of a demonstration, whose clock is not the world's: " --at ..." or "".
std::string as_of(bool own_time, Time now);

// The page of one wall; style and script are loaded from beside it.
Result<std::string> verify_page(const Settings& settings, const BrandSettings& brand, const VerifyPlaces& places,
                                const Wording& wording);
// The page for any wall, complete in one file: to be kept, or shown from another origin. Of `places` only the languages
// are used.
Result<std::string> verify_alone(const VerifyPlaces& places, const Wording& wording);
// The policy the lone page needs; it carries it itself too, for servers that send none.
std::string verify_alone_policy();

// Style sheet, script, the script that checks witnesses, in this order.
const std::vector<Asset>& verify_assets();
// For a script's or style sheet's `integrity`: "sha256-...".
std::string integrity_of(std::string_view bytes);

class VerifyPages {
 public:
  // own_time: of a demonstration, whose clock is not the world's; nullptr otherwise.
  explicit VerifyPages(const Settings& settings, const Clock* own_time = nullptr)
      : settings_(settings), own_time_(own_time) {}

  // /verify, /wall/{brand}/verify and their assets; nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request) const;

 private:
  Result<ServerReply> page(const ServerRequest& request, const BrandSettings* brand) const;

  const Settings& settings_;
  const Clock* const own_time_;
};

}  // namespace vigie
