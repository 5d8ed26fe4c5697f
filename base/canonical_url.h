// One address for one page, whoever links to it.

#pragma once

#include <string>
#include <string_view>

namespace vigie {

// `url` without what does not choose the page: scheme, user info, default port, "www." and "m.", trackers (utm_*,
// fbclid, gclid and their kin), fragment, trailing slash, order of the query, and the forms an AMP cache gives it. For
// comparing only: it is no address to call. "" for what is no web address, and for a site's front page, which is no
// article.
std::string canonical_url(std::string_view url);

}  // namespace vigie
