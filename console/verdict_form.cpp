#include "console/verdict_form.h"

#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kIncidents = "/incidents/", kVerdict = "/verdict";
constexpr std::string_view kBy = "console";  // one operator signs in: there are no names to tell apart

void write_choice(json::Writer& out, std::string_view value, const Wording& w) {
  out.begin_object().member("value", value).member("name", w.say(concat("verdict.choice.", value)));
  out.member("effect", w.say(concat("verdict.effect.", value))).end_object();
}

}  // namespace

Result<void> write_verdict_form(json::Writer& out, const Incident& incident, Store& store, const ConsoleView& view) {
  const Wording& w = view.wording;
  TRY(const std::vector<Verdict> said, store.verdicts(incident.id));
  const std::string_view stands = said.empty() || !said.back().word ? "" : to_text(*said.back().word);
  out.key("verdict").begin_object();
  out.member("action", concat(kIncidents, url_encode(incident.id), kVerdict)).member("lang", w.language());
  if (!stands.empty()) {
    out.member("standing", w.say("verdict.standing", {{"verdict", w.say(concat("verdict.said.", stands))},
                                                      {"by", said.back().by},
                                                      {"ago", w.ago(said.back().at, view.now)}}));
  }
  out.member("heading", w.say(!stands.empty() ? "verdict.again" : "verdict.heading"));
  out.key("choices").begin_array();
  for (const VerdictWord word : {VerdictWord::useful, VerdictWord::false_alarm, VerdictWord::normal}) {
    if (stands != to_text(word)) write_choice(out, to_text(word), w);
  }
  if (!stands.empty()) write_choice(out, "none", w);
  out.end_array().end_object();
  return {};
}

std::optional<std::string> verdict_form_of(std::string_view path) {
  if (!path.starts_with(kIncidents) || !path.ends_with(kVerdict)) return std::nullopt;
  if (path.size() <= kIncidents.size() + kVerdict.size()) return std::nullopt;
  return std::string(path.substr(kIncidents.size(), path.size() - kIncidents.size() - kVerdict.size()));
}

Result<std::string> take_verdict(const ServerRequest& request, const std::string& incident, Store& store, Time now) {
  const std::string word = request.form("verdict");
  Verdict verdict;
  verdict.incident = incident;
  verdict.at = now;
  verdict.by = kBy;
  verdict.word = verdict_from(word);
  if (!verdict.word && word != "none")
    return fail(ErrorKind::bad_data, "verdict: expected useful, false, normal or none");
  TRY(store.add_verdict(verdict));
  const std::string language = choose_language(request.form("lang"), request.header("Accept-Language"), "en");
  return concat(kIncidents, url_encode(incident), "?lang=", language, "#verdict");
}

}  // namespace vigie
