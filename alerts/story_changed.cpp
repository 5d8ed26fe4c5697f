// What is new since the message before: the first thing that a reader of a second message asks.

#include <algorithm>

#include "alerts/telling.h"
#include "base/text.h"

namespace vigie {
namespace {

std::string count_before(const Telling& told, std::string_view path) {
  const std::optional<double> count = told.facts.told_observed;
  if (!count || *count == told.signal().observed || !counts_complaints(told.signal())) return "";
  return told.say.say(path, {{"now", told.say.number(told.signal().observed)}, {"before", told.say.number(*count)}});
}

std::string grown(const Telling& told) {
  const Phrases& say = told.say;
  const std::string_view reason = told.facts.reason;
  const std::string_view what = reason.substr(0, reason.find(':'));
  const std::string_view which = what.size() < reason.size() ? reason.substr(what.size() + 1) : "";
  if (what == "theme") {
    std::vector<std::string> themes;
    for (const std::string_view id : split(which, ',')) themes.push_back(told.theme(id));
    return say.say(themes.size() > 1 ? "changed.themes" : "changed.theme", {{"theme", told.join(themes)}});
  }
  if (what == "reach") return say.say("changed.reach", {{"n", say.number(about(told.signal().reach))}});
  if (what == "blind") return say.say("changed.blind");
  if (const auto before = severity_from(which); what == "severity" && before) {
    const std::string_view id = to_text(*before);
    return say.say("changed.severity", {{"from", say.name("level", id, id)}, {"to", told.level()}});
  }
  return count_before(told, "changed.count");
}

// What is new, and how far the count has come since the message before.
std::string grown_with_count(const Telling& told) {
  std::string line = grown(told);
  const bool says_it = line.empty() || line == count_before(told, "changed.count") || told.facts.reason == "blind";
  if (const std::string also = count_before(told, "changed.count_also"); !says_it && !also.empty())
    line.append(" ").append(also);
  return line;
}

std::string escalated(const Telling& told) {
  const Escalation& escalation = told.facts.escalation;
  std::string because = escalation.because;
  constexpr std::string_view kKnown[] = {"ack_expired", "nobody_on_duty", "unreachable", "unack", "assigned"};
  if (std::find(std::begin(kKnown), std::end(kKnown), because) == std::end(kKnown)) because = "no_ack";
  if (because == "assigned" && !escalation.by.empty())
    return told.say.say("changed.assigned_by", {{"who", escalation.by}});
  std::string line = told.say.say(concat("changed.", because));
  std::vector<std::string> names;
  if (because != "assigned") names = escalation.told;
  if (!names.empty()) line.append(" ").append(told.say.say("changed.told", {{"who", told.join(names)}}));
  return line;
}

std::string by_purpose(const Telling& told) {
  const Phrases& say = told.say;
  const Facts& facts = told.facts;
  const std::string who = facts.acked_by;
  if (facts.purpose == "worse") return grown_with_count(told);
  if (facts.purpose == "reopened") return say.say(told.own_rule() ? "changed.rule_reopened" : "changed.reopened");
  if (facts.purpose == "acked") return say.say("changed.acked", {{"who", who}, {"time", told.time(facts.now)}});
  if (facts.purpose == "escalate") return escalated(told);
  if (facts.purpose == "over") return say.say("changed.over");
  if (facts.purpose == "test") return say.say("changed.test");
  if (facts.purpose != "repeat") return "";
  std::string line = say.say(who.empty() ? "changed.repeat" : "changed.repeat_taken",
                             {{"duration", say.duration(std::max(Duration(0), facts.now - facts.opened))}});
  if (const std::string also = count_before(told, "changed.count_also"); !also.empty()) line.append(" ").append(also);
  return line;
}

}  // namespace

std::string changed_of(const Telling& told) {
  if (told.is_plain_test()) return "";
  std::string line = by_purpose(told);
  if (told.facts.pinned && !told.is_over()) line.append(line.empty() ? "" : " ").append(told.say.say("changed.pinned"));
  return line;
}

}  // namespace vigie
