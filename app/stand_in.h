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
// A word of trouble goes to those who run vigie, else to anybody.
Result<std::optional<Notification>> stand_in_for(const Notification& notification, const Settings& settings,
                                                 Store& store, Time now);
// The same for an endpoint that is known.
Result<std::optional<Notification>> stand_in_at(const Notification& notification, const std::string& endpoint,
                                                Store& store, Time now);

bool has_other_endpoint(const std::string& endpoint, const Settings& settings);

// "Slack does not answer since ..." to an endpoint that works: of those who run vigie, of the same person, or any.
// Nothing when there is none.
Result<std::optional<Notification>> word_about(const EndpointHealth& health, const Settings& settings, Store& store,
                                               Time now);

// "Slack takes messages again", for whoever may have been told that it did not.
Result<std::optional<Notification>> word_about_recovery(const EndpointHealth& health, const Settings& settings,
                                                        Store& store, Time now);

// Whether somebody misses something when it is never delivered: all but reminders, tests and letters to customers.
bool is_missed(const Notification& notification);
// "A message for Slack was not delivered", to the same people.
Result<std::optional<Notification>> word_about_loss(const EndpointHealth& health, const std::string& reason,
                                                    const Settings& settings, Store& store, Time now);

}  // namespace vigie
