// What a rule of vigie.toml found, in words: each kind has its own sentences, where the budget's speak of a rise.

#pragma once

#include <string>
#include <string_view>

#include "alerts/phrases.h"
#include "model/signal.h"

namespace vigie {

// Of any kind but the budget, whose signal argues with a habit.
bool is_of_own_rule(const Signal& signal);

// Whether what it counts is complaints, so that a curve of negatives and their themes belong to its story.
bool counts_complaints(const Signal& signal);

// key: what (short, as a subject begins), title, count, reason, over, read (advice).
std::string finding(const Phrases& phrases, const Signal& signal, std::string_view key);

}  // namespace vigie
