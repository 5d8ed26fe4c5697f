#include "wall/measures.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "config/names.h"

namespace vigie {
namespace {

using Asked = SurveySettings::Measure;

constexpr double kZ = 1.959963984540054;  // 97.5 % quantile of the normal distribution

// The scale's ends, and from where on a value counts as a good one.
struct Scale {
  std::int64_t least, most, good;
};

Scale scale_numbers(Asked measure) {
  switch (measure) {
    case Asked::nps: return {0, 10, 9};
    case Asked::ces: return {1, 7, 5};
    case Asked::csat: return {1, 5, 4};
  }
  return {1, 5, 4};
}

constexpr std::int64_t kDetractorsEnd = 6;

std::string fixed(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value == 0 ? 0.0 : value);
  return text;
}

std::string month_of(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()));
  return text;
}

bool is_open(const AnswerCount& count) { return count.origin == "qr"; }

void add_to(RatingTally& tally, const AnswerCount& count) {
  if (count.rating) tally[*count.rating] += count.count;
}

MeasuredGroup group_of(Asked asked, std::string name, RatingTally tally) {
  MeasuredGroup group;
  group.name = std::move(name);
  for (const auto& [rating, count] : tally) group.n += count;
  group.measured = measure(asked, tally);
  group.tally = std::move(tally);
  return group;
}

std::vector<MeasuredGroup> groups_of(Asked asked, std::map<std::string, RatingTally> tallies) {
  std::vector<MeasuredGroup> groups;
  for (auto& [name, tally] : tallies) groups.push_back(group_of(asked, name, std::move(tally)));
  return groups;
}

void add_to(AskedAndAnswered& sum, const InvitationCount& count) {
  sum.invited += count.invited;
  sum.delivered += count.delivered;
  sum.bounced += count.bounced;
  sum.reminded += count.reminded;
  sum.started += count.started;
  sum.opted_out += count.opted_out;
  sum.complete += count.answered;
}

void add_to(AskedAndAnswered& sum, const AnswerCount& count) {
  sum.answered += count.count;
  if (count.for_wall) sum.for_wall += count.count;
  if (count.published) sum.published += count.count;
}

void write(json::Writer& out, const MeasuredGroup& group) {
  out.begin_object().member_if("name", group.name).key("n").integer(group.n);
  out.key("enough").boolean(group.measured.has_value());
  if (group.measured) {
    out.key("value").raw(fixed(group.measured->value, 2)).key("low").raw(fixed(group.measured->bounds.low, 2));
    out.key("high").raw(fixed(group.measured->bounds.high, 2));
    if (group.measured->mean) out.key("mean").raw(fixed(*group.measured->mean, 3));
  }
  out.key("ratings").begin_object();
  for (const auto& [rating, count] : group.tally) out.key(std::to_string(rating)).integer(count);
  out.end_object().end_object();
}

void write(json::Writer& out, std::string_view name, const std::vector<MeasuredGroup>& groups) {
  out.key(name).begin_array();
  for (const MeasuredGroup& group : groups) write(out, group);
  out.end_array();
}

void write(json::Writer& out, const AskedAndAnswered& asked) {
  out.begin_object().member_if("name", asked.name).key("invited").integer(asked.invited);
  out.key("delivered").integer(asked.delivered).key("bounced").integer(asked.bounced);
  out.key("reminded").integer(asked.reminded).key("started").integer(asked.started);
  out.key("opted_out").integer(asked.opted_out).key("complete").integer(asked.complete);
  out.key("answered").integer(asked.answered).key("for_wall").integer(asked.for_wall);
  out.key("published").integer(asked.published).key("response");
  if (const auto response = asked.response())
    out.raw(fixed(*response, 4));
  else
    out.null();
  out.end_object();
}

std::string line(std::string_view name, Asked measure, const MeasuredGroup& group) {
  return concat("  ", name, std::string(name.size() < 16 ? 16 - name.size() : 1, ' '), in_words(measure, group), "\n");
}

}  // namespace

double net_promoters(std::int64_t promoters, std::int64_t passives, std::int64_t detractors) {
  return 100.0 * static_cast<double>(promoters - detractors) / static_cast<double>(promoters + passives + detractors);
}

Bounds net_promoter_bounds(std::int64_t promoters, std::int64_t passives, std::int64_t detractors) {
  const double n = static_cast<double>(promoters + passives + detractors) + 3;
  const double p = (static_cast<double>(promoters) + 0.75) / n, d = (static_cast<double>(detractors) + 0.75) / n;
  const double centre = p - d, reach = kZ * std::sqrt((p + d - centre * centre) / n);
  return {100 * std::max(-1.0, centre - reach), 100 * std::min(1.0, centre + reach)};
}

Bounds share_bounds(std::int64_t hits, std::int64_t n) {
  const double count = static_cast<double>(n), p = static_cast<double>(hits) / count, z2 = kZ * kZ;
  const double centre = (p + z2 / (2 * count)) / (1 + z2 / count);
  const double reach = kZ * std::sqrt(p * (1 - p) / count + z2 / (4 * count * count)) / (1 + z2 / count);
  return {100 * std::max(0.0, centre - reach), 100 * std::min(1.0, centre + reach)};
}

