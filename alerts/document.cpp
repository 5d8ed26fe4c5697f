// The alert document, written and read. One JSON object; receivers of webhooks get it whole as `data`:
//   version 1 · purpose · reason · seq · time (RFC 3339 UTC, like every time in it)
//   brand {id, name} · incident {id, kind, epoch, state, severity 1..5, level info|warning|high|critical, blind,
//   opened, ended, acked_by, assignee, pinned, resolve_reason, resolved_by, merged_into, peak_observed, themes[]} · signal (as the
//   rule said it, model/signal.h: rule, measure, observed, limit) derived {share, usual_share 0..1, times: only where
//   at least 5 were expected, minutes, top_accounts and the top_share of the reach that they make, at least} · quotes
//   [{text, author, followers, source, url, stars, time}] · hourly [24 numbers] · links {incident, wall} ·
//   escalation {level, because, by, told[], next, next_who} · told_observed · data {fresh, silent[{source, since}]} ·
//   people {id: name} · sources {id: name}, of those that have a name
// Of a test of no incident: version, purpose, seq, time, brand with empty names, test {endpoint, drill}.

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>

#include "alerts/facts.h"
#include "alerts/finding.h"
#include "alerts/headline.h"
#include "alerts/message.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kQuotes = 3;
constexpr std::size_t kQuoteLength = 140;
constexpr std::size_t kSilentSources = 8;
constexpr std::size_t kTold = 8;
constexpr int kTopAccounts = 3;

std::string_view written(const Mention& mention) { return mention.text.empty() ? mention.title : mention.text; }

// What a mail may turn into a link: a page, never a script.
bool is_web_link(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

std::string author_of(const Author& author) {
  if (author.handle.empty()) return author.name;
  return author.handle.starts_with("@") ? author.handle : concat("@", author.handle);
}

void write_quote(json::Writer& out, const StoredMention& stored) {
  const Mention& mention = stored.mention;
  out.begin_object();
  out.member("text", shorten(squeeze_spaces(written(mention)), kQuoteLength));
  out.member_if("author", author_of(mention.author));
  if (mention.author.followers) out.key("followers").integer(*mention.author.followers);
  out.member_if("source", mention.source);
  if (is_web_link(mention.url)) out.member("url", mention.url);
  if (mention.rating) out.key("stars").integer(1 + std::lround(4 * std::clamp(mention.rating->fraction(), 0.0, 1.0)));
  out.member("time", format_rfc3339(stored.event));
  out.end_object();
}

void write_quotes(json::Writer& out, const std::vector<StoredMention>& candidates) {
  std::vector<std::string> shown;
  out.begin_array();
  for (const StoredMention& candidate : candidates) {
    if (shown.size() == kQuotes) break;
    const std::string text = fold(squeeze_spaces(written(candidate.mention)));
    // Three copies of one sentence are one voice.
    if (candidate.deleted || text.empty() || std::find(shown.begin(), shown.end(), text) != shown.end()) continue;
    write_quote(out, candidate);
    shown.push_back(text);
  }
  out.end_array();
}

bool parts_words(std::string_view text, std::size_t at, std::size_t& length) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  length = 1;
  if (byte(at) < 0x80) return std::isalnum(static_cast<int>(byte(at))) == 0;
  if (byte(at) == 0xe2 && byte(at + 1) == 0x80) return length = 3, true;                              // U+2000..203F
  if (byte(at) == 0xc2 && (byte(at + 1) == 0xa0 || byte(at + 1) == 0xab || byte(at + 1) == 0xbb))  // no-break space, « »
    return length = 2, true;
  return false;
}

// The words of a text in small letters, with their accents.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t begin = 0, length = 1;
  const auto take = [&](std::size_t end) {
    if (end > begin) words.push_back(fold(text.substr(begin, end - begin)));
  };
  for (std::size_t i = 0; i < text.size(); i += length) {
    if (!parts_words(text, i, length)) continue;
    take(i);
    begin = std::min(text.size(), i + length);
  }
  take(text.size());
  return words;
}

