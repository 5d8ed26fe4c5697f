#include "model/signal.h"

#include "model/fields.h"
#include "model/names.h"
#include "model/signal_json.h"

namespace vigie {
namespace {

constexpr auto kKinds = std::to_array<Named<SignalKind>>({
    {SignalKind::raise, "raise"},
    {SignalKind::update, "update"},
    {SignalKind::clear, "clear"},
    {SignalKind::no_data, "no_data"},
});

void write_texts(json::Writer& out, const char* key, const std::vector<std::string>& texts) {
  out.key(key).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

std::vector<std::string> read_texts(const json::Value& list) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < list.size(); ++i) texts.push_back(list[i].text_or("", ""));
  return texts;
}

void write_argument(json::Writer& out, const Signal& s) {
  write_texts(out, "severity_why", s.severity_why);
  out.member("mode", s.mode).key("evidence").number(s.evidence).key("bar").number(s.bar).key("budget").number(s.budget);
  out.key("copies").integer(s.copies).key("late").integer(s.late).key("repeated").integer(s.repeated);
  out.key("reach").number(s.reach);
  write_texts(out, "cues", s.cues);
}

void write_parts(json::Writer& out, const Signal& s) {
  out.key("themes").begin_array();
  for (const ThemeCount& t : s.themes) {
    out.begin_object()
        .member("theme", t.theme)
        .key("observed")
        .number(t.observed)
        .key("expected")
        .number(t.expected)
        .end_object();
  }
  out.end_array().key("terms").begin_array();
  for (const TermCount& t : s.terms) {
    out.begin_object()
        .member("term", t.term)
        .key("observed")
        .integer(t.observed)
        .key("expected")
        .number(t.expected)
        .end_object();
  }
  out.end_array().key("sources").begin_array();
  for (const SourceCount& c : s.sources)
    out.begin_object().member("source", c.source).key("negatives").integer(c.negatives).end_object();
  out.end_array().key("mentions").begin_array();
  for (const std::int64_t seq : s.mentions) out.integer(seq);
  out.end_array();
}

int small(const json::Value& from, std::string_view path, int other) {
  return static_cast<int>(from.integer_or(path, other));
}

void read_argument(const json::Value& value, Signal& s) {
  s.severity_why = read_texts(value.find("severity_why"));
  s.mode = value.text_or("mode", "");
  s.evidence = value.number_or("evidence", 0);
  s.bar = value.number_or("bar", 0);
  s.budget = value.number_or("budget", 0);
  s.copies = small(value, "copies", 0);
  s.late = small(value, "late", 0);
  s.repeated = small(value, "repeated", 0);
  s.reach = value.number_or("reach", 0);
  s.cues = read_texts(value.find("cues"));
}

void read_parts(const json::Value& value, Signal& s) {
  const json::Value themes = value.find("themes"), terms = value.find("terms"), sources = value.find("sources");
  for (std::size_t i = 0; i < themes.size(); ++i) {
    const json::Value t = themes[i];
    s.themes.push_back({t.text_or("theme", ""), t.number_or("observed", 0), t.number_or("expected", 0)});
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const json::Value t = terms[i];
    s.terms.push_back({t.text_or("term", ""), small(t, "observed", 0), t.number_or("expected", 0)});
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    s.sources.push_back({sources[i].text_or("source", ""), small(sources[i], "negatives", 0)});
  }
  const json::Value mentions = value.find("mentions");
  for (std::size_t i = 0; i < mentions.size(); ++i) s.mentions.push_back(mentions[i].integer_or("", 0));
}

}  // namespace

bool is_of_own_rule(const Signal& signal) { return signal.rule != "budget"; }

bool counts_complaints(const Signal& signal) {
  return signal.rule == "budget" || signal.rule == "each" || signal.rule == "drift" ||
         (signal.rule == "threshold" && (signal.measure == "negatives" || signal.measure == "share"));
}

std::string_view to_text(SignalKind kind) { return name_in(kKinds, kind); }

void write_json(json::Writer& out, const Signal& s) {
  out.begin_object();
  out.member("id", s.id)
      .member("brand", s.brand)
      .member("incident_kind", s.incident_kind)
      .member("kind", to_text(s.kind));
  out.member("rule", s.rule).member_if("rule_name", s.rule_name).member("measure", s.measure);
  if (s.shadow) out.key("shadow").boolean(true);
  out.member("at", format_rfc3339(s.at)).member("since", format_rfc3339(s.since));
  out.key("observed").number(s.observed).key("expected").number(s.expected);
  out.key("expected_low").number(s.expected_low).key("expected_high").number(s.expected_high);
  out.key("total").number(s.total).key("usual_share").number(s.usual_share);
  out.key("months_by_chance").number(s.months_by_chance);
  if (s.limit != 0) out.key("limit").number(s.limit);
  if (s.window != Duration{}) out.key("window_seconds").integer(std::chrono::floor<seconds>(s.window).count());
  out.key("authors").integer(s.authors).key("severity").integer(s.severity);
  write_argument(out, s);
  write_parts(out, s);
  out.end_object();
}

std::string to_json(const Signal& signal) {
  json::Writer out;
  write_json(out, signal);
  return out.take();
}

Result<Signal> signal_from_json(const json::Value& value) {
  Signal s;
  TRY(s.id, value.text("id"));
  TRY(s.brand, value.text("brand"));
  TRY(const std::string kind, value.text("kind"));
  const std::optional<SignalKind> known = value_in(kKinds, kind);
  if (!known)
    return fail(ErrorKind::bad_data, concat("kind: expected raise, update, clear or no_data, found \"", kind, "\""));
  s.kind = *known;
  TRY(s.at, own_time(value, "at"));
  TRY(s.since, own_time(value, "since"));
  s.incident_kind = value.text_or("incident_kind", s.incident_kind);
  s.rule = value.text_or("rule", s.rule);
  s.rule_name = value.text_or("rule_name", "");
  s.measure = value.text_or("measure", s.measure);
  s.shadow = value.boolean_or("shadow", false);
  s.limit = value.number_or("limit", 0);
  s.window = seconds(value.integer_or("window_seconds", 0));
  s.observed = value.number_or("observed", 0);
  s.expected = value.number_or("expected", 0);
  s.expected_low = value.number_or("expected_low", 0);
  s.expected_high = value.number_or("expected_high", 0);
  s.total = value.number_or("total", 0);
  s.usual_share = value.number_or("usual_share", 0);
  s.months_by_chance = value.number_or("months_by_chance", 0);
  s.authors = small(value, "authors", 0);
  s.severity = small(value, "severity", 1);
  read_argument(value, s);
  read_parts(value, s);
  return s;
}

}  // namespace vigie
