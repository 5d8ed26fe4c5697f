#include "wall/author_links.h"

#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kSignature = 16;  // bytes: 128 bits cannot be guessed
constexpr std::size_t kLongest = 100;

}  // namespace

std::string AuthorLinks::sign(std::string_view text) const {
  return to_base64url(hmac_sha256(key_, text).substr(0, kSignature));
}

std::string AuthorLinks::url(const std::string& brand, const AuthorLink& link) const {
  const std::string text = concat(std::to_string(link.review), "-", std::to_string(link.about));
  const std::string_view place = link.what == "decision" ? "appeal" : std::string_view(link.what);
  return concat(public_url_, "/wall/", brand, "/", place, "/", text, "-", sign(concat(link.what, "|", text)));
}

Result<AuthorLink> AuthorLinks::read(std::string_view what, std::string_view token) const {
  const auto wrong = [] { return fail(ErrorKind::bad_data, "this is none of our links, or part of it is missing"); };
  const std::size_t first = token.find('-');
  const std::size_t second = first == std::string_view::npos ? first : token.find('-', first + 1);
  if (second == std::string_view::npos || token.size() > kLongest) return wrong();
  const std::string_view text = token.substr(0, second);
  if (!equal_constant_time(sign(concat(what, "|", text)), token.substr(second + 1))) return wrong();
  const auto review = whole_number(token.substr(0, first)), about = whole_number(text.substr(first + 1));
  if (!review || !about) return wrong();
  return AuthorLink{std::string(what), *review, *about};
}

}  // namespace vigie