// Rising terms are counted without accents; they are shown as most of the mentions at hand write them.
Signal as_written(Signal signal, const std::vector<StoredMention>& mentions) {
  std::vector<std::vector<std::string>> texts;
  for (const StoredMention& stored : mentions) {
    if (!stored.deleted) texts.push_back(words_of(concat(stored.mention.title, " . ", stored.mention.text)));
  }
  for (TermCount& term : signal.terms) {
    const std::string key = fold_blind(term.term);
    const auto length = static_cast<std::size_t>(1 + std::count(key.begin(), key.end(), ' '));
    std::map<std::string, int> forms;
    for (const std::vector<std::string>& words : texts) {
      for (std::size_t i = 0; i + length <= words.size(); ++i) {
        std::string form = words[i];
        for (std::size_t k = 1; k < length; ++k) form += concat(" ", words[i + k]);
        if (fold_blind(form) == key) ++forms[form];
      }
    }
    // Of forms as common as each other the last one: the one with accents.
    int most = 1;
    for (const auto& [form, count] : forms) {
      if (count >= most) term.term = form;
      most = std::max(most, count);
    }
  }
  return signal;
}

void write_incident(json::Writer& out, const DocumentInput& input) {
  const Incident& incident = input.incident;
  out.begin_object();
  out.member("id", incident.id).member("kind", incident.kind);
  out.key("epoch").integer(incident.epoch);
  out.member("state", to_text(incident.state));
  out.key("severity").integer(incident.severity);
  out.member("level", to_text(severity_of(incident.severity)));
  out.key("blind").boolean(incident.blind);
  out.member("opened", format_rfc3339(incident.opened));
  if (incident.ended) out.member("ended", format_rfc3339(*incident.ended));
  out.member_if("acked_by", incident.acked_by).member_if("assignee", input.assignee);
  if (input.pinned) out.key("pinned").boolean(true);
  out.member_if("resolve_reason", incident.resolve_reason).member_if("resolved_by", incident.resolved_by);
  out.member_if("merged_into", incident.merged_into);
  out.key("peak_observed").number(incident.peak_observed);
  out.key("themes").begin_array();
  for (const std::string& theme : incident.themes) out.string(theme);
  out.end_array().end_object();
}

// Followers of the most followed accounts among the mentions at hand, which are not all: at least so much of the reach
// is theirs.
void write_top_accounts(json::Writer& out, const DocumentInput& input) {
  std::map<std::string, double> by_author;
  for (const StoredMention& stored : input.quotes) {
    const Author& author = stored.mention.author;
    if (author.followers && *author.followers > 0)
      by_author[concat(stored.mention.source, "|", author.id, "|", author_of(author))] =
          static_cast<double>(*author.followers);
  }
  std::vector<double> followers;
  followers.reserve(by_author.size());
  for (const auto& [author, count] : by_author) followers.push_back(count);
  std::sort(followers.rbegin(), followers.rend());
  followers.resize(std::min<std::size_t>(kTopAccounts, followers.size()));
  const double theirs = std::accumulate(followers.begin(), followers.end(), 0.0);
  const double reach = input.incident.evidence.reach;
  if (followers.empty() || reach <= 0) return;
  out.key("top_accounts").integer(static_cast<std::int64_t>(followers.size()));
  out.key("top_share").number(std::min(1.0, theirs / reach));
}

void write_derived(json::Writer& out, const DocumentInput& input) {
  const Signal& signal = input.incident.evidence;
  out.begin_object();
  if (signal.total > 0 && counts_complaints(signal))
    out.key("share").number(std::min(1.0, signal.observed / signal.total));
  if (signal.usual_share > 0) out.key("usual_share").number(signal.usual_share);
  if (!is_of_own_rule(signal) && signal.expected >= kLeastExpectedForTimes)
    out.key("times").number(signal.observed / signal.expected);
  out.key("minutes").integer(std::chrono::floor<minutes>(signal.at - signal.since).count());
  write_top_accounts(out, input);
  out.end_object();
}

void write_escalation(json::Writer& out, const Escalation& escalation) {
  out.begin_object();
  out.key("level").integer(escalation.level);
  out.member_if("because", escalation.because).member_if("by", escalation.by);
  out.key("told").begin_array();
  for (const std::string& who : escalation.told) out.string(who);
  out.end_array();
  if (escalation.next) out.member("next", format_rfc3339(*escalation.next));
  out.member_if("next_who", escalation.next_who);
  out.end_object();
}

void write_data(json::Writer& out, const DocumentInput& input) {
  out.begin_object();
  if (input.fresh) out.member("fresh", format_rfc3339(*input.fresh));
  out.key("silent").begin_array();
  for (const SilentSource& silent : input.silent) {
    out.begin_object().member("source", silent.source).member("since", format_rfc3339(silent.since)).end_object();
  }
  out.end_array().end_object();
}

