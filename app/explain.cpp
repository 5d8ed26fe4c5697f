#include "app/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace vigie {
namespace {

constexpr double kShownShare = 0.02, kShownLeast = 0.05;  // what rounding hides
constexpr Duration kLate = hours(1);                      // what comes later than this is no news (pipeline/detect)

std::string number(double value) {
  return value == std::round(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
}

bool nearly(double a, double b) {
  return std::abs(a - b) <= std::max(kShownLeast, kShownShare * std::max(std::abs(a), std::abs(b)));
}

Number counted(std::string what, double then, double now) {
  return {std::move(what), number(then), number(now), then == now};
}
Number weighed(std::string what, double then, double now) {
  return {std::move(what), number(then), number(now), nearly(then, now)};
}

// Lists by name: those of both, in the order they were told.
template <class List, class Name, class Value>
void compare_lists(std::string_view kind, const List& then, const List& now, const Name& name, const Value& value,
                   std::vector<Number>& out) {
  for (const auto& one : then) {
    const auto same = std::find_if(now.begin(), now.end(), [&](const auto& other) { return name(other) == name(one); });
    if (same != now.end()) {
      out.push_back(counted(concat(kind, " ", name(one)), value(one), value(*same)));
    } else {
      out.push_back({concat(kind, " ", name(one)), number(value(one)), "", false});
    }
  }
  for (const auto& one : now) {
    const auto same = [&](const auto& other) { return name(other) == name(one); };
    if (std::none_of(then.begin(), then.end(), same))
      out.push_back({concat(kind, " ", name(one)), "", number(value(one)), false});
  }
}

std::string author_key(const Author& author) { return author.id.empty() ? author.handle : author.id; }

}  // namespace

std::vector<Number> compare_numbers(const Signal& then, const Signal& now) {
  std::vector<Number> out;
  const auto minute = [](Time time) { return format_rfc3339(std::chrono::floor<seconds>(time)); };
  out.push_back({"began", minute(then.since), minute(now.since), then.since == now.since});
  out.push_back({"told at", minute(then.at), minute(now.at), then.at == now.at});
  out.push_back(counted(then.measure == "negatives" ? "complaints, one a person" : concat("seen, ", then.measure),
                        then.observed, now.observed));
  out.push_back(weighed("usual for that time", then.expected, now.expected));
  out.push_back(weighed("usual, low", then.expected_low, now.expected_low));
  out.push_back(weighed("usual, high", then.expected_high, now.expected_high));
  out.push_back(counted("mentions of all kinds", then.total, now.total));
  out.push_back(weighed("usual share of complaints, %", 100 * then.usual_share, 100 * now.usual_share));
  if (then.limit != 0 || now.limit != 0) out.push_back(weighed("asked for", then.limit, now.limit));
  if (then.evidence != 0 || now.evidence != 0) out.push_back(weighed("weight of it", then.evidence, now.evidence));
  if (then.bar != 0 || now.bar != 0) out.push_back(weighed("weight asked for", then.bar, now.bar));
  out.push_back(weighed("by chance once in months", then.months_by_chance, now.months_by_chance));
  out.push_back(counted("people", then.authors, now.authors));
  out.push_back(counted("left out: copies", then.copies, now.copies));
  out.push_back(counted("left out: too late", then.late, now.late));
  out.push_back(counted("left out: the same people", then.repeated, now.repeated));
  out.push_back(weighed("followers of theirs", then.reach, now.reach));
  out.push_back(counted("severity", then.severity, now.severity));
  compare_lists(
      "about", then.themes, now.themes, [](const ThemeCount& t) { return t.theme; },
      [](const ThemeCount& t) { return t.observed; }, out);
  compare_lists(
      "word", then.terms, now.terms, [](const TermCount& t) { return t.term; },
      [](const TermCount& t) { return static_cast<double>(t.observed); }, out);
  compare_lists(
      "from", then.sources, now.sources, [](const SourceCount& s) { return s.source; },
      [](const SourceCount& s) { return static_cast<double>(s.negatives); }, out);
  out.push_back({"mentions shown", std::to_string(then.mentions.size()), std::to_string(now.mentions.size()),
                 then.mentions == now.mentions});
  return out;
}

bool all_agree(const std::vector<Number>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](const Number& one) { return one.agrees; });
}

std::vector<Weighed> weigh(std::vector<StoredMention> mentions, const Signal& signal) {
  std::vector<Weighed> out;
  std::unordered_map<std::string, std::int64_t> authors;
  for (StoredMention& mention : mentions) {
    const bool within = mention.event >= signal.since;
    if (mention.ingested > signal.at || mention.history || (!within && mention.ingested < signal.since)) continue;
    Weighed one{std::move(mention), Weighed::Why::counted, 0};
    const StoredMention& m = one.mention;
    const std::string author = author_key(m.mention.author);
    if (m.judgement.p_neg_for(signal.brand) < kNegative) {
      one.why = Weighed::Why::not_negative;
    } else if (m.original != 0) {
      one.why = Weighed::Why::copy;
      one.of = m.original;
    } else if (m.ingested - m.event > kLate) {
      one.why = Weighed::Why::late;
    } else if (!within) {
      one.why = Weighed::Why::before;
    } else if (const auto known = authors.find(author); !author.empty() && known != authors.end()) {
      one.why = Weighed::Why::same_author;
      one.of = known->second;
    } else if (!author.empty()) {
      authors.emplace(author, m.seq);
    }
    out.push_back(std::move(one));
  }
  return out;
}

namespace {

// An empty list asks for nothing.
bool asks_for(const std::vector<std::string>& list, const std::string& word) {
  return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}
bool asks_for_one_of(const std::vector<std::string>& list, const std::vector<std::string>& words) {
  return list.empty() ||
         std::any_of(words.begin(), words.end(), [&](const std::string& word) { return asks_for(list, word); });
}

std::vector<std::string> sources_of(const Incident& incident) {
  std::vector<std::string> sources;
  for (const SourceCount& source : incident.evidence.sources) sources.push_back(source.source);
  return sources;
}

}  // namespace

std::vector<RouteAnswer> who_is_told(const Incident& incident, const std::vector<RouteSettings>& routes) {
  std::vector<RouteAnswer> answers;
  for (const RouteSettings& route : routes) {
    RouteAnswer answer;
    answer.to = route.to;
    const Severity severity = severity_of(incident.severity);
    if (!asks_for(route.brands, incident.brand)) {
      answer.why = "it is for other brands";
    } else if (!asks_for(route.kinds, incident.kind)) {
      answer.why = "it is for other rules";
    } else if (severity < route.min_severity) {
      answer.why = concat("it begins at ", to_text(route.min_severity), ", this is ", to_text(severity));
    } else if (!asks_for_one_of(route.themes, incident.themes)) {
      answer.why = "it is for other themes";
    } else if (!asks_for_one_of(route.sources, sources_of(incident))) {
      answer.why = "it is for other sources";
    } else {
      answer.tells = true;
      answer.why = concat(route.brands.empty() ? "it is for every brand" : "it is for this brand", ", from ",
                          to_text(route.min_severity), " on, and this is ", to_text(severity));
      if (!route.languages.empty()) answer.why += "; only when one of its mentions is in a language it names";
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace vigie
