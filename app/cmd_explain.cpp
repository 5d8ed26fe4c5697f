#include "app/cmd_explain.h"

#include <algorithm>

#include "app/backends.h"
#include "app/exit.h"
#include "app/explain.h"
#include "app/load.h"
#include "app/replay_brand.h"
#include "app/whom.h"
#include "base/text.h"
#include "config/options.h"
#include "pipeline/taxonomy.h"

namespace vigie {
namespace {

constexpr int kNotificationsShown = 100;
constexpr std::size_t kMostListed = 200'000;  // mentions of an incident that are held at once
constexpr double kAnything = 1e6;             // a budget that lets the least rise speak
constexpr Duration kWarmUp = 60 * kDay;

std::vector<std::string> themes_of(const Settings& settings) {
  config::Problems told;  // when the settings were read
  return Taxonomy::with(settings.theme_files, told).ids();
}

std::string name_of(const Settings& settings, const std::string& brand) {
  for (const BrandSettings& one : settings.brands) {
    if (one.id == brand) return one.name;
  }
  return brand;
}

Result<std::vector<Acceptance>> accepted_of(const std::string& brand, Store& store) {
  TRY(const std::vector<Verdict> all, store.verdicts_after(0));
  std::vector<Acceptance> accepted;
  for (const Verdict& verdict : all) {
    if (verdict.word != VerdictWord::normal) continue;
    TRY(const std::optional<Incident> incident, store.incident(verdict.incident));
    if (incident && incident->brand == brand) accepted.push_back({verdict.at, incident->kind});
  }
  return accepted;
}

bool speaks(const Signal& signal, const Signal& of) {
  return signal.incident_kind == of.incident_kind &&
         (signal.kind == SignalKind::raise || signal.kind == SignalKind::update);
}

// The engine once more over all that the brand had until the signal: the very signal when it comes out again, else the
// last one that it gives by then.
Result<std::optional<Signal>> again(const Incident& incident, const Settings& settings, Store& store) {
  const Signal& told = incident.evidence;
  TRY(std::vector<Acceptance> accepted, accepted_of(incident.brand, store));
  ReplayBrand replay(settings, themes_of(settings), incident.brand, std::move(accepted));
  TRY(const std::unique_ptr<History> history,
      store.history({.brand = incident.brand, .before = told.at + Duration(1), .words = true}));
  std::optional<Signal> found;
  const auto look = [&] {
    for (const Signal& signal : replay.signals()) {
      if (speaks(signal, told) && signal.at <= told.at && (!found || found->id != told.id)) found = signal;
    }
  };
  StoredMention mention;
  for (;;) {
    TRY(const bool more, history->next(mention));
    if (!more) break;
    replay.take(mention);
    look();
  }
  replay.pass(told.at +
              minutes(11));  // what a minute brought is weighed when it is over, quiet time is looked at by tens
  look();
  return found;
}

Result<std::vector<StoredMention>> around(const Signal& signal, Store& store) {
  TRY(const std::int64_t after, store.seq_before(signal.since - kDay));
  TRY(const std::unique_ptr<History> history,
      store.history({.brand = signal.brand, .after = after, .before = signal.at + Duration(1), .words = true}));
  std::vector<StoredMention> found;
  StoredMention mention;
  while (found.size() < kMostListed) {
    TRY(const bool more, history->next(mention));
    if (!more) break;
    found.push_back(std::move(mention));
  }
  return found;
}

Result<Time> moment_of(const ExplainRequest& request) {
  if (request.at.empty()) return SystemClock().now();
  const Result<Time> at = parse_rfc3339(request.at);
  if (!at) return fail(ErrorKind::bad_data, "--at: expected a time such as 2026-11-13T14:00:00Z, found another text");
  return *at;
}

// Those it opened with: what is changed in the file afterwards concerns the next incident. Today's for other brands and
// rules stand behind them, for they say why somebody is not told.
std::vector<RouteSettings> routes_of(const Incident& incident, const Settings& settings) {
  if (incident.policy.targets.empty()) return settings.routes;  // of an earlier version, or none fitted
  std::vector<RouteSettings> routes;
  for (const Policy::Target& target : incident.policy.targets) {
    RouteSettings route;
    route.brands = {incident.brand};
    route.min_severity = severity_of(target.min_severity);
    route.themes = target.themes;
    route.languages = target.languages;
    route.sources = target.sources;
    route.to = target.to;
    routes.push_back(std::move(route));
  }
  const auto is_for = [](const std::vector<std::string>& list, const std::string& word) {
    return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
  };
  std::copy_if(settings.routes.begin(), settings.routes.end(), std::back_inserter(routes),
               [&](const RouteSettings& route) {
                 return !is_for(route.brands, incident.brand) || !is_for(route.kinds, incident.kind);
               });
  return routes;
}

Result<int> explain_incident(const ExplainRequest& request, const Incident& incident, const Settings& settings,
                             Store& store, std::ostream& out) {
  IncidentCase explanation;
  explanation.incident = incident;
  explanation.brand_name = name_of(settings, incident.brand);
  explanation.budget = settings.detect.budget;
  TRY(explanation.again, again(incident, settings, store));
  if (explanation.again) explanation.numbers = compare_numbers(incident.evidence, *explanation.again);
  TRY(std::vector<StoredMention> mentions, around(incident.evidence, store));
  explanation.mentions = weigh(std::move(mentions), incident.evidence);
  TRY(explanation.changed, store.changed_since(incident.brand, incident.evidence.since, incident.evidence.at));
  explanation.routes = who_is_told(incident, routes_of(incident, settings));
  TRY(explanation.sent, store.notifications(incident.id, kNotificationsShown));
  std::reverse(explanation.sent.begin(), explanation.sent.end());
  TRY(const std::vector<Verdict> verdicts, store.verdicts(incident.id));
  if (!verdicts.empty()) explanation.verdict = verdicts.back();
  TRY(const Time at, moment_of(request));
  TRY(const std::string whom, whom_text(incident, settings, store, at));
  out << explanation_text(explanation, request.most) << "\n" << whom;
  return explanation.agrees() ? kDone : kAnswerIsNo;
}

Result<BrandStanding> standing_of(const std::string& brand, Time at, const Settings& settings, Store& store) {
  BrandStanding standing;
  standing.brand_name = name_of(settings, brand);
  standing.at = at;
  standing.budget = settings.detect.budget;
  Settings anything = settings;
  anything.detect.budget = kAnything;
  const std::vector<std::string> themes = themes_of(settings);
  TRY(const std::vector<Acceptance> accepted, accepted_of(brand, store));
  ReplayBrand replay(settings, themes, brand, accepted), least(anything, themes, brand, accepted);
  TRY(const std::int64_t after, store.seq_before(at - kWarmUp));
  TRY(const std::unique_ptr<History> history, store.history({.brand = brand, .after = after, .before = at}));
  StoredMention mention;
  for (;;) {
    TRY(const bool more, history->next(mention));
    if (!more) break;
    if (mention.history) continue;
    if (!standing.first) standing.first = mention.ingested;
    standing.last = mention.ingested;
    replay.take(mention);
    least.take(mention);
  }
  replay.pass(at);
  least.pass(at);
  const auto on = [](const ReplayedIncident& one) {
    return one.incident.state == IncidentState::open || one.incident.state == IncidentState::recovering;
  };
  for (const ReplayedIncident& one : replay.incidents()) {
    if (on(one)) standing.incident = one.incident;
  }
  for (const ReplayedIncident& one : least.incidents()) {
    if (on(one) && one.incident.kind == Signal().incident_kind) standing.least = one.incident.evidence;
  }
  TRY(const std::vector<HourCount> hours_before, store.hourly(brand, at - 29 * kDay, at));
  const Time day = std::chrono::floor<hours>(at - kDay);
  const double known = standing.first ? static_cast<double>((day - *standing.first) / hours(1)) / 24 : 0;
  const double days = std::clamp(known, 1.0, 28.0);
  for (const HourCount& hour : hours_before) {
    if (hour.hour >= day) {
      standing.negatives += hour.negatives;
      standing.total += hour.total;
    } else {
      standing.usual_negatives += static_cast<double>(hour.negatives) / days;
      standing.usual_total += static_cast<double>(hour.total) / days;
    }
  }
  return standing;
}

Result<int> explain_time(const ExplainRequest& request, Time at, const Settings& settings, Store& store,
                         std::ostream& out) {
  std::vector<std::string_view> known;
  for (const BrandSettings& brand : settings.brands) known.push_back(brand.id);
  if (!request.brand.empty() && std::find(known.begin(), known.end(), request.brand) == known.end())
    return fail(ErrorKind::bad_data,
                concat("--brand: ", config::unknown_name("the id of a [[brand]]", request.brand, known)));
  bool first = true;
  for (const BrandSettings& brand : settings.brands) {
    if (!request.brand.empty() && brand.id != request.brand) continue;
    TRY(const BrandStanding standing, standing_of(brand.id, at, settings, store));
    TRY(const std::string whom, whom_then(brand.id, settings, store, at));
    out << (first ? "" : "\n") << standing_text(standing) << whom;
    first = false;
  }
  return kDone;
}

Result<int> run(const ExplainRequest& request, const Settings& settings, Store& store, std::ostream& out) {
  TRY(const std::optional<Incident> incident, store.incident(request.what));
  if (incident) return explain_incident(request, *incident, settings, store, out);
  if (const Result<Time> at = parse_rfc3339(request.what)) return explain_time(request, *at, settings, store, out);
  return fail(ErrorKind::bad_data,
              concat("expected the id of an incident (the end of its page's address) or a time such as "
                     "2026-11-13T14:00:00Z, found \"",
                     first_code_points(request.what, 60), "\""));
}

int report(const Error& error, std::ostream& err) {
  err << "vigie explain: " << error.what << "\n";
  return exit_status(error);
}

}  // namespace

int explain(const ExplainRequest& request, const Settings& settings, Store& store, std::ostream& out,
            std::ostream& err) {
  const Result<int> done = run(request, settings, store, out);
  return done ? *done : report(done.error(), err);
}

int cmd_explain(const ExplainRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(settings.error(), err);
  const Result<std::unique_ptr<Store>> store = open_store(*settings);
  if (!store) return report(store.error(), err);
  return explain(request, *settings, **store, out, err);
}

}  // namespace vigie
