#include "app/allowance.h"

#include <algorithm>
#include <cmath>

namespace vigie {
namespace {

double capacity_of(const SourceLimits& limits) { return std::max(1.0, std::floor(limits.requests / 4)); }

// So that a full bucket and what flows in during `per` are no more than the allowance together.
double rate_of(const SourceLimits& limits) {
  if (limits.requests <= 0 || limits.per <= Duration::zero()) return 0;
  const double flow = std::max(limits.requests - capacity_of(limits) + 1, std::min(limits.requests, 1.0));
  return flow / static_cast<double>(limits.per.count());
}

}  // namespace

Bucket::Bucket(const SourceLimits& limits, Time now)
    : capacity_(capacity_of(limits)), per_micro_(rate_of(limits)), state_{"", capacity_of(limits), now, Time{}} {}

Bucket::Bucket(const Allowance& saved, const SourceLimits& limits)
    : capacity_(capacity_of(limits)), per_micro_(rate_of(limits)), state_(saved) {
  state_.tokens = std::min(state_.tokens, capacity_);
}

Time Bucket::free_at() const {
  if (per_micro_ <= 0 || state_.tokens >= 1) return state_.rest_until;
  const double missing = (1 - state_.tokens) / per_micro_;
  return std::max(state_.rest_until, state_.at + Duration(static_cast<std::int64_t>(std::ceil(missing))));
}

void Bucket::take(Time now) {
  if (per_micro_ <= 0) return;
  const double passed = static_cast<double>(std::max(now - state_.at, Duration::zero()).count());
  // A clock set back must not stop the source for as long as it was wrong.
  state_.tokens = std::min(capacity_, state_.tokens + passed * per_micro_) - 1;
  state_.at = now;
}

void Bucket::rest_until(Time until) { state_.rest_until = std::max(state_.rest_until, until); }

Result<void> Allowances::open(Time now, bool restarted) {
  TRY(const std::vector<Allowance> saved, store_.allowances());
  for (const Allowance& allowance : saved) saved_.emplace(allowance.name, allowance);
  hosts_free_from_ = restarted ? now + host_pause_ : now;
  return {};
}

// A source without an allowance of its own waits with its host.
std::string Allowances::name_of(const Target& target) {
  return target.limits->bucket.empty() ? concat("host ", target.host) : target.limits->bucket;
}

// The definition knows better than the program how fast its network may be asked.
Duration Allowances::pause_of(const SourceLimits& limits) const {
  if (limits.requests <= 0) return host_pause_;
  const auto even = Duration(static_cast<std::int64_t>(static_cast<double>(limits.per.count()) / limits.requests));
  return std::min(host_pause_, even);
}

Allowances::Host& Allowances::host_of(const std::string& name) {
  return hosts_.try_emplace(name, Host{0, hosts_free_from_}).first->second;
}

Bucket& Allowances::bucket_of(const Target& target, Time now) {
  const std::string name = name_of(target);
  const auto known = buckets_.find(name);
  if (known != buckets_.end()) return known->second;
  const auto saved = saved_.find(name);
  if (saved != saved_.end()) return buckets_.emplace(name, Bucket(saved->second, *target.limits)).first->second;
  return buckets_.emplace(name, Bucket(*target.limits, now)).first->second;
}

std::optional<Time> Allowances::free_at(const Target& target, Time now) {
  const Host& host = host_of(target.host);
  if (host.in_flight >= std::max(1, target.limits->parallel)) return std::nullopt;
  return std::max(host.free_at, bucket_of(target, now).free_at());
}

Result<void> Allowances::take(const Target& target, Time now) {
  Host& host = host_of(target.host);
  ++host.in_flight;
  host.free_at = now + pause_of(*target.limits);
  if (target.limits->requests <= 0) return {};
  Bucket& bucket = bucket_of(target, now);
  bucket.take(now);
  Allowance state = bucket.state();
  state.name = name_of(target);
  return store_.save_allowance(state);
}

void Allowances::done(const Target& target, Time now) {
  Host& host = host_of(target.host);
  --host.in_flight;
  host.free_at = now + pause_of(*target.limits);
}

Result<void> Allowances::rest(const Target& target, Time until, Time now) {
  if (until <= now) return {};
  Bucket& bucket = bucket_of(target, now);
  bucket.rest_until(until);
  Allowance state = bucket.state();
  state.name = name_of(target);
  metrics_.add("vigie_bucket_rests_total", "Times an allowance was used up and all its sources had to wait.",
               {{"bucket", state.name}});
  return store_.save_allowance(state);
}

}  // namespace vigie
