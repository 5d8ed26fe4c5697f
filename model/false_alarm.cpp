#include "model/false_alarm.h"

#include <algorithm>
#include <string>

namespace vigie {

bool is_false_alarm(std::string_view reason) {
  constexpr std::string_view kWords[] = {"false",         "false alarm",  "false positive", "falsepositive",
                                         "fausse alerte", "fausse alarme", "faux positif"};
  std::string plain;
  for (const char c : reason) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool between = c == ' ' || c == '_' || c == '-' || c == '.' || c == '!' || c == '\t';
    if (letter) plain.push_back(c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    if (between && !plain.empty() && plain.back() != ' ') plain.push_back(' ');
    if (!letter && !between) return false;  // a sentence of their own
  }
  if (!plain.empty() && plain.back() == ' ') plain.pop_back();
  return std::find(std::begin(kWords), std::end(kWords), plain) != std::end(kWords);
}

}  // namespace vigie
