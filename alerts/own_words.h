// A message in the operator's own words: a template of the logic-less language (base/template.h) over the parts of the
// story, by their names. docs/channels.md, "Your own words".

#pragma once

#include <optional>
#include <string>

#include "alerts/chat_text.h"
#include "alerts/story.h"
#include "config/settings.h"

namespace vigie {

// The text that the endpoint's template makes of the story, at most `most` bytes: what stands in the template is the
// channel's markup, what the story says is escaped for it. Nothing where there is no template, or where it fails: the
// log then says why, and the shipped message is sent.
std::optional<std::string> own_words(const Story& story, const EndpointSettings& endpoint, Markup markup,
                                     std::size_t most);

// The same of a template that writes JSON. Nothing as well when it is none.
std::optional<std::string> own_json(const Story& story, const EndpointSettings& endpoint, std::size_t most);

// Why the template would not give a message of this story; nothing when it does or when there is none.
Result<void> check_own_words(const Story& story, const EndpointSettings& endpoint);

}  // namespace vigie
