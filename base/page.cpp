#include "base/page.h"

#include "base/embedded.h"
#include "base/secret.h"
#include "base/template.h"
#include "base/text.h"

namespace vigie {

Asset make_asset(std::string_view file, std::string content_type) {
  const std::string_view bytes = embedded(file).value_or("");
  const std::size_t slash = file.rfind('/'), dot = file.rfind('.');
  const std::string_view name = file.substr(slash + 1, dot - slash - 1);
  return {concat("/assets/", name, "-", to_hex(sha256(bytes)).substr(0, 12), file.substr(dot)), bytes,
          std::move(content_type)};
}

ServerReply asset_reply(const Asset& asset) {
  return {
      200, std::string(asset.bytes), asset.content_type, {{"Cache-Control", "public, max-age=31536000, immutable"}}};
}

Result<std::string> fill_template(std::string_view file, const json::Writer& data) {
  const auto source = embedded(file);
  if (!source) return fail(ErrorKind::bug, concat(file, ": not built into this program"));
  TRY(const json::Document document, json::parse(data.text()));
  auto html = render(*source, document.root(), Escape::html, /*trusted=*/true);
  if (!html) return fail(ErrorKind::bug, concat(file, ":", html.error().what));
  return html;
}

std::string_view safe_link(std::string_view url) {
  const std::string start = ascii_lower(url.substr(0, 8));
  return start.starts_with("http://") || start.starts_with("https://") ? url : std::string_view();
}

}  // namespace vigie
