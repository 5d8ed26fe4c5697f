// Where a message goes whose endpoint is of no use, and the word to the operator about such an endpoint.

#pragma once

#include <optional>
#include <string>

#include "config/settings.h"
#include "model/endpoint_health.h"
#include "model/notification.h"
#include "store/store.h"

namespace vigie {

// Changes with what an endpoint is, so that one set right by its operator starts anew. Nothing can be read from it.
std::string address_of(const EndpointSettings& endpoint);

// The same message for another endpoint of its reader: the fallback that is set, or the next that works. Nothing when
// there is none, when that one was told already, for messages that stand in themselves, and for reminders and tests.
Result<std::optional<Notification>> stand_in_for(const Notification& notification, const Settings& settings,
                                                 Store& store, Time now);
// The same for an endpoint that is known.
Result<std::optional<Notification>> stand_in_at(const Notification& notification, const std::string& endpoint,
                                                Store& store, Time now);

bool has_other_endpoint(const std::string& endpoint, const Settings& settings);

// "Slack does not answer since ..." to an endpoint that works: one of the same person, or any. Nothing when there is
// none.
Result<std::optional<Notification>> word_about(const EndpointHealth& health, const Settings& settings, Store& store,
                                               Time now);

}  // namespace vigie
