// A story as a phone shows it: a short title, a few plain lines, and buttons beside them.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "alerts/story.h"
#include "config/settings.h"

namespace vigie {

struct PushText {
  std::string title;  // at most 60 characters
  std::string text;
  std::vector<Story::Link> links;  // to act by, the main one first
};

// As much of it as fits; `text` in the operator's own words where the endpoint has a template that fits.
PushText push_text(const Story& story, const EndpointSettings& endpoint,
                   const std::function<bool(const PushText&)>& fits);

// Where a tap leads: to the incident, else by the first link; "" where there is none.
std::string opens(const PushText& push);

}  // namespace vigie
