// What an operator decides, checked and complete: the meaning of vigie.toml.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/node.h"
#include "model/incident.h"
#include "model/judgement.h"

namespace vigie {

struct BrandSettings {
  std::string id;  // lower case, in URLs
  std::string name;
  std::string match;     // brand query; default: the name as a phrase
  std::string language;  // of its wall by default: "fr" or "en"
};

struct SourceSettings {
  std::string id, name;                        // the name is for readers of the wall; never empty once read
  std::string kind;                            // "feed", "file", "imap"..., or the id of a definition ("hackernews")
  std::string url;                             // feed: what to poll; file: path
  std::map<std::string, std::string> params;   // definition parameters
  std::map<std::string, std::string> secrets;  // already resolved; never printed
  Duration every_min = minutes(2), every_max = hours(6);
  bool own_pace = false;  // `every` was written: it counts more than the definition's own bounds
  bool wall = false;      // its reviews are the brand's own collected opinions and stand on the wall
  std::string brand;      // every mention is about this brand, whatever its text ("" = by matching)
};

// Hours of the week in a zone's local time, half-open. An end that is not behind the start belongs to the next day.
struct WeekWindow {
  unsigned days = 0x7f;    // of the start; bit 0 Monday .. bit 6 Sunday
  int start = 0, end = 0;  // minutes after local midnight, 0..1440; they differ
};

// How many messages one person gets: a token bucket, and so many a day at most. Critical ones and ends are counted
// apart, in buckets of the same size.
struct MessageBudget {
  int burst = 6;
  Duration refill = minutes(20);  // one more after each
  int per_day = 30;
};

struct PersonSettings {
  std::string id, name;
  std::string language = "en";    // "fr" or "en"
  std::string time_zone = "UTC";  // IANA
  std::vector<WeekWindow> quiet;  // hours in which only what is critical comes through
  bool strictly_quiet = false;    // not even that
  MessageBudget budget;
  std::vector<int> digest_at = {8 * 60 + 30,
                                17 * 60 + 30};  // local minutes at which what was held back is summed up; empty: never
  std::string digest = "daily";  // hourly | daily (at digest_at) | weekly (Mondays at the first of digest_at) | never
};

struct TeamSettings {
  std::string id, name;
  std::vector<std::string> people;  // ids
};

// Who is on call: people take turns, handed over at a local time of day.
struct ScheduleSettings {
  struct Override {
    std::string person;
    Time from{}, to{};
  };
  std::string id, name;
  std::string time_zone = "UTC";
  std::vector<std::string> people;      // in turn
  int year = 2026, month = 1, day = 1;  // local day on which the first one begins
  int handover = 9 * 60;                // local minutes after midnight
  int days = 7;                         // of each turn, calendar days
  std::vector<WeekWindow> hours;        // in which somebody is on call; empty = always
  std::vector<Override> overrides;      // the last written wins
};

// Whom else to tell while nobody takes an incident.
struct ChainSettings {
  struct Step {
    Duration after = minutes(15), after_critical = minutes(5);  // the step before it
    std::vector<std::string> to;                                // "ENDPOINT", "person:ID", "team:ID", "oncall:SCHEDULE"
  };
  std::string id;
  std::vector<Step> steps;
  int repeat = 0;  // times the last step is told again, at most 5
};

// What each kind needs stands in config/endpoint_kinds.h.
struct EndpointSettings {
  std::string id;
  std::string kind;    // "email", "webhook", "slack"...
  std::string person;  // id
  std::string to;      // address, channel, chat, room, topic, number
  std::string url;     // secret-bearing
  std::string account, from;
  std::string secret;                          // signing secret, token, key: the one secret of its kind
  std::vector<std::string> old_secrets;        // that sign as well while they are replaced
  std::map<std::string, std::string> secrets;  // further ones by name
  std::string folder;                          // file
  std::string language, time_zone;             // of its person, or its own
  std::string fallback;                        // endpoint told instead when this one fails for good
  std::string template_file;                   // the text of its messages, in the operator's own words
  bool quotes = true;                          // people's own words are shown
};

struct MailSettings {
  std::string host;  // "" = no mail
  int port = 587;
  std::string tls = "starttls";  // starttls | tls | none (loopback only)
  std::string user, password;
  std::string from;  // "Vigie <vigie@example.org>"
};

struct RouteSettings {
  std::vector<std::string> brands;  // empty = all, as for the lists below
  Severity min_severity = Severity::info;
  std::vector<std::string> to;         // as in a chain's step
  std::vector<std::string> themes{};     // one of the incident's themes
  std::vector<std::string> languages{};  // spoken by one of its mentions
  std::vector<std::string> sources{};    // one of those that brought it
  std::vector<std::string> kinds{};      // "negative" or ids of rules
  std::string chain{};                 // id; "" = nobody else is told
};

// How long is waited for what; docs/alerts.md tells why each is as it is.
struct AlertingSettings {
  Duration group = seconds(60);   // from the opening to the first message, so that it names every theme; critical: none
  Duration update = minutes(30);  // between two messages that say "worse", unless the severity rose
  Duration hold = minutes(15);    // calm must last this long
  Duration reopen = hours(6);     // a rise within this after the end reopens
  Duration repeat = hours(4);     // an open incident nobody took is told again; zero: never
  Duration ack_timeout = hours(4);  // a taken one of which nothing is heard goes back; zero: never
  Duration flap_hold = hours(2);    // calm asked of one that came back three times
  Duration links = 7 * kDay;        // how long the links in messages act
  int brand_per_hour = 12;          // messages about one brand to one person
  std::string heartbeat_url;        // asked every minute while all is well; "" = none
  std::vector<std::string> operators;  // whom to tell when vigie itself is in trouble; empty: the first endpoint
  std::vector<WeekWindow> drill;    // when test messages go out: one a week, within the first of them
};

// How walls are run: what is announced to the public, the same for every review, whatever its rating.
struct WallSettings {
  Duration decide_within = 7 * kDay;   // a review nobody decided on by then publishes itself
  Duration reply_within = 7 * kDay;    // a brand's reply is shown by then; it is at once
  Duration keep = 1096 * kDay;         // then it expires; at least a year
  bool hold_marked = true;             // what the automatic checks mark waits for a person; else all is published at once
  std::string charter_url;             // the rules in the operator's own words; "" = the wall's method page
  std::string contact;                 // whom authors and readers write to: shown on the method page
  std::string address;                 // who answers for the wall, as the law asks: shown there too
  std::string selection;               // how who is invited is chosen, in words
  std::string witnesses;               // tlog-policy file; "" = none
  std::vector<std::string> staff;      // addresses, or domains "@acme.example", that may not review
  std::vector<std::string> embed_on;   // origins that may frame the widget; empty = any
};

// One [[survey]]: a question after an interaction, and the free text behind it.
struct SurveySettings {
  enum class Measure { nps, ces, csat };

