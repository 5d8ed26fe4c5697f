// Owes people their digests: what was held back for them, what is still open, and the period's numbers. One digest is
// one transaction with what it took, so that none is sent twice and nothing is left out, whenever vigie is stopped.

#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "alerts/digest.h"
#include "base/clock.h"
#include "base/pulse.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

class Digests {
 public:
  Digests(const Settings& settings, Store& store) : settings_(settings), store_(store) {}

  // Every minute or so; cheap when nothing is due. How many messages it owed.
  Result<int> tick(Time now);
  void run(const std::stop_token& stop, const Clock& clock, Pulse& pulse, Pulse& owed);

 private:
  Result<bool> overflow(const PersonSettings& person, const std::vector<HeldBack>& held, Time now);
  Result<bool> digest(const PersonSettings& person, const std::vector<HeldBack>& held, Time now);
  Result<DigestInput> gather(const PersonSettings& person, const DigestTime& due, const std::vector<HeldBack>& held,
                             Time now);
  Result<std::vector<DigestInput::Line>> lines(const std::vector<HeldBack>& held);
  Result<DigestInput::Week> week(const TimeSpan& period, const std::vector<std::string>& brands);
  std::string brand_name(const std::string& id) const;
  const EndpointSettings* endpoint_of(const PersonSettings& person) const;
  const EndpointSettings* endpoint(const std::string& id) const;

  const Settings& settings_;
  Store& store_;
};

}  // namespace vigie
