#include "alerts/mail_view.h"

#include <algorithm>
#include <cmath>

#include "alerts/finding.h"
#include "alerts/headline.h"
#include "alerts/mail_text.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kSubjectLength = 60;
constexpr std::size_t kPreheaderLength = 90;
constexpr std::size_t kSourcesShown = 4;
constexpr std::size_t kTermsShown = 3;
constexpr std::size_t kLabelWidth = 20;
constexpr double kBarHeight = 46;  // px, of 48

bool over(const Facts& facts) { return facts.purpose == "resolved"; }
bool by_hand(const Facts& facts) { return over(facts) && !facts.resolve_reason.empty(); }
std::string_view wording(const Facts& facts) { return by_hand(facts) ? "closed" : std::string_view(facts.purpose); }

std::string main_theme(const Facts& facts) {
  if (!counts_complaints(facts.signal) || (over(facts) && is_of_own_rule(facts.signal))) return "";
  if (!facts.signal.themes.empty()) return facts.signal.themes.front().theme;
  return facts.themes.empty() ? "" : facts.themes.front();
}

std::string_view colour(const Facts& facts) {
  if (over(facts)) return "#1e7d46";
  switch (severity_of(facts.severity)) {
    case Severity::info: return "#2a62b5";
    case Severity::warning: return "#a15c00";
    case Severity::high: return "#c2410c";
    case Severity::critical: return "#b3131b";
  }
  return "#2a62b5";
}

// Builds the view; one method a block of the mail, in the order in which a reader meets them.
class View {
 public:
  View(const Facts& facts, const Phrases& phrases) : facts_(facts), say_(phrases), signal_(facts.signal) {}

  std::string build(std::string_view language, const std::string& subject) {
    out_.begin_object();
    out_.member("lang", language)
        .member("subject", subject)
        .member("brand", facts_.brand_name)
        .member("color", colour(facts_));
    out_.member("preheader", shorten(preheader(), kPreheaderLength));
    out_.member("badge", say_.say(concat("badge.", wording(facts_)),
                                  {{"level", level(facts_.severity)}, {"who", facts_.acked_by}}));
    out_.member("title", title());
    out_.member_if("changed", changed());
    out_.key("rows").begin_array();
    over(facts_) ? closing_rows() : rising_rows();
    out_.end_array();
    chart();
    if (!over(facts_)) rising_terms();
    if (!over(facts_)) quotes();
    advice();
    links();
    footer();
    return out_.end_object().take();
  }

 private:
  bool own_rule() const { return is_of_own_rule(signal_); }
  std::string level(int severity) const { return level(severity_of(severity)); }
  std::string level(Severity severity) const { return say_.name("level", to_text(severity), to_text(severity)); }
  std::string theme(std::string_view id) const { return theme_name(say_, id); }

  std::string preheader() const { return over(facts_) ? span() : reason_in(say_, signal_); }

  std::string title() const {
    if (over(facts_) && own_rule() && !by_hand(facts_)) return finding(say_, signal_, "over");
    if (over(facts_)) return say_.say(concat("title.", wording(facts_)));
    return magnitude(say_, "title", signal_, facts_.brand_name);
  }

  std::string changed() const {
    if (facts_.purpose == "reopened") return say_.say(own_rule() ? "changed.rule_reopened" : "changed.reopened");
    const std::string_view reason = facts_.reason;
    const std::string_view what = reason.substr(0, reason.find(':'));
    const std::string_view which = what.size() < reason.size() ? reason.substr(what.size() + 1) : "";
    if (what == "theme") return say_.say("changed.theme", {{"theme", theme(which)}});
    const auto before = severity_from(which);
    if (what != "severity" || !before) return "";
    return say_.say("changed.severity", {{"from", level(*before)}, {"to", level(facts_.severity)}});
  }

  void row(std::string_view label_path, const std::string& value) {
    if (value.empty()) return;
    const std::string label = say_.say(label_path);
    out_.begin_object().member("label", label).member("value", value);
    out_.member("text", wrapped(padded(label, kLabelWidth), value)).end_object();
  }