  std::string id, name;  // the name is for readers of the wall; "" = its subject and measure say enough
  std::string brand;
  Measure measure = Measure::csat;
  std::string subject;                  // X of "recommend X": product, service; default: the brand's name
  std::string language;                 // when the customer's is not known
  bool wall = true;                     // its answers are reviews on the brand's wall
  std::string incentive = "none";       // what is given for answering, whatever the answer: shown on each review
  Duration wait = hours(24);            // from the interaction to the invitation
  Duration expires = 60 * kDay;         // of the link
  Duration remind_after = 4 * kDay;     // once, whoever has not answered; zero: never
  Duration quarantine = 90 * kDay;      // between two surveys of this organisation to one person
  std::vector<std::string> places;      // of posters and kiosks: "paris-nation"; answers say which
  std::string endpoint;                 // of kind email or an SMS kind: what invitations go through; "" = links only
  std::string key;                      // secret of the CRM's calls; "" = none may call
  bool product = false;                 // the subject is a product: search engines may be told its rating
};
std::string_view to_text(SurveySettings::Measure measure);
std::string_view scale_of(SurveySettings::Measure measure);  // "0-10" "1-7" "1-5"

struct ServeSettings {
  std::string public_listen = "127.0.0.1:8080";
  std::string console_listen = "127.0.0.1:8081";
  std::string public_url = "http://127.0.0.1:8080";
  std::string console_url = "http://127.0.0.1:8081";
  std::vector<std::string> trusted_proxies;
};

struct HttpSettings {
  std::string contact;  // URL or mail in the User-Agent
  std::vector<std::string> allow_private;
  std::string ca_file;
  Duration host_pause = seconds(1);  // rest between two requests to one host
};

struct DetectSettings {
  double budget = 1.0;  // allowed false alarms per brand and month, > 0
  bool shadow = false;  // its incidents are kept and shown, and nobody is told
  bool small = true;    // brands rarely spoken of: each complaint, and slow drifts
};

// What is counted or compared by a rule.
enum class Measure { mentions, negatives, share, stars, nps };
std::string_view to_text(Measure measure);

// One [[rule]]: what else speaks of a brand, beside [detect]. docs/rules.md tells what each kind does.
struct RuleSettings {
  enum class Kind { budget, threshold, keyword, rating, unanswered, silence, each, drift };

