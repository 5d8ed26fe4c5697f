#include "alerts/story.h"

#include <algorithm>
#include <array>

#include "alerts/digest.h"
#include "alerts/finding.h"
#include "alerts/headline.h"
#include "alerts/mail_text.h"
#include "alerts/telling.h"
#include "alerts/trouble.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::array<std::string_view, 9> kPurposes = {"first", "worse",    "reopened", "resolved", "over",
                                                       "acked", "escalate", "repeat",   "test"};

Story::Tone tone_of(const Telling& told) {
  if (told.is_over()) return Story::Tone::good;
  if (told.is_test()) return Story::Tone::neutral;
  switch (severity_of(told.facts.severity)) {
    case Severity::info: return Story::Tone::info;
    case Severity::warning: return Story::Tone::warning;
    case Severity::high: return Story::Tone::high;
    case Severity::critical: return Story::Tone::critical;
  }
  return Story::Tone::neutral;
}

std::string_view mark_of(Story::Tone tone) {
  switch (tone) {
    case Story::Tone::neutral: return "⚪";
    case Story::Tone::info: return "🔵";
    case Story::Tone::warning: return "🟡";
    case Story::Tone::high: return "🟠";
    case Story::Tone::critical: return "🔴";
    case Story::Tone::good: return "🟢";
  }
  return "⚪";
}

// "ACME-1F3A": short enough to be said on the telephone.
std::string badge_of(const Telling& told) {
  const bool by_whom = told.by_hand() && !told.facts.resolved_by.empty();
  return told.say.say(concat("badge.", told.wording(), by_whom ? "_by" : ""),
                      {{"level", told.level()},
                       {"who", by_whom ? told.facts.resolved_by : told.facts.acked_by},
                       {"step", std::to_string(told.facts.escalation.level)}});
}

std::string lead_of(const Telling& told) {
  const Phrases& say = told.say;
  if (told.is_plain_test()) return say.say("lead.test");
  if (!told.is_over()) {
    const std::string reason = reason_in(say, told.signal());
    return names_its_time(told.signal()) ? concat(reason, " (", say.zone(), ")") : reason;
  }
  const IncidentSpan span = span_of(told.facts);
  const bool one_day = say.same_day(span.start, span.end);
  const bool never_told = told.facts.purpose == "over";
  const std::string_view form = !never_told ? "lead.span" : told.own_rule() ? "lead.was_on" : "lead.was_up";
  const auto at = [&](Time time) { return one_day ? told.time(time) : say.short_time(time); };
  std::string lead = say.say(concat(form, never_told && one_day ? "_day" : ""),
                             {{"from", at(span.start)},
                              {"to", one_day ? say.clock_time(span.end) : at(span.end)},
                              {"zone", say.zone()},
                              {"duration", say.duration(span.end - span.start)}});
  if (told.own_rule()) return lead;
  const double peak = std::max(told.facts.peak_observed, told.signal().observed);
  return lead.append(say.say("and")).append(say.count("lead.peak", peak, {{"n", say.number(peak)}}));
}

std::string since_of(const Telling& told) {
  if (told.is_over() || told.is_plain_test()) return "";
  const Phrases& say = told.say;
  const Time since = told.signal().since;
  std::vector<std::string> parts;
  if (!names_its_time(told.signal()))
    parts.push_back(say.say(say.same_day(since, told.facts.now) ? "since.day" : "since.before",
                            {{"time", told.time(since)}, {"zone", say.zone()}}));
  if (const std::string_view trend = trend_of(told.facts); !trend.empty() && !told.own_rule())
    parts.push_back(say.say(concat("since.", trend)));
  if (told.facts.blind || !told.facts.silent.empty()) parts.push_back(say.say("since.blind"));
  return told.join(parts);
}

std::string late_of(const Telling& told) {
  const Audience& audience = told.audience;
  std::vector<std::string> parts;
  if (audience.late) {
    const std::string duration = told.say.duration(*audience.late);
    parts.push_back(
        audience.late_because.empty()
            ? told.say.say("late.by", {{"duration", duration}})
            : told.say.say("late.because", {{"duration", duration}, {"who", plain_line(audience.late_because)}}));
  }
  if (audience.repeated) parts.push_back(told.say.say("late.repeated"));
  std::string out;
  for (const std::string& part : parts) out.append(out.empty() ? "" : " ").append(part);
  return out;
}

