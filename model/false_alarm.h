// How people say of an incident that nothing had happened, when they give it as the reason for closing it.

#pragma once

#include <string_view>

namespace vigie {

// "false alarm", "False_Positive", "fausse alerte", "faux positif": in the languages of the pages, whatever the case and
// the signs between the words. Such a reason is a verdict: it counts among the false alarms of the detector.
bool is_false_alarm(std::string_view reason);

}  // namespace vigie
