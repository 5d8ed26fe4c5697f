// What happened in one line; shared by messages, the console and webhooks.

#pragma once

#include <string>
#include <string_view>

#include "alerts/phrases.h"
#include "model/signal.h"

namespace vigie {

// A multiple of a small habit is noise ("9 times" of 0.4): under 5 expected, the plain number stands.
inline constexpr double kLeastExpectedForTimes = 5;

// "Acme: negative posts 6× usual", or a rule's own words.
std::string magnitude(const Phrases& phrases, const Signal& signal, std::string_view brand_name);

// "6×" or "12 in 1 h 30 min" or "12": as much as a subject has room for.
enum class Room { long_form, short_form };
std::string size_of(const Phrases& phrases, const Signal& signal, Room room);

std::string reason_in(const Phrases& phrases, const Signal& signal);

// The taxonomy's id in words; an id that the catalogue does not know, as it is.
std::string theme_name(const Phrases& phrases, std::string_view id);

}  // namespace vigie
