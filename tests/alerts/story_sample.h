// Stories told by hand, as a reader meets them one after the other: late deliveries at Acme, in both languages. What
// channels show is tested on these, apart from how a story is made of an alert document.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "alerts/story.h"
#include "tests/alerts/sample.h"

namespace vigie::test {

inline const std::vector<std::string> kStoryPurposes = {"first",    "worse",  "reopened", "resolved", "acked",
                                                        "escalate", "repeat", "over",     "digest",   "test"};

struct StoryWords {
  std::string title, lead, since, rising_title, quotes_title, next, see, footer;
  std::vector<std::string> rising;
  std::vector<std::pair<std::string, std::string>> quotes;           // text, by
  std::map<std::string, std::string> links;                          // kind, label
  std::map<std::string, std::string> badge, changed, titles, leads;  // by purpose
  std::vector<Story::Row> over_rows, digest_rows;
};

inline StoryWords french_words() {
  StoryWords w;
  w.title = "Acme\u00a0: avis négatifs ×6 (livraison)";
  w.lead = "212 en 1\u00a0h, attendu 35 (entre 20 et 55)";
  w.since = "depuis 17:40 (heure de Paris), en hausse";
  w.rising_title = "Ce qui monte";
  w.rising = {"«\u202fcolis jamais arrivé\u202f» 74 (nouveau)", "«\u202fservice client injoignable\u202f» 51 (×5)",
              "«\u202fblack friday\u202f» 33 (×9)"};
  w.quotes_title = "Trois messages représentatifs";
  w.quotes = {{"«\u202fCommande passée le 12, toujours rien, et personne ne répond.\u202f»",
               "@client-0042, 1\u202f240 abonnés, mastodon, 18:22"},
              {"«\u202fEncore un Black Friday où Acme vend ce qu’elle ne peut pas livrer.\u202f»",
               "@client-0007, 212\u202f000 abonnés, mastodon, 17:51"},
              {"«\u202f3e relance, 3e réponse automatique.\u202f»", "client-0311, 1\u202f★, avis-verifies, 19:01"}};
  w.see = "voir";
  w.next = "Prochaine étape\u00a0: prendre l’incident avant 19:25, ensuite l’astreinte est prévenue";
  w.links = {{"ack", "Je prends"},
             {"mute", "Muet 1\u00a0h"},
             {"mute_until_morning", "Muet jusqu’à demain 08:00"},
             {"false_alarm", "Fausse alerte"},
             {"open", "Ouvrir l’incident"}};
  w.footer = "Vous recevez ceci car cette adresse suit Acme";
  w.badge = {{"first", "Nouveau · gravité\u00a0: élevée"},
             {"worse", "Aggravé · gravité\u00a0: critique"},
             {"reopened", "Rouvert · gravité\u00a0: élevée"},
             {"resolved", "Terminé"},
             {"acked", "Pris en charge"},
             {"escalate", "Toujours sans réponse · gravité\u00a0: élevée"},
             {"repeat", "Rappel · gravité\u00a0: élevée"},
             {"over", "Terminé sans message d’ouverture"},
             {"digest", "Récapitulatif du matin"},
             {"test", "[TEST]"}};
  w.changed = {{"worse", "Depuis le dernier message\u00a0: nouveau sujet «\u202fremboursement\u202f», 88 messages"},
               {"reopened", "Terminé à 21:20, revenu 40\u00a0min après"},
               {"acked", "Pris par une collègue à 19:32. L’escalade est arrêtée"},
               {"escalate", "Personne n’a pris l’incident en 15\u00a0min"}};
  w.titles = {{"resolved", "Acme\u00a0: retour à la normale (livraison)"},
              {"over", "Acme\u00a0: retour à la normale (livraison)"},
              {"acked", "Acme\u00a0: incident pris en charge"},
              {"digest", "3 incidents depuis hier 17:30"},
              {"test", "Message d’essai de vigie"}};
  w.leads = {{"resolved", "Retour à l’attendu depuis 15\u00a0min"},
             {"over", "Retour à l’attendu depuis 15\u00a0min"},
             {"digest", "2 en cours, 1 terminé"},
             {"test", "Si vous lisez ceci, le canal fonctionne. Rien à faire"}};
  w.over_rows = {{"Durée", "3\u00a0h\u00a040"}, {"Pic", "212 en 1\u00a0h à 19:00"}, {"Au total", "611 messages"}};
  w.digest_rows = {{"Acme", "avis négatifs ×6 (livraison), en cours, pris à 19:32"},
                   {"Globex", "12 messages négatifs en 1\u00a0h, en cours"},
                   {"Initech", "note en baisse, terminé à 22:10"}};
  return w;
}

inline StoryWords english_words() {
  StoryWords w;
  w.title = "Acme: negative posts 6× usual (delivery)";
  w.lead = "212 in 1 h, expected 35 (20 to 55)";
  w.since = "since 17:40 (London time), rising";
  w.rising_title = "Rising";
  w.rising = {"“never arrived” 74 (new)", "“can't reach support” 51 (5×)", "“black friday” 33 (9×)"};
  w.quotes_title = "Three typical posts";
  w.quotes = {
      {"“Ordered on the 12th, still nothing, and nobody answers.”", "@client-0042, 1,240 followers, mastodon, 18:22"},
      {"“Another Black Friday of Acme selling what it can't deliver.”",
       "@client-0007, 212,000 followers, mastodon, 17:51"},
      {"“Third reminder, third automatic answer.”", "client-0311, 1 ★, avis-verifies, 19:01"}};
  w.see = "see";
  w.next = "Next: acknowledge before 19:25, then the person on call is told";
  w.links = {{"ack", "Acknowledge"},
             {"mute", "Mute 1 h"},
             {"mute_until_morning", "Mute until tomorrow 08:00"},
             {"false_alarm", "False alarm"},
             {"open", "Open incident"}};
  w.footer = "You receive this because this address follows Acme";
  w.badge = {{"first", "New · severity: high"},
             {"worse", "Worse · severity: critical"},
             {"reopened", "Reopened · severity: high"},
             {"resolved", "Over"},
             {"acked", "Acknowledged"},
             {"escalate", "Still unanswered · severity: high"},
             {"repeat", "Reminder · severity: high"},
             {"over", "Over before it was told"},
             {"digest", "Morning summary"},
             {"test", "[TEST]"}};
  w.changed = {{"worse", "Since the last message: new theme “refund”, 88 posts"},
               {"reopened", "Over at 21:20, back 40 min later"},
               {"acked", "Taken by a colleague at 19:32. Escalation has stopped"},
               {"escalate", "Nobody acknowledged within 15 min"}};
  w.titles = {{"resolved", "Acme: back to normal (delivery)"},
              {"over", "Acme: back to normal (delivery)"},
              {"acked", "Acme: incident acknowledged"},
              {"digest", "3 incidents since 17:30 yesterday"},
              {"test", "Test message of vigie"}};
  w.leads = {{"resolved", "Back to what is expected for 15 min"},
             {"over", "Back to what is expected for 15 min"},
             {"digest", "2 open, 1 over"},
             {"test", "If you can read this, the channel works. Nothing to do"}};
  w.over_rows = {{"Lasted", "3 h 40 min"}, {"Peak", "212 in 1 h at 19:00"}, {"In all", "611 posts"}};
  w.digest_rows = {{"Acme", "negative posts 6× usual (delivery), open, taken at 19:32"},
                   {"Globex", "12 negative posts in 1 h, open"},
                   {"Initech", "rating falling, over at 22:10"}};
  return w;
}

inline std::string word_or(const std::map<std::string, std::string>& words, const std::string& key,
                           const std::string& other) {
  const auto found = words.find(key);
  return found == words.end() ? other : found->second;
}

inline Story::Tone story_tone(const std::string& purpose) {
  if (purpose == "resolved" || purpose == "over") return Story::Tone::good;
  if (purpose == "worse") return Story::Tone::critical;
  if (purpose == "digest" || purpose == "test") return Story::Tone::neutral;
  return Story::Tone::high;
}

inline std::string story_mark(Story::Tone tone) {
  switch (tone) {
    case Story::Tone::good: return "🟢";
    case Story::Tone::neutral: return "⚪";
    case Story::Tone::critical: return "🚨";
    default: return "🔴";
  }
}

inline void add_quotes(Story& story, const StoryWords& words) {
  story.quotes_title = words.quotes_title;
  for (const auto& [text, by] : words.quotes)
    story.quotes.push_back(
        {text, by, words.see, "https://social.example/@client/" + std::to_string(story.quotes.size() + 1)});
  story.quotes.back().url.clear();
}

inline Story sample_story(const std::string& purpose = "first", const std::string& language = "fr",
                          bool quotes = true) {
  const StoryWords words = language == "fr" ? french_words() : english_words();
  const bool about_one = purpose != "digest" && purpose != "test";
  const bool ended = purpose == "resolved" || purpose == "over";
  const bool asks = about_one && !ended && purpose != "acked";
  Story story;
  story.language = language;
  story.purpose = purpose;
  story.kind = "negative";
  story.tone = story_tone(purpose);
  story.mark = story_mark(story.tone);
  story.opened = at("2026-11-21T16:40:00Z");
  story.now = at("2026-11-21T18:10:00Z");
  story.title = word_or(words.titles, purpose, words.title);
  story.badge = word_or(words.badge, purpose, "");
  story.lead = word_or(words.leads, purpose, words.lead);
  story.changed = word_or(words.changed, purpose, "");
  story.footer = {words.footer};
  if (about_one) {
    story.incident = "1f3a5c7e9b2d4f60";
    story.reference = "ACME-1F3A";
    story.brand = "acme";
    story.brand_name = "Acme";
  }
  if (ended) story.rows = words.over_rows;
  if (purpose == "digest") story.rows = words.digest_rows;
  if (asks) {
    story.since = words.since;
    story.sparkline = "▁▂▁▂▃▅▇█";
    story.rising_title = words.rising_title;
    story.rising = words.rising;
    story.next = words.next;
    story.quotes_shown = quotes;
    if (quotes) add_quotes(story, words);
    for (const char* kind : {"ack", "mute", "mute_until_morning", "false_alarm"})
      story.links.push_back({kind, words.links.at(kind), concat("https://vigie.example.org/a/", kind, "?t=Zm9v-YmFy")});
  }
  if (purpose != "test")
    story.links.push_back({"open", words.links.at("open"), "https://vigie.example.org/incidents/1f3a5c7e9b2d4f60"});
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
