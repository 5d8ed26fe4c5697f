#include "wall/pages.h"

#include "wall/numbers.h"
#include "wall/score.h"

namespace vigie {

Result<std::string> home_page(const Settings& settings, Store& store, const Wording& w) {
  json::Writer data;
  data.begin_object().key("t").value(w.catalogue());
  if (!settings.organisation.empty())
    data.member("run_by", w.say("home.run_by", {{"organisation", settings.organisation}}));
  data.key("has_walls").boolean(!settings.brands.empty()).key("walls").begin_array();
  for (const BrandSettings& brand : settings.brands) {
    TRY(const WallStanding standing, wall_standing(store, brand.id));
    WallAddress address;
    address.brand = brand.id;
    address.lang = w.language();
    data.begin_object().member("name", brand.name).member("href", address.text());
    data.member("count", w.count("home.count", standing.numbers.published));
    if (const auto found = score(ratings_of(standing.numbers.histogram, tlog::kStars)))
      data.member("mean", w.say("home.mean", {{"mean", w.decimal(found->mean, 1)}}));
    data.end_object();
  }
  data.end_array().end_object();
  TRY(const std::string body, fill_template("wall/assets/home.mustache", data));
  Frame frame;
  frame.title = w.say("home.title");
  frame.canonical = concat(settings.serve.public_url, "/?lang=", w.language());
  frame.languages = in_each_language(
      [&](std::string_view language) { return concat(settings.serve.public_url, "/?lang=", language); });
  return framed(frame, body, w);
}

Result<std::string> message_page(std::string_view title_key, std::string_view key, const Wording& w) {
  json::Writer data;
  data.begin_object().key("t").value(w.catalogue());
  data.member("heading", w.say(title_key))
      .member("sentence", w.say(key))
      .member("home", concat("/?lang=", w.language()))
      .end_object();
  TRY(const std::string body, fill_template("wall/assets/message.mustache", data));
  Frame frame;
  frame.title = w.say(title_key);
  frame.indexed = false;
  return framed(frame, body, w);
}

}  // namespace vigie
