// The explanation in words, for somebody who never heard of statistics.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "alerts/message.h"
#include "app/explain.h"
#include "base/text.h"
#include "pipeline/query_text.h"

namespace vigie {
namespace {

constexpr std::size_t kFirstWords = 80;

std::string minute(Time time) {
  std::string text = format_rfc3339(std::chrono::floor<minutes>(time)).substr(0, 16);
  text[10] = ' ';
  return text;
}

std::string amount(double value) {
  return value < 9.95 && std::abs(value - std::round(value)) > .05 ? fmt::format("{:.1f}", value)
                                                                   : fmt::format("{:.0f}", value);
}

std::string people(double n) { return n == 1 ? "1 person" : amount(n) + " people"; }

std::string span(Duration duration) {
  const auto whole = std::max<std::int64_t>(1, duration / minutes(1));
  if (whole < 120) return fmt::format("{} minutes", whole);
  if (whole < 48 * 60) return fmt::format("{} hours", (whole + 30) / 60);
  return fmt::format("{} days", (whole + 12 * 60) / (24 * 60));
}

std::string by_chance(double months) {
  if (months >= 1200) return "less than once in a hundred years";
  if (months >= 24) return fmt::format("about once in {:.0f} years", months / 12);
  if (months >= 1.5) return fmt::format("about once in {:.0f} months", months);
  if (months >= .75) return "about once a month";
  const double times = 1 / std::max(months, 1e-6);
  return times > 30 ? "many times a month" : fmt::format("about {:.0f} times a month", times);
}

std::string allowed(double budget) {
  if (budget == 1) return "one false alarm a month";
  return budget < 1 ? fmt::format("one false alarm in {} months", amount(1 / budget))
                    : fmt::format("{} false alarms a month", amount(budget));
}

// What was written, on one line of a terminal: no control character of it gets there.
std::string first_words(const Mention& mention) {
  std::string text = squeeze_spaces(title_and_text(mention));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return text.empty() ? "(its words are not kept)" : shorten(text, kFirstWords);
}

std::string mention_line(const StoredMention& m) {
  std::string line =
      fmt::format("    #{}  {}  {}  {}\n", m.seq, minute(m.event), m.mention.source, first_words(m.mention));
  if (!m.mention.url.empty()) line += fmt::format("        {}\n", m.mention.url);
  return line;
}

// What each point of the severity is for (pipeline/severity.h), in words.
std::string_view point_name(std::string_view code) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {{"multiple", "several times the usual"},
                                                                      {"many", "many people"},
                                                                      {"crowd", "a crowd of them"},
                                                                      {"fast", "it grows fast"},
                                                                      {"reach", "they are widely read"},
                                                                      {"cue", "words of danger, harm or law"},
                                                                      {"theme", "a subject that hurts people"},
                                                                      {"lasting", "it lasts"}};
  for (const auto& [known, name] : kNames) {
    if (known == code) return name;
  }
  return code;
}

void write_severity(std::string& out, const Signal& s) {
  if (s.severity_why.empty()) return;
  std::string points;
  for (const std::string& why : s.severity_why) points += concat(points.empty() ? "" : ", ", point_name(why));
  out += fmt::format("  Severity {} of 5: {}.\n", s.severity, points);
}

void write_seen(std::string& out, const IncidentCase& e) {
  const Signal& s = e.incident.evidence;
  out += "What was seen, and what is usual\n";
  if (!e.counts_people()) {
    out += fmt::format("  {}\n", reason_line(s, "en"));
    out += fmt::format("  rule {} ({}){}\n\n", e.incident.kind, s.rule, s.shadow ? ", tried out: nobody is told" : "");
    return;
  }
  out += fmt::format("  {} complained between {} and {} (UTC), which is {}.\n", people(s.observed), minute(s.since),
                     minute(s.at), span(s.at - s.since));
  out +=
      fmt::format("  In such a time {} usually {}; nine times out of ten it is between {} and {}.\n",
                  people(s.expected), s.expected == 1 ? "does" : "do", amount(s.expected_low), amount(s.expected_high));
  if (s.total > 0) {
    out += fmt::format(
        "  Of everything that was written, {:.0f} in a hundred were complaints; {:.0f} in a hundred is usual.\n",
        100 * std::min(1.0, s.observed / s.total), 100 * s.usual_share);
  }
  const double budget = s.budget > 0 ? s.budget : e.budget;
  out += fmt::format("  Chance alone brings this {}. The setting allowed {}.\n", by_chance(s.months_by_chance),
                     allowed(budget));
  if (s.bar > 0) {
    out += fmt::format(
        "  In weights: what speaks for a rise weighs {:.1f}; from {:.1f} on people are told, and each 2.3 more is ten "
        "times rarer.\n",
        s.evidence, s.bar);
  }
  write_severity(out, s);
  if (budget != e.budget) out += fmt::format("  (Today's file allows {}.)\n", allowed(e.budget));
  out += "\n";
}

// What has happened to the stored mentions since, in words; "" when nothing.
std::string what_changed(const ChangedSince& changed) {
  std::vector<std::string> parts;
  const auto add = [&](std::int64_t n, std::string_view one, std::string_view more) {
    if (n > 0) parts.push_back(fmt::format("{} {}", n, n == 1 ? one : more));
  };
  add(changed.deleted, "was deleted at its source", "were deleted at their sources");
  add(changed.edited, "was edited by its author", "were edited by their authors");
  add(changed.corrected, "was relabelled by a person", "were relabelled by people");
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  return text;
}

void write_numbers(std::string& out, const IncidentCase& e) {
  out += "Counted again from the stored mentions\n";
  const std::string changed = what_changed(e.changed);
  if (!e.again) {
    out += "  nothing is found any more under the settings of the file";
    out += changed.empty() ? ": they, or this version's rules, are not those of then.\n\n"
                           : concat(": of the mentions of that time ", changed, " since.\n\n");
    return;
  }
  out += fmt::format("  {:<34} {:>22} {:>22}\n", "", "told then", "found now");
  for (const Number& n : e.numbers) {
    out += fmt::format("  {:<34} {:>22} {:>22}{}\n", n.what, n.then.empty() ? "-" : n.then, n.now.empty() ? "-" : n.now,
                       n.agrees ? "" : "  differs");
  }
  const auto differ = std::count_if(e.numbers.begin(), e.numbers.end(), [](const Number& n) { return !n.agrees; });
  if (differ == 0) {
    out += "  Every number agrees.\n";
    if (!changed.empty())
      out += concat("  (Of the mentions of that time ", changed, " since; it changes no number.)\n");
  } else {
    out += fmt::format("  {} differ{}: ", differ, differ == 1 ? "s" : "");
    out += changed.empty() ? "no mention of that time has changed, so the settings or the version of the rules have.\n"
                           : concat("of the mentions of that time ", changed, " since.\n");
  }
  out += "\n";
}

struct Sort {
  Weighed::Why why;
  std::string_view title;
};
constexpr Sort kSorts[] = {
    {Weighed::Why::counted, "counted"},
    {Weighed::Why::same_author, "not counted: from somebody who is counted already"},
    {Weighed::Why::copy, "not counted: copies of something already there"},
    {Weighed::Why::late, "not counted: came more than an hour after they were written"},
    {Weighed::Why::before, "not counted: written before the rise began"},
    {Weighed::Why::not_negative, "not counted: no complaints"},
};

// Of another rule: those that the signal names.
void write_named(std::string& out, const IncidentCase& e) {
  out += "The mentions it names\n";
  for (const Weighed& w : e.mentions) {
    const std::vector<std::int64_t>& named = e.incident.evidence.mentions;
    if (std::find(named.begin(), named.end(), w.mention.seq) != named.end()) out += mention_line(w.mention);
  }
  out += "\n";
}

void write_mentions(std::string& out, const IncidentCase& e, std::size_t most) {
  if (!e.counts_people()) return write_named(out, e);
  out += "The mentions of that time\n";
  for (const Sort& sort : kSorts) {
    const auto n = static_cast<std::size_t>(
        std::count_if(e.mentions.begin(), e.mentions.end(), [&](const Weighed& w) { return w.why == sort.why; }));
    if (n == 0) continue;
    out += fmt::format("  {} {}\n", n, sort.title);
    if (sort.why == Weighed::Why::not_negative) continue;  // nobody needs to see them to believe it
    std::size_t shown = 0;
    for (const Weighed& w : e.mentions) {
      if (w.why != sort.why || shown == most) continue;
      ++shown;
      out += mention_line(w.mention);
      if (w.of != 0) out += fmt::format("        as #{}\n", w.of);
    }
    if (n > shown) out += fmt::format("    and {} more: --most {} shows them\n", n - shown, n);
  }
  const auto counted = std::count_if(e.mentions.begin(), e.mentions.end(),
                                     [](const Weighed& w) { return w.why == Weighed::Why::counted; });
  if (static_cast<double>(counted) != e.incident.evidence.observed) {
    out += fmt::format(
        "  (The rule told {}: it remembers the last authors only, so that one who comes back much later "
        "counts again.)\n",
        people(e.incident.evidence.observed));
  }
  out += "\n";
}

void write_people(std::string& out, const IncidentCase& e) {
  out += "Who is told\n";
  if (e.routes.empty()) out += "  nobody: there is no [[route]] in the file\n";
  for (const RouteAnswer& route : e.routes) {
    std::string to;
    for (const std::string& endpoint : route.to) to += concat(to.empty() ? "" : ", ", endpoint);
    out += fmt::format("  {} to {}: {}\n", route.tells ? "told:    " : "not told:", to, route.why);
  }
  for (const Notification& n : e.sent) {
    out += fmt::format("  sent: {} ({}) to {}: {}{}\n", minute(n.created), n.purpose, n.endpoint, to_text(n.state),
                       n.last_error.empty() ? "" : concat(", ", n.last_error));
  }
  if (e.verdict && e.verdict->word) out += fmt::format("  {} said: {}\n", e.verdict->by, to_text(*e.verdict->word));
}

}  // namespace

