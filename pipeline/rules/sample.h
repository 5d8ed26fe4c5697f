// The newest mentions behind a rule's signal, to explain it with: which ones, from where, about what. At most 256.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/signal.h"
#include "pipeline/bytes.h"

namespace vigie {

class Sample {
 public:
  struct One {
    std::int64_t at = 0;     // minute by which the rule counts it
    std::int64_t event = 0;  // microseconds since 1970
    std::uint64_t author = 0;
    std::uint64_t key = 0;  // of the mention, whatever its place in the order of arrival
    std::int64_t seq = 0;
    std::uint64_t themes = 0;  // bits
    std::string source;        // at most 64 bytes
  };

  void add(One one);          // an author's newest stands for the others
  void add_another(One one);  // beside them
  void clear() { kept_.clear(); }

  // Event time of the earliest one counted from minute `from` on; `otherwise` when none is known.
  Time first_event(std::int64_t from, Time otherwise) const;

  // Mentions (the first ten and the last ten), sources and themes of those from minute `from` on.
  void explain(std::int64_t from, const std::vector<std::string>& theme_ids, Signal& signal) const;

  void save(ByteWriter& out) const;
  void restore(ByteReader& in);

 private:
  std::vector<One> kept_;  // sorted, oldest first
};

// Themes as the bits of their place among `ids`, the first 64.
std::uint64_t theme_bits(const std::vector<std::string>& themes, const std::vector<std::string>& ids);

}  // namespace vigie
