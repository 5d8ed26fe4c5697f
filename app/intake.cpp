#include "app/intake.h"

#include <algorithm>
#include <cmath>

#include "app/network.h"
#include "base/log.h"
#include "model/notice.h"

namespace vigie {
namespace {

constexpr int kMaxBackoff = 10;    // doublings
constexpr int kSuspendAfter = 10;  // unreadable answers in a row

bool needs_a_person(ErrorKind kind) {
  return kind == ErrorKind::denied || kind == ErrorKind::gone || kind == ErrorKind::bad_config;
}

// What to do about it, in the words of console/source_line.h.
std::string refusal(const SourceSettings& settings, const SourceHealth& health) {
  const std::string since = format_rfc3339(std::chrono::floor<seconds>(*health.failing_since));
  if (settings.secrets.empty()) return to_json(Notices{{"refused", {{"since", since}}}});
  return to_json(Notices{{"token_refused", {{"since", since}, {"secret", settings.secrets.begin()->first}}}});
}

}  // namespace

Result<Line> Intake::open(const SourceSettings& settings) {
  Line line;
  line.settings = &settings;
  TRY(store_.save_facts({settings.id, network_of(settings.kind)}));
  TRY(line.cursor, store_.cursor(settings.id));
  TRY(const std::vector<SourceHealth> known, store_.sources());
  const auto old =
      std::find_if(known.begin(), known.end(), [&](const SourceHealth& h) { return h.source == settings.id; });
  if (old != known.end()) line.health = *old;
  line.health.source = settings.id;
  if (line.health.state.empty()) line.health.state = "new";
  return line;
}

Result<void> Intake::deliver(Line& line, Batch batch) {
  batch.source = line.settings->id;
  batch.ingested = clock_.now();
  for (Mention& mention : batch.mentions) mention.source = batch.source;
  const Cursor next = batch.next;
  if (!batch.mentions.empty() || !batch.rejected.empty() || !batch.gone.empty()) TRY(bus_.publish(std::move(batch)));
  if (next == line.cursor || next.value.empty()) return {};
  TRY(store_.save_cursor(line.settings->id, next));
  line.cursor = next;
  return {};
}

void Intake::good(Line& line, std::optional<Time> next_try) {
  line.health.state = "ok";
  line.health.failures = 0;
  line.health.error.clear();
  line.health.failing_since.reset();
  line.health.notices = "[]";
  line.health.last_success = clock_.now();
  line.health.next_try = next_try;
  metrics_.add("vigie_polls_total", "Polls of sources, by result.", {{"source", line.settings->id}, {"result", "ok"}});
  save(line);
}

Time Intake::bad(Line& line, const Error& error, Duration shortest, Duration longest) {
  SourceHealth& health = line.health;
  ++health.failures;
  if (!health.failing_since) health.failing_since = clock_.now();
  if (error.kind == ErrorKind::denied) health.notices = refusal(*line.settings, health);
  health.error = log::redact(error.what);
  const bool unreadable = error.kind == ErrorKind::bad_data && health.failures >= kSuspendAfter;
  health.state = needs_a_person(error.kind) || unreadable ? "suspended" : "failing";
  const double most = static_cast<double>(shortest.count()) * std::exp2(std::min(health.failures - 1, kMaxBackoff));
  const double capped = std::min(most, static_cast<double>(longest.count()));
  Duration pause(static_cast<std::int64_t>(capped * rng_.unit()));
  if (health.state == "suspended") pause = longest;
  if (error.kind == ErrorKind::rate_limited || error.retry_in)
    pause = std::max(pause, error.retry_in.value_or(minutes(1)));
  health.next_try = clock_.now() + pause;
  metrics_.add("vigie_polls_total", "Polls of sources, by result.",
               {{"source", line.settings->id}, {"result", std::string(to_text(error.kind))}});
  log::warn(part_, "a source did not answer as hoped",
            {{"source", line.settings->id},
             {"kind", to_text(error.kind)},
             {"state", health.state},
             {"error", error.what},
             {"next_try", format_rfc3339(*health.next_try)}});
  save(line);
  return *health.next_try;
}

void Intake::save(Line& line) {
  ++line.health.polls;
  line.health.last_try = clock_.now();
  if (Result<void> saved = store_.save_health(line.health); !saved) {
    log::error(part_, "a source's health could not be stored",
               {{"source", line.settings->id}, {"error", saved.error().what}});
  }
}

}  // namespace vigie
