// What pages are made of: a shipped template filled with data, and shipped files they load.

#pragma once

#include <string>
#include <string_view>

#include "base/http_server.h"
#include "base/json.h"
#include "base/result.h"

namespace vigie {

// A shipped file under a name that changes with its bytes, so that a browser may keep it for ever.
struct Asset {
  std::string path;  // "/assets/wall-0123456789ab.css"
  std::string_view bytes;
  std::string content_type;
};

// file: "wall/assets/wall.css". A file that is not in this build has no bytes.
Asset make_asset(std::string_view file, std::string content_type);
ServerReply asset_reply(const Asset& asset);

// The shipped template of that path as HTML; bug when it is not in this build or cannot be rendered.
Result<std::string> fill_template(std::string_view file, const json::Writer& data);

// The address when a reader may follow it, "" otherwise: javascript: and its kin never become a link.
std::string_view safe_link(std::string_view url);

}  // namespace vigie
