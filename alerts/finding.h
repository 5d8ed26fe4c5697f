// What a rule of vigie.toml found, in words: each kind has its own sentences, where the budget's speak of a rise.

#pragma once

#include <string>
#include <string_view>

#include "alerts/phrases.h"
#include "model/signal.h"

namespace vigie {

// key: what (short, as a title begins), subject (the same in every message), size, count, reason, over, read (advice).
std::string finding(const Phrases& phrases, const Signal& signal, std::string_view key);

// Whether the reason already says since when: then nothing beside it needs to.
bool names_its_time(const Signal& signal);

}  // namespace vigie
