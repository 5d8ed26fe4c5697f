#include "base/visits.h"

#include <algorithm>

#include "base/ip_range.h"
#include "base/result.h"
#include "base/secret.h"

namespace vigie {

std::optional<Duration> TokenBuckets::take(std::string_view name, Time now) {
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= most_) forget(now);
  Bucket& bucket = buckets_[std::string(name)];
  const Time full = std::max(bucket.full, now) + refill_;
  const Duration over = full - now - refill_ * burst_;
  if (over > Duration::zero()) return over;
  bucket.full = full;
  return std::nullopt;
}

// Full buckets say nothing. When all are in use, somebody has thousands of networks: no bucket would stop them.
void TokenBuckets::forget(Time now) {
  std::erase_if(buckets_, [&](const auto& one) { return one.second.full <= now; });
  if (buckets_.size() >= most_) buckets_.clear();
}

int Sightings::before(std::uint64_t key, Time now) {
  const std::lock_guard lock(mutex_);
  forget(now);
  const auto found = counts_.find(key);
  return found == counts_.end() ? 0 : found->second;
}

void Sightings::add(std::uint64_t key, Time now) {
  const std::lock_guard lock(mutex_);
  seen_.emplace_back(now, key);
  ++counts_[key];
  forget(now);
}

void Sightings::forget(Time now) {
  while (!seen_.empty() && (seen_.size() > most_ || seen_.front().first + window_ <= now)) {
    const auto count = counts_.find(seen_.front().second);
    if (count != counts_.end() && --count->second <= 0) counts_.erase(count);
    seen_.pop_front();
  }
}

std::string visitor_network(std::string_view remote) {
  const std::optional<IpAddress> address = parse_ip(remote);
  if (!address) return std::string(remote);
  if (address->is_v4()) return address->text();
  return to_hex({reinterpret_cast<const char*>(address->bytes.data()), 8});
}

}  // namespace vigie
