// All that speaks of a brand: the false-alarm budget and the rules of vigie.toml, over stored mentions in one order.
// Pure: no clock, no I/O. Live watching, back-tests and explanations run this same code.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/settings.h"
#include "model/signal.h"
#include "model/stored.h"

namespace vigie {

class Rules {
 public:
  virtual ~Rules() = default;

  // One mention, for each of its brands. Mentions come by `seq`; a back-fill (`history`) is no news and is passed over.
  virtual void observe(const StoredMention& mention, std::vector<Signal>& out) = 0;
  // Time went on without mentions. Same `now` twice is a no-op.
  virtual void tick(Time now, std::vector<Signal>& out) = 0;
  // A person says: what the open incident of this kind speaks of is the new normal of the brand.
  virtual void accept(std::string_view brand, std::string_view incident_kind, Time now, std::vector<Signal>& out) = 0;

  virtual std::string save() const = 0;
  virtual Result<void> restore(std::string_view state) = 0;  // bad_data when it is of another version
};

// `settings` must be checked and outlive the rules; `themes`: Taxonomy::ids(). With `brand`, of that brand alone: the
// signals are those that all brands together would have given of it.
std::unique_ptr<Rules> make_rules(const Settings& settings, std::vector<std::string> themes,
                                  std::string_view brand = "");

}  // namespace vigie