void write_names(json::Writer& out, const std::map<std::string, std::string>& names) {
  out.begin_object();
  for (const auto& [id, name] : names) out.member(id, name);
  out.end_object();
}

// Of those that the message speaks of.
std::map<std::string, std::string> names_of_sources(const DocumentInput& input) {
  std::map<std::string, std::string> names;
  const auto add = [&](const std::string& id) {
    if (const auto named = input.sources.find(id); named != input.sources.end()) names.insert(*named);
  };
  for (const SourceCount& source : input.incident.evidence.sources) add(source.source);
  for (const StoredMention& quote : input.quotes) add(quote.mention.source);
  for (const SilentSource& silent : input.silent) add(silent.source);
  return names;
}

Result<Time> time_at(const json::Value& value, std::string_view path) {
  TRY(const std::string text, value.text(path));
  return parse_rfc3339(text);
}

Result<Quote> read_quote(const json::Value& value) {
  Quote quote;
  TRY(quote.text, value.text("text"));
  TRY(quote.written, time_at(value, "time"));
  quote.author = value.text_or("author", "");
  quote.source = value.text_or("source", "");
  quote.url = value.text_or("url", "");
  if (!is_web_link(quote.url)) quote.url.clear();
  if (value.at("followers")) quote.followers = value.integer_or("followers", 0);
  if (value.at("stars")) quote.stars = static_cast<int>(std::clamp<std::int64_t>(value.integer_or("stars", 1), 1, 5));
  return quote;
}

Result<void> read_incident(const json::Value& value, Facts& facts) {
  TRY(facts.incident, value.text("id"));
  TRY(facts.opened, time_at(value, "opened"));
  facts.kind = value.text_or("kind", "negative");
  facts.epoch = static_cast<int>(value.integer_or("epoch", 0));
  facts.severity = static_cast<int>(std::clamp<std::int64_t>(value.integer_or("severity", 1), 1, 5));
  facts.state = incident_state_from(value.text_or("state", "")).value_or(IncidentState::open);
  facts.blind = value.boolean_or("blind", false);
  if (value.at("ended")) {
    TRY(facts.ended, time_at(value, "ended"));
  }
  facts.acked_by = value.text_or("acked_by", "");
  facts.assignee = value.text_or("assignee", "");
  facts.pinned = value.boolean_or("pinned", false);
  facts.resolve_reason = value.text_or("resolve_reason", "");
  facts.resolved_by = value.text_or("resolved_by", "");
  facts.merged_into = value.text_or("merged_into", "");
  facts.peak_observed = value.number_or("peak_observed", 0);
  const json::Value themes = value.at("themes");
  for (std::size_t i = 0; i < themes.size(); ++i) facts.themes.emplace_back(themes[i].raw());
  return {};
}

// "ana, ben" as people call them; an id that nobody is known by stays.
std::string named(std::string_view ids, const json::Value& people) {
  std::string names;
  for (const std::string_view id : split(ids, ',')) {
    const json::Value name = people.find(trim(id));
    const bool known = name && !name.raw().empty();
    names.append(names.empty() ? "" : ", ").append(known ? name.raw() : trim(id));
  }
  return names;
}

// All of it may be absent: documents of before these fields were known have none.
Result<void> read_circumstances(const json::Value& root, Facts& facts) {
  Escalation& escalation = facts.escalation;
  escalation.level = static_cast<int>(std::clamp<std::int64_t>(root.integer_or("escalation.level", 0), 0, 99));
  escalation.because = root.text_or("escalation.because", "");
  escalation.by = root.text_or("escalation.by", "");
  const json::Value told = root.at("escalation.told"), silent = root.at("data.silent");
  for (std::size_t i = 0; i < std::min(told.size(), kTold); ++i) escalation.told.emplace_back(told[i].raw());
  if (root.at("escalation.next")) {
    TRY(escalation.next, time_at(root, "escalation.next"));
  }
  escalation.next_who = root.text_or("escalation.next_who", "");
  if (root.at("told_observed")) facts.told_observed = root.number_or("told_observed", 0);
  if (root.at("data.fresh")) {
    TRY(facts.fresh, time_at(root, "data.fresh"));
  }
  for (std::size_t i = 0; i < std::min(silent.size(), kSilentSources); ++i) {
    TRY(const Time since, time_at(silent[i], "since"));
    facts.silent.push_back({silent[i].text_or("source", ""), since});
  }
  facts.top_accounts =
      static_cast<int>(std::clamp<std::int64_t>(root.integer_or("derived.top_accounts", 0), 0, kTopAccounts));
  facts.top_share = std::clamp(root.number_or("derived.top_share", 0), 0.0, 1.0);
  const json::Value people = root.at("people");
  for (std::string* who : {&facts.acked_by, &facts.assignee, &facts.resolved_by, &escalation.by})
    *who = named(*who, people);
  return {};
}