std::string explanation_text(const IncidentCase& e, std::size_t most) {
  const Incident& incident = e.incident;
  std::string out = fmt::format("{}\n", headline(incident.evidence, e.brand_name, "en"));
  out += fmt::format("incident {}, {}, severity {} of 5, {} to {}\n\n", incident.id, to_text(incident.state),
                     incident.severity, minute(incident.opened), incident.ended ? minute(*incident.ended) : "now");
  write_seen(out, e);
  write_numbers(out, e);
  write_mentions(out, e, most);
  write_people(out, e);
  return out;
}

std::string standing_text(const BrandStanding& s) {
  std::string out = fmt::format("{}, {} (UTC)\n", s.brand_name, minute(s.at));
  if (!s.first) return out + "  nothing to say: nobody had spoken of it yet\n";
  out +=
      fmt::format("  in the 24 hours before: {} complained, in {} mentions; on a usual day {} in {}\n",
                  people(static_cast<double>(s.negatives)), s.total, amount(s.usual_negatives), amount(s.usual_total));
  if (s.incident) {
    out += fmt::format("  an incident was on since {}, severity {}: {}\n", minute(s.incident->opened),
                       s.incident->severity, reason_line(s.incident->evidence, "en"));
    return out + fmt::format("  chance alone brings this {}; allowed: {}\n",
                             by_chance(s.incident->evidence.months_by_chance), allowed(s.budget));
  }
  if (s.at - *s.first < 2 * kDay) {
    return out + fmt::format("  nothing to say: known for {} only; what is usual is learnt for two days first\n",
                             span(s.at - *s.first));
  }
  if (s.at - *s.last > kDay) {
    out += fmt::format("  nothing had been written of it for {}\n", span(s.at - *s.last));
  }
  if (s.least) {
    out += fmt::format("  a small rise: {}\n", reason_line(*s.least, "en"));
    return out + fmt::format("  nothing to say: chance alone brings this {}, and the setting allows {}\n",
                             by_chance(s.least->months_by_chance), allowed(s.budget));
  }
  return out + "  nothing to say: no more complaints than are usual among so many mentions\n";
}

}  // namespace vigie