  void rising_rows() {
    row("rows.since", say_.say("rows.since_value", {{"date", say_.date_time(signal_.since)},
                                                    {"zone", say_.zone()},
                                                    {"time", say_.clock_time(signal_.at)}}));
    if (own_rule()) {
      row("rows.rule", signal_.rule_name);
      row("rows.rule_count", finding(say_, signal_, "count"));
    } else {
      habit_rows();
    }
    row("rows.about", about());
    row("rows.where", where());
    row("rows.taken", facts_.acked_by);
    if (facts_.blind) row("rows.data", say_.say("rows.data_blind"));
  }

  void habit_rows() {
    row("rows.count", say_.count("rows.count_value", signal_.observed,
                                 {{"n", say_.number(signal_.observed)},
                                  {"window", say_.duration(signal_.at - signal_.since)},
                                  {"expected", say_.habit(signal_.expected)},
                                  {"low", say_.number(signal_.expected_low)},
                                  {"high", say_.number(signal_.expected_high)}}));
    row("rows.share", share());
    row("rows.chance", chance());
  }

  void closing_rows() {
    row("rows.span", span());
    if (own_rule()) {
      row("rows.rule", signal_.rule_name);
      row("rows.rule_last", finding(say_, signal_, "count"));
      return row("rows.ending", ending());
    }
    const double peak = std::max(facts_.peak_observed, signal_.observed);
    row("rows.peak", say_.count("rows.peak_value", peak, {{"n", say_.number(peak)}}));
    row("rows.about", join(facts_.themes, [this](const std::string& id) { return theme(id); }));
    row("rows.ending", ending());
  }

  std::string span() const {
    const Time end = facts_.ended.value_or(facts_.now);
    const Time start = std::min(signal_.since == Time{} ? facts_.opened : signal_.since, end);
    const bool one_day = say_.same_day(start, end);
    return say_.say(one_day ? "rows.span_day_value" : "rows.span_value",
                    {{"from", say_.date_time(start)},
                     {"to", one_day ? say_.clock_time(end) : say_.date_time(end)},
                     {"zone", say_.zone()},
                     {"duration", say_.duration(end - start)}});
  }

  std::string ending() const {
    const std::string time = say_.clock_time(facts_.ended.value_or(facts_.now));
    if (!by_hand(facts_)) return say_.say("rows.ending_habit", {{"time", time}});
    return say_.say("rows.ending_closed",
                    {{"time", time}, {"reason", say_.name("reasons", facts_.resolve_reason, facts_.resolve_reason)}});
  }

  std::string share() const {
    if (signal_.total <= 0) return "";
    const std::string now = say_.percent(std::min(1.0, signal_.observed / signal_.total));
    if (signal_.usual_share <= 0) return say_.say("rows.share_alone", {{"share", now}});
    return say_.say("rows.share_value", {{"share", now}, {"usual", say_.percent(signal_.usual_share)}});
  }

  std::string chance() const {
    const double months = signal_.months_by_chance;
    if (months <= 0) return "";
    const double years = months / 12;
    if (years >= 1000) return say_.say("rows.chance_never");
    if (months < 23.5)
      return say_.count("rows.chance_months", std::max(1.0, std::round(months)), {{"n", whole(months)}});
    return say_.count("rows.chance_years", std::round(years), {{"n", whole(years)}});
  }

  std::string whole(double value) const { return say_.number(std::max(1.0, std::round(value))); }

  std::string about() const {
    return join(signal_.themes, [this](const ThemeCount& count) {
      if (own_rule())
        return say_.say("rows.about_plain", {{"theme", theme(count.theme)}, {"n", say_.number(count.observed)}});
      const bool is_new = count.expected <= 0;
      return say_.say(is_new ? "rows.about_new" : "rows.about_item", {{"theme", theme(count.theme)},
                                                                      {"n", say_.number(count.observed)},
                                                                      {"expected", say_.habit(count.expected)}});
    });
  }

