// The operator's one page: what waits, how the sources do, what people just wrote.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "config/names.h"
#include "console/source_line.h"
#include "console/view.h"
#include "model/realised.h"

namespace vigie {
namespace {

constexpr int kMentionsAPage = 30;
constexpr int kIncidentsShown = 10;
constexpr int kIncidentsJudged = 1000;
constexpr std::size_t kBrandsRated = 10;

struct Filter {
  std::string search, brand, source, label;
  std::int64_t before = 0;

  bool any() const { return !search.empty() || !brand.empty() || !source.empty() || !label.empty(); }
};

Filter read_filter(const ConsoleView& view) {
  const ServerRequest& request = view.request;
  Filter filter;
  filter.search = trim(first_code_points(request.param("q"), 200));
  const auto brand = [&](const BrandSettings& b) { return b.id == request.param("brand"); };
  if (std::any_of(view.settings.brands.begin(), view.settings.brands.end(), brand))
    filter.brand = request.param("brand");
  const auto source = [&](const SourceSettings& s) { return s.id == request.param("source"); };
  if (std::any_of(view.settings.sources.begin(), view.settings.sources.end(), source))
    filter.source = request.param("source");
  if (label_from(request.param("label"))) filter.label = request.param("label");
  const std::string_view before = request.param("before");
  const auto read = std::from_chars(before.data(), before.data() + before.size(), filter.before);
  if (read.ec != std::errc() || read.ptr != before.data() + before.size() || filter.before < 0) filter.before = 0;
  return filter;
}

std::string address(const ConsoleView& view, const Filter& filter) {
  std::string out = view.home();
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out += concat("&", name, "=", url_encode(value));
  };
  add("q", filter.search);
  add("brand", filter.brand);
  add("source", filter.source);
  add("label", filter.label);
  add("before", filter.before > 0 ? std::to_string(filter.before) : "");
  return concat(out, "#mentions");
}

bool waits(const Incident& incident) { return incident.state == IncidentState::open && !incident.shadow; }

// Unclosed ones first, then the newest of the others.
Result<std::vector<Incident>> incidents_shown(Store& store) {
  TRY(std::vector<Incident> shown, store.incidents("", true, 50));
  TRY(const std::vector<Incident> recent, store.incidents("", false, kIncidentsShown));
  for (const Incident& incident : recent) {
    const bool there = std::any_of(shown.begin(), shown.end(), [&](const Incident& i) { return i.id == incident.id; });
    if (!there && incident.state != IncidentState::discarded) shown.push_back(incident);
  }
  // What is only tried out stands last.
  const auto rank = [](const Incident& incident) { return waits(incident) ? 0 : incident.shadow ? 2 : 1; };
  std::stable_sort(shown.begin(), shown.end(),
                   [&](const Incident& a, const Incident& b) { return rank(a) < rank(b); });
  return shown;
}

void write_incidents(json::Writer& out, const std::vector<Incident>& incidents, const ConsoleView& view) {
  out.key("incidents").begin_array();
  for (const Incident& incident : incidents) {
    out.begin_object();
    write_incident(out, incident, view);
    out.end_object();
  }
  out.end_array();
  out.key("no_incidents").boolean(incidents.empty());
}

// What people said of the alarms beside what was allowed: "3 alarms: 1 false, 2 not judged; 0.3 a month, 1 allowed".
Result<void> write_realised(json::Writer& out, Store& store, const ConsoleView& view) {
  const Wording& w = view.wording;
  TRY(const std::vector<Incident> incidents, store.incidents("", false, kIncidentsJudged));
  TRY(const StandingVerdicts verdicts, store.standing_verdicts());
  const std::vector<RealisedRate> rates =
      realised_rates(incidents, verdicts, view.now - kRealisedOver, view.now + Duration(1));
  if (rates.empty()) return {};
  const double budget = view.settings.detect.budget;
  out.key("realised").begin_object().member("heading", w.say("realised.heading")).key("brands").begin_array();
  for (std::size_t i = 0; i < std::min(rates.size(), kBrandsRated); ++i) {
    const RealisedRate& rate = rates[i];
    out.begin_object().member("name", view.brand_name(rate.brand)).key("over").boolean(rate.false_a_month() > budget);
    out.member("said", w.count("realised.said", rate.incidents,
                               {{"false", w.number(rate.false_alarms)},
                                {"unjudged", w.number(rate.unjudged)},
                                {"rate", w.decimal(rate.false_a_month(), 1)},
                                {"budget", w.decimal(budget, budget == std::round(budget) ? 0 : 1)}}));
    out.end_object();
  }
  out.end_array();
  const std::size_t more = rates.size() - std::min(rates.size(), kBrandsRated);
  if (more > 0) out.member("more", w.count("realised.more", static_cast<std::int64_t>(more)));
  out.end_object();
  return {};
}

void write_source(json::Writer& out, const SourceSettings& source, const SourceHealth& health,
                  const ConsoleView& view) {
  const Wording& w = view.wording;
  const std::string state = health.state.empty() ? "new" : health.state;
  out.begin_object()
      .member("id", source.id)
      .member("state", state)
      .member("state_name", w.name("source_states", state));
  out.member("sign", state == "ok" ? "✓" : state == "new" ? "…" : "!");
  if (health.last_success) {
    write_ago(out, "last_success", *health.last_success, view);
  } else {
    out.member("no_success", w.say("source.never"));
  }
  if (health.newest_event) {
    write_ago(out, "last_written", *health.newest_event, view);
  } else {
    out.member("not_written", w.say("source.none"));
  }
  if (health.next_try) write_ago(out, "next_try", *health.next_try, view);
  out.member("mentions", w.number(health.mentions));
  if (health.rejected > 0) out.member("rejected", w.count("source.rejected", health.rejected));
  if (health.failures > 0) out.member("failures", w.count("source.failures", health.failures));
  out.member_if("error", health.error);
  if (state == "failing") out.member("advice", w.say("source.advice_failing"));
  const std::vector<std::string> notices = source_notices(health, w);
  if (state == "suspended" && notices.empty()) out.member("advice", w.say("source.advice_suspended"));
  out.key("notices").begin_array();
  for (const std::string& notice : notices) out.begin_object().member("text", notice).end_object();
  out.end_array();
  out.end_object();
}

SourceHealth health_of(const std::vector<SourceHealth>& all, std::string_view id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const SourceHealth& h) { return h.source == id; });
  return found == all.end() ? SourceHealth{} : *found;
}

