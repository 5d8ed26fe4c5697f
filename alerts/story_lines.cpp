// The lines of a story that have a length to keep: what is least missed goes first.

#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "alerts/finding.h"
#include "alerts/headline.h"
#include "alerts/telling.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kTitleLength = 80;
constexpr std::size_t kSubjectLength = 60;  // what a phone shows
constexpr std::size_t kPreheaderLength = 90;
constexpr std::size_t kBriefLength = 130;  // of 160, for a link to follow
constexpr std::size_t kStateRoom = 11;     // "[Escalated]", the longest

std::size_t length(std::string_view text) { return count_code_points(text); }

std::string title_without_theme(const Telling& told, std::string_view brand) {
  if (!told.is_over()) return magnitude(told.say, told.signal(), brand);
  if (told.own_rule() && !told.by_hand())
    return told.say.say("title.rule", {{"brand", brand}, {"what", finding(told.say, told.signal(), "over")}});
  return told.say.say(concat("title.", told.wording()), {{"brand", brand}});
}

std::string with_theme(const Telling& told, const std::string& title) {
  const std::string theme = told.main_theme();
  return theme.empty() ? title : told.say.say("headline.about", {{"headline", title}, {"theme", theme}});
}

std::string title_within(const Telling& told, std::size_t room) {
  const std::string brand = told.facts.brand_name;
  const std::string bare = title_without_theme(told, brand), full = with_theme(told, bare);
  if (length(full) <= room) return full;
  if (length(bare) <= room) return bare;
  const std::size_t rest = length(bare) - std::min(length(bare), length(brand));
  return shorten(title_without_theme(told, shorten(brand, std::max<std::size_t>(4, room - std::min(room, rest)))),
                 room);
}

// A part more, where there is room for it.
void add(std::string& line, std::string_view separator, const std::string& part, std::size_t room) {
  if (part.empty() || length(line) + length(separator) + length(part) > room) return;
  line.append(line.empty() ? "" : separator).append(part);
}

std::string since_and_trend(const Telling& told) {
  const Time since = told.signal().since;
  const std::string trend(trend_of(told.facts));
  const std::string at = told.say.say(told.say.same_day(since, told.facts.now) ? "since.bare" : "since.bare_before",
                                      {{"time", told.time(since)}});
  if (trend.empty()) return at;
  const std::string way = told.say.say(concat("since.", trend));
  // It rises since it began; it need not have been steady or falling for as long.
  return trend == "rising" ? concat(way, " ", at) : concat(at, ", ", way);
}

// What stands in for the signs that would take a text message out of the GSM alphabet.
constexpr std::array<std::pair<char16_t, std::string_view>, 18> kPlain = {{{u'«', "\""},
                                                                           {u'»', "\""},
                                                                           {u'“', "\""},
                                                                           {u'”', "\""},
                                                                           {u'‘', "'"},
                                                                           {u'’', "'"},
                                                                           {u'×', "x"},
                                                                           {u'–', "-"},
                                                                           {u'—', "-"},
                                                                           {u'…', "..."},
                                                                           {u'·', "-"},
                                                                           {u'→', "-"},
                                                                           {u'★', "*"},
                                                                           {u'\u00a0', " "},
                                                                           {u'\u202f', " "},
                                                                           {u'\u2009', " "},
                                                                           {u'œ', "oe"},
                                                                           {u'Œ', "OE"}}};

std::string plainly(std::string_view text) {
  const icu::UnicodeString in = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  icu::UnicodeString out;
  bool opened = false;
  for (std::int32_t i = 0; i < in.length(); i = in.moveIndex32(i, 1)) {
    const UChar32 c = in.char32At(i);
    const auto* const found = std::find_if(kPlain.begin(), kPlain.end(), [c](const auto& p) { return p.first == c; });
    // French quotation marks have a space inside, typewritten ones have none.
    const bool inside = (opened && found != kPlain.end() && found->second == " ") ||
                        (c == u'\u202f' && i + 1 < in.length() && in.char32At(i + 1) == u'»');
    opened = c == u'«';
    if (inside) continue;
    if (found == kPlain.end()) {
      out.append(c);
    } else {
      out.append(icu::UnicodeString::fromUTF8({found->second.data(), static_cast<std::int32_t>(found->second.size())}));
    }
  }
  std::string bytes;
  return squeeze_spaces(out.toUTF8String(bytes));
}

void add_briefly(std::string& line, const std::string& part) {
  const std::string plain = plainly(part);
  if (!plain.empty() && gsm_length(line) + 2 + gsm_length(plain) <= kBriefLength) line.append(", ").append(plain);
}

std::string deadline(const Telling& told) {
  const std::optional<Time> before = told.deadline();
  if (!before) return "";
  const std::string& who = told.facts.escalation.next_who;
  return told.say.say(who.empty() ? "brief.deadline_alone" : "brief.deadline",
                      {{"time", told.time(*before)}, {"who", who}});
}

}  // namespace

std::size_t gsm_length(std::string_view text) {
  constexpr std::string_view kTwice = "^{}\\[~]|";  // and the euro sign: of the extension table, after an escape
  std::size_t length = count_code_points(text);
  for (const char c : text) length += kTwice.find(c) != std::string_view::npos ? 1 : 0;
  for (std::size_t at = text.find("€"); at != std::string_view::npos; at = text.find("€", at + 1)) ++length;
  return length;
}

std::string title_of(const Telling& told) {
  if (told.is_plain_test()) return told.say.say("title.test");
  if (!told.is_test()) return title_within(told, kTitleLength);
  const std::string frame = told.say.say("title.marked_test", {{"title", ""}});
  return told.say.say("title.marked_test", {{"title", title_within(told, kTitleLength - length(frame))}});
}

