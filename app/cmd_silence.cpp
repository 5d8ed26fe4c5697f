#include "app/cmd_silence.h"

#include <algorithm>
#include <functional>

#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/text.h"
#include "config/options.h"

namespace vigie {
namespace {

// The grades of severity that a word stands for: "info" is two of them.
struct Grades {
  int least, most;
};

Result<Grades> grades(std::string_view option, const std::string& word) {
  const std::optional<Severity> severity = severity_from(word);
  if (!severity)
    return fail(ErrorKind::bad_data, concat(option, ": ",
                                            config::unknown_name("info, warning, high or critical", word,
                                                                 {"info", "warning", "high", "critical"})));
  switch (*severity) {
    case Severity::info: return Grades{1, 2};
    case Severity::warning: return Grades{3, 3};
    case Severity::high: return Grades{4, 4};
    case Severity::critical: return Grades{5, 5};
  }
  return Grades{1, 5};
}

// A name that nothing has would silence nothing, and its author would not know.
template <class Items>
Result<void> known(std::string_view option, const std::vector<std::string>& names, const Items& items,
                   std::vector<std::string_view> ids = {}) {
  for (const auto& item : items) ids.emplace_back(item.id);
  for (const std::string& name : names) {
    if (std::find(ids.begin(), ids.end(), name) == ids.end())
      return fail(ErrorKind::bad_data, concat(option, ": ", config::unknown_name("an id of the settings", name, ids)));
  }
  return {};
}

Result<void> when(const SilenceRequest& request, Time now, Silence& silence) {
  silence.created = silence.starts = now;
  if (!request.from.empty()) {
    TRY(silence.starts, parse_rfc3339(request.from));
  }
  if (request.until.empty() == request.length.empty())
    return fail(ErrorKind::bad_data, "expected an end, by either --for or --until");
  if (!request.until.empty()) {
    TRY(silence.ends, parse_rfc3339(request.until));
  } else {
    TRY(const Duration length, parse_duration(request.length));
    silence.ends = silence.starts + std::min<Duration>(length, 2 * kLongestSilence);
  }
  if (silence.ends <= now)
    return fail(ErrorKind::bad_data, "expected an end that is still to come, found one before now");
  return {};
}

Result<void> add(const SilenceRequest& request, const Settings& settings, Store& store, Time now, std::ostream& out) {
  Silence silence;
  TRY(known("--brand", request.brands, settings.brands));
  TRY(known("--kind", request.kinds, settings.rules, {"negative"}));
  silence.brands = request.brands;
  silence.themes = request.themes;
  silence.kinds = request.kinds;
  TRY(const Grades least, grades("--least", request.least));
  TRY(const Grades most, grades("--most", request.most));
  silence.least = least.least;
  silence.most = most.most;
  silence.text = request.text;
  silence.maintenance = request.maintenance;
  silence.author = request.by;
  silence.reason = request.reason;
  TRY(when(request, now, silence));
  TRY(const std::int64_t id, store.add_silence(silence));
  out << (silence.maintenance ? "maintenance " : "silence ") << id << ", until " << format_rfc3339(silence.ends)
      << "; end it before with: vigie silence end " << id << " --by NAME\n";
  return {};
}

std::string joined(std::string_view name, const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += concat(text.empty() ? "" : ",", item);
  return text.empty() ? "" : concat(" ", name, "=", text);
}

std::string state_of(const Silence& silence, Time now) {
  if (silence.in_force(now)) return concat("in force until ", format_rfc3339(silence.over_at()));
  if (now < silence.over_at())
    return concat("from ", format_rfc3339(silence.starts), " to ", format_rfc3339(silence.ends));
  if (!silence.ended_by.empty())
    return concat("ended by ", silence.ended_by, " at ", format_rfc3339(silence.over_at()));
  return concat("over since ", format_rfc3339(silence.over_at()));
}

Result<void> list(const SilenceRequest& request, Store& store, Time now, std::ostream& out) {
  TRY(const std::vector<Silence> found, store.silences(request.all ? Time{} : now));
  for (const Silence& silence : found) {
    const std::string about =
        concat(joined("brand", silence.brands), joined("theme", silence.themes), joined("kind", silence.kinds),
               silence.text.empty() ? "" : concat(" text=\"", silence.text, "\""));
    out << silence.id << "  " << (silence.maintenance ? "maintenance, " : "") << state_of(silence, now) << "; "
        << (about.empty() ? "everything" : about.substr(1)) << "; by " << silence.author << ": " << silence.reason
        << "\n";
  }
  if (found.empty()) out << "no silence" << (request.all ? " was ever asked for" : " in force or to come") << "\n";
  return {};
}

Result<void> end(const SilenceRequest& request, Store& store, Time now, std::ostream& out) {
  if (trim(request.by).empty()) return fail(ErrorKind::bad_data, "--by: expected who says so, found nothing");
  TRY(const bool ended, store.end_silence(request.id, request.by, now));
  if (!ended)
    return fail(ErrorKind::bad_data, concat("there is no silence ", std::to_string(request.id),
                                            " that is not over; `vigie silence list` names them"));
  out << "silence " << request.id << ": ended; what it held back and is still going on is sent now\n";
  return {};
}

int report(const Result<void>& done, std::ostream& err) {
  if (done) return kDone;
  err << "vigie silence: " << done.error().what << "\n";
  return exit_status(done.error());
}

int with_store(const SilenceRequest& request, std::ostream& err,
               const std::function<int(const Settings&, Store&, const Clock&)>& act) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(fail(settings.error()), err);
  const Result<std::unique_ptr<Store>> store = open_store(*settings);
  if (!store) return report(fail(store.error()), err);
  return act(*settings, **store, SystemClock());
}

}  // namespace

int silence_add(const SilenceRequest& request, const Settings& settings, Store& store, const Clock& clock,
                std::ostream& out, std::ostream& err) {
  return report(add(request, settings, store, clock.now(), out), err);
}

int silence_list(const SilenceRequest& request, Store& store, const Clock& clock, std::ostream& out,
                 std::ostream& err) {
  return report(list(request, store, clock.now(), out), err);
}

int silence_end(const SilenceRequest& request, Store& store, const Clock& clock, std::ostream& out, std::ostream& err) {
  return report(end(request, store, clock.now(), out), err);
}

int cmd_silence_add(const SilenceRequest& request, std::ostream& out, std::ostream& err) {
  return with_store(request, err, [&](const Settings& settings, Store& store, const Clock& clock) {
    return silence_add(request, settings, store, clock, out, err);
  });
}

int cmd_silence_list(const SilenceRequest& request, std::ostream& out, std::ostream& err) {
  return with_store(request, err, [&](const Settings&, Store& store, const Clock& clock) {
    return silence_list(request, store, clock, out, err);
  });
}

int cmd_silence_end(const SilenceRequest& request, std::ostream& out, std::ostream& err) {
  return with_store(request, err, [&](const Settings&, Store& store, const Clock& clock) {
    return silence_end(request, store, clock, out, err);
  });
}

}  // namespace vigie