std::string next_of(const Telling& told) {
  if (!told.is_untaken() || told.is_test()) return "";
  const std::optional<Time> deadline = told.deadline();
  const std::string& who = told.facts.escalation.next_who;
  if (!deadline) return told.say.say("next.take");
  return told.say.say(who.empty() ? "next.take_before" : "next.take_before_who",
                      {{"time", told.time(*deadline)}, {"who", who}});
}

void tell_identity(const Telling& told, Story& story) {
  const Facts& facts = told.facts;
  story.language = told.audience.language;
  story.purpose = facts.purpose;
  story.incident = facts.incident;
  story.kind = facts.kind;
  story.brand = facts.brand;
  story.brand_name = told.facts.brand_name;
  story.reference = reference_of(facts.brand, facts.incident);
  story.epoch = facts.epoch;
  story.seq = facts.seq;
  story.severity = facts.severity;
  story.tone = tone_of(told);
  story.mark = mark_of(story.tone);
  story.opened = facts.opened;
  story.now = facts.now;
  story.ended = facts.ended;
  story.quotes_shown = told.audience.quotes;
}

void tell_chart(const Telling& told, Story& story) {
  const std::vector<double>& hourly = told.facts.hourly;
  if (!counts_complaints(told.signal()) || hourly.empty()) return;
  const double most = *std::max_element(hourly.begin(), hourly.end());
  if (most <= 0) return;
  const Phrases& say = told.say;
  const Signal& signal = told.signal();
  const double window = std::chrono::duration<double, std::ratio<3600>>(signal.at - signal.since).count();
  if (!told.own_rule() && window > 0) story.usual_hourly = signal.expected / window;
  story.hourly = hourly;
  const Time last = std::chrono::floor<hours>(told.facts.now);
  for (std::size_t i = 0; i < hourly.size(); ++i)
    story.hours.push_back(say.clock_time(last - hours(hourly.size() - 1 - i)));
  story.sparkline = sparkline(hourly);
  story.chart_title = say.say("chart.title");
  story.chart_caption = say.say(
      story.usual_hourly > 0 ? "chart.caption_usual" : "chart.caption",
      {{"peak", say.number(most)}, {"last", say.number(hourly.back())}, {"usual", say.habit(story.usual_hourly)}});
}

void tell_lists(const Telling& told, Story& story) {
  story.rows = rows_of(told);
  story.rising = rising_of(told);
  if (!story.rising.empty()) story.rising_title = told.say.say("rising.title");
  story.quotes = quotes_of(told);
  if (!story.quotes.empty()) story.quotes_title = told.say.say("quotes.title");
  story.advice = advice_of(told);
  if (!story.advice.empty()) story.advice_title = told.say.say("advice.title");
  story.links = links_of(told);
  story.footer = footer_of(told, story.reference);
}

}  // namespace

Result<Story> tell(std::string_view document, const Audience& audience) {
  TRY(const json::Document parsed, json::parse(document));
  if (is_trouble(parsed.root())) return tell_trouble(parsed.root(), audience);
  if (is_digest(document)) return tell_digest(document, audience);
  TRY(Facts facts, read_document(document));
  clean(facts);
  if (std::find(kPurposes.begin(), kPurposes.end(), facts.purpose) == kPurposes.end())
    return fail(ErrorKind::bad_data,
                concat("alert document: nothing is written for the purpose \"", facts.purpose, "\""));
  TRY(const Phrases phrases, Phrases::load(audience.language, audience.time_zone));
  // One operator signs in at the console: there is no name to say.
  for (std::string* who : {&facts.acked_by, &facts.resolved_by, &facts.escalation.by}) {
    if (*who == "console") *who = phrases.say("console");
  }
  const Telling told{facts, phrases, audience};
  Story story;
  tell_identity(told, story);
  story.title = title_of(told);
  story.badge = badge_of(told);
  story.lead = lead_of(told);
  story.since = since_of(told);
  story.weight = weight_of(told);
  story.changed = changed_of(told);
  story.late = late_of(told);
  story.next = next_of(told);
  tell_chart(told, story);
  tell_lists(told, story);
  story.subject = subject_of(told);
  story.preheader = preheader_of(told);
  story.brief = brief_of(told);
  return story;
}

}  // namespace vigie
