#include "app/stand_in.h"

#include <algorithm>

#include "alerts/dispatch.h"
#include "alerts/trouble.h"
#include "base/secret.h"

namespace vigie {
namespace {

const EndpointSettings* find(const Settings& settings, const std::string& id) {
  const auto found = std::find_if(settings.endpoints.begin(), settings.endpoints.end(),
                                  [&](const EndpointSettings& endpoint) { return endpoint.id == id; });
  return found == settings.endpoints.end() ? nullptr : &*found;
}

// The others, the likeliest to reach the same person first.
std::vector<std::string> others(const std::string& id, const Settings& settings, bool anybody) {
  std::vector<std::string> ids;
  const auto add = [&](const std::string& other) {
    if (other != id && !other.empty() && std::find(ids.begin(), ids.end(), other) == ids.end()) ids.push_back(other);
  };
  const EndpointSettings* const own = find(settings, id);
  if (own == nullptr && !anybody) return ids;
  if (own != nullptr) add(own->fallback);
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (own != nullptr && !own->person.empty() && endpoint.person == own->person) add(endpoint.id);
  }
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (anybody) add(endpoint.id);
  }
  return ids;
}

// The first that took its last message, else the first that is asked at all.
Result<std::optional<std::string>> one_that_works(const std::vector<std::string>& ids, Store& store) {
  std::optional<std::string> asked;
  for (const std::string& id : ids) {
    TRY(const EndpointHealth health, store.endpoint_health(id));
    if (health.circuit != Circuit::closed) continue;
    if (health.failures == 0) return std::optional(id);
    if (!asked) asked = id;
  }
  return asked;
}

// Those who run vigie, then whoever is likeliest to read it.
std::vector<std::string> for_operators(const std::string& ill, const Settings& settings, Time now) {
  std::vector<std::string> ids = named_by(settings.alerting.operators, settings, now).endpoints;
  const std::vector<std::string> rest = others(ill, settings, true);
  ids.insert(ids.end(), rest.begin(), rest.end());
  std::erase(ids, ill);
  return ids;
}

Result<std::optional<Notification>> a_word(const Trouble& trouble, const std::string& subject, const Settings& settings,
                                           Store& store) {
  TRY(const std::optional<std::string> endpoint,
      one_that_works(for_operators(trouble.endpoint, settings, trouble.now), store));
  if (!endpoint) return std::optional<Notification>();
  Notification word;
  word.subject_kind = "trouble";
  word.subject_id = concat(subject, " ", trouble.endpoint);
  word.seq = trouble.seq;
  word.purpose = "trouble";
  word.endpoint = *endpoint;
  word.recipient = find(settings, *endpoint)->person;
  word.document = make_trouble(trouble);
  word.id = to_hex(sha256(
      concat(trouble.over ? "recovery|" : "trouble|", subject, "|", trouble.endpoint, "|", std::to_string(trouble.seq), "|", *endpoint)));
  word.created = word.due = trouble.now;
  return std::optional(std::move(word));
}

bool is_about(const Notification& trouble, const std::string& endpoint) {
  return trouble.subject_id == concat("endpoint ", endpoint) || trouble.subject_id == concat("lost ", endpoint);
}

bool may_stand_in(const Notification& notification) {
  static constexpr std::string_view kNot[] = {"repeat", "acked", "test"};
  // Written to a customer or an author, not to the endpoint's own reader.
  if (notification.subject_kind == "survey" || notification.subject_kind == "author") return false;
  return notification.stands_for.empty() &&
         std::find(std::begin(kNot), std::end(kNot), notification.purpose) == std::end(kNot);
}

}  // namespace

std::string address_of(const EndpointSettings& endpoint) {
  std::string all;
  for (const std::string* part : {&endpoint.kind, &endpoint.to, &endpoint.url, &endpoint.account, &endpoint.from,
                                  &endpoint.secret, &endpoint.folder}) {
    all += concat(std::to_string(part->size()), ":", *part);
  }
  for (const auto& [name, secret] : endpoint.secrets)
    all += concat(name, "=", std::to_string(secret.size()), ":", secret);
  return to_hex(sha256(all)).substr(0, 16);
}

bool has_other_endpoint(const std::string& endpoint, const Settings& settings) {
  return !others(endpoint, settings, false).empty();
}

Result<std::optional<Notification>> stand_in_at(const Notification& notification, const std::string& endpoint,
                                                Store& store, Time now) {
  // Where this or something later was told, or is about to be, an older message would only confuse.
  Notification before = notification;
  before.endpoint = endpoint;
  before.created = Time{};
  before.id.clear();
  TRY(const Neighbours told, store.neighbours(before, 1));
  if (!told.after.empty()) return std::optional<Notification>();
  Notification other;
  other.id = to_hex(sha256(concat("stand-in|", notification.id, "|", endpoint)));
  other.subject_kind = notification.subject_kind;
  other.subject_id = notification.subject_id;
  other.seq = notification.seq;
  other.purpose = notification.purpose;
  other.recipient = notification.recipient;
  other.document = notification.document;
  other.endpoint = endpoint;
  other.created = notification.ripe;
  other.due = other.ripe = now;
  other.stands_for = notification.id;
  other.detail = notification.endpoint;
  return std::optional(std::move(other));
}

Result<std::optional<Notification>> stand_in_for(const Notification& notification, const Settings& settings,
                                                 Store& store, Time now) {
  if (!may_stand_in(notification)) return std::optional<Notification>();
  // A word of trouble is for whoever can act on it: anybody is better than nobody.
  const bool trouble = notification.purpose == "trouble";
  std::vector<std::string> ids = trouble ? for_operators(notification.endpoint, settings, now)
                                         : others(notification.endpoint, settings, false);
  if (trouble) std::erase_if(ids, [&](const std::string& id) { return is_about(notification, id); });
  TRY(const std::optional<std::string> endpoint, one_that_works(ids, store));
  if (!endpoint) return std::optional<Notification>();
  return stand_in_at(notification, *endpoint, store, now);
}

Result<std::optional<Notification>> word_about(const EndpointHealth& health, const Settings& settings, Store& store,
                                               Time now) {
  const EndpointSettings* const ill = find(settings, health.endpoint);
  if (ill == nullptr) return std::optional<Notification>();
  const Time since = health.ill_since.value_or(now);
  return a_word({health.endpoint, ill->kind, health.circuit == Circuit::disabled, health.reason, since, now,
                 to_epoch(since)},
                "endpoint", settings, store);
}

Result<std::optional<Notification>> word_about_recovery(const EndpointHealth& health, const Settings& settings,
                                                        Store& store, Time now) {
  const EndpointSettings* const well = find(settings, health.endpoint);
  Trouble trouble{health.endpoint, well == nullptr ? "" : well->kind, false, "", health.ill_since.value_or(now), now, to_epoch(now)};
  trouble.over = true;
  return a_word(trouble, "endpoint", settings, store);
}

bool is_missed(const Notification& notification) {
  const bool reminder = notification.purpose == "repeat" || notification.purpose == "acked";
  return (notification.subject_kind == "incident" && !reminder) || notification.subject_kind == "digest";
}

Result<std::optional<Notification>> word_about_loss(const EndpointHealth& health, const std::string& reason,
                                                    const Settings& settings, Store& store, Time now) {
  const EndpointSettings* const ill = find(settings, health.endpoint);
  return a_word({health.endpoint, ill == nullptr ? "" : ill->kind, false, reason, now, now, to_epoch(now), "lost"},
                "lost", settings, store);
}

}  // namespace vigie
