// What the product says of one crisis, in both languages: told from real alert documents, with the links that a real
// message carries. What channels show is tested on these.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "alerts/digest.h"
#include "alerts/links.h"
#include "alerts/story.h"
#include "base/text.h"
#include "tests/alerts/sample.h"

namespace vigie::test {

// Purposes, and states of a message that are none of their own: an incident gone blind, one that was given to somebody,
// one that was joined to another, a first message that comes late.
inline const std::vector<std::string> kStoryPurposes = {"first",  "worse", "reopened", "resolved", "acked",
                                                        "escalate", "repeat", "over",   "blind",    "assigned",
                                                        "merged", "delayed", "digest", "budget",   "test"};

inline Links sample_links() { return Links(std::string(32, 'k'), "https://avis.example.org"); }

inline DocumentInput sample_input(const std::string& purpose) {
  const bool of_first = purpose == "blind" || purpose == "assigned" || purpose == "delayed";
  DocumentInput input = document_of(of_first ? "first" : purpose == "merged" ? "resolved" : purpose);
  input.people = {{"person-1", "Astreinte 1"}, {"person-2", "Astreinte 2"}, {"person-3", "Astreinte 3"}};
  input.incident.evidence.reach = 480'000;
  if (purpose == "blind") {
    input.purpose = "worse";
    input.reason = "blind";
    input.incident.blind = true;
    input.silent = {{"mastodon", at("2026-11-21T17:45:00Z")}};
  } else if (purpose == "assigned") {
    input.purpose = "escalate";
    input.escalation = {0, "assigned", "person-2", {}, at("2026-11-21T18:25:00Z"), "l’astreinte"};
  } else if (purpose == "merged") {
    input.purpose = "resolved";
    input.incident.resolve_reason = "merged";
    input.incident.resolved_by = "person-2";
    input.incident.merged_into = "7d20a1b2c3d4e5f6";
  } else if (purpose == "delayed") {
    input.purpose = "first";
  } else {
    input.purpose = purpose;
  }
  return input;
}

inline DigestInput sample_digest(const std::string& purpose) {
  DigestInput input;
  input.purpose = purpose;
  input.period = {at("2026-11-21T16:30:00Z"), at("2026-11-22T07:30:00Z")};
  input.counted = TimeSpan{at("2026-11-21T16:00:00Z"), at("2026-11-22T07:30:00Z")};
  const Incident over = document_of("resolved").incident;
  Incident other = document_of("first").incident;
  other.id = "7d20a1b2c3d4e5f6";
  other.evidence.themes = {{"support", 12, 3}};
  other.evidence.observed = 24;
  other.evidence.expected = 9;
  other.opened = at("2026-11-22T05:10:00Z");
  input.held = {{over, "Acme", {"quiet"}, 3}};
  input.open = {{other, "Acme", {}, 0}};
  input.numbers = {{"acme", "Acme", 1240, 412}};
  input.console_url = "https://vigie.example.org/incidents";
  input.now = at("2026-11-22T07:30:05Z");
  return input;
}

inline std::string sample_words(const std::string& purpose) {
  if (purpose == "digest" || purpose == "budget") return make_digest(sample_digest(purpose));
  if (purpose == "test") return make_test_document("on-call", false, at("2026-11-21T18:10:00Z"));
  return make_document(sample_input(purpose));
}

// `brief`: as a text message has it, with short links.
inline Story sample_story(const std::string& purpose = "first", const std::string& language = "fr", bool quotes = true,
                          bool brief = false) {
  Notification owed = notification();
  owed.document = sample_words(purpose);
  const bool about_one = purpose != "digest" && purpose != "budget" && purpose != "test";
  if (about_one) {
    const DocumentInput input = sample_input(purpose);
    owed.purpose = input.purpose;
    owed.subject_id = input.incident.id;
  } else {
    owed.purpose = purpose;
    owed.subject_kind = purpose == "test" ? "test" : "digest";
  }
  Audience audience{language, language == "fr" ? "Europe/Paris" : "Europe/London", quotes, {}, {}, "", false};
  audience.actions = actions_for(owed, sample_links(), owed.created + 7 * kDay, brief);
  if (purpose == "delayed") {
    audience.late = minutes(42);
    audience.late_because = "on-call";
  }
  return tell(owed.document, audience).value();
}

// The same, told once: to tell one anew each time takes longer than to render it.
inline const Story& known_story(const std::string& purpose, const std::string& language) {
  static std::map<std::string, Story> told;
  Story& story = told[concat(purpose, ".", language)];
  if (story.purpose.empty()) story = sample_story(purpose, language);
  return story;
}

// What people write who would like the alert to do something.
inline const std::vector<std::string> kHostileTexts = {
    "@everyone @here @channel @all @room look",
    "<!channel> <!here|x> <@U012AB3CD> <#C123> <@&42> <users/all>",
    "</b></a></blockquote><script>alert(1)</script><img src=x onerror=alert(1)>",
    "[free](https://evil.example/x) <https://evil.example|free> ![i](https://evil.example/i.png)",
    "*bold* _it_ ~gone~ `code` **B** ||spoiler|| ~~s~~ ```pre```",
    "https://evil.example/a www.evil.example evil.example/x mailto:a@evil.example tg://resolve?domain=x",
    "&amp; &lt;b&gt; \\*not\\* \\",
    "# heading\n> quote\n- list\n1. one\n/kick @bob",
    "\u202egnp.exe \u2066isolate\u2069 \u200fRTL שלום عليكم",
    "👩‍👩‍👧‍👦👨🏽‍🚀🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301\u0301\u0301 𝕏 💥",
    "a\r\nb\tc\u0001d\u2028e",
    "\xED\xA0\x80 \xF0\x9F\x98 \xC0\xAF",  // a lone surrogate, a cut emoji, an overlong form
};

inline Story hostile_story(const std::string& purpose = "first") {
  Story story = sample_story(purpose, "fr");
  story.brand_name = "Acme <b>@all</b>";
  story.title = "Acme <b>@all</b>: " + kHostileTexts[4];
  story.rising = {kHostileTexts[0], kHostileTexts[1], kHostileTexts[6]};
  story.quotes = {{kHostileTexts[2], kHostileTexts[0], "voir", "https://social.example/a)(b|c>d\"e f"},
                  {kHostileTexts[3], kHostileTexts[1], "voir", "javascript:alert(1)"},
                  {kHostileTexts[5], kHostileTexts[9], "voir", "https://social.example/ok"}};
  story.changed = kHostileTexts[7];
  story.late = kHostileTexts[8];
  return story;
}

}  // namespace vigie::test
