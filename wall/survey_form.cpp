#include "wall/survey_form.h"

#include "base/number.h"

namespace vigie {
namespace {

constexpr Duration kQuickestPerson = seconds(2);

SubmissionRules rules_of(const SurveySettings& survey) {
  SubmissionRules rules;
  rules.brand = survey.brand;
  rules.scale = scale_of(survey.measure);
  rules.lang = survey.language;
  rules.needs_when = false;
  return rules;
}

// `t` is the second in which the first screen was shown.
bool was_a_bot(const FilledForm& form, Time now) {
  if (!field_of(form, "website").empty()) return true;
  const auto opened = whole_number(field_of(form, "t"));
  return !opened || *opened < 0 || *opened > to_epoch(now) || now - from_epoch(*opened) < kQuickestPerson;
}

}  // namespace

std::int64_t least_of(SurveySettings::Measure measure) { return measure == SurveySettings::Measure::nps ? 0 : 1; }

std::int64_t most_of(SurveySettings::Measure measure) {
  switch (measure) {
    case SurveySettings::Measure::nps: return 10;
    case SurveySettings::Measure::ces: return 7;
    case SurveySettings::Measure::csat: return 5;
  }
  return 5;
}

std::optional<std::int64_t> read_rating(SurveySettings::Measure measure, std::string_view text) {
  for (std::int64_t value = least_of(measure); value <= most_of(measure); ++value) {
    if (text == std::to_string(value)) return value;
  }
  return std::nullopt;
}

std::string field_of(const FilledForm& form, std::string_view name) { return form.text(name).value_or(""); }

Checked<SurveyAnswer> read_survey_answer(const FilledForm& form, const SurveySettings& survey, Time now) {
  Checked<Submission> said = read_submission(form, rules_of(survey), now);
  if (!said) return tl::unexpected(said.error());
  SurveyAnswer answer;
  answer.said = *std::move(said);
  answer.publish = survey.wall && form.ticked("publish");
  answer.tell = form.ticked("tell");
  answer.bot = was_a_bot(form, now);
  return answer;
}

std::optional<SubmissionFault> fault_of_text(const FilledForm& form, const SurveySettings& survey, Time now) {
  SubmissionRules rules = rules_of(survey);
  rules.needs_experience = false;
  const Checked<Submission> said = read_submission(form, rules, now);
  return said || said.error().field != "text" ? std::nullopt : std::optional(said.error());
}

std::string_view words_for(const SubmissionFault& fault) {
  if (fault.field == "rating") return "rating";
  if (fault.field == "when") return "month";
  if (fault.field == "experienced") return "lived";
  if (fault.code == "long") return fault.field == "author" ? "name_long" : "text_long";
  return fault.code == "control" ? "controls" : "other";
}

}  // namespace vigie
