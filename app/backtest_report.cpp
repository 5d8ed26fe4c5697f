#include "app/backtest_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "alerts/message.h"
#include "base/json.h"

namespace vigie {
namespace {

// To the minute; a report is read by people, and nobody waits for seconds.
std::string minute(Time time) {
  std::string text = format_rfc3339(std::chrono::floor<minutes>(time)).substr(0, 16);
  text[10] = ' ';
  return text;
}

std::string day(Time time) { return format_rfc3339(time).substr(0, 10); }

std::string span(Duration duration) {
  const std::int64_t whole = std::max<std::int64_t>(1, std::llround(static_cast<double>(duration.count()) / 60e6));
  if (whole < 60) return fmt::format("{} min", whole);
  if (whole < 48 * 60) return fmt::format("{} h {:02} min", whole / 60, whole % 60);
  return fmt::format("{} days", whole / (24 * 60));
}

std::string_view verdict_name(const std::optional<VerdictWord>& word) {
  if (!word) return "not judged";
  switch (*word) {
    case VerdictWord::useful: return "called useful";
    case VerdictWord::false_alarm: return "called a false alarm";
    case VerdictWord::normal: return "called the new normal";
  }
  return "";
}

std::string_view verdict_word(const std::optional<VerdictWord>& word) { return word ? to_text(*word) : ""; }

std::string subject(const Signal& signal) {
  return signal.themes.empty() ? "" : concat(", about ", signal.themes.front().theme);
}

std::string when(const Incident& incident) {
  return concat(minute(incident.opened), " to ", incident.ended ? minute(*incident.ended) : "the end");
}

std::string incident_line(const Incident& incident, const Signal& first) {
  return fmt::format("{}, {}, severity {}: {}{}", when(incident), incident.kind, incident.severity,
                     reason_line(first, "en"), subject(first));
}

std::string told_then_line(const Found& found) {
  if (!found.then) return "nobody was told of it then";
  return concat(found.tried_out_then ? "tried out then (" : "told then (", *found.then, "), ",
                verdict_name(found.verdict));
}

std::string messages(const ReplayedIncident& replayed) {
  if (replayed.incident.shadow) return "its rule is tried out: no message";
  return fmt::format("{} message{}", replayed.messages, replayed.messages == 1 ? "" : "s");
}

// "negative 3, storm 2", when there is more than one rule to tell apart; else "".
std::string by_rule(const SettingReport& report) {
  std::map<std::string, int> rules;
  for (const Found& found : report.found) ++rules[found.replayed.incident.kind];
  if (rules.size() < 2) return "";
  std::string out;
  for (const auto& [rule, n] : rules) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", rule, n);
  return out;
}

double months_of(const Backtest& backtest) { return std::max(1.0, backtest.window.months()); }

// "3 incidents, 7 messages: 1 useful, 1 false, 1 not judged; false alarms a month: 0.3, at most 0.7; allowed: 1"
std::string counts_line(const SettingReport& report, double months, double budget) {
  const VerdictCounts& n = report.counts;
  const std::string normal = n.normal > 0 ? fmt::format(", {} new normal", n.normal) : "";
  const std::string missed = report.missed.empty() ? ""
                                                   : fmt::format("; {} useful one{} missed", report.missed.size(),
                                                                 report.missed.size() == 1 ? "" : "s");
  return fmt::format(
      "{} incident{}, {} message{}: {} useful, {} false{}, {} not judged{}; "
      "false alarms a month: {:.1f}, at most {:.1f}; allowed: {:g}",
      n.incidents, n.incidents == 1 ? "" : "s", n.messages, n.messages == 1 ? "" : "s", n.useful, n.false_alarms,
      normal, n.unjudged, missed, n.false_alarms / months, (n.false_alarms + n.unjudged) / months, budget);
}

void write_strips(std::string& out, const SettingReport& report, const Window& window, std::string_view name) {
  for (const Strip& strip : strips(report, window)) {
    out += fmt::format("  {}  {:<31}{}{}\n", strip.month, strip.days, name.empty() ? "" : "  ", name);
  }
}

std::string change_line(const Change& change, const BrandReport& brand) {
  const Found& seen = change.after ? brand.changed->found[*change.after] : brand.file.found[*change.before];
  std::string how(to_text(change.kind));
  if (change.by > Duration::zero()) how = concat(how, " by ", span(change.by));
  return fmt::format("  {:<20} {}; {}\n", how, incident_line(seen.replayed.incident, seen.replayed.first),
                     told_then_line(seen));
}

void write_missed(std::string& out, const SettingReport& report) {
  for (const ToldThen& told : report.missed) {
    out += fmt::format("  missed: {}; called useful ({})\n", incident_line(told.incident, told.incident.evidence),
                       told.incident.id);
  }
}

bool anything(const BrandReport& brand) {
  const auto any = [](const SettingReport& r) { return !r.found.empty() || !r.missed.empty(); };
  return any(brand.file) || (brand.changed && any(*brand.changed));
}

void write_brand(std::string& out, const BrandReport& brand, const Backtest& backtest) {
  const auto name = backtest.brand_names.find(brand.brand);
  out += fmt::format("\n{}\n", name == backtest.brand_names.end() ? brand.brand : name->second);
  write_strips(out, brand.file, backtest.window, brand.changed ? "as it is" : "");
  if (brand.changed) write_strips(out, *brand.changed, backtest.window, "changed");
  for (const Found& found : brand.file.found) {
    out += fmt::format("  {}\n      {}; {}\n", incident_line(found.replayed.incident, found.replayed.first),
                       told_then_line(found), messages(found.replayed));
  }
  write_missed(out, brand.file);
  if (const std::string rules = by_rule(brand.file); !rules.empty()) out += concat("  by rule: ", rules, "\n");
  out += fmt::format("  {}\n", counts_line(brand.file, months_of(backtest), backtest.budget));
  if (!brand.changed) return;
  out += "  changed:\n";
  if (brand.changes.empty()) out += "  nothing is told otherwise\n";
  for (const Change& change : brand.changes) out += change_line(change, brand);
  write_missed(out, *brand.changed);
  if (const std::string rules = by_rule(*brand.changed); !rules.empty()) out += concat("  by rule: ", rules, "\n");
  out += fmt::format("  {}\n", counts_line(*brand.changed, months_of(backtest), backtest.changed_budget));
}

void add(SettingReport& sum, const SettingReport& one) {
  sum.counts.incidents += one.counts.incidents;
  sum.counts.messages += one.counts.messages;
  sum.counts.useful += one.counts.useful;
  sum.counts.false_alarms += one.counts.false_alarms;
  sum.counts.normal += one.counts.normal;
  sum.counts.unjudged += one.counts.unjudged;
  sum.missed.insert(sum.missed.end(), one.missed.begin(), one.missed.end());
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += concat(out.empty() ? "" : " ", item);
  return out;
}

void write_time(json::Writer& out, std::string_view name, Time time) { out.member(name, format_rfc3339(time)); }

void write_incident(json::Writer& out, const Incident& incident, const Signal& evidence) {
  out.member("id", incident.id).member("kind", incident.kind);
  write_time(out, "opened", incident.opened);
  if (incident.ended) write_time(out, "ended", *incident.ended);
  if (incident.shadow) out.key("shadow").boolean(true);
  out.key("severity").integer(incident.severity).key("observed").number(evidence.observed);
  out.key("expected").number(evidence.expected).key("expected_low").number(evidence.expected_low);
  out.key("expected_high").number(evidence.expected_high);
  if (!evidence.themes.empty()) out.member("theme", evidence.themes.front().theme);
}

void write_setting(json::Writer& out, const SettingReport& report, const Backtest& backtest) {
  const VerdictCounts& n = report.counts;
  out.begin_object().key("incidents").begin_array();
  for (const Found& found : report.found) {
    out.begin_object();
    write_incident(out, found.replayed.incident, found.replayed.first);
    out.key("messages").integer(found.replayed.messages);
    if (found.then) out.member("then", *found.then);
    if (found.verdict) out.member("verdict", to_text(*found.verdict));
    out.end_object();
  }
  out.end_array().key("missed").begin_array();
  for (const ToldThen& told : report.missed) {
    out.begin_object();
    write_incident(out, told.incident, told.incident.evidence);
    out.end_object();
  }
  out.end_array().key("counts").begin_object();
  out.key("incidents").integer(n.incidents).key("messages").integer(n.messages).key("useful").integer(n.useful);
  out.key("false").integer(n.false_alarms).key("normal").integer(n.normal).key("unjudged").integer(n.unjudged);
  out.end_object().key("false_a_month").number(n.false_alarms / months_of(backtest));
  out.key("false_a_month_at_most").number((n.false_alarms + n.unjudged) / months_of(backtest));
  out.key("strips").begin_array();
  for (const Strip& strip : strips(report, backtest.window)) {
    out.begin_object().member("month", strip.month).member("days", strip.days).end_object();
  }
  out.end_array().end_object();
}

void write_changes(json::Writer& out, const BrandReport& brand) {
  out.key("changes").begin_array();
  for (const Change& change : brand.changes) {
    out.begin_object().member("change", to_text(change.kind));
    if (change.before) out.member("before", brand.file.found[*change.before].replayed.incident.id);
    if (change.after) out.member("after", brand.changed->found[*change.after].replayed.incident.id);
    if (change.by > Duration::zero()) out.key("seconds").integer(change.by / seconds(1));
    out.end_object();
  }
  out.end_array();
}

// A field of RFC 4180. Nothing that a spreadsheet takes for a formula stands here: ids, words of ours, numbers.
std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

void write_rows(std::string& out, const BrandReport& brand, const SettingReport& report, std::string_view setting) {
  const auto row = [&](const Incident& incident, const Signal& evidence, std::string_view what, std::string_view then,
                       std::string_view verdict, int messages) {
    const std::string theme = evidence.themes.empty() ? "" : evidence.themes.front().theme;
    out += fmt::format("{},{},{},{},{},{},{},{},{},{:g},{:g},{:g},{:g},{},{},{}\r\n", setting, csv_field(brand.brand),
                       csv_field(incident.kind), what, incident.id, format_rfc3339(incident.opened),
                       incident.ended ? format_rfc3339(*incident.ended) : "", incident.severity, messages,
                       evidence.observed, evidence.expected, evidence.expected_low, evidence.expected_high,
                       csv_field(theme), then, verdict);
  };
  for (const Found& found : report.found) {
    row(found.replayed.incident, found.replayed.first, "told", found.then.value_or(""), verdict_word(found.verdict),
        found.replayed.messages);
  }
  for (const ToldThen& told : report.missed) {
    row(told.incident, told.incident.evidence, "missed", told.incident.id, verdict_word(told.verdict), 0);
  }
}

}  // namespace

std::string backtest_text(const Backtest& backtest) {
  const auto days_whole =
      std::llround(static_cast<double>((backtest.window.to - backtest.window.from).count()) / 86400e6);
  std::string out = fmt::format("{}: {} to {}, {} days; learnt from {} on; {} mentions read\n", backtest.config,
                                day(backtest.window.from), day(backtest.window.to), days_whole,
                                day(backtest.learnt_from), backtest.mentions);
  if (!backtest.sets.empty()) out += fmt::format("changed: {}\n", joined(backtest.sets));
  out += "a mark a day: . nothing, 1 to 5 the highest severity of an incident\n";
  std::size_t quiet = 0;
  SettingReport file, changed;
  for (const BrandReport& brand : backtest.brands) {
    add(file, brand.file);
    if (brand.changed) add(changed, *brand.changed);
    if (anything(brand)) {
      write_brand(out, brand, backtest);
    } else {
      ++quiet;
    }
  }
  if (quiet > 0)
    out += fmt::format("\n{} brand{} of which nothing would have been told\n", quiet, quiet == 1 ? "" : "s");
  if (backtest.brands.size() > 1) {
    // Of all: a month of a brand each.
    const double brand_months = months_of(backtest) * static_cast<double>(backtest.brands.size());
    out += fmt::format("\n{} brands, a brand and month each:\n  {}\n", backtest.brands.size(),
                       counts_line(file, brand_months, backtest.budget));
    if (!backtest.sets.empty())
      out += fmt::format("  changed: {}\n", counts_line(changed, brand_months, backtest.changed_budget));
  }
  return out;
}

std::string backtest_json(const Backtest& backtest) {
  json::Writer out;
  out.begin_object().member("config", backtest.config).key("set").begin_array();
  for (const std::string& set : backtest.sets) out.string(set);
  out.end_array();
  write_time(out, "from", backtest.window.from);
  write_time(out, "to", backtest.window.to);
  write_time(out, "learnt_from", backtest.learnt_from);
  out.key("mentions").integer(backtest.mentions).key("budget").number(backtest.budget);
  if (!backtest.sets.empty()) out.key("changed_budget").number(backtest.changed_budget);
  out.key("brands").begin_array();
  for (const BrandReport& brand : backtest.brands) {
    out.begin_object().member("brand", brand.brand).key("file");
    write_setting(out, brand.file, backtest);
    if (brand.changed) {
      out.key("changed");
      write_setting(out, *brand.changed, backtest);
      write_changes(out, brand);
    }
    out.end_object();
  }
  out.end_array().end_object();
  return out.take() + "\n";
}

std::string backtest_csv(const Backtest& backtest) {
  std::string out =
      "setting,brand,kind,what,incident,opened,ended,severity,messages,observed,expected,expected_low,expected_high,"
      "theme,then,verdict\r\n";
  for (const BrandReport& brand : backtest.brands) {
    write_rows(out, brand, brand.file, "file");
    if (brand.changed) write_rows(out, brand, *brand.changed, "changed");
  }
  return out;
}

}  // namespace vigie
