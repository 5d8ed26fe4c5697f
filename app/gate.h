// The gate between what is owed and what goes out: what the store knows of silences, incidents, people and budgets, put
// before the one rule of alerts/suppress.h.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alerts/suppress.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

// Belongs to the thread of its store; several may ask at once, each its own.
class StoreGate final : public Gate {
 public:
  StoreGate(const Settings& settings, Store& store) : settings_(settings), store_(store) {}

  // Before the answer is given, a message that is for a digest is written down for it, and one that may go is counted.
  Result<Decision> look(const Notification& due, Time now) override;
  Result<void> passed(const Notification& sent, Time now) override;

  // False when its reader unsubscribed from the brand and is neither on call for it nor was given the incident.
  Result<bool> is_wanted(const Notification& due, Time now);

  // Room that messages explained before this one would have taken, by the name of its bucket.
  using Spending = std::map<std::string, Spent>;
  // What look() would say, and why; nothing is written. `before`: what goes out is counted there, for the next one.
  Result<Ruling> explain(const Notification& due, Time now, const Incident* about = nullptr,
                         Spending* before = nullptr);

 private:
  bool is_on_duty(const Incident& incident, const std::string& endpoint, Time now) const;
  // What changes by people and seldom, read at most once a second.
  struct Known {
    Time read{}, silences_read{};
    std::vector<Silence> silences;
    std::vector<Incident> unclosed;
  };

  Result<void> put_aside(const Circumstances& all, const Decision& decision, Time now);
  Result<bool> take_room(const Circumstances& all, Time now, bool in_any_case);
  Result<Circumstances> circumstances(const Notification& due, Time now, const Incident* about = nullptr);
  Result<const Known*> known(Time now);
  Result<bool> read_silences_again(Time now);
  Result<Spent> bucket(const std::string& name);
  const PersonSettings* person(const std::string& id) const;

  const Settings& settings_;
  Store& store_;
  std::optional<Known> known_;
};

}  // namespace vigie
