#include "console/view.h"

#include <algorithm>
#include <cmath>

#include "alerts/message.h"
#include "base/text.h"
#include "config/names.h"
#include "console/label_form.h"

namespace vigie {
namespace {

constexpr std::size_t kTextShown = 600;  // code points of a mention

// The same page in another language: every parameter but lang is kept.
std::string in_language(const ServerRequest& request, std::string_view language) {
  std::string out = concat(request.path, "?lang=", language);
  for (const auto& [name, value] : request.query) {
    if (name != "lang" && name != "token") out += concat("&", url_encode(name), "=", url_encode(value));
  }
  return out;
}

struct Opinion {
  std::string sign, tone, text;
};

// Sign and word, never colour alone.
Opinion opinion_of(const Judgement& judgement, const Wording& w) {
  const Label label = judgement.effective();
  const std::string word = w.name("labels", to_text(label));
  Opinion opinion;
  opinion.tone = to_text(label);
  opinion.sign = label == Label::negative ? "−" : label == Label::positive ? "+" : "○";
  if (judgement.human) {
    opinion.text = w.say(label == judgement.label ? "human_confirmed" : "human", {{"label", word}});
    return opinion;
  }
  const double p = label == Label::negative   ? judgement.p_neg
                   : label == Label::positive ? judgement.p_pos
                                              : judgement.p_neu;
  if (judgement.unsure) {
    opinion.sign = "?";
    opinion.tone = "unsure";
  }
  opinion.text = w.say(judgement.unsure ? "unsure" : "judged", {{"label", word}, {"percent", w.percent(p)}});
  if (judgement.contradiction) opinion.text = w.say("contradiction", {{"judged", opinion.text}});
  return opinion;
}

void write_drivers(json::Writer& out, const Judgement& judgement, const Wording& w) {
  out.key("has_drivers").boolean(!judgement.drivers.empty()).key("drivers").begin_array();
  for (const DrivingWord& driver : judgement.drivers) {
    const bool down = driver.weight < 0;
    out.begin_object()
        .member("word", driver.word)
        .member("sign", down ? "−" : "+")
        .member("tone", down ? "neg" : "pos");
    out.member("pull", w.say(down ? "pulls_neg" : "pulls_pos")).end_object();
  }
  out.end_array();
}

// What the text says of a brand or a theme where that differs from the whole.
void write_aspects(json::Writer& out, const Judgement& judgement, const ConsoleView& view) {
  const Wording& w = view.wording;
  out.key("has_aspects").boolean(!judgement.aspects.empty()).key("aspects").begin_array();
  for (const Aspect& aspect : judgement.aspects) {
    const std::string what = aspect.theme.empty() ? view.brand_name(aspect.brand) : w.name("themes", aspect.theme);
    out.begin_object().member("tone", to_text(aspect.label));
    out.member("text", w.say("aspect", {{"what", what}, {"label", w.name("labels", to_text(aspect.label))}}));
    out.end_object();
  }
  out.end_array();
}

void write_cues(json::Writer& out, const Judgement& judgement, const Wording& w) {
  if (needs_human(judgement.cues)) out.member("needs_human", w.say("needs_human"));
  out.key("has_cues").boolean(!judgement.cues.empty()).key("cues").begin_array();
  for (const std::string& cue : judgement.cues) out.string(w.name("cues", cue));
  out.end_array();
}

std::string rating_text(const Rating& rating, const Wording& w) {
  const auto as_text = [&](double value) { return w.decimal(value, std::floor(value) == value ? 0 : 1); };
  return w.say("rating", {{"value", as_text(rating.value)}, {"max", as_text(rating.max)}});
}

// Nothing where it only repeats the name.
std::string attribution_of(const std::string& source, const std::string& name, const std::vector<SourceFacts>& facts) {
  const auto found = std::find_if(facts.begin(), facts.end(), [&](const SourceFacts& f) { return f.source == source; });
  return found == facts.end() || ascii_lower(found->attribution) == ascii_lower(name) ? "" : found->attribution;
}

}  // namespace

const std::vector<Asset>& console_assets() {
  static const std::vector<Asset> assets = {make_asset("console/assets/console.css", "text/css; charset=utf-8"),
                                            make_asset("console/assets/icon.svg", "image/svg+xml")};
  return assets;
}

std::string ConsoleView::brand_name(std::string_view id) const {
  for (const BrandSettings& brand : settings.brands) {
    if (brand.id == id) return brand.name;
  }
  return std::string(id);
}

Result<Wording> console_wording(const ServerRequest& request) {
  const std::string_view asked = request.param("lang");
  return Wording::load("console", choose_language(asked.empty() ? request.form("lang") : std::string(asked),
                                                  request.header("Accept-Language"), "en"));
}

Result<std::string> console_frame(const ConsoleView& view, std::string_view title, std::string_view body, bool inside) {
  json::Writer data;
  data.begin_object()
      .key("t")
      .value(view.wording.catalogue())
      .member("lang", view.wording.language())
      .member("title", title);
  data.member("style", console_assets()[0].path).member("icon", console_assets()[1].path).member("home", view.home());
  data.member("sending", concat("/sending?lang=", view.wording.language()));
  data.key("inside").boolean(inside).key("languages").begin_array();
  for (const std::string_view language : {"fr", "en"}) {
    data.begin_object().member("lang", language).member("name", language == "fr" ? "Français" : "English");
    data.member("href", in_language(view.request, language))
        .key("current")
        .boolean(language == view.wording.language())
        .end_object();
  }
  data.end_array().member("body", body).end_object();
  return fill_template("console/assets/layout.mustache", data);
}

Result<std::string> console_message(const ConsoleView& view, std::string_view title_key, std::string_view key,
                                    std::string_view refresh) {
  json::Writer data;
  data.begin_object().member("heading", view.wording.say(title_key)).member("sentence", view.wording.say(key));
  data.member_if("refresh", refresh).member("continue", view.wording.say("login.continue_link")).end_object();
  TRY(const std::string body, fill_template("console/assets/message.mustache", data));
  return console_frame(view, view.wording.say(title_key), body, false);
}

void write_ago(json::Writer& out, std::string_view key, Time time, const ConsoleView& view) {
  out.key(key).begin_object().member("text", view.wording.ago(time, view.now)).member("iso", format_rfc3339(time));
  out.member("full", view.wording.date_time(time)).end_object();
}

void write_themes(json::Writer& out, const std::vector<std::string>& themes, const ConsoleView& view) {
  out.key("has_themes").boolean(!themes.empty()).key("themes").begin_array();
  for (const std::string& theme : themes) out.string(view.wording.name("themes", theme));
  out.end_array();
}

void write_mention(json::Writer& out, const StoredMention& stored, const ConsoleView& view,
                   const std::vector<SourceFacts>& facts) {
  const Wording& w = view.wording;
  const Mention& m = stored.mention;
  const std::string place = source_name(view.settings, m.source);
  const std::string author = !m.author.name.empty()     ? m.author.name
                             : !m.author.handle.empty() ? m.author.handle
                                                        : w.say("anonymous");
  const std::string& lang =
      stored.judgement.lang.empty() || stored.judgement.lang == "other" ? m.lang : stored.judgement.lang;
  const Opinion opinion = opinion_of(stored.judgement, w);

  out.begin_object()
      .member("id", concat("m", std::to_string(stored.seq)))
      .member_if("title", m.title)
      .member_if("lang", lang);
  out.member_if("body", shorten(m.text, kTextShown)).member("author", author);
  out.member("source", place).member_if("attribution", attribution_of(m.source, place, facts));
  out.member("sign", opinion.sign).member("tone", opinion.tone).member("opinion", opinion.text);
  if (m.rating) out.member("rating", rating_text(*m.rating, w));
  if (m.author.followers) out.member("followers", w.count("followers", *m.author.followers));
  if (stored.original != 0) out.member("copy", w.say("copy"));
  out.key("brands").begin_array();
  for (const std::string& brand : stored.brands) out.string(view.brand_name(brand));
  out.end_array();
  write_ago(out, "when", stored.event, view);
  write_themes(out, stored.judgement.themes, view);
  write_cues(out, stored.judgement, w);
  write_aspects(out, stored.judgement, view);
  write_drivers(out, stored.judgement, w);
  write_label_form(out, stored, view);
  if (const std::string_view url = safe_link(m.url); !url.empty()) {
    out.key("original").begin_object().member("href", url);
    out.member("label", w.say("original_label", {{"author", author}, {"source", place}})).end_object();
  }
  out.end_object();
}

Time began(const Incident& incident) {
  if (incident.evidence.since == Time{}) return incident.opened;
  return std::min(incident.evidence.since, incident.opened);
}

void write_incident(json::Writer& out, const Incident& incident, const ConsoleView& view) {
  const Wording& w = view.wording;
  const Time since = began(incident);
  const std::string what = headline(incident.evidence, view.brand_name(incident.brand), w.language());
  out.member("headline", what).member("reason", reason_line(incident.evidence, w.language()));
  out.member("state", to_text(incident.state)).member("state_name", w.name("states", to_text(incident.state)));
  const Severity severity = severity_of(incident.severity);
  out.member("severity", to_text(severity));
  out.member("severity_name", w.say("severity", {{"name", w.name("severities", to_text(severity))},
                                                 {"n", std::to_string(incident.severity)}}));
  out.member("when", incident.ended
                         ? w.say("ended", {{"from", w.date_time(since)}, {"to", w.date_time(*incident.ended)}})
                         : w.say("since", {{"time", w.date_time(since)}, {"ago", w.ago(since, view.now)}}));
  if (incident.blind) out.member("blind", w.say("blind"));
  if (incident.shadow) out.member("shadow", w.say("shadow"));
  write_themes(out, incident.themes, view);
  out.member("href", concat("/incidents/", url_encode(incident.id), "?lang=", w.language()));
  out.member("href_label", w.say("open_incident_label", {{"headline", what}}));
}

}  // namespace vigie
