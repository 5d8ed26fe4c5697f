#include "alerts/trouble.h"

#include "alerts/phrases.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kReasonShown = 200, kSubject = 60;

}  // namespace

std::string make_trouble(const Trouble& trouble) {
  json::Writer out;
  out.begin_object();
  out.key("version").integer(1);
  out.member("purpose", "trouble");
  out.key("seq").integer(trouble.seq);
  out.member("time", format_rfc3339(trouble.now));
  out.member("about", trouble.about);
  out.key("endpoint").begin_object();
  out.member("id", trouble.endpoint).member("kind", trouble.kind).key("disabled").boolean(trouble.disabled);
  out.member("since", format_rfc3339(trouble.since)).member("reason", shorten(trouble.reason, kReasonShown));
  out.end_object().end_object();
  return out.take();
}

bool is_trouble(const json::Value& document) { return document.text_or("purpose", "") == "trouble"; }

Result<Story> tell_trouble(const json::Value& document, const Audience& audience) {
  TRY(const Phrases phrases, Phrases::load(audience.language, audience.time_zone));
  TRY(const std::string endpoint, document.text("endpoint.id"));
  TRY(const std::string written, document.text("endpoint.since"));
  TRY(const Time since, parse_rfc3339(written));
  TRY(const std::string now, document.text("time"));
  const std::string reason = document.text_or("endpoint.reason", "");
  const bool disabled = document.boolean_or("endpoint.disabled", false);
  Story story;
  story.language = audience.language;
  story.purpose = "trouble";
  story.seq = document.integer_or("seq", 0);
  story.severity = 4;
  story.tone = Story::Tone::high;
  story.mark = "⚠️";
  story.opened = since;
  TRY(story.now, parse_rfc3339(now));
  story.reference = endpoint;
  const std::string about = document.text_or("about", "endpoint");
  const bool other = about != "endpoint";
  story.title = other ? phrases.say(concat("trouble.title.", about), {{"id", endpoint}})
                      : phrases.say(disabled ? "trouble.disabled" : "trouble.silent", {{"endpoint", endpoint}});
  story.badge = phrases.say("trouble.badge");
  story.since = phrases.say("trouble.since", {{"time", phrases.date_time(since)}, {"zone", phrases.zone()}});
  story.lead = other ? reason : phrases.say("trouble.lead", {{"reason", reason}});
  story.next = other ? phrases.say(concat("trouble.next.", about), {{"id", endpoint}})
                     : phrases.say(disabled ? "trouble.repair" : "trouble.wait", {{"endpoint", endpoint}});
  story.subject = shorten(story.title, kSubject);
  story.preheader = shorten(story.lead, 90);
  story.brief = story.title;
  return story;
}

}  // namespace vigie