void write_sources(json::Writer& out, const std::vector<SourceHealth>& healths, const ConsoleView& view) {
  out.key("sources").begin_array();
  for (const SourceSettings& source : view.settings.sources)
    write_source(out, source, health_of(healths, source.id), view);
  out.end_array();
  out.key("no_sources").boolean(view.settings.sources.empty());
}

// "Nothing waits. Last mention 3 min ago from 7 of 7 sources": never a blank that could be an outage.
void write_status(json::Writer& out, const std::vector<Incident>& incidents, const std::vector<SourceHealth>& healths,
                  const ConsoleView& view) {
  const Wording& w = view.wording;
  const auto waiting = std::count_if(incidents.begin(), incidents.end(), waits);
  std::int64_t working = 0;
  std::optional<Time> last;
  for (const SourceSettings& source : view.settings.sources) {
    const SourceHealth health = health_of(healths, source.id);
    if (health.state == "ok") ++working;
    if (health.last_item && (!last || *health.last_item > *last)) last = health.last_item;
  }
  const std::string total = w.number(static_cast<std::int64_t>(view.settings.sources.size()));
  const std::string ok = w.number(working);
  std::string second;
  if (view.settings.sources.empty()) {
    second = w.say("status.no_source");
  } else if (last) {
    second = w.say(total == "1" ? "status.last_one" : "status.last",
                   {{"ago", w.ago(*last, view.now)}, {"working", ok}, {"total", total}});
  } else {
    second = w.say("status.never", {{"working", ok}, {"total", total}});
  }
  out.key("waiting").boolean(waiting > 0);
  out.member("status", waiting > 0 ? w.count("status.waiting", waiting) : w.say("status.nothing"))
      .member("status_data", second);
}

