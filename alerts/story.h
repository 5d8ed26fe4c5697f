// What a message says, in its reader's language and cut into parts: every channel lays the same parts out, as far as it
// has room, so that the same incident reads as one story wherever it is read. Plain text throughout; each channel
// escapes for itself. Quotes and names come from strangers.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace vigie {

struct Story {
  enum class Tone { neutral, info, warning, high, critical, good };  // good: it is over

  struct Row {
    std::string label, value;
  };
  struct Quote {
    std::string text;  // in the quotation marks of its reader's language; at most about 150 characters
    std::string by;    // "@client-0042, 1 240 abonnés, mastodon, 21 nov., 18:22"
    std::string see;   // label of its link
    std::string url;   // https or http, or ""
  };
  struct Link {
    std::string kind;  // ack mute mute_until_morning false_alarm open wall unsubscribe why
    std::string label, url;
  };

  // What it is about. Ids are ours: letters, digits and "-".
  std::string language;  // "fr", "en"
  std::string purpose;   // first worse reopened resolved over acked escalate repeat digest budget test
  std::string incident;  // 16 hex; "" where it is about none
  std::string kind;      // "negative" or the id of a rule
  std::string brand, brand_name;
  std::string reference;  // what people call the incident: "ACME-1F3A"
  int epoch = 0;          // reopenings
  std::int64_t seq = 0;   // number of the transition told
  int severity = 1;       // 1..5
  Tone tone = Tone::neutral;
  Time opened{}, now{};  // now: of the facts, not of the sending
  std::optional<Time> ended;
  bool quotes_shown = true;

  // What it says, in the order of importance: a channel that is short of room cuts from the end.
  std::string mark;       // one sign for the tone, never alone: "🔴"
  std::string title;      // "Acme : avis négatifs ×6 (livraison)"; at most 80 characters
  std::string badge;      // "Nouveau · gravité : élevée"
  std::string lead;       // "212 en 1 h 30, attendu 35 (entre 20 et 55)"
  std::string since;      // "depuis 17:40 (heure de Paris), en hausse"
  std::string weight;     // "confiance élevée · portée ≈ 480 000, dont 61 % par 3 comptes"; "" where neither is known
  std::string changed;    // what is new since the last message; "" in a first one
  std::string late;       // "retardé de 42 min (Slack ne répondait pas)"; "" when it is in time
  std::vector<Row> rows;  // the table of a long message
  std::string rising_title;
  std::vector<std::string> rising;  // "« colis jamais arrivé » 74 (nouveau)"
  std::string quotes_title;
  std::vector<Quote> quotes;               // at most 3
  std::string chart_title, chart_caption;  // the caption repeats the numbers
  std::string sparkline;                   // "▁▂▁▂▃▅▇█"; "" where there is no chart
  std::vector<double> hourly;              // what it is drawn from, oldest first
  std::vector<std::string> hours;          // by its reader's clock, when each of them began: "17:00"
  double usual_hourly = 0;                 // what the window expects, by the hour; 0 = no habit to compare with
  std::string next;                        // the next step and until when, one sentence
  std::string advice_title;
  std::vector<std::string> advice;
  std::vector<Link> links;          // the first one is the main one
  std::vector<std::string> footer;  // why this person receives it

  // Of a mail: at most 60 and 90 characters.
  std::string subject, preheader;
  // Of a text message: one sentence for 160 characters of GSM-7 with the link, which is not in it.
  std::string brief;

  const Link* link(std::string_view wanted) const {
    for (const Link& one : links) {
      if (one.kind == wanted) return &one;
    }
    return nullptr;
  }
};

// For whom it is told.
struct Audience {
  std::string language = "en";
  std::string time_zone = "UTC";
  bool quotes = true;
  std::vector<std::pair<std::string, std::string>> actions;  // kind of link and its address, signed for this reader
  std::optional<Duration> late;                              // it goes out that much after it was owed
  std::string late_because;                                  // the endpoint that did not answer
  bool repeated = false;                                     // a try before this one may have arrived
};

// The story of an alert document (alerts/message.h). bad_data when it is not one of ours, bad_config for an unknown
// language or zone.
Result<Story> tell(std::string_view document, const Audience& audience);

// One JSON object with every part by its name, for users' own templates and for webhooks that want words.
std::string to_json(const Story& story);

}  // namespace vigie
