// All that speaks of a brand: the false-alarm budget and the rules of vigie.toml, over stored mentions in one order.
// Pure: no clock, no I/O. Live watching, back-tests and explanations run this same code.
//
// Rules weigh whole minutes of the ingest clock: a minute is judged when all of it is there, so that neither the order
// within it, nor when tick() is called, nor which other brands run along, changes a signal.

#pragma once

#include <cstdint>
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

  // The words of a mention that was erased. What was counted stays counted.
  virtual void forget(std::int64_t seq) = 0;

  // Mentions whose reply is waited for, by seq, those whose time is up or nearly so: a reply comes as an edit of what
  // is stored, not as a mention behind it. Read them again and hand them to again(), before tick(); deleted ones too.
  virtual std::vector<std::int64_t> waiting() const = 0;
  virtual void again(const StoredMention& mention) = 0;

  virtual std::string save() const = 0;
  // bad_data when it is of another version. Rules that were not there, or counted other mentions, start anew.
  virtual Result<void> restore(std::string_view state) = 0;
};

// `settings` must be checked and outlive the rules; `themes`: Taxonomy::ids(). With `brand`, of that brand alone: the
// signals are those that all brands together would have given of it.
std::unique_ptr<Rules> make_rules(const Settings& settings, std::vector<std::string> themes,
                                  std::string_view brand = "");

}  // namespace vigie
