// An incident in the words of Prometheus' Alertmanager: labels that say which alert it is, annotations that say how it
// stands. Facts: ALERTS.md 2.2b; https://prometheus.io/docs/alerting/latest/alerts_api/

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/notifier.h"
#include "base/json.h"

namespace vigie {

using Labels = std::vector<std::pair<std::string, std::string>>;

// Which alert: what changes during an incident stands in the annotations, for another set of labels is another alert.
// Only `severity` may rise; routes go by it, so it stays a label.
Labels alert_labels(const Story& story, Severity severity);
// How it stands: summary, description, observed, expected, themes, dashboard_url.
Labels alert_annotations(const Story& story, const Outgoing& out);

void write_labels(json::Writer& out, const Labels& labels);

// bad_config for a message that is about no incident: Alertmanager has no place for a digest.
Result<void> tells_of_an_alert(const Story& story);

bool is_over(const Story& story);
// Where the alert is looked at: the incident, or the public address.
std::string generator(const Story& story, const NotifierContext& context);

}  // namespace vigie