  std::string id;  // also the kind of its incidents
  std::string name;
  Kind kind = Kind::threshold;
  std::vector<std::string> brands;  // empty = all
  std::string match;                // query on title and text; "" = every mention of the brand
  std::vector<std::string> themes;  // one of these; empty = any
  std::vector<std::string> types;   // kinds of mentions: "review"; empty = any
  Measure measure = Measure::negatives;
  int count = 1;
  double share = 0;  // of negatives, with measure share
  double drop = 0;   // of stars or NPS points
  Duration window = hours(1);
  Duration before = 28 * kDay;  // what a rating is compared with
  Duration hold = minutes(15);  // calm must last this long
  double budget = 1;            // of kind budget
  int severity = 3;             // 1..5, of its first signal
  bool shadow = false;

  bool covers(std::string_view brand) const;
};
std::string_view to_text(RuleSettings::Kind kind);

// A slower model for the texts that the first one is unsure of; off unless the file has the section.
struct SecondStageSettings {
  bool on = false;
  std::string model, tokenizer;        // files
  std::string runtime;                 // library; "" = the system's
  std::string name;                    // kept with each judgement behind the first model's: "sentiment-1+xlm"
  std::vector<Label> labels;           // what each class of the model says
  std::vector<std::string> languages;  // it is asked about; empty = all
  double below = 0.6, share = 0, weight = 0.5;
  Duration budget = seconds(2);  // a batch
  int batch = 1;                 // texts at once
  int max_tokens = 128;
};

struct Settings {
  std::string data = "data";  // folder for the database, secrets and messages written to files
  std::string store = "";     // "sqlite:PATH"; default sqlite:<data>/vigie.db
  std::string bus = "memory:";
  std::string organisation = "";  // who runs the wall
  std::vector<BrandSettings> brands;
  std::vector<SourceSettings> sources;
  std::vector<PersonSettings> people;
  std::vector<TeamSettings> teams;
  std::vector<ScheduleSettings> schedules;
  std::vector<ChainSettings> chains;
  AlertingSettings alerting;
  WallSettings wall;
  std::vector<SurveySettings> surveys;
  std::vector<EndpointSettings> endpoints;
  std::vector<RouteSettings> routes;
  MailSettings mail;
  ServeSettings serve;
  HttpSettings http;
  DetectSettings detect;
  std::vector<RuleSettings> rules;
  SecondStageSettings second_stage;
  std::vector<std::string> theme_files;  // words and themes beside the shipped ones
};

// What other folders know and config may not include: checks that settings cannot do alone. app/ fills them in.
struct Kinds {
  // A definition's id -> its parameter and secret names ("token?" = optional), for kinds that are not built in.
  struct Definition {
    std::vector<std::string> params, secrets;
    std::string name{};  // as people know it: "Hacker News"
  };
  std::map<std::string, Definition> definitions;
  // "" when the brand query is well formed, else the error.
  std::string (*check_query)(std::string_view query) = nullptr;
  // "" when a source of such a kind can be opened, else "param: expected X, found Y".
  std::string (*check_source)(const SourceSettings& source) = nullptr;
  // What is wrong in files of themes, one line each with its place.
  std::vector<std::string> (*check_themes)(const std::vector<std::string>& files) = nullptr;
  // The ids of all themes, with those that the files declare.
  std::vector<std::string> (*theme_ids)(const std::vector<std::string>& files) = nullptr;
};

// Reads and checks everything; problems are added to the tree. Usable only when the tree has none.
Settings read_settings(const config::Tree& tree, const Kinds& kinds);

// Only [second_stage], of a file that need not hold anything else.
SecondStageSettings read_second_stage(const config::Tree& tree);

// The annotated example of every option, from the same declarations: docs/reference.md.
std::string settings_reference();

}  // namespace vigie
