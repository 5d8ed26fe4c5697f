// What a person does with an incident. The list is append-only; the watch carries each act out in turn and says what
// came of it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vigie {

enum class ActKind { ack, unack, assign, note, resolve, merge, split };
std::string_view to_text(ActKind kind);
std::optional<ActKind> act_from(std::string_view text);

struct Act {
  std::int64_t number = 0;  // one order over all of them, from 1; the store gives it
  std::string id;           // the same id twice is one act: a link that was followed twice, a repeated request
  std::string incident;
  ActKind kind = ActKind::ack;
  std::string by;      // person, or what stands for one: "console", a program's name
  std::string reason;  // note: the note; resolve: "handled", "false_positive", or words
  std::string value;   // assign: person; merge: incident
  Time at{};
  std::string outcome;  // "" = not carried out yet; "done"; else why it changed nothing, for people
};

}  // namespace vigie
