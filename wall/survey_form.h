// What was answered, as the survey's form sends it: read and checked by the rules of every review (wall/submission.h).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "wall/submission.h"

namespace vigie {

// A value of the survey's scale, written as a plain number.
std::optional<std::int64_t> read_rating(SurveySettings::Measure measure, std::string_view text);
// The ends of a scale.
std::int64_t least_of(SurveySettings::Measure measure);
std::int64_t most_of(SurveySettings::Measure measure);

// One screen of the form, whole.
struct SurveyAnswer {
  Submission said;       // rating, values, lang, lock: what every review has
  bool publish = false;  // on the wall
  bool tell = false;     // of improvements
  bool bot = false;      // a field that people do not see was filled in, or it was all done within two seconds
};
Checked<SurveyAnswer> read_survey_answer(const FilledForm& form, const SurveySettings& survey, Time now);

// The text alone, a screen earlier.
std::optional<SubmissionFault> fault_of_text(const FilledForm& form, const SurveySettings& survey, Time now);

// "" when it is absent or not text.
std::string field_of(const FilledForm& form, std::string_view name);

// The sentence for it in the catalogue "survey", under `wrong`.
std::string_view words_for(const SubmissionFault& fault);

}  // namespace vigie
