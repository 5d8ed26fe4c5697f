// The parts of a URL as RFC 3986 cuts them. Nothing is decoded or checked: who connects asks libcurl's own parser, so
// that what was checked is what is called.

#pragma once

#include <optional>
#include <string_view>

namespace vigie {

struct UrlParts {
  std::optional<std::string_view> scheme;
  std::optional<std::string_view> authority;
  std::string_view path;
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};

UrlParts split_url(std::string_view url);

}  // namespace vigie