  std::string where() const {
    double all = 0;
    for (const SourceCount& source : signal_.sources) all += source.negatives;
    if (all <= 0) return "";
    std::vector<SourceCount> first(
        signal_.sources.begin(),
        signal_.sources.begin() + static_cast<std::ptrdiff_t>(std::min(kSourcesShown, signal_.sources.size())));
    return join(first, [this, all](const SourceCount& source) {
      return say_.say("rows.where_item", {{"source", source.source},
                                          {"share", say_.percent(std::round(100 * source.negatives / all) / 100)}});
    });
  }

  template <class Items, class Word>
  std::string join(const Items& items, const Word& word) const {
    std::string out;
    for (const auto& item : items) out.append(out.empty() ? "" : say_.say("and")).append(word(item));
    return out;
  }

  void chart() {
    if (!counts_complaints(signal_)) return;
    const std::vector<double>& hourly = facts_.hourly;
    const double most = hourly.empty() ? 0 : *std::max_element(hourly.begin(), hourly.end());
    if (most <= 0) return;
    out_.key("chart").begin_object();
    out_.member("title", say_.say("chart.title")).member("sparkline", sparkline(hourly));
    out_.member("caption",
                say_.say("chart.caption", {{"peak", say_.number(most)}, {"last", say_.number(hourly.back())}}));
    out_.key("bars").begin_array();
    for (const double value : hourly) {
      out_.begin_object().key("height").integer(std::max(1L, std::lround(kBarHeight * value / most))).end_object();
    }
    out_.end_array().end_object();
  }

  void open_list(std::string_view key, const std::string& title) {
    out_.key(key).begin_object().member("title", title).key("items").begin_array();
  }
  void close_list() { out_.end_array().end_object(); }
  void bullet(const std::string& value) {
    out_.begin_object().member("value", value).member("text", wrapped("  - ", value)).end_object();
  }

  void rising_terms() {
    if (signal_.terms.empty()) return;
    open_list("rising", say_.say("rising.title"));
    for (std::size_t i = 0; i < std::min(kTermsShown, signal_.terms.size()); ++i) bullet(rising_term(signal_.terms[i]));
    close_list();
  }

  std::string rising_term(const TermCount& term) const {
    const std::string_view form = term.expected <= 0                       ? "rising.new"
                                  : term.expected < kLeastExpectedForTimes ? "rising.absolute"
                                                                           : "rising.times";
    const double ratio = term.expected > 0 ? term.observed / term.expected : 0;
    return say_.say(form, {{"term", term.term},
                           {"n", say_.number(term.observed)},
                           {"expected", say_.habit(term.expected)},
                           {"times", say_.times(ratio)}});
  }

  void quotes() {
    if (facts_.quotes.empty()) return;
    open_list("quotes", say_.say("quotes.title"));
    for (const Quote& quote : facts_.quotes) write_quote(quote);
    close_list();
  }

  void write_quote(const Quote& quote) {
    std::string by = quote.author;
    const auto add = [&by](const std::string& part) { by.append(by.empty() ? "" : ", ").append(part); };
    if (quote.followers) {
      const auto n = static_cast<double>(*quote.followers);
      add(say_.count("quotes.followers", n, {{"n", say_.number(n)}}));
    }
    if (quote.stars) add(say_.say("quotes.stars", {{"n", std::to_string(*quote.stars)}}));
    if (!quote.source.empty()) add(quote.source);
    add(say_.short_time(quote.written));
    const std::string text = say_.say("quotes.text", {{"text", quote.text}});
    out_.begin_object()
        .member("value", text)
        .member("by", by)
        .member("see", say_.say("quotes.see"))
        .member_if("url", quote.url);
    out_.member("text",
                concat(wrapped("  > ", text), "\n", wrapped("    ", by), quote.url.empty() ? "" : "\n    ", quote.url));
    out_.end_object();
  }

