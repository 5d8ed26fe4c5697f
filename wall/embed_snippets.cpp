// What the owner of another site pastes, with the integrity of what it loads.

#include <algorithm>

#include "base/text.h"
#include "wall/embeds.h"
#include "wall/verify_page.h"

namespace vigie {

Result<std::string> embed_snippets(const Settings& settings, const std::string& id) {
  const auto brand = std::find_if(settings.brands.begin(), settings.brands.end(),
                                  [&](const BrandSettings& one) { return one.id == id; });
  if (brand == settings.brands.end()) return fail(ErrorKind::bad_data, concat("no brand \"", id, "\" is configured"));
  TRY(const Wording words, Wording::load("embed", brand->language));
  const std::string base = settings.serve.public_url, wall = concat(base, "/wall/", id);
  const std::string title = escape_html(words.say("frame_title", {{"brand", brand->name}}));
  const std::string script = concat("<script type=\"module\" src=\"", base, widget_script().path, "\" integrity=\"",
                                    integrity_of(widget_script().bytes), "\" crossorigin=\"anonymous\"></script>\n");
  return concat(
      "<!-- badge: an image, no script -->\n<a href=\"", wall, "\"><img src=\"", base, "/badge/", id,
      ".svg?lang=", brand->language, "\" width=\"240\" height=\"60\" alt=\"", title, "\"></a>\n\n",
      "<!-- frame: isolated from the page, no script of the page needed -->\n<iframe data-vigie src=\"", wall,
      "/embed?lang=", brand->language, "\" title=\"", title,
      "\" width=\"360\" height=\"480\" loading=\"lazy\" sandbox=\"allow-scripts allow-popups\" "
      "referrerpolicy=\"no-referrer\"></iframe>\n\n",
      "<!-- widget: in the page's own flow; its style sheet says: vigie-wall { display: block; height: 480px } -->\n",
      script, "<vigie-wall brand=\"", id, "\" lang=\"", brand->language, "\"><a href=\"", wall, "\">", title,
      "</a></vigie-wall>\n\n<!-- a page with a Content-Security-Policy adds: img-src ", base, "; frame-src ", base,
      "; script-src ", base, "; connect-src ", base, "; and with trusted-types: vigie -->\n");
}

}  // namespace vigie
