// A story in one text message: one sentence and one link in 160 characters of GSM-7.

#pragma once

#include <string>

#include "alerts/story.h"
#include "config/settings.h"

namespace vigie {

inline constexpr std::size_t kTextMessage = 160;

// Never more than kTextMessage of gsm7_length() and never empty, whatever the story says; in the operator's own words
// where the endpoint has a template. The link is the one to act by, else the incident's; one that would leave no room
// for words, or that leads to this machine alone, is left out.
std::string text_message(const Story& story, const EndpointSettings& endpoint);

}  // namespace vigie
