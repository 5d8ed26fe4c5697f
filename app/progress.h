// How far a long command has come: a line a second, or in place on a terminal.

#pragma once

#include <cstdint>
#include <ostream>
#include <string_view>

#include "base/clock.h"

namespace vigie {

class Progress {
 public:
  // `verb`: "imported". `whole`: bytes of the file, 0 = not known.
  Progress(std::ostream& err, const Clock& clock, std::string_view verb, std::uint64_t whole);
  void show(std::int64_t mentions, std::uint64_t bytes);

 private:
  std::ostream& err_;
  const Clock& clock_;
  const std::string_view verb_;
  const std::uint64_t whole_;
  const Time start_;
  Time last_;
  const bool terminal_;
};

}  // namespace vigie
