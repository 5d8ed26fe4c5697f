#include "app/cmd_backtest.h"

#include <unistd.h>

#include <algorithm>
#include <thread>

#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "app/replay_history.h"
#include "base/text.h"
#include "config/options.h"
#include "pipeline/taxonomy.h"

namespace vigie {
namespace {

// Before the window the rules learn what is usual. What lies further back than that weighs next to nothing.
constexpr Duration kWarmUp = 60 * kDay;
constexpr Duration kUsualWindow = 30 * kDay;
constexpr int kIncidentsOfABrand = 1000;

// "2026-10-01" is its midnight in UTC.
Result<Time> time_of(std::string_view option, const std::string& text) {
  const bool day = text.size() == 10;
  const Result<Time> time = parse_rfc3339(day ? concat(text, "T00:00:00Z") : text);
  if (time) return *time;
  return fail(ErrorKind::bad_data, concat(option,
                                          ": expected a day such as 2026-10-01 or a time such as "
                                          "2026-10-01T08:00:00Z, found \"",
                                          first_code_points(text, 40), "\""));
}

Result<Window> window_of(const BacktestRequest& request, Time now) {
  Window window;
  window.to = now;
  if (!request.to.empty()) {
    TRY(window.to, time_of("--to", request.to));
  }
  window.to = std::min(window.to, now);
  window.from = window.to - kUsualWindow;
  if (!request.from.empty()) {
    TRY(window.from, time_of("--from", request.from));
  }
  if (window.from >= window.to) {
    return fail(ErrorKind::bad_data, concat("--from: expected a time before the end, ", format_rfc3339(window.to),
                                            ", found ", format_rfc3339(window.from)));
  }
  return window;
}

Result<std::vector<std::string>> brands_of(const std::string& wanted, const Settings& settings) {
  std::vector<std::string> all;
  for (const BrandSettings& brand : settings.brands) all.push_back(brand.id);
  if (wanted.empty()) return all;
  if (std::find(all.begin(), all.end(), wanted) != all.end()) return std::vector<std::string>{wanted};
  const std::vector<std::string_view> known(all.begin(), all.end());
  return fail(ErrorKind::bad_data, concat("--brand: ", config::unknown_name("the id of a [[brand]]", wanted, known)));
}

struct Then {
  std::map<std::string, std::vector<ToldThen>> told;        // by brand
  std::map<std::string, std::vector<Acceptance>> accepted;  // by brand
};

Result<Then> then_of(const std::vector<std::string>& brands, Store& store) {
  TRY(const StandingVerdicts standing, store.standing_verdicts());
  TRY(const std::vector<Verdict> all, store.verdicts_after(0));
  Then then;
  std::map<std::string, const Incident*> known;
  for (const std::string& brand : brands) {
    TRY(const std::vector<Incident> incidents, store.incidents(brand, false, kIncidentsOfABrand));
    if (incidents.empty()) continue;
    std::vector<ToldThen>& told = then.told[brand];
    for (const Incident& incident : incidents) {
      if (incident.state == IncidentState::discarded) continue;
      const auto said = standing.find(incident.id);
      told.push_back({incident, said == standing.end() ? std::nullopt : said->second.word});
    }
    for (const ToldThen& one : told) known[one.incident.id] = &one.incident;
  }
  for (const Verdict& verdict : all) {
    const auto incident = known.find(verdict.incident);
    if (incident == known.end() || verdict.word != VerdictWord::normal) continue;
    then.accepted[incident->second->brand].push_back({verdict.at, incident->second->kind});
  }
  return then;
}

// How far it has come, on a terminal in place, a line a second otherwise.
class Shown {
 public:
  Shown(std::ostream& err, const Clock& clock, std::int64_t first, std::int64_t last)
      : err_(err),
        clock_(clock),
        first_(first),
        last_(std::max(last, first + 1)),
        start_(clock.now()),
        shown_(start_) {}

  void show(std::int64_t mentions, std::int64_t seq) {
    const Time now = clock_.now();
    if (now - shown_ < seconds(1)) return;
    shown_ = now;
    const double passed = static_cast<double>((now - start_).count()) / 1e6;
    const auto part = std::clamp<std::int64_t>((seq - first_) * 100 / (last_ - first_), 0, 100);
    err_ << (terminal_ ? "\r" : "") << "replayed " << mentions << " mentions, "
         << static_cast<std::int64_t>(static_cast<double>(mentions) / passed) << " a second, " << part << " %"
         << (terminal_ ? "  " : "\n") << std::flush;
    written_ = true;
  }
  ~Shown() {
    if (written_ && terminal_) err_ << "\n";
  }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

