#include "alerts/telling.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cmath>

#include "alerts/headline.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kNameLength = 80;

}  // namespace

std::string plain_line(std::string_view text) {
  icu::UnicodeString out;
  const icu::UnicodeString in = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  for (std::int32_t i = 0; i < in.length(); i = in.moveIndex32(i, 1)) {
    const UChar32 c = in.char32At(i);
    const bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);  // bidirectional controls
    out.append(u_charType(c) == U_CONTROL_CHAR || turns ? static_cast<UChar32>(' ') : c);
  }
  std::string bytes;
  return squeeze_spaces(out.toUTF8String(bytes));
}

std::string reference_of(std::string_view brand, std::string_view incident) {
  constexpr std::size_t kReferenceLetters = 8, kReferenceDigits = 4;
  const auto upper = [](std::string_view text, std::size_t count) {
    std::string out;
    for (const char c : text) {
      if (out.size() == count) break;
      if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out.push_back(c);
      if (c >= 'a' && c <= 'z') out.push_back(static_cast<char>(c - 'a' + 'A'));
    }
    return out;
  };
  if (incident.empty()) return "";
  return concat(upper(brand, kReferenceLetters), "-", upper(incident, kReferenceDigits));
}

std::string source_name(std::string_view id) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"appstore", "App Store"}, {"github", "GitHub"},   {"googleplay", "Google Play"}, {"hackernews", "Hacker News"},
      {"peertube", "PeerTube"},  {"reddit", "Reddit"},   {"stackexchange", "Stack Exchange"},
      {"tiktok", "TikTok"},      {"youtube", "YouTube"}};
  for (const auto& [known, name] : kNames) {
    if (id == known) return std::string(name);
  }
  std::string name(id);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

void clean(Facts& facts) {
  const auto name = [](std::string& text) { text = shorten(plain_line(text), kNameLength); };
  for (std::string* text :
       {&facts.brand_name, &facts.acked_by, &facts.assignee, &facts.resolve_reason, &facts.resolved_by, &facts.endpoint,
        &facts.signal.rule_name, &facts.escalation.by, &facts.escalation.next_who})
    name(*text);
  for (std::string& who : facts.escalation.told) name(who);
  for (SilentSource& silent : facts.silent) name(silent.source);
  for (auto& [id, called] : facts.source_names) name(called);
  for (std::string& theme : facts.themes) name(theme);
  for (ThemeCount& theme : facts.signal.themes) name(theme.theme);
  for (TermCount& term : facts.signal.terms) name(term.term);
  for (SourceCount& source : facts.signal.sources) name(source.source);
  for (Quote& quote : facts.quotes) {
    quote.text = plain_line(quote.text);
    name(quote.author);
    name(quote.source);
  }
}

std::string Telling::source(const std::string& id) const {
  const auto named = facts.source_names.find(id);
  return named == facts.source_names.end() ? source_name(id) : named->second;
}

bool Telling::is_untaken() const {
  return !is_over() && !is_plain_test() && facts.purpose != "acked" && facts.acked_by.empty();
}

std::optional<Time> Telling::deadline() const {
  const std::optional<Time> next = facts.escalation.next;
  if (!is_untaken() || !next || *next <= facts.now + audience.late.value_or(Duration::zero())) return std::nullopt;
  return next;
}

std::string_view Telling::wording() const {
  if (by_hand()) return "closed";
  if (facts.purpose != "escalate") return facts.purpose;
  if (facts.escalation.because == "assigned") return "assigned";
  return facts.escalation.level == 0 ? std::string_view("back") : std::string_view(facts.purpose);
}

std::string Telling::level() const {
  const std::string_view id = to_text(severity_of(facts.severity));
  return say.name("level", id, id);
}

std::string Telling::theme(std::string_view id) const { return theme_name(say, id); }

std::string Telling::lasting_theme() const {
  if (!counts_complaints(signal()) || facts.themes.empty()) return "";
  return theme(facts.themes.front());
}

std::string Telling::main_theme() const {
  if (!counts_complaints(signal()) || (is_over() && own_rule())) return "";
  return signal().themes.empty() ? lasting_theme() : theme(signal().themes.front().theme);
}

std::string Telling::time(Time when) const {
  return say.same_day(when, facts.now) ? say.clock_time(when) : say.short_time(when);
}

std::string Telling::join(const std::vector<std::string>& parts) const {
  std::string out;
  for (const std::string& part : parts) out.append(out.empty() ? "" : say.say("and")).append(part);
  return out;
}

double about(double reach) { return reach < 1000 ? reach : std::round(reach / 100) * 100; }

IncidentSpan span_of(const Facts& facts) {
  const Time end = facts.ended.value_or(facts.now);
  return {std::min(facts.signal.since == Time{} ? facts.opened : facts.signal.since, end), end};
}

std::string_view trend_of(const Facts& facts) {
  constexpr auto kEnoughOfAnHour = minutes(20);
  const std::vector<double>& hourly = facts.hourly;
  if (hourly.size() < 3 || !counts_complaints(facts.signal)) return "";
  const auto back = [&](std::size_t hours_ago) { return hourly[hourly.size() - 1 - hours_ago]; };
  const Duration run = facts.now - std::chrono::floor<hours>(facts.now);
  const bool enough = run >= kEnoughOfAnHour;
  const double pace = enough ? back(0) * (Duration(hours(1)) / std::chrono::duration<double, std::micro>(run))
                             : std::max(back(0), back(1));
  const double before = enough ? back(1) : back(2);
  if (pace + before <= 0) return "";
  // A fifth, and more than two: "3 after 2" is no trend.
  if (pace > 1.2 * before && pace - before > 2) return "rising";
  if (pace < 0.8 * before && before - pace > 2) return "falling";
  return "steady";
}

}  // namespace vigie