void read_source_names(const json::Value& names, Facts& facts) {
  const auto read = [&](const std::string& id) {
    if (const json::Value name = names.find(id); name && !name.raw().empty()) facts.source_names[id] = name.raw();
  };
  for (const SourceCount& source : facts.signal.sources) read(source.source);
  for (const Quote& quote : facts.quotes) read(quote.source);
  for (const SilentSource& silent : facts.silent) read(silent.source);
}

}  // namespace

std::string make_document(const DocumentInput& input) {
  json::Writer out;
  out.begin_object();
  out.key("version").integer(kDocumentVersion);
  out.member("purpose", input.purpose).member_if("reason", input.reason);
  out.key("seq").integer(input.seq);
  out.member("time", format_rfc3339(input.now));
  out.key("brand").begin_object().member("id", input.incident.brand).member("name", input.brand_name).end_object();
  write_incident(out.key("incident"), input);
  out.key("signal").raw(to_json(as_written(input.incident.evidence, input.quotes)));
  write_derived(out.key("derived"), input);
  write_quotes(out.key("quotes"), input.quotes);
  out.key("hourly").begin_array();
  for (const double negatives : input.hourly_negatives) out.number(negatives);
  out.end_array();
  out.key("links")
      .begin_object()
      .member_if("incident", input.incident_url)
      .member_if("wall", input.wall_url)
      .end_object();
  write_escalation(out.key("escalation"), input.escalation);
  if (input.told_observed) out.key("told_observed").number(*input.told_observed);
  write_data(out.key("data"), input);
  write_names(out.key("people"), input.people);
  if (const auto names = names_of_sources(input); !names.empty()) write_names(out.key("sources"), names);
  out.end_object();
  return out.take();
}

std::string make_test_document(std::string_view endpoint, bool drill, Time now) {
  json::Writer out;
  out.begin_object();
  out.key("version").integer(kDocumentVersion);
  out.member("purpose", "test").key("seq").integer(0).member("time", format_rfc3339(now));
  out.key("brand").begin_object().member("id", "").member("name", "").end_object();
  out.key("test").begin_object().member("endpoint", endpoint).key("drill").boolean(drill).end_object();
  return out.end_object().take();
}

Result<Facts> read_document(std::string_view document) {
  TRY(const json::Document parsed, json::parse(document));
  const json::Value root = parsed.root();
  TRY(const std::int64_t version, root.integer("version"));
  if (version != kDocumentVersion) {
    return fail(ErrorKind::bad_data,
                concat("alert document: version ", std::to_string(version), " is not known here, only 1"));
  }
  Facts facts;
  TRY(facts.purpose, root.text("purpose"));
  facts.reason = root.text_or("reason", "");
  TRY(facts.seq, root.integer("seq"));
  TRY(facts.now, time_at(root, "time"));
  TRY(facts.brand, root.text("brand.id"));
  TRY(facts.brand_name, root.text("brand.name"));
  if (root.at("test")) {
    facts.endpoint = root.text_or("test.endpoint", "");
    facts.drill = root.boolean_or("test.drill", false);
    return facts;
  }
  TRY(const json::Value incident, root.object("incident"));
  TRY(read_incident(incident, facts));
  TRY(const json::Value signal, root.object("signal"));
  TRY(facts.signal, signal_from_json(signal));
  const json::Value quotes = root.at("quotes"), hourly = root.at("hourly");
  for (std::size_t i = 0; i < std::min(quotes.size(), kQuotes); ++i) {
    TRY(Quote quote, read_quote(quotes[i]));
    facts.quotes.push_back(std::move(quote));
  }
  for (std::size_t i = 0; i < hourly.size(); ++i) facts.hourly.push_back(std::max(0.0, hourly[i].number_or("", 0)));
  facts.incident_url = root.text_or("links.incident", "");
  facts.wall_url = root.text_or("links.wall", "");
  if (!is_web_link(facts.incident_url)) facts.incident_url.clear();
  if (!is_web_link(facts.wall_url)) facts.wall_url.clear();
  TRY(read_circumstances(root, facts));
  read_source_names(root.at("sources"), facts);
  return facts;
}

}  // namespace vigie
