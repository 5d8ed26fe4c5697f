#include "app/cmd_outbox.h"

#include <ostream>

#include "alerts/notifier_kind.h"
#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr int kMostAtOnce = 1000;
constexpr std::size_t kShortId = 12, kLongestName = 100, kShown = 4000;

std::string told(const std::optional<Time>& time) { return time ? format_rfc3339(*time) : "-"; }

Result<OutboxFilter> filter_of(const OutboxRequest& request) {
  OutboxFilter filter;
  filter.endpoint = request.endpoint;
  filter.limit = request.limit;
  if (request.state.empty()) return filter;
  filter.state = notification_state_from(request.state);
  if (filter.state) return filter;
  return fail(ErrorKind::bad_data,
              concat("--state: expected held, ready, claimed, sent, unverified, wait, superseded, cancelled or dead, "
                     "found \"",
                     first_code_points(request.state, 40), "\""));
}

std::string why(const Notification& n) {
  std::string text = n.reason;
  for (const std::string* more : {&n.last_error, &n.detail}) {
    if (!more->empty()) text += concat(text.empty() ? "" : ": ", *more);
  }
  return squeeze_spaces(to_valid_utf8(text));
}

void print_health(const EndpointHealth& health, std::ostream& out) {
  if (health.circuit == Circuit::closed) return;
  out << "endpoint " << health.endpoint << " " << to_text(health.circuit) << " since " << told(health.ill_since);
  if (health.circuit == Circuit::open) out << ", asked again " << format_rfc3339(health.open_until);
  out << ": " << squeeze_spaces(to_valid_utf8(health.reason)) << "\n";
}

Result<void> list(const OutboxRequest& request, Store& store, const Clock& clock, std::ostream& out) {
  TRY(const OutboxFilter filter, filter_of(request));
  TRY(const std::vector<Notification> found, store.outbox(filter));
  for (const Notification& n : found) {
    out << n.id.substr(0, kShortId) << "  " << format_rfc3339(n.created) << "  " << to_text(n.state) << "  "
        << n.endpoint << "  " << n.purpose << "  " << n.subject_id << "  tries " << n.attempts;
    if (const std::string reason = why(n); !reason.empty()) out << "  " << reason;
    out << "\n";
  }
  TRY(const std::vector<EndpointHealth> endpoints, store.endpoints_health());
  for (const EndpointHealth& health : endpoints) print_health(health, out);
  TRY(const OutboxCounts counts, store.outbox_counts(clock.now()));
  std::string line;
  for (const auto& [state, count] : counts.by_state) {
    line += concat(line.empty() ? "" : ", ", std::to_string(count), " ", to_text(state));
  }
  out << (line.empty() ? "nothing was ever owed" : line) << "\n";
  return {};
}

// People copy the short id of the list.
Result<std::string> whole_id(const std::string& given, Store& store) {
  TRY(const std::vector<std::string> ids, store.notification_ids(given, 2));
  if (ids.size() == 1) return ids.front();
  if (ids.empty()) return fail(ErrorKind::gone, concat("no message has the id ", first_code_points(given, 80)));
  return fail(ErrorKind::bad_data, concat("several messages begin with ", given, "; give more of the id"));
}

