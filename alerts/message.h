// The alert document: one set of facts, from which every channel's message and the console's page are made. Pure.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"
#include "model/incident.h"
#include "model/stored.h"

namespace vigie {

struct DocumentInput {
  Incident incident;
  std::string purpose;  // first worse resolved reopened acked
  std::int64_t seq = 0;
  std::string reason{};  // of Owed: what made it worse
  std::string brand_name;
  std::vector<StoredMention> quotes;     // candidates, in order of the signal
  std::vector<double> hourly_negatives;  // last 24 h, oldest first
  std::string incident_url, wall_url;
  Time now{};
};

// JSON, versioned ("version": 1); everything a renderer needs, frozen when the message is owed. Its fields stand in
// document.cpp.
std::string make_document(const DocumentInput& input);

struct RenderedMail {
  std::string subject;     // at most 60 visible characters
  std::string text, html;  // same facts
};

// language "fr" or "en"; time_zone IANA. bad_data when the document is not one of ours, bad_config for an unknown
// language or zone.
Result<RenderedMail> render_mail(std::string_view document, std::string_view language, std::string_view time_zone);

// "212 in 1 h, expected 35 (20 to 55)" and the like: the one-line reason the console and webhooks show.
std::string reason_line(const Signal& signal, std::string_view language);
// "12 negative posts in 1 h; the limit is 10", of a rule that counts; "" of the budget.
std::string found_by_rule(const Signal& signal, std::string_view language);
// "Acme: negative posts 6× usual (late deliveries)". A multiple only where at least 5 were expected: "×9" of next to
// nothing misleads.
std::string headline(const Signal& signal, std::string_view brand_name, std::string_view language);

}  // namespace vigie
