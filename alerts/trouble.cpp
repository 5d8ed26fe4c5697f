#include "alerts/trouble.h"

#include <algorithm>
#include <array>

#include "alerts/phrases.h"
#include "alerts/telling.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kReasonShown = 200, kNameShown = 80, kSubject = 60, kPreheader = 90;
constexpr std::array<std::string_view, 7> kAbout = {"endpoint", "lost", "source", "store", "outbox", "timers", "duty"};

Result<Trouble> read_trouble(const json::Value& document) {
  Trouble trouble;
  TRY(trouble.endpoint, document.text("endpoint.id"));
  trouble.endpoint = shorten(plain_line(trouble.endpoint), kNameShown);
  trouble.reason = shorten(plain_line(document.text_or("endpoint.reason", "")), kReasonShown);
  trouble.disabled = document.boolean_or("endpoint.disabled", false);
  trouble.about = document.text_or("about", "endpoint");
  if (std::find(kAbout.begin(), kAbout.end(), trouble.about) == kAbout.end())
    return fail(ErrorKind::bad_data,
                concat("trouble document: nothing is written about \"", first_code_points(trouble.about, 40), "\""));
  trouble.over = document.boolean_or("over", false);
  trouble.seq = document.integer_or("seq", 0);
  TRY(const std::string since, document.text("endpoint.since"));
  TRY(trouble.since, parse_rfc3339(since));
  TRY(const std::string now, document.text("time"));
  TRY(trouble.now, parse_rfc3339(now));
  if (const std::string until = document.text_or("endpoint.until", ""); !until.empty()) {
    TRY(trouble.until, parse_rfc3339(until));
  }
  return trouble;
}

class Words {
 public:
  Words(const Trouble& trouble, const Phrases& phrases) : trouble_(trouble), phrases_(phrases) {}

  std::string title() const {
    if (trouble_.over) return say("over.title");
    if (trouble_.about == "duty" && is_ahead()) return say("title.duty_ahead");
    return say("title");
  }
  std::string lead() const {
    if (trouble_.over) {
      if (trouble_.about == "duty") return say("over.lead.duty");
      if (trouble_.since >= trouble_.now) return "";  // since when is not known
      return say(phrases_.same_day(trouble_.since, trouble_.now) ? "over.lead.day" : "over.lead.days");
    }
    const std::string& reason = trouble_.reason;
    if (trouble_.about == "store") return phrases_.say("trouble.lead.store", {{"reason", reason}});
    if (!reason.empty()) return phrases_.say("trouble.lead.words", {{"reason", reason}});
    return trouble_.about == "endpoint" || trouble_.about == "source" ? "" : say("lead");
  }
  std::string since() const {
    // Of these the lead says it.
    const bool said = trouble_.about == "lost" || trouble_.about == "outbox" || trouble_.about == "timers";
    if (trouble_.over || said) return "";
    if (trouble_.about != "duty") return say("since.past");
    return say(concat(is_ahead() ? "since.ahead" : "since.past", trouble_.until ? "_until" : ""));
  }
  std::string next() const { 
    if (!trouble_.over) return say("next");
    return say(trouble_.about == "endpoint" || trouble_.about == "lost" ? "over.next.endpoint" : "over.next.any");
  }

 private:
  bool is_ahead() const { return trouble_.since > trouble_.now; }

  // Of `title`, `lead`, `next` and their like the form for what it is about; a path that names its form itself is that.
  std::string say(std::string_view path) const {
    std::string about = trouble_.about;
    if (about == "endpoint" && trouble_.disabled) about = "disabled";
    const bool by_about = path == "title" || path == "lead" || path == "next" || path == "over.title";
    const Time until = trouble_.until.value_or(trouble_.now);
    return phrases_.say(by_about ? concat("trouble.", path, ".", about) : concat("trouble.", path),
                        {{"id", trouble_.endpoint},
                         {"time", phrases_.date_time(trouble_.since)},
                         {"until", phrases_.date_time(until)},
                         {"from", phrases_.short_time(trouble_.since)},
                         {"to", phrases_.short_time(trouble_.now)},
                         {"from_clock", phrases_.clock_time(trouble_.since)},
                         {"to_clock", phrases_.clock_time(trouble_.now)},
                         {"duration", phrases_.duration(std::max(Duration::zero(), trouble_.now - trouble_.since))},
                         {"zone", phrases_.zone()}});
  }

  const Trouble& trouble_;
  const Phrases& phrases_;
};

}  // namespace

std::string make_trouble(const Trouble& trouble) {
  json::Writer out;
  out.begin_object();
  out.key("version").integer(1);
  out.member("purpose", "trouble");
  out.key("seq").integer(trouble.seq);
  out.member("time", format_rfc3339(trouble.now));
  out.member("about", trouble.about);
  out.key("over").boolean(trouble.over);
  out.key("endpoint").begin_object();
  out.member("id", trouble.endpoint).member("kind", trouble.kind).key("disabled").boolean(trouble.disabled);
  out.member("since", format_rfc3339(trouble.since));
  if (trouble.until) out.member("until", format_rfc3339(*trouble.until));
  out.member("reason", shorten(trouble.reason, kReasonShown));
  out.end_object().end_object();
  return out.take();
}

bool is_trouble(const json::Value& document) { return document.text_or("purpose", "") == "trouble"; }

Result<Story> tell_trouble(const json::Value& document, const Audience& audience) {
  TRY(const Phrases phrases, Phrases::load(audience.language, audience.time_zone));
  TRY(const Trouble trouble, read_trouble(document));
  const Words words(trouble, phrases);
  Story story;
  story.language = audience.language;
  story.purpose = "trouble";
  story.seq = trouble.seq;
  story.severity = trouble.over ? 1 : 4;
  story.tone = trouble.over ? Story::Tone::good : Story::Tone::high;
  story.mark = trouble.over ? "🟢" : "⚠️";
  story.opened = std::min(trouble.since, trouble.now);
  story.now = trouble.now;
  if (trouble.over) story.ended = trouble.now;
  story.reference = trouble.endpoint;
  story.title = words.title();
  story.badge = phrases.say("trouble.badge");
  story.lead = words.lead();
  story.since = words.since();
  story.next = words.next();
  story.footer = {phrases.say("trouble.footer")};
  if (audience.late) {
    story.late = audience.late_because.empty()
                     ? phrases.say("late.by", {{"duration", phrases.duration(*audience.late)}})
                     : phrases.say("late.because", {{"duration", phrases.duration(*audience.late)},
                                                    {"who", plain_line(audience.late_because)}});
  }
  story.subject = shorten(phrases.say("trouble.subject", {{"title", story.title}}), kSubject);
  story.preheader = shorten(story.lead, kPreheader);
  story.brief = concat("Vigie. ", story.title);
  return story;
}

}  // namespace vigie