void write_choices(json::Writer& out, std::string_view key,
                   const std::vector<std::pair<std::string, std::string>>& choices, std::string_view chosen) {
  out.key(key).begin_array();
  for (const auto& [value, name] : choices) {
    out.begin_object().member("value", value).member("name", name).key("chosen").boolean(value == chosen).end_object();
  }
  out.end_array();
}

void write_filter(json::Writer& out, const Filter& filter, const ConsoleView& view) {
  const Wording& w = view.wording;
  std::vector<std::pair<std::string, std::string>> brands, sources, labels;
  for (const BrandSettings& brand : view.settings.brands) brands.emplace_back(brand.id, brand.name);
  for (const SourceSettings& source : view.settings.sources) 
    sources.emplace_back(source.id, source_name(view.settings, source.id));
  for (const std::string_view label : {"neg", "neu", "pos"}) labels.emplace_back(label, w.name("labels", label));
  out.member("q", filter.search);
  write_choices(out, "brands_offered", brands, filter.brand);
  write_choices(out, "sources_offered", sources, filter.source);
  write_choices(out, "labels_offered", labels, filter.label);
  out.key("filtered").boolean(filter.any());
  out.member("clear", concat(view.home(), "#mentions"));
}

Result<void> write_mentions(json::Writer& out, Store& store, const Filter& filter, const ConsoleView& view) {
  MentionFilter asked;
  asked.search = filter.search;
  asked.brand = filter.brand;
  asked.source = filter.source;
  asked.label = label_from(filter.label);
  asked.before = filter.before;
  asked.limit = kMentionsAPage + 1;  // one more tells whether there are older ones
  TRY(std::vector<StoredMention> found, store.mentions(asked));
  const bool more = found.size() > static_cast<std::size_t>(kMentionsAPage);
  if (more) found.pop_back();

  TRY(const std::vector<SourceFacts> facts, store.facts());
  out.key("mentions").begin_array();
  for (const StoredMention& mention : found) write_mention(out, mention, view, facts);
  out.end_array();
  if (found.empty())
    out.member("no_mentions", view.wording.say(filter.any() || filter.before > 0 ? "no_match" : "no_mentions"));
  Filter other = filter;
  if (more) {
    other.before = found.back().seq;
    out.member("older", address(view, other));
  }
  other.before = 0;
  if (filter.before > 0) out.member("newest", address(view, other));
  out.key("paged").boolean(more || filter.before > 0);
  return {};
}

}  // namespace

Result<std::string> overview_page(const ConsoleView& view, Store& store) {
  const Filter filter = read_filter(view);
  TRY(const std::vector<Incident> incidents, incidents_shown(store));
  TRY(const std::vector<SourceHealth> healths, store.sources());

  json::Writer data;
  data.begin_object().key("t").value(view.wording.catalogue()).member("language", view.wording.language());
  data.member("mentions_heading", view.wording.say(filter.any() ? "mentions_found" : "mentions"));
  write_status(data, incidents, healths, view);
  write_incidents(data, incidents, view);
  TRY(write_realised(data, store, view));
  write_sources(data, healths, view);
  write_filter(data, filter, view);
  TRY(write_mentions(data, store, filter, view));
  data.end_object();
  TRY(const std::string body, fill_template("console/assets/overview.mustache", data));
  return console_frame(view, view.wording.say("title"), body, true);
}

}  // namespace vigie
