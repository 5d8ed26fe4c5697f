#include "alerts/story.h"

#include "alerts/facts.h"
#include "alerts/headline.h"
#include "alerts/mail_text.h"
#include "alerts/mail_view.h"
#include "alerts/message.h"
#include "alerts/phrases.h"
#include "base/text.h"

namespace vigie {
namespace {

Story::Tone tone_of(const Facts& facts) {
  if (facts.purpose == "resolved" || facts.purpose == "over") return Story::Tone::good;
  switch (severity_of(facts.severity)) {
    case Severity::info: return Story::Tone::info;
    case Severity::warning: return Story::Tone::warning;
    case Severity::high: return Story::Tone::high;
    case Severity::critical: return Story::Tone::critical;
  }
  return Story::Tone::neutral;
}

}  // namespace

Result<Story> tell(std::string_view document, const Audience& audience) {
  TRY(const Facts facts, read_document(document));
  TRY(const Phrases phrases, Phrases::load(audience.language, audience.time_zone));
  Story story;
  story.language = audience.language;
  story.purpose = facts.purpose;
  story.incident = facts.incident;
  story.kind = facts.kind;
  story.brand = facts.brand;
  story.brand_name = facts.brand_name;
  story.reference = facts.incident;
  story.epoch = facts.epoch;
  story.seq = facts.seq;
  story.severity = facts.severity;
  story.tone = tone_of(facts);
  story.opened = facts.opened;
  story.now = facts.now;
  story.ended = facts.ended;
  story.quotes_shown = audience.quotes;
  story.title = headline(facts.signal, facts.brand_name, audience.language);
  story.lead = reason_in(phrases, facts.signal);
  story.subject = mail_subject(facts, phrases);
  story.hourly = facts.hourly;
  story.sparkline = sparkline(facts.hourly);
  if (!facts.incident_url.empty()) story.links.push_back({"open", phrases.say("links.incident"), facts.incident_url});
  return story;
}

std::string to_json(const Story& story) {
  json::Writer out;
  out.begin_object().member("title", story.title).member("lead", story.lead);
  return out.end_object().take();
}

}  // namespace vigie
