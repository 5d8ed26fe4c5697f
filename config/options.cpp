#include "config/options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <sstream>

#include "base/text.h"
#include "config/forms.h"

namespace vigie::config {
namespace {

constexpr Field kTop[] = {
    {"data", Type::file, "data", "Folder of the database, of generated secrets and of messages written to files"},
    {"store", Type::text, "", "Where mentions live: \"sqlite:PATH\"; by default vigie.db in the data folder"},
    {"bus", Type::text, "memory:", "What carries batches from the collectors to the pipeline", "memory:"},
    {"organisation", Type::text, "", "Who runs the wall, as its readers see it"},
};

constexpr Field kBrand[] = {
    {"id", Type::id, nullptr, "Name in URLs and in routes"},
    {"name", Type::text, nullptr, "Name as people write it"},
    {"match", Type::text, "",
     "Which texts are about it: words, \"phrases\", AND OR NOT NEAR/n, fields and brackets (docs/queries.md); by "
     "default "
     "its name as a phrase"},
    {"language", Type::text, "en", "Language of its wall for visitors who did not choose", "en|fr"},
};

constexpr Field kSource[] = {
    {"id", Type::id, nullptr, "Name in logs, pages and stored mentions; changing it starts the source anew"},
    {"kind", Type::text, nullptr,
     "\"feed\", \"file\", \"imap\" (a mailbox), \"jetstream\" or \"mastodon-stream\" (streams), \"push\", a shipped "
     "network "
     "such as \"hackernews\", or the path of your own definition (.toml)"},
    {"url", Type::text, "", "feed: what to poll; file: path of the JSONL or CSV file"},
    {"name", Type::text, "",
     "Name as readers of the wall see it; by default what a shipped network is called, else the id"},
    {"brand", Type::text, "", "Brand that every mention of this source is about; by default texts are matched"},
    {"wall", Type::boolean, "false", "Its reviews are opinions the brand collected itself and stand on its wall"},
    {"secrets", Type::secret, "", "Secrets a shipped network asks for, each by its name"},
    {"every", Type::list, "2m, 6h",
     "Time between polls: one duration, or the shortest and the longest to adapt between; a shipped network has its "
     "own"},
};

constexpr Field kPerson[] = {
    {"id", Type::id, nullptr, "Name in endpoints and in the history of incidents"},
    {"name", Type::text, "", "Name as the team knows it; by default the id"},
    {"language", Type::text, "en", "Language of what is sent to this person", "en|fr"},
    {"time_zone", Type::text, "UTC", "Zone in which times are written to this person, such as \"Europe/Paris\""},
    {"quiet", Type::list, "",
     "Hours without messages, in that zone, such as \"22:00-07:00\" or \"Sat,Sun 00:00-24:00\"; what is critical comes "
     "through (docs/alerts.md)"},
    {"strictly_quiet", Type::boolean, "false", "Not even what is critical comes through"},
    {"digest", Type::text, "daily",
     "How often what was held back is summed up; weekly on Mondays, at the first of digest_at; never: it is sent late "
     "instead",
     "hourly|daily|weekly|never"},
    {"digest_at", Type::list, "08:30, 17:30", "Times of day of the daily digests; an empty list: none"},
};

constexpr Field kPersonBudget[] = {
    {"burst", Type::integer, "6", "Messages at once", "1..1000"},
    {"refill", Type::duration, "20m", "One more after each such time"},
    {"per_day", Type::integer, "30", "Messages in any 24 hours", "1..1000"},
};

constexpr Field kTeam[] = {
    {"id", Type::id, nullptr, "Name in routes and chains: \"team:ID\""},
    {"name", Type::text, "", "Name as people know it; by default the id"},
    {"people", Type::list, nullptr, "Who belongs to it: ids of people"},
};

constexpr Field kSchedule[] = {
    {"id", Type::id, nullptr, "Name in routes and chains: \"oncall:ID\""},
    {"name", Type::text, "", "Name as people know it; by default the id"},
    {"time_zone", Type::text, "UTC", "Zone of its days and times"},
    {"people", Type::list, nullptr, "Who is on call in turn: ids of people"},
    {"start", Type::text, nullptr, "Day on which the first of them begins, such as \"2026-01-05\""},
    {"handover", Type::text, "09:00", "Time of day at which a turn begins"},
    {"days", Type::integer, "7", "Days of a turn", "1..366"},
    {"hours", Type::list, "", "Hours in which somebody is on call, as for quiet; by default always"},
};

constexpr Field kScheduleOverride[] = {
    {"person", Type::text, nullptr, "Who stands in"},
    {"from", Type::text, nullptr, "From when, such as \"2026-12-24T09:00:00+01:00\""},
    {"to", Type::text, nullptr, "Until when"},
};

constexpr Field kChain[] = {
    {"id", Type::id, nullptr, "Name in routes"},
    {"repeat", Type::integer, "0", "How many times more its last step is told, after as long each time", "0..5"},
};

constexpr Field kChainStep[] = {
    {"after", Type::duration, "15m", "How long after the step before it"},
    {"after_critical", Type::duration, "5m",
     "The same of a critical incident; never longer than `after` unless written"},
    {"to", Type::list, nullptr, "Who is told, as in a route"},
};

constexpr Field kEndpoint[] = {
    {"id", Type::id, nullptr, "Name in routes"},
    {"kind", Type::text, nullptr, "How it is reached: one of the table below"},
    {"person", Type::text, "", "Person who reads it; lends language and time zone"},
    {"url", Type::url, "", "Where it is; text, or a reference as for secrets when the address itself is one"},
    {"to", Type::text, "", "Who or what receives it there: address, channel, chat, room, topic, number"},
    {"account", Type::text, "", "Account that sends"},
    {"from", Type::text, "", "Sender"},
    {"reply_to", Type::text, "", "email: address that answers go to"},
    {"secret", Type::secret, "", "Signing secret, token or key"},
    {"old_secrets", Type::list, "",
     "webhook: secrets that sign as well, each a reference, while receivers change over"},
    {"secrets", Type::secret, "", "Further secrets, each by its name"},
    {"folder", Type::file, "", "file: folder that receives one file a message"},
    {"language", Type::text, "", "Language of its messages; by default its person's, else English", "en|fr"},
    {"time_zone", Type::text, "", "Zone of the times in its messages; by default its person's, else UTC"},
    {"quotes", Type::boolean, "true", "People's own words are shown; without them a message says where they stand"},
    {"template", Type::file, "", "File that says the text of its messages in your own words (docs/channels.md)"},
    {"fallback", Type::text, "", "Endpoint that is told instead when a message to this one fails for good"},
};

constexpr Field kMail[] = {
    {"host", Type::host, nullptr, "Mail server that takes our messages"},
    {"port", Type::integer, "587", "Its port", "1..65535"},
    {"tls", Type::text, "starttls", "Encryption; none only towards this machine", "starttls|tls|none"},
    {"user", Type::text, "", "Account, when the server wants one"},
    {"password", Type::secret, "", "Password of that account"},
    {"from", Type::text, nullptr, "Sender: \"Vigie <vigie@example.org>\""},
};

constexpr Field kRoute[] = {
    {"brands", Type::list, "", "Brands it is for; by default all"},
    {"min_severity", Type::text, "info", "Least severity that is sent", "info|warning|high|critical"},
    {"to", Type::list, nullptr,
     "Who receives it: ids of endpoints, \"person:ID\" (every endpoint of theirs), \"team:ID\", \"oncall:ID\" (of a "
     "schedule)"},
    {"themes", Type::list, "", "Only incidents with one of these themes; by default all"},
    {"languages", Type::list, "",
     "Only incidents with a mention in one of these languages, such as \"fr\"; by default all"},
    {"sources", Type::list, "", "Only incidents that one of these sources brought; by default all"},
    {"kinds", Type::list, "", "Only these kinds: \"negative\" or ids of rules; by default all"},
    {"chain", Type::text, "", "Whom else to tell while nobody takes it: the id of a chain; by default nobody"},
};

constexpr Field kAlerting[] = {
    {"group", Type::duration, "60s",
     "From the opening to the first message, so that it names every theme; critical: none"},
    {"update", Type::duration, "30m", "Least time between two messages that say \"worse\", unless the severity rose"},
    {"hold", Type::duration, "15m", "How long it must be calm before an incident is over"},
    {"reopen", Type::duration, "6h", "A rise within this after the end reopens the incident"},
    {"repeat", Type::duration, "4h", "An open incident that nobody took is told again after this; 0s: never"},
    {"ack_timeout", Type::duration, "4h", "One that somebody took and of which nothing is heard goes back; 0s: never"},
    {"flap_hold", Type::duration, "2h", "Calm asked of an incident that came back three times"},
    {"links", Type::duration, "7d", "How long the links in messages act"},
    {"brand_per_hour", Type::integer, "12", "Messages about one brand to one person in any hour", "1..1000"},
    {"heartbeat_url", Type::url, "",
     "Asked every minute while all is well, so that somebody else notices when vigie is silent; text, or a reference "
     "as "
     "for secrets"},
    {"operators", Type::list, "",
     "Whom to tell when vigie itself is in trouble: as in a route's `to`; by default the first endpoint of the file"},
    {"drill", Type::list, "", "Hours in one of which a test message goes out a week, as for quiet; by default none"},
};

constexpr Field kWall[] = {
    {"decide_within", Type::duration, "7d",
     "A review that nobody decided on by then publishes itself; announced to the public"},
    {"reply_within", Type::duration, "7d", "The longest a brand's reply may wait before it is shown, as the method page states it; it is shown at once"},
    {"keep", Type::duration, "1096d", "How long a review stands on the wall; at least 365d"},
    {"hold_marked", Type::boolean, "true",
     "What the automatic checks mark (personal data, copies, abuse) waits for a person; no check knows the rating"},
    {"charter_url", Type::url, "", "Your rules in your own words; by default the wall's method page"},
    {"contact", Type::text, "", "URL or mail address that authors and readers write to; shown on the method page"},
    {"address", Type::text, "", "Name and postal address of who answers for the wall; shown on the method page"},
    {"selection", Type::text, "", "How you choose whom to invite, in a sentence; shown on the method page and logged"},
    {"witnesses", Type::file, "", "tlog-policy file of the witnesses that cosign (docs/transparency-log.md)"},
    {"staff", Type::list, "", "Mail addresses, or domains such as \"@acme.example\", that may not review"},
    {"embed_on", Type::list, "",
     "Origins such as \"https://www.acme.example\" that may frame the widget; by default any"},
};

constexpr Field kSurvey[] = {
    {"id", Type::id, nullptr, "Name in the log, in links and in exports"},
    {"brand", Type::id, nullptr, "Brand it is about"},
    {"name", Type::text, "", "Name as readers of the wall see it; by default its subject and what it measures"},
    {"measure", Type::text, nullptr, "What is asked: docs/surveys.md", "nps|ces|csat"},
    {"subject", Type::text, "", "What the question names: the product or service; by default the brand's name"},
    {"product", Type::boolean, "false",
     "The subject is a product: search engines are told its rating. Never for a company or its services"},
    {"language", Type::text, "", "Language when the customer's is not known; by default the brand's", "fr|en"},
    {"wall", Type::boolean, "true", "Its answers are reviews on the brand's wall"},
    {"incentive", Type::text, "none", "What is given for any answer, good or bad; shown on each review"},
    {"wait", Type::duration, "1d", "From the interaction to the invitation"},
    {"expires", Type::duration, "60d", "How long an invitation can be answered"},
    {"remind_after", Type::duration, "4d", "One reminder to whoever has not answered; 0s: none"},
    {"quarantine", Type::duration, "90d", "Least time between two surveys to one person; at least 7d"},
    {"places", Type::list, "", "Where its posters and kiosks stand: ids such as \"paris-nation\""},
    {"endpoint", Type::id, "", "Endpoint that sends its invitations, of kind email, ovh or twilio"},
    {"key", Type::secret, "", "Secret with which your CRM or shop may ask for invitations"},
};

constexpr Field kServe[] = {
    {"public", Type::address, "127.0.0.1:8080", "Address of the walls, the surveys and what else the public sees"},
    {"console", Type::address, "127.0.0.1:8081", "Address of the team's console"},
    {"public_url", Type::url, "", "The same as visitors write it; by default http:// and the address"},
    {"console_url", Type::url, "", "The same as the team writes it; by default http:// and the address"},
    {"trusted_proxies", Type::list, "", "Addresses or networks of reverse proxies that may say who the visitor is"},
};

constexpr Field kHttp[] = {
    {"contact", Type::text, "",
     "URL or mail address by which the owner of a polled site can reach you; sent with every request"},
    {"allow_private", Type::list, "", "Private addresses or networks that may be asked: on ports 80, 443 and 8000 to 8999, or on the one named"},
    {"ca_file", Type::file, "", "Certificates to trust instead of the system's"},
    {"host_pause", Type::duration, "1s", "Rest between two requests to one host"},
};

constexpr Field kDetect[] = {
    {"budget", Type::number, "1", "False alarms you accept, per brand and month", ">0..100"},
    {"shadow", Type::boolean, "false", "Open incidents, show them in the console, and tell nobody"},
    {"small", Type::boolean, "true",
     "Of brands spoken of less than five times a day tell each complaint (info), and when complaints slowly grow more "
     "frequent"},
};

constexpr Field kRule[] = {
    {"id", Type::id, nullptr, "Name in URLs and the kind of its incidents; \"negative\" is [detect]'s own"},
    {"kind", Type::text, nullptr, "What it does: docs/rules.md",
     "budget|threshold|keyword|rating|unanswered|silence|each|drift"},
    {"name", Type::text, "", "Name as messages say it; by default the id"},
    {"brands", Type::list, "", "Brands it watches; by default all"},
    {"match", Type::text, "",
     "Which of their mentions: a query as in docs/queries.md; needed by keyword, by default all"},
    {"themes", Type::list, "", "Only mentions about one of these themes; by default all"},
    {"types", Type::list, "",
     "Only mentions of these types: post, comment, review, article, ticket, message, survey; by default all, for "
     "unanswered review, ticket and message"},
    {"measure", Type::text, "",
     "threshold: mentions, negatives (its default) or share; rating: stars (its default) or nps",
     "mentions|negatives|share|stars|nps"},
    {"count", Type::integer, "",
     "threshold: how many of distinct authors within the window; with measure share the least mentions to judge by "
     "(10); rating: the least rated mentions on both sides (10); unanswered: how many wait (1); silence: how many "
     "habit "
     "expects meanwhile (12)",
     "1..1000000"},
    {"share", Type::number, "", "threshold with measure share: share of negatives from which it speaks", ">0..1"},
    {"drop", Type::number, "", "rating: fall from which it speaks, in stars or points of NPS", ">0..200"},
    {"window", Type::duration, "",
     "Time that is looked at; unanswered: time to answer; keyword: quiet time after which it ends (1d); rating: 7d; "
     "silence: the least time (1h)"},
    {"before", Type::duration, "28d", "rating: the time before the window that it is compared with"},
    {"hold", Type::duration, "15m", "How long it must be calm before it is over"},
    {"budget", Type::number, "1", "budget: false alarms accepted, per brand and month; drift spends a tenth of it",
     ">0..100"},
    {"severity", Type::text, "warning", "Severity of its incidents; what grows becomes graver",
     "info|warning|high|critical"},
    {"shadow", Type::boolean, "false", "Open incidents, show them in the console, and tell nobody"},
};

constexpr Field kThemes[] = {
    {"files", Type::list, "", "TOML files with words and themes of your own, beside the shipped ones (docs/themes.md)"},
};

constexpr Field kSecondStage[] = {
    {"model", Type::file, nullptr, "Model: a text classifier as an .onnx file"},
    {"tokenizer", Type::file, nullptr, "Its tokenizer.json"},
    {"labels", Type::list, nullptr,
     "What each class of the model says, in its order: \"neg\", \"neu\" or \"pos\"; five stars are "
     "[\"neg\", \"neg\", \"neu\", \"pos\", \"pos\"]"},
    {"name", Type::id, "second", "Name kept with each judgement it took part in"},
    {"runtime", Type::file, "", "Library of ONNX Runtime; by default libonnxruntime.so.1 where the system has it"},
    {"languages", Type::list, "", "Languages it reads, such as \"fr\"; by default all"},
    {"below", Type::number, "0.6", "It is asked about texts whose label got less than this from the first model",
     "0..1"},
    {"share", Type::number, "0", "Share of the texts to ask about instead, the least certain ones; 0: by `below` alone",
     "0..1"},
    {"weight", Type::number, "0.5", "Weight of its opinion; the first model has the rest", ">0..1"},
    {"budget", Type::duration, "2s", "Time it may take for a batch; what is not reached keeps the first answer"},
    {"batch", Type::integer, "1", "Texts it is given at once", "1..64"},
    {"max_tokens", Type::integer, "128", "Pieces of words it reads of a text; what stands behind is left out",
     "8..512"},
};

constexpr std::array<Section, 22> kSections = {{
    {"", false, "What stands above the first heading.", kTop},
    {"brand", true, "What is watched. At least one.", kBrand},
    {"source", true,
     "Where mentions come from. At least one. A shipped network asks for further keys: its parameters (such as query) "
     "and its secrets.",
     kSource},
    {"person", true, "Who is told, and when not.", kPerson},
    {"person.budget", false, "How many messages that person gets; what is critical and what is over counts apart.",
     kPersonBudget},
    {"team", true, "People who are told together.", kTeam},
    {"schedule", true, "Who is on call: people take turns (docs/alerts.md).", kSchedule},
    {"schedule.override", true, "Who stands in, and when; the last written wins.", kScheduleOverride},
    {"chain", true, "Whom else to tell while nobody takes an incident, step by step.", kChain},
    {"chain.step", true, "One step of the chain above it. At least one.", kChainStep},
    {"endpoint", true, "How people are reached.", kEndpoint},
    {"mail", false, "Needed by endpoints of kind email.", kMail},
    {"route", true, "Which incidents go where. Without a route nobody is told.", kRoute},
    {"alerting", false, "How long is waited for what, and how much is sent.", kAlerting},
    {"wall", false, "How the public walls are run: the same for every review.", kWall},
    {"survey", true, "Short questions after an interaction (docs/surveys.md).", kSurvey},
    {"serve", false, "What listens. TLS is the reverse proxy's.", kServe},
    {"http", false, "How sources are asked.", kHttp},
    {"detect", false, "How readily an incident is opened.", kDetect},
    {"rule", true,
     "What else opens an incident, beside [detect]: thresholds, words, ratings, answers that are due, silence "
     "(docs/rules.md).",
     kRule},
    {"themes", false, "What mentions are about.", kThemes},
    {"second_stage", false,
     "A slower model of your own for the texts that the shipped one is unsure of (docs/second-stage.md). Off without "
     "this section.",
     kSecondStage},
}};

struct Range {
  double min = 0, max = 0;
  bool above_min = false;  // min itself is out
};

Range range_of(std::string_view allowed) {
  Range range;
  range.above_min = allowed.starts_with('>');
  if (range.above_min) allowed.remove_prefix(1);
  const std::size_t dots = allowed.find("..");
  range.min = std::strtod(std::string(allowed.substr(0, dots)).c_str(), nullptr);
  range.max = std::strtod(std::string(allowed.substr(dots + 2)).c_str(), nullptr);
  return range;
}

std::string plain(double value) {
  std::ostringstream out;  // 100, not 100.000000
  out << value;
  return out.str();
}

}  // namespace

std::string unknown_name(std::string_view expected, std::string_view found,
                         const std::vector<std::string_view>& known) {
  std::string message = concat("expected ", expected, ", found ", quoted(found));
  if (const std::string_view near = nearest(found, known); !near.empty())
    message += concat("; did you mean \"", near, "\"?");
  return message;
}

const Field& Options::field(std::string_view key) const {
  for (const Field& field : section_.fields) {
    if (field.name == key) return field;
  }
  std::abort();  // an option nobody declared: found by the first test that reads this section
}

void Options::only_declared(const std::vector<std::string_view>& more) const {
  std::vector<std::string_view> known;
  for (const Field& field : section_.fields) known.push_back(field.name);
  known.insert(known.end(), more.begin(), more.end());
  node_.only(known);
}

std::string Options::text(std::string_view key) const {
  const Field& declared = field(key);
  const std::string fallback = declared.fallback ? declared.fallback : "";
  const std::string text = declared.fallback ? node_.text(key, fallback) : node_.text(key);
  if (!node_.child(key).is_text()) return text;
  if (const std::string form = expected_form(declared.type, text); !form.empty()) {
    node_.child(key).problem(concat("expected ", form, ", found ", shown(declared.type, text)));
    return fallback;
  }
  const std::vector<std::string_view> words = split(declared.allowed, '|');
  if (declared.allowed.empty() || std::find(words.begin(), words.end(), text) != words.end()) return text;
  std::string choice;
  for (const std::string_view word : words) {
    choice += concat(choice.empty() ? "" : word == words.back() ? " or " : ", ", "\"", word, "\"");
  }
  node_.child(key).problem(unknown_name(choice, text, words));
  return fallback;
}

int Options::integer(std::string_view key) const {
  const Field& declared = field(key);
  const Range range = range_of(declared.allowed);
  return static_cast<int>(node_.integer(key, std::strtol(declared.fallback, nullptr, 10),
                                        static_cast<std::int64_t>(range.min), static_cast<std::int64_t>(range.max)));
}

double Options::number(std::string_view key) const {
  const Field& declared = field(key);
  const Range range = range_of(declared.allowed);
  const double fallback = std::strtod(declared.fallback, nullptr);
  const double value = node_.number(key, std::numeric_limits<double>::quiet_NaN(),
                                    -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity());
  if (std::isnan(value)) return fallback;  // nothing there, or no number: told already
  if (value <= range.max && (range.above_min ? value > range.min : value >= range.min)) return value;
  node_.child(key).problem(concat("expected ", range.above_min ? "more than " : "", plain(range.min),
                                  range.above_min ? " and at most " : " to ", plain(range.max), ", found ",
                                  plain(value)));
  return fallback;
}

bool Options::boolean(std::string_view key) const {
  return node_.boolean(key, std::string_view(field(key).fallback) == "true");
}

Duration Options::duration(std::string_view key) const {
  return node_.duration(key, parse_duration(field(key).fallback).value_or(Duration::zero()));
}

std::vector<std::string> Options::list(std::string_view key) const {
  const Field& declared = field(key);
  const std::vector<std::string> texts = node_.list(key);
  const Node node = node_.child(key);
  if (declared.fallback) return texts;
  if (!node) {
    node_.child(key).problem("expected a list of texts, found nothing");
  } else if (node.is_array() && node_.elements(key).empty()) {
    node.problem("expected a list of texts, found an empty one");
  }
  return texts;
}

std::string Options::secret(std::string_view key) const { return node_.secret(field(key).name); }

std::string Options::required_text(std::string_view key, std::string_view why) const {
  if (!has(key)) node_.child(key).problem(concat("expected text, found nothing: ", why));
  return text(key);
}

std::string Options::required_secret(std::string_view key, std::string_view why) const {
  if (!has(key))
    node_.child(key).problem(concat(R"(expected a table { env = "NAME" } or { file = "PATH" }, found nothing: )", why));
  return secret(key);
}

std::span<const Section> sections() { return kSections; }

const Section& section(std::string_view name) {
  for (const Section& section : kSections) {
    if (section.name == name) return section;
  }
  std::abort();  // a name that stands in no declaration: found by the first test that reads anything
}

}  // namespace vigie::config