 private:
  std::ostream& err_;
  const Clock& clock_;
  const std::int64_t first_, last_;
  const Time start_;
  Time shown_;
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  bool written_ = false;
};

// The budget names rising words only when it speaks, and a report has no room for them: without a query nobody asks for
// text.
bool reads_words(const Settings& settings) {
  return std::any_of(settings.rules.begin(), settings.rules.end(),
                     [](const RuleSettings& rule) { return !rule.match.empty(); });
}

int threads_of(int wanted) {
  return wanted > 0 ? wanted : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

Result<Backtest> run(const BacktestRequest& request, const BacktestSettings& settings, Store& store, const Clock& clock,
                     std::ostream& err) {
  Backtest backtest;
  TRY(backtest.window, window_of(request, clock.now()));
  TRY(const std::vector<std::string> brands, brands_of(request.brand, settings.file));
  TRY(const Then then, then_of(brands, store));

  ReplayPlan plan;
  plan.settings = {&settings.file};
  if (settings.changed) plan.settings.push_back(&*settings.changed);
  config::Problems told;  // what is wrong with files of themes was told when the settings were read
  plan.themes = Taxonomy::with(settings.file.theme_files, told).ids();
  plan.brands = brands;
  plan.accepted = then.accepted;
  plan.to = backtest.window.to;
  plan.threads = threads_of(request.threads);
  plan.read.before = backtest.window.to;
  plan.read.brand = request.brand;
  plan.read.words =
      std::any_of(plan.settings.begin(), plan.settings.end(), [](const Settings* each) { return reads_words(*each); });
  TRY(plan.read.after, store.seq_before(backtest.window.from - kWarmUp));
  TRY(const std::int64_t last, store.seq_before(backtest.window.to));
  Shown shown(err, clock, plan.read.after, last);
  plan.progress = [&shown](std::int64_t mentions, std::int64_t seq) { shown.show(mentions, seq); };
  TRY(const ReplayedHistory replayed, replay_history(plan, store));

  backtest.config = request.config;
  backtest.sets = request.sets;
  backtest.learnt_from = backtest.window.from - kWarmUp;
  backtest.mentions = replayed.mentions;
  backtest.budget = backtest.changed_budget = settings.file.detect.budget;
  if (settings.changed) backtest.changed_budget = settings.changed->detect.budget;
  for (const BrandSettings& brand : settings.file.brands) backtest.brand_names[brand.id] = brand.name;
  for (std::size_t i = 0; i < brands.size(); ++i) {
    const auto told_of = then.told.find(brands[i]);
    const std::vector<ToldThen> none;
    const std::vector<ToldThen>& told_then = told_of == then.told.end() ? none : told_of->second;
    BrandReport report;
    report.brand = brands[i];
    report.file = judge(replayed.brands[i][0], told_then, backtest.window);
    if (settings.changed) {
      report.changed = judge(replayed.brands[i][1], told_then, backtest.window);
      report.changes = compare(report.file, *report.changed, backtest.window);
    }
    backtest.brands.push_back(std::move(report));
  }
  return backtest;
}

Result<BacktestSettings> read_settings_of(const BacktestRequest& request) {
  BacktestSettings settings;
  TRY(settings.file, load_settings(request.config));
  if (request.sets.empty()) return settings;
  TRY(settings.changed, load_settings(request.config, request.sets));
  if (settings.changed->brands.size() != settings.file.brands.size() ||
      settings.changed->theme_files != settings.file.theme_files || settings.changed->store != settings.file.store ||
      settings.changed->data != settings.file.data) {
    return fail(ErrorKind::bad_config,
                "--set: expected a setting of the rules; another store, other brands or other "
                "themes are another history");
  }
  return settings;
}

int report(const Error& error, std::ostream& err) {
  err << "vigie backtest: " << error.what << "\n";
  return exit_status(error);
}

}  // namespace

int backtest(const BacktestRequest& request, const BacktestSettings& settings, Store& store, const Clock& clock,
             std::ostream& out, std::ostream& err) {
  const Result<Backtest> done = run(request, settings, store, clock, err);
  if (!done) return report(done.error(), err);
  out << (request.json ? backtest_json(*done) : request.csv ? backtest_csv(*done) : backtest_text(*done));
  return kDone;
}

int cmd_backtest(const BacktestRequest& request, std::ostream& out, std::ostream& err) {
  const Result<BacktestSettings> settings = read_settings_of(request);
  if (!settings) return report(settings.error(), err);
  const Result<std::unique_ptr<Store>> store = open_store(settings->file);
  if (!store) return report(store.error(), err);
  return backtest(request, *settings, **store, SystemClock(), out, err);
}

}  // namespace vigie
