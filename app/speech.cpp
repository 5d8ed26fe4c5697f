#include "app/speech.h"

#include <cstdlib>
#include <string_view>

namespace vigie {

std::string speech_of_terminal() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("fr") ? "fr" : "en";
  }
  return "en";
}

}  // namespace vigie
