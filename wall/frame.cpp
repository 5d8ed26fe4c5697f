#include "wall/frame.h"

namespace vigie {

const std::vector<Asset>& wall_assets() {
  static const std::vector<Asset> assets = {make_asset("wall/assets/wall.css", "text/css; charset=utf-8"),
                                            make_asset("wall/assets/icon.svg", "image/svg+xml")};
  return assets;
}

Result<std::string> framed(const Frame& frame, std::string_view body, const Wording& words) {
  json::Writer data;
  data.begin_object().key("t").value(words.catalogue()).member("lang", words.language());
  data.member("title", frame.title)
      .member_if("canonical", frame.canonical)
      .member_if("newer", frame.newer)
      .member_if("older", frame.older)
      .member_if("feed", frame.feed)
      .member_if("embed", frame.embed)
      .member_if("json_ld", frame.json_ld);
  data.member("style", wall_assets()[0].path).member("icon", wall_assets()[1].path);
  data.key("hidden").boolean(!frame.indexed);
  data.key("has_languages").boolean(!frame.languages.empty()).key("languages").begin_array();
  for (const auto& [language, href] : frame.languages) {
    data.begin_object().member("lang", language).member("href", href);
    data.member("name", language == "fr" ? "Français" : "English")
        .key("current")
        .boolean(language == words.language())
        .end_object();
  }
  data.end_array().member("body", body).end_object();
  return fill_template("wall/assets/layout.mustache", data);
}

}  // namespace vigie
