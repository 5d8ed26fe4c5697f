// The lists of a story: rising words, quotes, advice, links, and why this person reads it.

#include <algorithm>
#include <array>

#include "alerts/finding.h"
#include "alerts/headline.h"
#include "alerts/telling.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kTermsShown = 3;

std::string rising_term(const Phrases& say, const TermCount& term) {
  const std::string_view form = term.expected <= 0                       ? "rising.new"
                                : term.expected < kLeastExpectedForTimes ? "rising.absolute"
                                                                         : "rising.times";
  return say.say(form, {{"term", term.term},
                        {"n", say.number(term.observed)},
                        {"expected", say.habit(term.expected)},
                        {"times", say.times(term.expected > 0 ? term.observed / term.expected : 0)}});
}

Story::Quote quote_of(const Telling& told, const Quote& quote) {
  const Phrases& say = told.say;
  std::string by = quote.author;
  const auto add = [&by](const std::string& part) { by.append(by.empty() ? "" : ", ").append(part); };
  if (quote.followers) {
    const auto n = static_cast<double>(*quote.followers);
    add(say.count("quotes.followers", n, {{"n", say.number(n)}}));
  }
  if (quote.stars) add(say.say("quotes.stars", {{"n", std::to_string(*quote.stars)}}));
  if (!quote.source.empty()) add(told.source(quote.source));
  add(say.short_time(quote.written));
  return {say.say("quotes.text", {{"text", quote.text}}), by, say.say("quotes.see"), quote.url};
}

bool is_about_safety(const Facts& facts) {
  return severity_of(facts.severity) == Severity::critical ||
         std::find(facts.themes.begin(), facts.themes.end(), "safety") != facts.themes.end();
}

// Of one that was joined to another: the other, which goes on.
std::string open_url(const Facts& facts) {
  std::string url = facts.incident_url;
  if (facts.merged_into.empty() || facts.incident.empty() || !url.ends_with(facts.incident)) return url;
  return url.replace(url.size() - facts.incident.size(), facts.incident.size(), facts.merged_into);
}

// Before 8 in the morning, "tomorrow at 8" would be a day late.
std::string label_of(const Telling& told, std::string_view kind) {
  const bool small_hours = kind == "mute_until_morning" && told.say.clock_time(told.facts.now) < "08:00";
  return told.say.say(concat("links.", small_hours ? std::string_view("mute_until_today") : kind));
}

}  // namespace

std::vector<std::string> rising_of(const Telling& told) {
  std::vector<std::string> out;
  if (told.is_over() || told.is_plain_test()) return out;
  const auto& terms = told.signal().terms;
  for (std::size_t i = 0; i < std::min(kTermsShown, terms.size()); ++i) out.push_back(rising_term(told.say, terms[i]));
  return out;
}

std::vector<Story::Quote> quotes_of(const Telling& told) {
  std::vector<Story::Quote> out;
  if (told.is_over() || !told.audience.quotes) return out;
  for (const Quote& quote : told.facts.quotes) out.push_back(quote_of(told, quote));
  return out;
}

std::vector<std::string> advice_of(const Telling& told) {
  const Phrases& say = told.say;
  const Facts& facts = told.facts;
  if (told.is_plain_test()) return {say.say("advice.test")};
  if (told.is_over())
    return {say.say(told.own_rule() ? "advice.over_rule" : "advice.over"), say.say("advice.over_note")};
  if (facts.purpose == "acked") return {say.say("advice.taken")};
  std::vector<std::string> out;
  if (facts.purpose == "worse") out.push_back(say.say("advice.grown"));
  if (facts.purpose == "reopened") out.push_back(say.say("advice.again"));
  if (is_about_safety(facts)) out.push_back(say.say("advice.safety"));
  if (const std::string about = told.main_theme(); !about.empty())
    out.push_back(say.say("advice.ask", {{"theme", about}, {"time", say.short_time(told.signal().since)}}));
  const bool shown = told.audience.quotes && !facts.quotes.empty();
  if (told.own_rule() && (shown || told.signal().rule == "silence")) {
    out.push_back(finding(say, told.signal(), "read"));
  } else if (!facts.quotes.empty()) {
    out.push_back(say.say(shown ? "advice.read" : "advice.read_there"));
  }
  return out;
}

std::vector<Story::Link> links_of(const Telling& told) {
  constexpr std::array<std::string_view, 8> kOrder = {"ack",  "mute", "mute_until_morning", "false_alarm", "open",
                                                      "wall", "why",  "unsubscribe"};
  const auto given = [&](std::string_view kind) -> std::string {
    for (const auto& [name, url] : told.audience.actions) {
      if (name == kind) return url;
    }
    if (kind == "open") return open_url(told.facts);
    return kind == "wall" ? told.facts.wall_url : "";
  };
  // What is taken is not taken again, what is over is not muted, and of a test there is nothing to take or to mute.
  const auto applies = [&](std::string_view kind) {
    if (kind == "ack") return told.is_untaken() && !told.is_test();
    const bool acts = kind == "mute" || kind == "mute_until_morning" || kind == "false_alarm";
    return !acts || (!told.is_over() && !told.is_test());
  };
  std::vector<Story::Link> out;
  for (const std::string_view kind : kOrder) {
    std::string url = given(kind);
    if (!url.empty() && applies(kind)) out.push_back({std::string(kind), label_of(told, kind), std::move(url)});
  }
  // The first one is the main one: to take it, or to look at it, never to mute it.
  const auto main =
      std::find_if(out.begin(), out.end(), [](const Story::Link& l) { return l.kind == "ack" || l.kind == "open"; });
  if (main != out.end()) std::rotate(out.begin(), main, main + 1);
  return out;
}

std::vector<std::string> footer_of(const Telling& told, const std::string& reference) {
  const Phrases& say = told.say;
  if (told.is_plain_test())
    return {say.say(told.facts.drill ? "footer.why_drill" : "footer.why_test", {{"endpoint", told.facts.endpoint}})};
  const std::string_view why = told.is_over()                 ? "footer.why_over"
                               : told.wording() == "assigned" ? "footer.why_assigned"
                               : told.wording() == "escalate" ? "footer.why_escalated"
                                                              : "footer.why";
  std::vector<std::string> out = {say.say("footer.incident", {{"reference", reference}, {"id", told.facts.incident}}),
                                  say.say(told.facts.purpose == "over" ? "footer.why" : why,
                                          {{"brand", told.facts.brand_name}, {"level", told.level()}})};
  if (counts_complaints(told.signal())) out.push_back(say.say("footer.machine"));
  return out;
}

}  // namespace vigie