  bool safety() const {
    const auto& themes = facts_.themes;
    return severity_of(facts_.severity) == Severity::critical ||
           std::find(themes.begin(), themes.end(), "safety") != themes.end();
  }

  void advice() {
    open_list("advice", say_.say("advice.title"));
    if (over(facts_)) {
      bullet(say_.say(own_rule() ? "advice.over_rule" : "advice.over"));
      bullet(say_.say("advice.over_note"));
    } else if (facts_.purpose == "acked") {
      bullet(say_.say("advice.taken"));
    } else {
      if (facts_.acked_by.empty()) bullet(say_.say("advice.take"));
      if (facts_.purpose == "worse") bullet(say_.say("advice.grown"));
      if (facts_.purpose == "reopened") bullet(say_.say("advice.again"));
      if (safety()) bullet(say_.say("advice.safety"));
      if (const std::string about = main_theme(facts_); !about.empty()) {
        bullet(say_.say("advice.ask", {{"theme", theme(about)}, {"time", say_.short_time(signal_.since)}}));
      }
      if (own_rule())
        bullet(finding(say_, signal_, "read"));
      else if (!facts_.quotes.empty())
        bullet(say_.say("advice.read"));
    }
    close_list();
  }

  void link(std::string_view label_path, const std::string& url, bool main) {
    if (url.empty()) return;
    const std::string label = say_.say(label_path);
    out_.begin_object().member("label", label).member("url", url);
    out_.member("text", say_.say("links.line", {{"label", label}, {"url", url}}));
    out_.key("main").boolean(main).end_object();
  }

  void links() {
    out_.key("links").begin_array();
    link("links.incident", facts_.incident_url, true);
    link("links.wall", facts_.wall_url, false);
    out_.end_array();
  }

  void footer() {
    out_.key("footer").begin_array();
    line(say_.say("footer.incident", {{"id", facts_.incident}}));
    line(say_.say(over(facts_) ? "footer.why_over" : "footer.why",
                  {{"brand", facts_.brand_name}, {"level", level(facts_.severity)}}));
    if (counts_complaints(signal_)) line(say_.say("footer.machine"));
    out_.end_array();
  }
  void line(const std::string& value) {
    out_.begin_object().member("value", value).member("text", wrapped("", value)).end_object();
  }

  const Facts& facts_;
  const Phrases& say_;
  const Signal& signal_;
  json::Writer out_;
};

}  // namespace

std::string mail_subject(const Facts& facts, const Phrases& phrases) {
  const std::string brand = squeeze_spaces(facts.brand_name);
  std::string size = magnitude(phrases, "subject", facts.signal, brand);
  if (facts.purpose != "first") size = within_sentence(size);  // it follows a colon
  const bool own_end = over(facts) && is_of_own_rule(facts.signal);
  const std::string what = phrases.say(concat(own_end ? "subject.rule_" : "subject.", wording(facts)),
                                       {{"what", size}, {"name", facts.signal.rule_name}});
  if (const std::string id = main_theme(facts); !id.empty()) {
    const std::string theme = theme_name(phrases, id);
    std::string subject = phrases.say("subject.about", {{"brand", brand}, {"what", what}, {"theme", theme}});
    if (count_code_points(subject) <= kSubjectLength) return subject;
  }
  std::string subject = phrases.say("subject.plain", {{"brand", brand}, {"what", what}});
  const std::size_t length = count_code_points(subject), brand_length = count_code_points(brand);
  if (length <= kSubjectLength) return subject;
  const std::size_t excess = length - kSubjectLength;
  const std::string cut = excess + 4 < brand_length ? shorten(brand, brand_length - excess - 1) : shorten(brand, 4);
  return shorten(phrases.say("subject.plain", {{"brand", cut}, {"what", what}}), kSubjectLength - 1);
}

std::string mail_view(const Facts& facts, const Phrases& phrases, std::string_view language,
                      const std::string& subject) {
  return View(facts, phrases).build(language, subject);
}

}  // namespace vigie
