// Who may be asked now: the allowance of a network (shared by the sources of one credential) and the pause of a host.
// In memory, with what must survive a restart kept in the store.

#pragma once

#include <map>
#include <string>

#include "base/metrics.h"
#include "base/time.h"
#include "collectors/source.h"
#include "store/store.h"

namespace vigie {

// Requests a network allows, as a bucket: a quarter of the allowance at once, the rest evenly, so that no stretch of
// `per` sees more than it.
class Bucket {
 public:
  Bucket(const Allowance& saved, const SourceLimits& limits);
  Bucket(const SourceLimits& limits, Time now);

  Time free_at() const;  // when a request may go; in the past: now
  void take(Time now);
  void rest_until(Time until);
  const Allowance& state() const { return state_; }

 private:
  double capacity_ = 1, per_micro_ = 0;  // tokens a microsecond; 0 = no allowance, only rests
  Allowance state_;
};

class Allowances {
 public:
  Allowances(Store& store, Metrics& metrics, Duration host_pause)
      : store_(store), metrics_(metrics), host_pause_(host_pause) {}

  // `restarted`: an earlier run may have asked a moment ago, so every host has its pause first.
  Result<void> open(Time now, bool restarted);

  // Who a request goes to.
  struct Target {
    std::string host;
    const SourceLimits* limits = nullptr;
  };

  // When a request may go: `now` or earlier = at once; nothing while as many are in flight as the host takes.
  std::optional<Time> free_at(const Target& target, Time now);
  // Taken: counted before it is sent, in the store too.
  Result<void> take(const Target& target, Time now);
  void done(const Target& target, Time now);
  // Too many requests, or the answer says that nothing is left: everyone who shares it waits.
  Result<void> rest(const Target& target, Time until, Time now);

 private:
  struct Host {
    int in_flight = 0;
    Time free_at{};
  };

  static std::string name_of(const Target& target);
  Duration pause_of(const SourceLimits& limits) const;
  Host& host_of(const std::string& name);
  Bucket& bucket_of(const Target& target, Time now);

  Store& store_;
  Metrics& metrics_;
  const Duration host_pause_;
  Time hosts_free_from_{};
  std::map<std::string, Host> hosts_;
  std::map<std::string, Bucket> buckets_;
  std::map<std::string, Allowance> saved_;
};

}  // namespace vigie
