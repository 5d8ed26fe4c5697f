// What a survey's answers come to: NPS, CES and CSAT, each with the interval it is known to, and how many of those
// asked have answered. Pure.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "config/settings.h"
#include "store/surveys.h"

namespace vigie {

// Below this many answers a measure says more about chance than about customers: none is shown.
inline constexpr std::int64_t kEnoughAnswers = 10;

struct Bounds {
  double low = 0, high = 0;
};

// How many gave each value of the scale.
using RatingTally = std::map<std::int64_t, std::int64_t>;

// nps: `value` is the share of 9 and 10 less the share of 0 to 6, in points from -100 to 100. csat and ces: the share,
// in percent, of the top two of five, of the top three of seven; and the mean on the scale.
struct MeasuredSurvey {
  std::int64_t n = 0;
  double value = 0;
  Bounds bounds;  // 95 %
  std::optional<double> mean{};
};

// The score and its interval whatever n is, at least 1: adjusted Wald, the best of six in Rocks, "Interval estimation
// for the Net Promoter Score", 2016: 3 answers more, of which 3/4 promoters and 3/4 detractors; clipped to +-100.
double net_promoters(std::int64_t promoters, std::int64_t passives, std::int64_t detractors);
Bounds net_promoter_bounds(std::int64_t promoters, std::int64_t passives, std::int64_t detractors);

// Wilson's interval of `hits` among `n` >= 1, in percent: "Probable inference", 1927.
Bounds share_bounds(std::int64_t hits, std::int64_t n);

// Nothing when fewer than kEnoughAnswers gave a value of the scale.
std::optional<MeasuredSurvey> measure(SurveySettings::Measure measure, const RatingTally& tally);

// One line of a table: a channel, a place, a month, or all.
struct MeasuredGroup {
  std::string name;
  std::int64_t n = 0;                      // answers with a rating
  std::optional<MeasuredSurvey> measured;  // nothing: too few
  RatingTally tally{};
};

// What became of the invitations of one group; the last two also count answers that nobody was invited to.
struct AskedAndAnswered {
  std::string name;
  std::int64_t invited = 0, delivered = 0, bounced = 0, reminded = 0, started = 0, opted_out = 0;
  std::int64_t complete = 0;  // invitations that were answered
  std::int64_t answered = 0, for_wall = 0, published = 0;
  std::optional<double> response() const;  // complete / delivered, 0..1; nothing when nothing was delivered
};

// Answers on posters and kiosks have numbers of their own, in every table: nobody knows who gave them.
struct SurveyReport {
  std::string survey, name;  // its id, and what people call it
  SurveySettings::Measure measure = SurveySettings::Measure::csat;
  MeasuredGroup invited, open;                    // those invited; posters and kiosks
  std::vector<MeasuredGroup> by_channel;          // of both: no channel is of both
  std::vector<MeasuredGroup> by_place, by_month;  // of those invited; months as "2026-11"
  std::vector<MeasuredGroup> open_by_place, open_by_month;
  AskedAndAnswered asked;
  std::vector<AskedAndAnswered> asked_by_channel;
};

SurveyReport survey_report(const SurveySettings& survey, const std::vector<AnswerCount>& answers,
                           const std::vector<InvitationCount>& invitations);

// {"survey":..., "measure":..., "invited":{...}, ...}: docs/surveys.md tells every member.
std::string to_json(const SurveyReport& report);

// "45.0 [29.3; 58.0], 100 answers" or "too few answers (4 of 10)", for the command line.
std::string in_words(SurveySettings::Measure measure, const MeasuredGroup& group);
std::string to_text(const SurveyReport& report);

}  // namespace vigie