// State and size stand in brackets at the front, where mail programs that thread by subject (RFC 5256 and those like
// it) leave them out; what follows is the same in every message of the incident, its theme too: so whether there is
// room for the theme does not depend on the state.
std::string subject_of(const Telling& told) {
  const Phrases& say = told.say;
  if (told.is_plain_test())
    return shorten(say.say("subject.test", {{"endpoint", told.facts.endpoint}}), kSubjectLength);
  std::string brand = told.facts.brand_name;
  const std::string bare = told.own_rule() ? finding(say, told.signal(), "subject") : say.say("subject.negatives");
  const auto whole = [&](std::string_view state, std::string_view about) {
    return say.say("subject.whole", {{"brand", brand}, {"state", state}, {"about", about}});
  };
  std::string about = bare;
  const std::size_t room = kSubjectLength - kStateRoom;
  if (const std::string theme = told.lasting_theme(); !theme.empty()) {
    const std::string themed = say.say("subject.about", {{"about", bare}, {"theme", theme}});
    if (length(whole("", themed)) <= room) about = themed;
  }
  if (const std::size_t now = length(whole("", about)); now > room) {
    const std::size_t excess = now - room;
    brand = shorten(brand, std::max<std::size_t>(8, length(brand) - std::min(length(brand), excess)));
    const std::size_t frame = length(whole("", ""));
    about = shorten(about, room - std::min(room, frame));
  }
  const std::string state = say.say(concat("state.", told.wording()));
  std::vector<std::string> states = {state};
  if (!told.is_over() && told.facts.purpose != "acked") {
    for (const Room how : {Room::short_form, Room::long_form}) {
      const std::string size = size_of(say, told.signal(), how);
      if (size.empty()) continue;
      states.push_back(state.empty() ? size : say.say("subject.sized", {{"state", state}, {"size", size}}));
    }
  }
  for (; !states.empty(); states.pop_back()) {
    if (states.back().empty()) continue;
    std::string subject = whole(say.say("subject.state", {{"state", states.back()}}), about);
    if (length(subject) <= kSubjectLength) return subject;
  }
  return shorten(whole("", about), kSubjectLength);
}

std::string preheader_of(const Telling& told) {
  const Phrases& say = told.say;
  if (told.is_plain_test()) return shorten(say.say("lead.test"), kPreheaderLength);
  std::string line;
  if (told.is_over()) {
    const IncidentSpan span = span_of(told.facts);
    line = say.say("lead.span", {{"from", told.time(span.start)},
                                 {"to", told.time(span.end)},
                                 {"zone", say.zone()},
                                 {"duration", say.duration(span.end - span.start)}});
    return shorten(line, kPreheaderLength);
  }
  line = told.own_rule()
             ? reason_in(say, told.signal())
             : say.say("preheader.negatives", {{"n", say.number(told.signal().observed)},
                                               {"window", say.duration(told.signal().at - told.signal().since)},
                                               {"expected", say.habit(told.signal().expected)}});
  line = shorten(line, kPreheaderLength);
  if (!told.own_rule()) add(line, ", ", since_and_trend(told), kPreheaderLength - 1);
  std::string owner =
      told.is_untaken() ? say.say("preheader.untaken") : say.say("preheader.taken", {{"who", told.facts.acked_by}});
  add(line, ". ", owner, kPreheaderLength);
  return line;
}

std::string brief_of(const Telling& told) {
  const Phrases& say = told.say;
  if (told.is_plain_test()) return plainly(concat("Vigie. ", say.say("title.test")));
  const std::string state = say.say(concat("state.", told.wording()));
  const std::string_view frame = state.empty() ? "brief.whole" : "brief.state";
  const auto whole = [&](const std::string& title) {
    return plainly(say.say(frame, {{"state", state}, {"title", title}}));
  };
  std::string line = whole(with_theme(told, title_without_theme(told, told.facts.brand_name)));
  for (std::size_t room = kTitleLength; gsm_length(line) > kBriefLength && room > 10; room -= 5)
    line = whole(title_within(told, room));
  if (told.is_over()) {
    const IncidentSpan span = span_of(told.facts);
    add_briefly(line, say.say("brief.lasted", {{"duration", say.duration(span.end - span.start)}}));
    const double peak = std::max(told.facts.peak_observed, told.signal().observed);
    if (!told.own_rule()) add_briefly(line, say.count("lead.peak", peak, {{"n", say.number(peak)}}));
    add_briefly(line, say.say(say.same_day(span.start, span.end) ? "since.bare" : "since.bare_before",
                              {{"time", told.time(span.start)}}));
    return line;
  }
  // A title without a multiple has the count already.
  const bool counted = told.signal().expected < kLeastExpectedForTimes;
  const bool said = told.signal().rule == "keyword" || told.signal().rule == "each";  // how many, by the title
  add_briefly(line, told.own_rule() && said ? say.say("since.bare_before", {{"time", told.time(told.signal().since)}})
                    : told.own_rule()       ? reason_in(say, told.signal())
                                    : say.say(counted ? "brief.expected" : "brief.reason",
                                              {{"n", say.number(told.signal().observed)},
                                               {"window", say.duration(told.signal().at - told.signal().since)},
                                               {"expected", say.habit(told.signal().expected)}}));
  add_briefly(line, deadline(told));
  if (!told.own_rule()) add_briefly(line, since_and_trend(told));
  return line;
}

}  // namespace vigie
