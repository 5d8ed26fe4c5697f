// What is new since the message before: the first thing that a reader of a second message asks.

#include <algorithm>

#include "alerts/telling.h"
#include "base/text.h"

namespace vigie {
namespace {

std::string grown(const Telling& told) {
  const Phrases& say = told.say;
  const std::string_view reason = told.facts.reason;
  const std::string_view what = reason.substr(0, reason.find(':'));
  const std::string_view which = what.size() < reason.size() ? reason.substr(what.size() + 1) : "";
  if (what == "theme") return say.say("changed.theme", {{"theme", told.theme(which)}});
  if (const auto before = severity_from(which); what == "severity" && before) {
    const std::string_view id = to_text(*before);
    return say.say("changed.severity", {{"from", say.name("level", id, id)}, {"to", told.level()}});
  }
  const std::optional<double> count = told.facts.told_observed;
  if (!count || *count == told.signal().observed) return "";
  return say.say("changed.count", {{"now", say.number(told.signal().observed)}, {"before", say.number(*count)}});
}

std::string escalated(const Telling& told) {
  const Escalation& escalation = told.facts.escalation;
  std::string because = escalation.because;
  if (because != "ack_expired" && because != "nobody_on_duty" && because != "unreachable") because = "no_ack";
  std::string line = told.say.say(concat("changed.", because));
  std::vector<std::string> names;
  for (const std::string& who : escalation.told) names.push_back(who);
  if (!names.empty()) line.append(" ").append(told.say.say("changed.told", {{"who", told.join(names)}}));
  return line;
}

std::string by_purpose(const Telling& told) {
  const Phrases& say = told.say;
  const Facts& facts = told.facts;
  const std::string who = facts.acked_by;
  if (facts.purpose == "worse") return grown(told);
  if (facts.purpose == "reopened") return say.say(told.own_rule() ? "changed.rule_reopened" : "changed.reopened");
  if (facts.purpose == "acked") return say.say("changed.acked", {{"who", who}, {"time", told.time(facts.now)}});
  if (facts.purpose == "escalate") return escalated(told);
  if (facts.purpose == "over") return say.say("changed.over");
  if (facts.purpose == "test") return say.say("changed.test");
  if (facts.purpose != "repeat") return "";
  return say.say(who.empty() ? "changed.repeat" : "changed.repeat_taken",
                 {{"duration", say.duration(std::max(Duration(0), facts.now - facts.opened))}});
}

}  // namespace

std::string changed_of(const Telling& told) {
  if (told.is_plain_test()) return "";
  std::string line = by_purpose(told);
  if (told.facts.pinned && !told.is_over()) line.append(line.empty() ? "" : " ").append(told.say.say("changed.pinned"));
  return line;
}

}  // namespace vigie
