// One incident, arguing its case: what was seen against what is usual, what people write, what happened and who was
// told.

#include <algorithm>
#include <cmath>

#include "alerts/message.h"
#include "base/text.h"
#include "config/names.h"
#include "console/act_form.h"
#include "console/chart.h"
#include "console/verdict_form.h"
#include "console/view.h"

namespace vigie {
namespace {

constexpr int kNotificationsShown = 100;
constexpr std::size_t kQuotesShown = 8;

// A count as people say it: whole, but small habits keep a decimal ("0.4 expected").
std::string amount(double value, const Wording& w) {
  return w.decimal(value, value < 9.95 && std::abs(value - std::round(value)) > .05 ? 1 : 0);
}

std::string by_chance(double months, const Wording& w) {
  if (months >= 1200) return w.say("incident.chance_never");
  if (months >= 24) return w.count("incident.chance_years", std::lround(months / 12));
  return w.count("incident.chance_months", std::max(1L, std::lround(months)));
}

void write_fact(json::Writer& out, std::string_view term, std::string_view value) {
  out.begin_object().member("term", term).member("value", value).end_object();
}

void write_rule(json::Writer& out, const Signal& signal, const Wording& w) {
  write_fact(out, w.say("incident.rule"), signal.rule_name);
  write_fact(out, w.say("incident.counted"), found_by_rule(signal, w.language()));
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += concat(text.empty() ? "" : " · ", part);
  return text;
}

// What was left out, why it is so grave, and by which measure it is watched.
void write_argument(json::Writer& out, const Signal& signal, const Wording& w) {
  std::vector<std::string> parts;
  const auto left_out = [&](std::string_view key, int n) {
    if (n > 0) parts.push_back(w.count(key, n));
  };
  left_out("incident.copies", signal.copies);
  left_out("incident.late", signal.late);
  left_out("incident.repeated", signal.repeated);
  if (!parts.empty()) write_fact(out, w.say("incident.left_out"), joined(parts));
  parts.clear();
  for (const std::string& why : signal.severity_why) parts.push_back(w.name("severity_why", why));
  if (!parts.empty()) write_fact(out, w.say("incident.severity_why"), joined(parts));
  if (signal.mode.empty()) return;
  write_fact(out, w.say("incident.mode"),
             w.say("incident.mode_value", {{"mode", w.name("modes", signal.mode)},
                                           {"budget", w.decimal(signal.budget, signal.budget < 1 ? 2 : 0)}}));
}

void write_reason(json::Writer& out, const Incident& incident, const ConsoleView& view) {
  const Wording& w = view.wording;
  const Signal& signal = incident.evidence;
  out.key("facts").begin_array();
  if (is_of_own_rule(signal)) {
    write_rule(out, signal, w);
    out.end_array();
    return;
  }
  if (incident.peak_observed > signal.observed) {
    write_fact(out, w.say("incident.peak"), w.count("incident.peak_value", std::lround(incident.peak_observed)));
  }
  write_fact(out, w.say("incident.observed"), w.count("incident.observed_value", std::lround(signal.observed)));
  write_fact(out, w.say("incident.expected"),
             w.say("incident.expected_value", {{"n", amount(signal.expected, w)},
                                               {"low", amount(signal.expected_low, w)},
                                               {"high", amount(signal.expected_high, w)}}));
  write_fact(out, w.say("incident.chance"), by_chance(signal.months_by_chance, w));
  if (signal.total > 0) {
    write_fact(out, w.say("incident.share"),
               w.say("incident.share_value", {{"share", w.percent(std::min(1.0, signal.observed / signal.total))},
                                              {"usual", w.percent(signal.usual_share)}}));
  }
  write_argument(out, signal, w);
  out.end_array();
}

void write_evidence(json::Writer& out, const Signal& signal, const ConsoleView& view) {
  const Wording& w = view.wording;
  const bool against_habit = !is_of_own_rule(signal);
  out.key("against_habit").boolean(against_habit);
  out.member("themes_heading", w.say(counts_complaints(signal) ? "incident.themes" : "incident.themes_any"));
  out.key("has_theme_counts").boolean(!signal.themes.empty()).key("theme_counts").begin_array();
  for (const ThemeCount& theme : signal.themes) {
    out.begin_object().member("name", w.name("themes", theme.theme)).member("observed", amount(theme.observed, w));
    if (against_habit) out.member("expected", amount(theme.expected, w));
    out.end_object();
  }
  out.end_array().key("has_terms").boolean(!signal.terms.empty()).key("terms").begin_array();
  for (const TermCount& term : signal.terms) {
    const std::string n = w.number(term.observed);
    out.begin_object().member("term", term.term);
    out.member("count", term.expected < .5
                            ? w.say("incident.term_new", {{"n", n}})
                            : w.say("incident.term_seen", {{"n", n}, {"usual", amount(term.expected, w)}}));
    out.end_object();
  }
  out.end_array().key("has_places").boolean(!signal.sources.empty()).key("places").begin_array();
  for (const SourceCount& source : signal.sources) {
    out.begin_object()
        .member("name", source_name(view.settings, source.source))
        .member("count", w.count(counts_complaints(signal) ? "incident.place" : "incident.place_any", source.negatives))
        .end_object();
  }
  out.end_array();
}

// The sentences of a chart: of complaints, or of all mentions where the rule asks for no opinion.
std::string_view chart_of(const Signal& signal) {
  return counts_complaints(signal) ? "incident.chart" : "incident.chart_all";
}

std::string takeaway(const std::vector<HourCount>& counts, const ChartSpan& span, std::string_view chart,
                     const Wording& w) {
  const auto peak = peak_hour(counts);
  if (!peak) return "";
  return w.say(concat(chart, "_takeaway"), {{"n", w.number(peak->negatives)},
                                            {"from", w.short_time(peak->hour)},
                                            {"to", w.short_time(peak->hour + hours(1))},
                                            {"before", amount(usual_negatives(counts, span.since), w)}});
}

void write_bars(json::Writer& out, const std::vector<HourCount>& counts, const ChartSpan& span) {
  out.member("width", std::to_string(10 * counts.size())).key("bars").begin_array();
  for (const Bar& bar : chart_bars(counts, span)) {
    out.begin_object()
        .member("x", std::to_string(bar.x))
        .member("y", std::to_string(bar.y))
        .member("w", std::to_string(bar.width));
    out.member("h", std::to_string(bar.height))
        .member("tone", bar.during ? "during" : "usual")
        .key("during")
        .boolean(bar.during);
    out.end_object();
  }
  out.end_array();
}

// Four moments under the drawing, evenly spread.
void write_axis(json::Writer& out, const ChartSpan& span, const Wording& w) {
  out.key("axis").begin_array();
  for (int i = 0; i < 4; ++i)
    out.string(w.short_time(std::chrono::floor<hours>(span.from + i * ((span.to - span.from - hours(1)) / 3))));
  out.end_array();
}

Result<void> write_chart(json::Writer& out, const Incident& incident, Store& store, const ConsoleView& view) {
  const Wording& w = view.wording;
  const ChartSpan span = chart_span(began(incident), incident.ended, view.now);
  const std::string_view chart = chart_of(incident.evidence);
  TRY(const std::vector<HourCount> counted, store.hourly(incident.brand, span.from, span.to));
  if (counted.empty()) return {};
  std::vector<HourCount> counts = counted;  // what is drawn
  if (!counts_complaints(incident.evidence)) {
    for (HourCount& count : counts) count.negatives = count.total;
  }
  const std::string said = takeaway(counts, span, chart, w);
  const auto peak = peak_hour(counts);

  out.key("chart")
      .begin_object()
      .member("heading", w.say(chart))
      .member("takeaway", said)
      .member("top", w.number(peak ? peak->negatives : 0));
  out.member("label", w.say(concat(chart, "_label"),
                            {{"from", w.short_time(span.from)}, {"to", w.short_time(span.to)}, {"takeaway", said}}));
  write_bars(out, counts, span);
  write_axis(out, span, w);
  out.key("rows").begin_array();
  for (const HourCount& count : counted) {
    out.begin_object().member("hour", w.short_time(count.hour)).member("negatives", w.number(count.negatives));
    out.member("total", w.number(count.total)).end_object();
  }
  out.end_array().end_object();
  return {};
}

Result<void> write_quotes(json::Writer& out, const Signal& signal, Store& store, const ConsoleView& view) {
  TRY(std::vector<StoredMention> quotes, store.mentions_by_seq(signal.mentions));
  std::erase_if(quotes, [](const StoredMention& quote) { return quote.deleted; });
  if (quotes.size() > kQuotesShown) quotes.resize(kQuotesShown);
  TRY(const std::vector<SourceFacts> facts, store.facts());
  out.key("no_quotes").boolean(quotes.empty()).key("quotes").begin_array();
  for (const StoredMention& quote : quotes) write_mention(out, quote, view, facts);
  out.end_array();
  return {};
}

std::string actor_name(const std::string& actor, const ConsoleView& view) {
  if (actor == "detector") return view.wording.say("incident.by_detector");
  if (actor == "timer") return view.wording.say("incident.by_timer");
  for (const PersonSettings& person : view.settings.people) {
    if (person.id == actor) return person.name;
  }
  return actor;
}

// The rule's own reasons are short codes and English words; the catalogue says them in the reader's language.
std::string reason_text(const std::string& reason, const ConsoleView& view) {
  constexpr std::string_view kTheme = "theme:", kSeverity = "severity:", kReach = "reach:", kStep = "step ",
                             kTo = "to ";
  const Wording& w = view.wording;
  if (reason.starts_with(kTheme)) {
    std::string names;
    for (const std::string_view id : split(std::string_view(reason).substr(kTheme.size()), ','))
      names.append(names.empty() ? "" : ", ").append(w.name("themes", id));
    return w.say("incident.new_theme", {{"theme", names}});
  }
  constexpr std::string_view kUnheard = "nothing was heard of ", kGap = "nobody is on call in ";
  if (reason.starts_with(kUnheard))
    return w.say("incident.unheard", {{"who", actor_name(reason.substr(kUnheard.size()), view)}});
  if (reason.starts_with(kGap)) return w.say("incident.gap", {{"schedule", reason.substr(kGap.size())}});
  if (reason.starts_with(kReach)) return w.say("incident.more_reach");
  if (reason.starts_with(kStep)) return w.say("incident.step", {{"n", reason.substr(kStep.size(), 1)}});
  if (reason.starts_with(kTo) && reason != "to nobody")
    return w.say("incident.given_to", {{"who", actor_name(reason.substr(kTo.size()), view)}});
  if (reason.starts_with(kSeverity)) {
    return w.say("incident.graver", {{"name", w.name("severities", reason.substr(kSeverity.size()))}});
  }
  return w.name("reasons", reason);
}

void write_step(json::Writer& out, const Transition& step, const Incident& incident, const ConsoleView& view) {
  const Wording& w = view.wording;
  const bool by_rule = step.actor == "detector" && is_of_own_rule(incident.evidence);
  out.begin_object()
      .member("at", w.date_time(step.at))
      .member("iso", format_rfc3339(step.at))
      .member("event", w.name("events", step.event));
  out.member("actor", by_rule ? w.say("incident.by_rule") : actor_name(step.actor, view))
      .member_if("because", reason_text(step.reason, view));
  if (step.from != step.to) {
    out.member("became", w.say("became", {{"from", w.name("states", to_text(step.from))},
                                          {"to", w.name("states", to_text(step.to))}}));
  }
  out.end_object();
}

// Every step but the updates, of which a long incident has hundreds: those are counted.
Result<void> write_history(json::Writer& out, const Incident& incident, Store& store, const ConsoleView& view) {
  TRY(const std::vector<Transition> history, store.transitions(incident.id));
  std::int64_t updates = 0;
  out.key("history").begin_array();
  for (const Transition& step : history) {
    if (step.event == "update" && step.from == step.to) {
      ++updates;
    } else {
      write_step(out, step, incident, view);
    }
  }
  out.end_array();
  if (updates > 0) out.member("updates", view.wording.count("incident.updates", updates));
  return {};
}

Result<void> write_notifications(json::Writer& out, const Incident& incident, Store& store, const ConsoleView& view) {
  const Wording& w = view.wording;
  TRY(const std::vector<Notification> owed, store.notifications(incident.id, kNotificationsShown));
  out.member("nobody", w.say(incident.shadow ? "incident.nobody_shadow" : "incident.nobody"));
  out.key("has_sent").boolean(!owed.empty()).key("sent").begin_array();
  for (const Notification& message : owed) {
    const bool bad = message.state == NotificationState::dead || message.state == NotificationState::wait;
    out.begin_object().member("purpose", w.name("purposes", message.purpose)).member("endpoint", message.endpoint);
    out.member("state", w.name("sending", to_text(message.state)))
        .member("when", w.date_time(message.created))
        .key("bad")
        .boolean(bad);
    out.member("attempts", w.number(message.attempts)).member_if("error", message.last_error).end_object();
  }
  out.end_array();
  return {};
}

}  // namespace

Result<std::optional<std::string>> incident_page(const ConsoleView& view, Store& store, const std::string& id) {
  TRY(const std::optional<Incident> incident, store.incident(id));
  if (!incident) return std::optional<std::string>{};

  json::Writer data;
  data.begin_object().key("t").value(view.wording.catalogue()).member("home", view.home());
  write_incident(data, *incident, view);
  TRY(write_act_forms(data, *incident, store, view));
  TRY(write_verdict_form(data, *incident, store, view));
  write_reason(data, *incident, view);
  write_evidence(data, incident->evidence, view);
  TRY(write_chart(data, *incident, store, view));
  TRY(write_quotes(data, incident->evidence, store, view));
  TRY(write_history(data, *incident, store, view));
  TRY(write_notifications(data, *incident, store, view));
  data.end_object();
  TRY(const std::string body, fill_template("console/assets/incident.mustache", data));
  const std::string title = headline(incident->evidence, view.brand_name(incident->brand), view.wording.language());
  TRY(std::string page, console_frame(view, title, body, true));
  return std::optional(std::move(page));
}

}  // namespace vigie
