// What happened in one line; shared by messages, the console and webhooks.

#pragma once

#include <string>
#include <string_view>

#include "alerts/phrases.h"
#include "model/signal.h"

namespace vigie {

// A multiple of a small habit is noise ("9 times" of 0.4): under 5 expected, the plain number stands.
inline constexpr double kLeastExpectedForTimes = 5;

// list "headline" or "subject" or "title": the sentence of that list for this signal.
std::string magnitude(const Phrases& phrases, std::string_view list, const Signal& signal, std::string_view brand_name);

// The same after a colon: "Nothing heard" becomes "nothing heard". NPS and the like stay.
std::string within_sentence(std::string_view what);

std::string reason_in(const Phrases& phrases, const Signal& signal);

// The taxonomy's id in words; an id that the catalogue does not know, as it is.
std::string theme_name(const Phrases& phrases, std::string_view id);

}  // namespace vigie
