#include "config/alerting_settings.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "base/zone.h"
#include "config/forms.h"
#include "config/week_window.h"

namespace vigie {
namespace {

using config::Node;
using config::Options;
using config::quoted;

constexpr Duration kWeek = 7 * kDay;

using Ids = std::vector<std::string>;

template <class Items>
Ids ids_of(const Items& items) {
  Ids ids;
  for (const auto& item : items) {
    if (!item.id.empty()) ids.push_back(item.id);
  }
  return ids;
}

bool among(const Ids& ids, const std::string& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

std::vector<std::string_view> views(const Ids& ids) { return {ids.begin(), ids.end()}; }

// Each element of a list by a reader that says what is wrong with it.
template <class Value, class Parse>
std::vector<Value> each(const Options& options, std::string_view key, const Parse& parse) {
  std::vector<Value> found;
  options.list(key);  // tells what is no text
  if (!options.node().child(key).is_array()) return found;
  for (const Node& element : options.node().elements(key)) {
    if (!element.is_text()) continue;
    if (Result<Value> value = parse(element.own_text()))
      found.push_back(*std::move(value));
    else
      element.problem(value.error().what);
  }
  return found;
}

std::vector<WeekWindow> windows(const Options& options, std::string_view key) {
  return each<WeekWindow>(options, key, [](const std::string& text) { return parse_week_window(text); });
}

int day_time(const Options& options, std::string_view key, int otherwise) {
  if (!options.node().child(key).is_text()) {
    options.text(key);
    return otherwise;
  }
  const Result<int> minute = parse_day_time(options.text(key));
  if (minute) return *minute;
  options.node().child(key).problem(minute.error().what);
  return otherwise;
}

Duration between(const Options& options, std::string_view key, Duration least, Duration most) {
  const Duration written = options.duration(key);
  const Node node = options.node().child(key);
  if (!node.is_text() || (written >= least && written <= most)) return written;
  if (parse_duration(node.own_text()))
    node.problem(concat("expected ", format_duration(least), " to ", format_duration(most), ", found ",
                        format_duration(written)));
  return least;
}

// Elements that are ids of something there is; each other one is a Problem.
Ids references(const Options& options, std::string_view key, std::string_view what, const Ids& known,
               bool any_when_none_known = false) {
  Ids found;
  options.list(key);
  if (!options.node().child(key).is_array()) return found;
  for (const Node& element : options.node().elements(key)) {
    const std::string id = element.is_text() ? element.own_text() : "";
    if (!element.is_text()) continue;
    if (among(known, id) || (any_when_none_known && known.empty()))
      found.push_back(id);
    else
      element.problem(config::unknown_name(what, id, views(known)));
  }
  return found;
}

class AlertingReader {
 public:
  AlertingReader(const Node& root, const Ids& themes, Settings& settings)
      : root_(root), themes_(themes), settings_(settings) {
    people_ = ids_of(settings.people);
    endpoints_ = ids_of(settings.endpoints);
    for (const EndpointSettings& endpoint : settings.endpoints) reachable_.insert(endpoint.person);
  }

  void read() {
    alerting();
    for (const Node& node : root_.children("team")) team(node);
    for (const Node& node : root_.children("schedule")) schedule(node);
    teams_ = ids_of(settings_.teams);
    schedules_ = ids_of(settings_.schedules);
    for (const Node& node : root_.children("chain")) chain(node);
    chains_ = ids_of(settings_.chains);
    for (const Node& node : root_.children("route")) route(node);
  }

 private:
  // An id that nothing of the same section has.
  std::string new_id(const Options& options, std::string_view section, std::size_t index) {
    std::string id = options.text("id");
    if (id.empty()) return id;
    if (const auto [known, fresh] = seen_[std::string(section)].emplace(id, index); !fresh) {
      options.node().child("id").problem(concat("expected an id of its own, found ", quoted(id), ", which ", section,
                                                "[", std::to_string(known->second), "] has"));
    }
    return id;
  }

  void team(const Node& node) {
    const Options options(node, config::section("team"));
    options.only_declared();
    TeamSettings team;
    team.id = new_id(options, "team", settings_.teams.size());
    team.name = options.text("name");
    if (team.name.empty()) team.name = team.id;
    team.people = references(options, "people", "the id of a [[person]]", people_);
    const bool somebody = std::any_of(team.people.begin(), team.people.end(),
                                      [&](const std::string& id) { return reachable_.contains(id); });
    if (!team.people.empty() && !somebody)
      node.child("people").problem("expected somebody with an [[endpoint]] of their own, found nobody");
    settings_.teams.push_back(std::move(team));
  }

  void schedule(const Node& node) {
    const Options options(node, config::section("schedule"));
    options.only_declared({"override"});
    ScheduleSettings schedule;
    schedule.id = new_id(options, "schedule", settings_.schedules.size());
    schedule.name = options.text("name");
    if (schedule.name.empty()) schedule.name = schedule.id;
    schedule.time_zone = options.text("time_zone");
    if (!schedule.time_zone.empty() && !zone_known(schedule.time_zone)) {
      node.child("time_zone")
          .problem(concat("expected a time zone such as \"Europe/Paris\", found ", quoted(schedule.time_zone)));
    }
    schedule.people = references(options, "people", "the id of a [[person]]", people_);
    for (const std::string& id : schedule.people) need_endpoint(node.child("people"), id);
    first_day(options, schedule);
    schedule.handover = day_time(options, "handover", schedule.handover);
    schedule.days = options.integer("days");
    schedule.hours = windows(options, "hours");
    for (const Node& one : node.children("override")) override_of(one, schedule);
    settings_.schedules.push_back(std::move(schedule));
  }

  static void first_day(const Options& options, ScheduleSettings& schedule) {
    const std::string written = options.text("start");
    const Node node = options.node().child("start");
    if (!node.is_text()) return;
    const Result<Time> day = written.size() == 10 ? parse_rfc3339(concat(written, "T00:00:00Z"))
                                                  : Result<Time>(fail(ErrorKind::bad_data, ""));
    if (!day) {
      node.problem(concat("expected a day such as \"2026-01-05\", found ", quoted(written)));
      return;
    }
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(*day));
    schedule.year = static_cast<int>(date.year());
    schedule.month = static_cast<int>(static_cast<unsigned>(date.month()));
    schedule.day = static_cast<int>(static_cast<unsigned>(date.day()));
  }

  void override_of(const Node& node, ScheduleSettings& schedule) const {
    const Options options(node, config::section("schedule.override"));
    options.only_declared();
    ScheduleSettings::Override one;
    one.person = options.text("person");
    if (!one.person.empty() && !among(people_, one.person)) {
      node.child("person").problem(config::unknown_name("the id of a [[person]]", one.person, views(people_)));
    } else if (!one.person.empty()) {
      need_endpoint(node.child("person"), one.person);
    }
    const std::optional<Time> from = instant(options, "from"), to = instant(options, "to");
    if (!from || !to) return;
    one.from = *from;
    one.to = *to;
    if (one.to <= one.from) node.child("to").problem("expected an end behind the start, found it before");
    schedule.overrides.push_back(std::move(one));
  }

  static std::optional<Time> instant(const Options& options, std::string_view key) {
    const std::string written = options.text(key);
    const Node node = options.node().child(key);
    if (!node.is_text()) return std::nullopt;
    const Result<Time> time = parse_rfc3339(written);
    if (time) return *time;
    node.problem(concat("expected a time such as \"2026-12-24T09:00:00+01:00\", found ", quoted(written)));
    return std::nullopt;
  }

  void need_endpoint(const Node& node, const std::string& person) const {
    if (reachable_.contains(person)) return;
    node.problem(concat("expected people with an [[endpoint]] of their own, found ", quoted(person), " without one"));
  }

  void chain(const Node& node) {
    const Options options(node, config::section("chain"));
    options.only_declared({"step"});
    ChainSettings chain;
    chain.id = new_id(options, "chain", settings_.chains.size());
    chain.repeat = options.integer("repeat");
    for (const Node& one : node.children("step")) {
      const Options step(one, config::section("chain.step"));
      step.only_declared();
      ChainSettings::Step read;
      read.after = between(step, "after", Duration::zero(), kDay);
      read.after_critical = step.has("after_critical") ? between(step, "after_critical", Duration::zero(), kDay)
                                                       : std::min(read.after, read.after_critical);
      read.to = targets(step);
      chain.steps.push_back(std::move(read));
    }
    if (!node.child("step")) node.child("step").problem("expected at least one [[chain.step]], found none");
    settings_.chains.push_back(std::move(chain));
  }

  void route(const Node& node) {
    const Options options(node, config::section("route"));
    options.only_declared();
    RouteSettings route;
    route.brands = references(options, "brands", "the id of a [[brand]]", ids_of(settings_.brands));
    route.min_severity = severity_from(options.text("min_severity")).value_or(Severity::info);
    route.to = targets(options);
    route.themes = references(options, "themes", "a theme", themes_, true);
    route.languages = each<std::string>(options, "languages", language);
    route.sources = references(options, "sources", "the id of a [[source]]", ids_of(settings_.sources));
    Ids kinds = ids_of(settings_.rules);
    kinds.emplace_back("negative");
    route.kinds = references(options, "kinds", "\"negative\" or the id of a [[rule]]", kinds);
    route.chain = options.text("chain");
    if (!route.chain.empty() && !among(chains_, route.chain)) {
      node.child("chain").problem(config::unknown_name("the id of a [[chain]]", route.chain, views(chains_)));
    }
    settings_.routes.push_back(std::move(route));
  }

  static Result<std::string> language(const std::string& text) {
    const bool letters = std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (letters && (text.size() == 2 || text.size() == 3)) return text;
    return fail(ErrorKind::bad_data, concat("expected a language such as \"fr\", found ", quoted(text)));
  }

  Ids targets(const Options& options, std::string_view key = "to") const {
    Ids found;
    options.list(key);
    if (!options.node().child(key).is_array()) return found;
    for (const Node& element : options.node().elements(key)) {
      if (!element.is_text()) {
        element.own_text();
        continue;
      }
      std::string text = element.own_text();
      if (const std::string mistake = wrong_target(text); mistake.empty())
        found.push_back(std::move(text));
      else
        element.problem(mistake);
    }
    return found;
  }

  // "" when it names an endpoint, somebody who can be reached, a team or a schedule.
  std::string wrong_target(const std::string& text) const {
    struct Form {
      std::string_view prefix, what;
      const Ids& ids;
    };
    const std::array<Form, 3> forms = {{{"person:", "the id of a [[person]] behind \"person:\"", people_},
                                        {"team:", "the id of a [[team]] behind \"team:\"", teams_},
                                        {"oncall:", "the id of a [[schedule]] behind \"oncall:\"", schedules_}}};
    for (const Form& form : forms) {
      if (!text.starts_with(form.prefix)) continue;
      const std::string id = text.substr(form.prefix.size());
      if (!among(form.ids, id)) return config::unknown_name(form.what, id, views(form.ids));
      if (form.prefix == "person:" && !reachable_.contains(id))
        return concat("expected a person with an [[endpoint]] of their own, found ", quoted(id), " without one");
      return "";
    }
    if (among(endpoints_, text)) return "";
    for (const Form& form : forms) {
      if (!among(form.ids, text)) continue;
      return concat("expected the id of an [[endpoint]], found ", quoted(text), "; did you mean \"", form.prefix, text,
                    "\"?");
    }
    return config::unknown_name("the id of an [[endpoint]]", text, views(endpoints_));
  }

  void alerting() {
    const Node node = root_.child("alerting");
    if (node && !node.is_table())
      node.problem(concat("expected one table headed [alerting], found ", node.is_array() ? "list" : "a value"));
    const Options options(node.is_table() ? node : Node(), config::section("alerting"));
    options.only_declared();
    AlertingSettings& alerting = settings_.alerting;
    alerting.group = between(options, "group", Duration::zero(), minutes(15));
    alerting.update = between(options, "update", Duration::zero(), kDay);
    alerting.hold = between(options, "hold", minutes(1), kDay);
    alerting.reopen = between(options, "reopen", Duration::zero(), kWeek);
    alerting.repeat = between(options, "repeat", Duration::zero(), kWeek);
    alerting.ack_timeout = between(options, "ack_timeout", Duration::zero(), kWeek);
    alerting.flap_hold = between(options, "flap_hold", minutes(1), kWeek);
    alerting.links = between(options, "links", hours(1), 90 * kDay);
    alerting.brand_per_hour = options.integer("brand_per_hour");
    heartbeat(options);
    alerting.operators = targets(options, "operators");
    alerting.drill = windows(options, "drill");
  }

  // Services that wait for it put the account into its address: it may come by reference, and is not shown then.
  void heartbeat(const Options& options) {
    const Node node = options.node().child("heartbeat_url");
    std::string& url = settings_.alerting.heartbeat_url;
    url = node.is_table() ? options.node().secret("heartbeat_url") : options.text("heartbeat_url");
    const std::string form = node.is_table() && !url.empty() ? config::expected_form(config::Type::url, url) : "";
    if (!form.empty()) node.problem(concat("expected ", form, ", found another text"));
  }

  const Node& root_;
  const Ids& themes_;
  Settings& settings_;
  Ids people_, endpoints_, teams_, schedules_, chains_;
  std::set<std::string> reachable_;  // people with an endpoint
  std::map<std::string, std::map<std::string, std::size_t>> seen_;
};

}  // namespace

void read_hours(const Options& options, PersonSettings& person) {
  person.quiet = windows(options, "quiet");
  person.strictly_quiet = options.boolean("strictly_quiet");
  const Node node = options.node().child("budget");
  if (node && !node.is_table())
    node.problem("expected a table such as { burst = 6, refill = \"20m\", per_day = 30 }, found something else");
  const Options budget(node.is_table() ? node : Node(), config::section("person.budget"));
  budget.only_declared();
  person.budget.burst = budget.integer("burst");
  person.budget.refill = between(budget, "refill", seconds(1), kDay);
  person.budget.per_day = budget.integer("per_day");
  person.digest = options.text("digest");
  if (options.has("digest_at")) {
    person.digest_at = each<int>(options, "digest_at", [](const std::string& text) { return parse_day_time(text); });
    std::sort(person.digest_at.begin(), person.digest_at.end());
  }
}

void read_alerting(const Node& root, const std::vector<std::string>& themes, Settings& settings) {
  AlertingReader(root, themes, settings).read();
}

}  // namespace vigie
