#include "app/progress.h"

#include <unistd.h>

#include <algorithm>

namespace vigie {

Progress::Progress(std::ostream& err, const Clock& clock, std::string_view verb, std::uint64_t whole)
    : err_(err),
      clock_(clock),
      verb_(verb),
      whole_(whole),
      start_(clock.now()),
      last_(start_),
      terminal_(isatty(STDERR_FILENO) == 1) {}

void Progress::show(std::int64_t mentions, std::uint64_t bytes) {
  const Time now = clock_.now();
  if (now - last_ < seconds(1)) return;
  last_ = now;
  const double passed = std::max(1e-3, static_cast<double>((now - start_).count()) / 1e6);
  err_ << (terminal_ ? "\r" : "") << verb_ << " " << mentions << " mentions, "
       << static_cast<std::int64_t>(static_cast<double>(mentions) / passed) << " a second";
  if (whole_ > 0) err_ << ", " << std::min<std::uint64_t>(100, bytes * 100 / whole_) << " %";
  err_ << (terminal_ ? "  " : "\n") << std::flush;
}

}  // namespace vigie
