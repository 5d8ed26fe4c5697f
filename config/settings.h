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
  std::string id;
  std::string kind;                            // "feed", "file", "imap"..., or the id of a definition ("hackernews")
  std::string url;                             // feed: what to poll; file: path
  std::map<std::string, std::string> params;   // definition parameters
  std::map<std::string, std::string> secrets;  // already resolved; never printed
  Duration every_min = minutes(2), every_max = hours(6);
  bool own_pace = false;  // `every` was written: it counts more than the definition's own bounds
  bool wall = false;  // its reviews are the brand's own collected opinions and stand on the wall
  std::string brand;  // every mention is about this brand, whatever its text ("" = by matching)
};

struct PersonSettings {
  std::string id, name;
  std::string language = "en";    // "fr" or "en"
  std::string time_zone = "UTC";  // IANA
};

struct EndpointSettings {
  std::string id;
  std::string kind;                 // "email", "webhook", "file"
  std::string person;               // id
  std::string to;                   // email: address
  std::string url;                  // webhook: secret-bearing
  std::string secret;               // webhook: whsec_...
  std::string folder;               // file
  std::string language, time_zone;  // of its person, or its own
};

struct MailSettings {
  std::string host;  // "" = no mail
  int port = 587;
  std::string tls = "starttls";  // starttls | tls | none (loopback only)
  std::string user, password;
  std::string from;  // "Vigie <vigie@example.org>"
};

struct RouteSettings {
  std::vector<std::string> brands;  // empty = all
  Severity min_severity = Severity::info;
  std::vector<std::string> to;  // endpoint ids
};

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
  bool small = true;  // brands rarely spoken of: each complaint, and slow drifts
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
  std::string model, tokenizer;  // files
  std::string runtime;           // library; "" = the system's
  std::string name;              // kept with each judgement behind the first model's: "sentiment-1+xlm"
  std::vector<Label> labels;     // what each class of the model says
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
