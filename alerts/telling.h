// What the parts of a story are told from, and the words that several parts share. Of alerts/story_*.cpp alone.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/facts.h"
#include "alerts/phrases.h"
#include "alerts/story.h"

namespace vigie {

struct Telling {
  const Facts& facts;
  const Phrases& say;
  const Audience& audience;

  const Signal& signal() const { return facts.signal; }
  bool own_rule() const { return is_of_own_rule(facts.signal); }
  bool is_over() const { return facts.purpose == "resolved" || facts.purpose == "over"; }
  bool by_hand() const { return facts.purpose == "resolved" && !facts.resolve_reason.empty(); }
  bool is_plain_test() const { return !facts.is_about_incident(); }
  bool is_test() const { return facts.purpose == "test"; }
  // Somebody may still take it: their doing so is what is asked for.
  bool is_untaken() const;
  // When the next step follows unless somebody takes it before; nothing when that is past for a reader of a late one.
  std::optional<Time> deadline() const;
  // Under which name the catalogue has the words for this message. What is given to somebody, or given back before any
  // step was taken, is no escalation to its reader.
  std::string_view wording() const;

  std::string level() const;  // of its severity, in words
  std::string theme(std::string_view id) const;
  std::string lasting_theme() const;  // of the whole incident: the same in its first message and in its last
  std::string main_theme() const;     // of the moment
  std::string time(Time when) const;  // with its day where that is not today's
  std::string source(const std::string& id) const;
  std::string join(const std::vector<std::string>& parts) const;
};

// A stranger's or an operator's words in one line: no control characters, none that turn the direction of what follows.
std::string plain_line(std::string_view text);

// What people call a source that has no name but its id: "avis-verifies" is "Avis verifies", "hackernews" Hacker News.
std::string source_name(std::string_view id);

// Every name and word that the facts took from outside, as one line of at most 80 characters; quotes at their length.
void clean(Facts& facts);

// A reach as one may say it: to the hundred, for followers are no readers.
double about(double reach);

// From when until when an incident that is over lasted.
struct IncidentSpan {
  Time start{}, end{};
};
IncidentSpan span_of(const Facts& facts);

// Which way the complaints go, by the hour now running against the one before; "" where little can be said.
std::string_view trend_of(const Facts& facts);  // rising steady falling

// What people call an incident of this brand: "ACME-1F3A".
std::string reference_of(std::string_view brand, std::string_view incident);

// The parts. Limits: title 80, subject 60, preheader 90 characters; brief 130 of GSM-7.
std::string title_of(const Telling& told);
std::string subject_of(const Telling& told);
std::string preheader_of(const Telling& told);
std::string brief_of(const Telling& told);
std::vector<Story::Row> rows_of(const Telling& told);
std::string weight_of(const Telling& told);
std::vector<std::string> rising_of(const Telling& told);
std::vector<Story::Quote> quotes_of(const Telling& told);
std::vector<std::string> advice_of(const Telling& told);
std::vector<Story::Link> links_of(const Telling& told);
std::vector<std::string> footer_of(const Telling& told, const std::string& reference);
std::string changed_of(const Telling& told);

// Of a text message: how much room it takes. Typographic signs count as what stands in for them.
std::size_t gsm_length(std::string_view text);

}  // namespace vigie