std::optional<MeasuredSurvey> measure(Asked asked, const RatingTally& tally) {
  const Scale scale = scale_numbers(asked);
  MeasuredSurvey found;
  std::int64_t good = 0, bad = 0, sum = 0;
  for (const auto& [rating, count] : tally) {
    if (rating < scale.least || rating > scale.most) continue;
    found.n += count;
    sum += rating * count;
    if (rating >= scale.good) good += count;
    if (rating <= kDetractorsEnd) bad += count;
  }
  if (found.n < kEnoughAnswers) return std::nullopt;
  if (asked == Asked::nps) {
    found.value = net_promoters(good, found.n - good - bad, bad);
    found.bounds = net_promoter_bounds(good, found.n - good - bad, bad);
    return found;
  }
  found.value = 100.0 * static_cast<double>(good) / static_cast<double>(found.n);
  found.bounds = share_bounds(good, found.n);
  found.mean = static_cast<double>(sum) / static_cast<double>(found.n);
  return found;
}

std::optional<double> AskedAndAnswered::response() const {
  if (delivered == 0) return std::nullopt;
  return static_cast<double>(complete) / static_cast<double>(delivered);
}

SurveyReport survey_report(const SurveySettings& survey, const std::vector<AnswerCount>& answers,
                           const std::vector<InvitationCount>& invitations) {
  SurveyReport report;
  report.survey = survey.id;
  report.name = survey_name(survey);
  report.measure = survey.measure;
  RatingTally invited, open;
  std::map<std::string, RatingTally> channels, places, months, open_places, open_months;
  std::map<std::string, AskedAndAnswered> asked;
  for (const AnswerCount& count : answers) {
    add_to(is_open(count) ? open : invited, count);
    add_to(channels[count.channel], count);
    if (!count.place.empty()) add_to((is_open(count) ? open_places : places)[count.place], count);
    add_to((is_open(count) ? open_months : months)[month_of(count.day)], count);
    add_to(report.asked, count);
    add_to(asked[count.channel], count);
  }
  for (const InvitationCount& count : invitations) {
    add_to(report.asked, count);
    add_to(asked[count.channel], count);
  }
  report.invited = group_of(survey.measure, "", std::move(invited));
  report.open = group_of(survey.measure, "", std::move(open));
  report.by_channel = groups_of(survey.measure, std::move(channels));
  report.by_place = groups_of(survey.measure, std::move(places));
  report.by_month = groups_of(survey.measure, std::move(months));
  report.open_by_place = groups_of(survey.measure, std::move(open_places));
  report.open_by_month = groups_of(survey.measure, std::move(open_months));
  for (auto& [name, one] : asked) {
    one.name = name;
    report.asked_by_channel.push_back(one);
  }
  return report;
}

std::string to_json(const SurveyReport& report) {
  json::Writer out;
  out.begin_object().member("survey", report.survey).member("name", report.name);
  out.member("measure", to_text(report.measure));
  out.member("scale", scale_of(report.measure)).key("enough_from").integer(kEnoughAnswers).key("invited");
  write(out, report.invited);
  out.key("open");
  write(out, report.open);
  write(out, "by_channel", report.by_channel);
  write(out, "by_place", report.by_place);
  write(out, "by_month", report.by_month);
  write(out, "open_by_place", report.open_by_place);
  write(out, "open_by_month", report.open_by_month);
  out.key("asked");
  write(out, report.asked);
  out.key("asked_by_channel").begin_array();
  for (const AskedAndAnswered& one : report.asked_by_channel) write(out, one);
  return out.end_array().end_object().take();
}

std::string in_words(Asked measure, const MeasuredGroup& group) {
  if (!group.measured)
    return concat("too few answers (", std::to_string(group.n), " of ", std::to_string(kEnoughAnswers), ")");
  const MeasuredSurvey& found = *group.measured;
  const std::string_view unit = measure == Asked::nps ? "" : " %";
  std::string text =
      concat(fixed(found.value, 1), unit, " [", fixed(found.bounds.low, 1), "; ", fixed(found.bounds.high, 1), "], ");
  if (found.mean) text += concat("mean ", fixed(*found.mean, 2), ", ");
  return concat(text, std::to_string(found.n), " answers");
}

std::string to_text(const SurveyReport& report) {
  const AskedAndAnswered& asked = report.asked;
  std::string out = concat(report.survey, " (", to_text(report.measure), ", scale ", scale_of(report.measure), ")\n");
  out += line("invited", report.measure, report.invited);
  if (report.open.n > 0) out += line("poster, kiosk", report.measure, report.open);
  for (const MeasuredGroup& group : report.by_channel) out += line(concat("by ", group.name), report.measure, group);
  const auto lines = [&](std::string_view before, const std::vector<MeasuredGroup>& groups) {
    for (const MeasuredGroup& group : groups) out += line(concat(before, group.name), report.measure, group);
  };
  lines("invited at ", report.by_place);
  lines("invited in ", report.by_month);
  lines("poster, kiosk at ", report.open_by_place);
  lines("poster, kiosk in ", report.open_by_month);
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  out += concat("  asked           ", number(asked.invited), " invited, ", number(asked.delivered), " delivered, ",
                number(asked.bounced), " bounced, ", number(asked.started), " started, ", number(asked.complete),
                " answered, ", number(asked.opted_out), " opted out");
  if (const auto response = asked.response()) out += concat("; response rate ", fixed(100 * *response, 1), " %");
  out += concat("\n  answers         ", number(asked.answered), ", of which ", number(asked.for_wall),
                " for the wall, ", number(asked.published), " published\n");
  return out;
}

}  // namespace vigie