Result<void> show(const std::string& given, Store& store, const std::vector<std::string>& secrets, std::ostream& out) {
  TRY(const std::string id, whole_id(given, store));
  TRY(const std::optional<Notification> n, store.notification(id));
  if (!n) return fail(ErrorKind::gone, concat("no message has the id ", id));
  const std::vector<std::string_view> hidden(secrets.begin(), secrets.end());
  out << "id          " << n->id << "\nsubject     " << n->subject_kind << " " << n->subject_id << " #" << n->seq
      << "\npurpose     " << n->purpose << "\nendpoint    " << n->endpoint << "\nrecipient   " << n->recipient
      << "\nstate       " << to_text(n->state) << "\ncreated     " << format_rfc3339(n->created) << "\ndue         "
      << format_rfc3339(n->due) << "\nheld until  " << told(n->held_until) << "\ntries       " << n->attempts
      << "\nfirst error " << told(n->first_error) << "\nlast error  "
      << without_secrets(concat(n->last_code, " ", n->last_error), hidden) << "\nreason      " << n->reason
      << "\ndetail      " << n->detail << "\nremote id   " << without_secrets(n->remote_id, hidden) << "\n";
  if (!n->stands_for.empty()) out << "stands for  " << n->stands_for << "\n";
  if (n->repeated) out << "a try before this one may have arrived\n";
  TRY(const std::vector<OutboxAct> acts, store.outbox_acts(id));
  for (const OutboxAct& act : acts) {
    out << format_rfc3339(act.at) << "  " << act.act << " by " << act.by << (act.reason.empty() ? "" : ": ")
        << act.reason << "\n";
  }
  if (n->payload.empty()) return {};
  const std::string payload = without_secrets(to_valid_utf8(n->payload), hidden);
  out << "\n" << first_code_points(payload, kShown) << (payload.size() > kShown ? "\n[...]" : "") << "\n";
  return {};
}

Result<std::vector<std::string>> chosen(const OutboxRequest& request, Store& store) {
  std::vector<std::string> ids;
  for (const std::string& given : request.ids) {
    TRY(std::string id, whole_id(given, store));
    ids.push_back(std::move(id));
  }
  if (!request.ids.empty()) return ids;
  if (request.endpoint.empty()) return fail(ErrorKind::bad_data, "expected ids, or --endpoint for all its dead ones");
  TRY(const std::vector<Notification> dead, store.outbox({NotificationState::dead, request.endpoint, kMostAtOnce}));
  for (const Notification& n : dead) ids.push_back(n.id);
  return ids;
}

Result<void> act(const OutboxRequest& request, Store& store, const Clock& clock, std::ostream& out) {
  const std::string by(trim(first_code_points(request.by, kLongestName)));
  if (by.empty()) return fail(ErrorKind::bad_data, "--by: expected who does it, found nothing");
  const bool retry = request.what == OutboxRequest::Do::retry;
  TRY(const std::vector<std::string> ids, chosen(request, store));
  for (const std::string& id : ids) {
    TRY(store.act_on_notification(id, {clock.now(), by, retry ? "retry" : "discard", request.reason}));
    out << id.substr(0, kShortId) << (retry ? "  goes again\n" : "  taken out\n");
  }
  if (ids.empty()) out << "none is dead there\n";
  return {};
}

std::vector<std::string> secrets_of(const Settings& settings) {
  std::vector<std::string> secrets = {settings.mail.password};
  for (const EndpointSettings& endpoint : settings.endpoints) {
    secrets.insert(secrets.end(), {endpoint.url, endpoint.secret});
    secrets.insert(secrets.end(), endpoint.old_secrets.begin(), endpoint.old_secrets.end());
    for (const auto& [name, secret] : endpoint.secrets) secrets.push_back(secret);
  }
  return secrets;
}

}  // namespace

int outbox(const OutboxRequest& request, Store& store, const std::vector<std::string>& secrets, const Clock& clock,
           std::ostream& out, std::ostream& err) {
  Result<void> done;
  switch (request.what) {
    case OutboxRequest::Do::list: done = list(request, store, clock, out); break;
    case OutboxRequest::Do::show:
      done =
          request.ids.empty() ? fail(ErrorKind::bad_data, "expected an id") : show(request.ids[0], store, secrets, out);
      break;
    case OutboxRequest::Do::retry:
    case OutboxRequest::Do::discard: done = act(request, store, clock, out); break;
  }
  if (done) return kDone;
  err << "vigie outbox: " << done.error().what << "\n";
  return done.error().kind == ErrorKind::gone ? kBadInput : exit_status(done.error());
}

int cmd_outbox(const OutboxRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  const Result<std::unique_ptr<Store>> store =
      settings ? open_store(*settings) : Result<std::unique_ptr<Store>>(fail(settings.error()));
  if (!store) {
    err << "vigie outbox: " << store.error().what << "\n";
    return exit_status(store.error());
  }
  return outbox(request, **store, secrets_of(*settings), SystemClock(), out, err);
}

}  // namespace vigie
