// One act of a person's on the label of a mention; the history of them is append-only.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/judgement.h"

namespace vigie {

struct Correction {
  std::int64_t seq = 0;  // of the mention
  Time at{};
  std::string by;
  Label machine = Label::neutral;  // what the machine said then, and which model
  std::string model;
  std::optional<Label> label{};  // the person's; nothing: taken back

  bool confirms() const { return label == machine; }
};

}  // namespace vigie
