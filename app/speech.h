// The language a command answers in.

#pragma once

#include <string>

namespace vigie {

// "fr" when the terminal's locale is French (LC_ALL, LC_MESSAGES, LANG), else "en".
std::string speech_of_terminal();

}  // namespace vigie
