// The public pages as files: where each goes, and how it then refers to the others. Pure: no file is touched here.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http_server.h"

namespace vigie {

// Where an address of the public listener stands among the files.
struct StaticPlace {
  std::string file;    // "wall/acme/fr/page-2/index.html"
  std::string rest{};  // what stays behind the file's address: "?review=12"

  std::string address() const;  // "wall/acme/fr/page-2/?review=12"
};

// Nothing for what only a running server answers: forms, filters, private pages. `address`:
// "/wall/acme?lang=fr&page=2#x".
std::optional<StaticPlace> static_place(std::string_view address);
// The same address as a request.
ServerRequest request_of(std::string_view address);

// Addresses of our own that a page refers to, without their fragments, once each: "/wall/acme?lang=fr".
std::vector<std::string> links_of(std::string_view page, std::string_view public_url);

struct StaticBase {
  std::string public_url;  // of the running server: what is no file stays there
  std::string base_url;    // of the files, without a slash at its end; "" = wherever they are put
};
// The page as it reads in `file`: links to other files are relative; those that name the server (canonical address,
// feeds, site map) name `base_url` instead when there is one. Nothing but links is changed.
std::string rewritten(std::string_view page, std::string_view file, const StaticBase& base);

}  // namespace vigie
