#include "console/survey_page.h"

#include <algorithm>

#include "base/text.h"
#include "wall/measures.h"

namespace vigie {
namespace {

constexpr std::string_view kApi = "/api/v1/surveys/", kMeasures = "/measures";

const SurveySettings* survey_of(const Settings& settings, std::string_view id) {
  for (const SurveySettings& survey : settings.surveys) {
    if (survey.id == id) return &survey;
  }
  return nullptr;
}

Result<Time> bound(const ConsoleView& view, std::string_view name, Time otherwise) {
  const std::string_view text = view.request.param(name);
  if (text.empty()) return otherwise;
  const auto time = parse_loose_time(text.substr(0, 40));
  if (!time) return fail(ErrorKind::bad_data, concat(name, ": ", time.error().what));
  return time->time;
}

Result<SurveyReport> report_of(const SurveySettings& survey, Store& store, Time from, Time to) {
  TRY(const std::vector<AnswerCount> answers, store.surveys().answer_counts(survey.id, from, to));
  TRY(const std::vector<InvitationCount> asked, store.surveys().invitation_counts(survey.id, from, to));
  return survey_report(survey, answers, asked);
}

// "45,0 (29,3 à 58,0)", or that it is too early to say.
std::string value_of(const Wording& w, SurveySettings::Measure measure, const MeasuredGroup& group) {
  if (!group.measured) return w.count("too_few", group.n, {{"enough", std::to_string(kEnoughAnswers)}});
  const MeasuredSurvey& found = *group.measured;
  std::string text = w.say(measure == SurveySettings::Measure::nps ? "value_points" : "value_percent",
                           {{"value", w.decimal(found.value, 1)},
                            {"low", w.decimal(found.bounds.low, 1)},
                            {"high", w.decimal(found.bounds.high, 1)}});
  if (found.mean) text += concat(" ", w.say("mean", {{"mean", w.decimal(*found.mean, 2)}}));
  return text;
}

void write_group(json::Writer& data, const Wording& w, SurveySettings::Measure measure, const MeasuredGroup& group,
                 std::string_view name) {
  data.begin_object().member("name", name).member("value", value_of(w, measure, group));
  data.member("n", w.number(group.n)).end_object();
}

void write_groups(json::Writer& data, const Wording& w, const SurveyReport& report, std::string_view key,
                  const std::vector<MeasuredGroup>& groups, std::string_view names) {
  data.key(concat("has_", key)).boolean(!groups.empty()).key(key).begin_array();
  for (const MeasuredGroup& group : groups)
    write_group(data, w, report.measure, group, names.empty() ? group.name : w.name(names, group.name));
  data.end_array();
}

void write_part(json::Writer& data, const Wording& w, const SurveyReport& report, std::string_view whose,
                const std::vector<MeasuredGroup>& places, const std::vector<MeasuredGroup>& months) {
  if (months.empty()) return;
  data.begin_object().member("whose", w.say(whose));
  write_groups(data, w, report, "places", places, "");
  write_groups(data, w, report, "months", months, "");
  data.end_object();
}

void write_asked(json::Writer& data, const Wording& w, const AskedAndAnswered& asked, std::string_view name) {
  data.begin_object().member("name", name);
  const std::pair<std::string_view, std::int64_t> counts[] = {
      {"invited", asked.invited},     {"delivered", asked.delivered}, {"bounced", asked.bounced},
      {"reminded", asked.reminded},   {"started", asked.started},     {"complete", asked.complete},
      {"opted_out", asked.opted_out}, {"answered", asked.answered},   {"for_wall", asked.for_wall},
      {"published", asked.published}};
  for (const auto& [key, count] : counts) data.member(key, w.number(count));
  const auto response = asked.response();
  data.member("response", response ? w.percent(*response, 1) : "–").end_object();
}

}  // namespace

std::optional<std::string> survey_measures_of(std::string_view path) {
  if (!path.starts_with(kApi) || !path.ends_with(kMeasures)) return std::nullopt;
  path.remove_prefix(kApi.size());
  if (path.size() <= kMeasures.size()) return std::nullopt;
  path.remove_suffix(kMeasures.size());
  return std::string(path);
}

Result<std::string> surveys_page(const ConsoleView& view, Store& store) {
  TRY(const Wording w, Wording::load("surveys", view.wording.language()));
  json::Writer data;
  data.begin_object().key("t").value(w.catalogue()).key("list").begin_object();
  data.key("has_surveys").boolean(!view.settings.surveys.empty()).key("surveys").begin_array();
  for (const SurveySettings& survey : view.settings.surveys) {
    TRY(const SurveyReport report, report_of(survey, store, Time{}, view.now + kDay));
    data.begin_object().member("href", concat("/surveys/", survey.id, "?lang=", w.language())).member("id", survey.id);
    data.member("brand", view.brand_name(survey.brand)).member("measure", w.name("measures", to_text(survey.measure)));
    data.member("value", value_of(w, survey.measure, report.invited));
    data.member("answered", w.count("answers", report.asked.answered)).end_object();
  }
  data.end_array().end_object().end_object();
  TRY(const std::string body, fill_template("console/assets/surveys.mustache", data));
  return console_frame(view, w.say("title"), body, true);
}

Result<std::optional<std::string>> survey_page(const ConsoleView& view, Store& store, std::string_view id) {
  const SurveySettings* const survey = survey_of(view.settings, id);
  if (survey == nullptr) return std::optional<std::string>();
  TRY(const Wording w, Wording::load("surveys", view.wording.language()));
  TRY(const SurveyReport report, report_of(*survey, store, Time{}, view.now + kDay));
  json::Writer data;
  data.begin_object().key("t").value(w.catalogue()).key("one").begin_object();
  data.member("id", survey->id).member("back", concat("/surveys?lang=", w.language()));
  data.member("about", w.say("about", {{"brand", view.brand_name(survey->brand)}, {"subject", survey->subject}}));
  data.member("measure", w.name("measures", to_text(survey->measure)));
  data.member("formula", w.say(concat("formula.", to_text(survey->measure))));
  data.key("totals").begin_array();
  write_group(data, w, survey->measure, report.invited, w.say("invited_ones"));
  if (report.open.n > 0) write_group(data, w, survey->measure, report.open, w.say("open_ones"));
  data.end_array();
  write_groups(data, w, report, "channels", report.by_channel, "channel");
  // Never one number over both: anyone may answer at a poster, as often as they like.
  data.key("parts").begin_array();
  write_part(data, w, report, "invited_ones", report.by_place, report.by_month);
  write_part(data, w, report, "open_ones", report.open_by_place, report.open_by_month);
  data.end_array();
  data.key("asked").begin_array();
  for (const AskedAndAnswered& one : report.asked_by_channel) write_asked(data, w, one, w.name("channel", one.name));
  write_asked(data, w, report.asked, w.say("all"));
  data.end_array().end_object().end_object();
  TRY(const std::string body, fill_template("console/assets/surveys.mustache", data));
  TRY(std::string page, console_frame(view, survey->id, body, true));
  return std::optional(std::move(page));
}

Result<std::optional<std::string>> survey_measures(const ConsoleView& view, Store& store, std::string_view id) {
  const SurveySettings* const survey = survey_of(view.settings, id);
  if (survey == nullptr) return std::optional<std::string>();
  TRY(const Time from, bound(view, "from", Time{}));
  TRY(const Time to, bound(view, "to", view.now + kDay));
  TRY(const SurveyReport report, report_of(*survey, store, from, to));
  return std::optional(to_json(report));
}

}  // namespace vigie
